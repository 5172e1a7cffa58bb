"""What would differ, were some changes made."""

import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from aimsgraph.errors import NotPermittedError
from aimsgraph.model.access import Principal
from aimsgraph.model.job import JobStatus
from aimsgraph.model.what_if import WhatIf
from aimsgraph.tokens import tokens
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.answering import answered
from aimsgraph_api.declared import Declared
from aimsgraph_api.names import source_names
from aimsgraph_api.origin import OWN_ORIGIN
from aimsgraph_api.sent_files import placed
from aimsgraph_api.writable import BoardDependency

router = APIRouter(route_class=Declared, tags=["what-if"], dependencies=[may("query"), OWN_ORIGIN])

#: Seconds that a question may take.
SECONDS = 120.0


class Added(BaseModel):
    """A text of RDF that would be loaded; the ending of its name says in which format it is."""

    model_config = ConfigDict(extra="forbid")
    name: str
    text: str


class WhatIfQuestion(BaseModel):
    """Changes, made in this order: texts are loaded, the update is carried out, dependencies switched, nodes removed.

    ``nodes`` are those whose harm is compared, ``lineage`` one whose lineage is.
    """

    model_config = ConfigDict(extra="forbid")
    nodes: Annotated[list[str], Field(max_length=100)] = []
    add: Annotated[list[Added], Field(max_length=20)] = []
    update: str | None = Field(default=None, max_length=100_000, description="A SPARQL update.")
    switch: Annotated[list[tuple[str, str]], Field(max_length=100)] = []
    remove_nodes: Annotated[list[str], Field(max_length=100)] = []
    lineage: str | None = None
    direction: Literal["up", "down", "both"] | None = None
    hops: Annotated[int | None, Field(ge=1, le=1000)] = None
    findings: bool = Field(default=True, description="Compare findings too.")
    date: datetime.date | None = None


@router.post("/what-if", response_model=WhatIf, responses={202: {"model": JobStatus}})
async def what_if(
    request: Request, jobs: BoardDependency, asking: PrincipalDependency, question: WhatIfQuestion
) -> Response:
    """Say what would differ, and write nothing; the JSON is that of `aimsgraph what-if --json`."""
    _refuse_named_graphs(question.update, asking)
    files = source_names([one.name for one in question.add])
    words = question.model_dump(mode="json", exclude={"add", "findings"})
    words |= {"files": files, "validate": question.findings, "seconds": SECONDS}
    words["reserved"] = asking.may("history")
    folder = jobs.room()
    try:
        for one in question.add:
            placed(folder, one.name).write_text(one.text, encoding="utf-8", errors="replace")
    except BaseException:
        jobs.discard(folder)
        raise
    return await answered(request, jobs, jobs.start("what-if", words, asking, folder))


def _refuse_named_graphs(update: str | None, asking: Principal) -> None:
    """Refuse a look at single graphs, of which the history is one, to those who may not see it."""
    if update is None or asking.may("history"):
        return
    if {"GRAPH", "USING", "WITH"} & {token.word for token in tokens(update) if token.kind != "comment"}:
        raise NotPermittedError(
            "The update names graphs, which takes a role that sees the history.",
            hint="Say it without GRAPH, USING and WITH: a pattern then sees all sources.",
        )
