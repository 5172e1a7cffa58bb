"""Updates in SPARQL, by the SPARQL 1.1 Protocol: each becomes a changeset."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from aimsgraph.model.changeset import Edit
from aimsgraph_api import preconditions, protocol
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.origin import OWN_ORIGIN
from aimsgraph_api.protocol import Parameters
from aimsgraph_api.routes.answering import told
from aimsgraph_api.session import SessionDependency
from aimsgraph_api.turn import turn

router = APIRouter(tags=["sparql"], dependencies=[may("write"), OWN_ORIGIN])

_EXAMPLE: Final = "INSERT DATA { ex:face-match aims:ownedBy ex:dana }"
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        protocol.FORM: {
            "schema": {
                "type": "object",
                "required": ["update"],
                "properties": {"update": {"type": "string"}},
            },
            "example": {"update": _EXAMPLE},
        },
        protocol.UPDATE: {"schema": {"type": "string"}, "example": _EXAMPLE},
    },
}
_PARAMETERS: Final = [
    {"name": name, "in": "query", "description": said, "schema": {"type": "string"}}
    for name, said in (
        ("using-graph-uri", "A graph that each WHERE looks at; may be repeated."),
        ("using-named-graph-uri", "A named graph that each WHERE looks at; may be repeated."),
        ("message", "Why, for the history."),
        ("dry_run", "true: say what it would do, and write nothing."),
    )
]


@router.post(
    "/sparql/update",
    responses=told(400, 401, 403, 412, 413, 415, 422, 503, 504),
    openapi_extra={"requestBody": _BODY, "parameters": _PARAMETERS},
)
async def update(
    request: Request, response: Response, kept: SessionDependency, asking: PrincipalDependency
) -> Edit:
    """Carry out an update, all of it or nothing, as one changeset; the JSON is that of `aimsgraph update --json`."""
    text, given = await protocol.posted(request, "update", protocol.UPDATE, largest=kept.settings.largest)
    edit, head = await run_in_threadpool(
        _carried_out, request, kept, asking, protocol.based(text, request), given
    )
    response.headers["etag"] = preconditions.tag(head)
    return edit


def _carried_out(
    request: Request, kept: SessionDependency, asking: PrincipalDependency, text: str, given: Parameters
) -> tuple[Edit, str]:
    using = (given.all("using-graph-uri") or None, given.all("using-named-graph-uri") or None)
    with turn(kept):
        graph = kept.graph(asking)
        edit = graph.update(
            text, author=asking.name, message=protocol.message_of(request, given),
            expected=preconditions.expected(request, graph.view().snapshot), dry_run=given.flag("dry_run"),
            limits=kept.settings.limits, using=using, reserved=asking.may("history"),
        )  # fmt: skip
        return edit, graph.view().snapshot  # what follows by inference is written after it
