"""The graphs of the store, each read and written as a whole, by the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from aimsgraph import query
from aimsgraph.errors import GraphNotFoundError
from aimsgraph.model.changeset import LoadedFile
from aimsgraph.vocab import EDITS_GRAPH
from aimsgraph_api import preconditions
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.asking import Asked, streamed
from aimsgraph_api.negotiation import GRAPHS, negotiated
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.origin import OWN_ORIGIN
from aimsgraph_api.routes.answering import sent, told
from aimsgraph_api.session import SessionDependency
from aimsgraph_api.storing import Storing, drop, put
from aimsgraph_api.target import graph_named, new_graph
from aimsgraph_api.uploads import documents

router = APIRouter(tags=["graph store"])

_ROOT: Final = "/rdf-graph-store"
_DIRECT: Final = f"{_ROOT}/{{path:path}}"
_READ: Final = told(400, 401, 403, 404, 406, 413, 422, 503, 504)
_WRITE: Final = told(400, 401, 403, 404, 412, 413, 415, 422, 503)
_TARGET: Final = [
    {"name": name, "in": "query", "description": said, "schema": {"type": "string"}, "allowEmptyValue": True}
    for name, said in (("graph", "The IRI of a graph."), ("default", "The graph of edits, instead."))
]
_MESSAGE: Final = {
    "name": "message",
    "in": "query",
    "description": "Why, for the history.",
    "schema": {"type": "string"},
}
_TO_WRITE: Final[dict[str, Any]] = {
    "parameters": [*_TARGET, _MESSAGE],
    "requestBody": {
        "content": {media: {} for form in GRAPHS for media in form.types[:1]} | {"multipart/form-data": {}}
    },
}
_WRITING: Final = [may("write"), OWN_ORIGIN]


@router.get(
    _ROOT,
    dependencies=[may("query")],
    response_class=Response,
    responses={200: {"content": {form.types[0]: {} for form in GRAPHS}}, **_READ},
    openapi_extra={"parameters": _TARGET},
)
@router.head(_ROOT, dependencies=[may("query")], include_in_schema=False)
@router.get(_DIRECT, dependencies=[may("query")], include_in_schema=False)
@router.head(_DIRECT, dependencies=[may("query")], include_in_schema=False)
async def read(request: Request, graph: GraphDependency, asking: PrincipalDependency) -> Response:
    """Return what a graph holds."""
    name = graph_named(request)
    wanted = negotiated(GRAPHS, request.headers.get("accept"))
    known = await run_in_threadpool(query.nameable, graph.view(), reserved=asking.may("history"))
    if name not in (EDITS_GRAPH, *known):
        raise GraphNotFoundError(
            f"There is no graph <{name}>.", hint="SELECT ?g { GRAPH ?g {} } lists those there are."
        )
    snapshot = graph.view().snapshot
    if preconditions.is_known(request, preconditions.tag(snapshot, wanted.form)):
        return sent(Response(status_code=304), wanted, snapshot)
    if request.method == "HEAD":
        return sent(Response(), wanted, snapshot)
    asked = Asked("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", default=(name,))
    return sent(await streamed(request, asked, graph, asking, wanted.form), wanted, snapshot)


@router.put(
    _ROOT, dependencies=_WRITING, responses={201: {"model": LoadedFile}, 204: {}, **_WRITE}, openapi_extra=_TO_WRITE,
    response_model=None,
)  # fmt: skip
@router.put(_DIRECT, dependencies=_WRITING, include_in_schema=False, response_model=None)
async def replace(request: Request, kept: SessionDependency, asking: PrincipalDependency) -> Response:
    """Have a graph hold what is sent, and nothing else: 201 where it is new, else 204."""
    name, sent_in = graph_named(request), await documents(request, kept.settings.largest)
    done = await run_in_threadpool(put, kept, Storing.of(request, asking, name), sent_in, replace=True)
    return done.answer(on_change=204)


@router.post(
    _ROOT, dependencies=_WRITING, responses={201: {"model": LoadedFile}, **_WRITE}, openapi_extra=_TO_WRITE
)
@router.post(_DIRECT, dependencies=_WRITING, include_in_schema=False, response_model=LoadedFile)
async def add(request: Request, kept: SessionDependency, asking: PrincipalDependency) -> Any:
    """Add what is sent to a graph, or, where none is named, put it into a new one, whose address is in Location."""
    name, sent_in = graph_named(request, or_none=True), await documents(request, kept.settings.largest)
    there = Storing.of(request, asking, name or new_graph(request))
    done = await run_in_threadpool(put, kept, there, sent_in, replace=False)
    return done.answer(on_change=200, location=None if name else there.graph)


@router.delete(
    _ROOT, dependencies=_WRITING, responses=_WRITE, openapi_extra={"parameters": [*_TARGET, _MESSAGE]},
    response_model=LoadedFile,
)  # fmt: skip
@router.delete(_DIRECT, dependencies=_WRITING, include_in_schema=False, response_model=LoadedFile)
async def remove(request: Request, kept: SessionDependency, asking: PrincipalDependency) -> Any:
    """Remove what a graph holds; the history keeps it."""
    there = Storing.of(request, asking, graph_named(request))
    done = await run_in_threadpool(drop, kept, there)
    return done.answer(on_change=200)
