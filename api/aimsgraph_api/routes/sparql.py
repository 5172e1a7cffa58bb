"""Questions in SPARQL, by the SPARQL 1.1 Protocol, and what the service says of itself."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from aimsgraph import query
from aimsgraph.engine import Graph
from aimsgraph.errors import UsageError
from aimsgraph.model.access import Principal
from aimsgraph_api import preconditions, protocol
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.asking import Asked, streamed
from aimsgraph_api.description import description
from aimsgraph_api.negotiation import GRAPHS, TABLES, negotiated
from aimsgraph_api.opened import moment, opened
from aimsgraph_api.protocol import Parameters
from aimsgraph_api.routes.answering import sent, told
from aimsgraph_api.session import Session, SessionDependency
from aimsgraph_api.statistics import Counted

router = APIRouter(tags=["sparql"], dependencies=[may("query")])

#: Bytes of the body with the longest query that is taken, each of its characters percent-encoded, and some graphs.
LARGEST: Final = 4 * 1024 * 1024
_SHORT: Final = ("format", "output", "results")
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The answer, in the form that Accept or format asks for.",
        "content": {media: {} for form in (*TABLES, *GRAPHS) for media in form.types},
    },
    **told(400, 401, 403, 406, 413, 415, 422, 503, 504),
}
_FIELDS: Final = {
    "default-graph-uri": ("array", "A graph of the default graph; may be repeated."),
    "named-graph-uri": ("array", "A named graph; may be repeated."),
    "as_of": ("string", "See the store as it was: on a day, at an instant, or after a changeset."),
    "format": ("string", "The form of the answer: json, xml, csv, tsv, ttl, nt, jsonld or rdfxml."),
}


def _parameter(name: str, kind: str, told: str) -> dict[str, Any]:
    schema = {"type": "array", "items": {"type": "string"}} if kind == "array" else {"type": "string"}
    return {"name": name, "in": "query", "description": told, "schema": schema}


_IN_URL: Final = [_parameter(name, *said) for name, said in _FIELDS.items()]
_BODY: Final = {
    "required": True,
    "content": {
        protocol.FORM: {
            "schema": {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}},
            "example": {"query": "ASK { ?risk a aims:Risk }"},
        },
        protocol.QUERY: {"schema": {"type": "string"}, "example": "ASK { ?risk a aims:Risk }"},
    },
}


@router.get(
    "/sparql",
    response_class=Response,
    responses=_ANSWERS,
    openapi_extra={
        "parameters": [_parameter("query", "string", "The query; none: describe the service."), *_IN_URL]
    },
)
@router.head("/sparql", include_in_schema=False)
async def ask(request: Request, kept: SessionDependency, asking: PrincipalDependency) -> Response:
    """Answer a query in SPARQL; without one, describe the service."""
    given = protocol.of_url(request)
    if given.one("query") is None and given.only(*_SHORT, "as_of"):
        return await _described(request, kept, asking, given)
    return await _answered(request, kept, asking, protocol.text_of(given, "query"), given)


@router.post(
    "/sparql",
    response_class=Response,
    responses=_ANSWERS,
    openapi_extra={"requestBody": _BODY, "parameters": _IN_URL},
)
async def ask_by_post(request: Request, kept: SessionDependency, asking: PrincipalDependency) -> Response:
    """Answer a query in SPARQL that is posted, as a form or as it is."""
    largest = min(kept.settings.largest, LARGEST)
    text, given = await protocol.posted(request, "query", protocol.QUERY, largest=largest)
    return await _answered(request, kept, asking, text, given)


@router.get("/.well-known/void", include_in_schema=False)
async def void(request: Request) -> Response:
    """Lead to the description of the dataset."""
    return RedirectResponse(request.url_for("ask").path, status_code=303)


async def _answered(
    request: Request, kept: SessionDependency, asking: PrincipalDependency, text: str, given: Parameters
) -> Response:
    if given.all("update"):
        raise UsageError("This is where queries go.", hint="Post updates to /sparql/update.")
    asked = Asked(
        protocol.based(text, request),
        default=given.all("default-graph-uri") or None,
        named=given.all("named-graph-uri") or None,
    )
    checked = kept.pool.known(asked.text)
    if checked is None:
        checked = await run_in_threadpool(query.read, asked.text)
    forms = TABLES if checked.kind in ("SELECT", "ASK") else GRAPHS
    wanted = negotiated(forms, request.headers.get("accept"), *given.all(*_SHORT))
    graph = await _graph(kept, asking, given)
    return sent(await streamed(request, asked, graph, asking, wanted.form), wanted)


async def _described(
    request: Request, kept: SessionDependency, asking: PrincipalDependency, given: Parameters
) -> Response:
    wanted = negotiated(GRAPHS, request.headers.get("accept"), *given.all(*_SHORT))
    graph = await _graph(kept, asking, given)
    snapshot = graph.view().snapshot
    if preconditions.is_known(request, preconditions.tag(snapshot, wanted.form)):
        return sent(Response(status_code=304), wanted, snapshot)
    counted = _counted(request)
    endpoint = protocol.address(request)
    update = f"{endpoint}/update" if asking.may("write") else None

    counts = await run_in_threadpool(counted.of, graph.view(), asking)
    told = description(endpoint, counts, update=update)
    syntax = {"ttl": "turtle", "jsonld": "json-ld", "rdfxml": "xml"}.get(wanted.form, wanted.form)
    text = await run_in_threadpool(told.serialize, format=syntax, encoding="utf-8")
    return sent(Response(text), wanted, None if counts is None else snapshot)


async def _graph(kept: Session, asking: Principal, given: Parameters) -> Graph:
    """Open the graph as it stands, or as it was at the moment that the request names; not everybody may look back."""
    return await opened(kept, asking, await moment(asking, given.one("as_of")))


def _counted(request: Request) -> Counted:
    state = request.app.state
    if not hasattr(state, "counted"):
        state.counted = Counted()
    found = state.counted
    assert isinstance(found, Counted)  # noqa: S101 - it is made here
    return found
