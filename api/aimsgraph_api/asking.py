"""Puts a question in SPARQL to the store on behalf of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fastapi import Response
from starlette.concurrency import run_in_threadpool

from aimsgraph import query
from aimsgraph_api.dataset import seen_by
from aimsgraph_api.forms import rendered
from aimsgraph_api.session import session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request
    from rdflib.term import Identifier

    from aimsgraph.engine import Graph
    from aimsgraph.model.access import Principal
    from aimsgraph.query import Result

#: What an answer can be written as, by what `Result.render` calls it.
MEDIA_TYPES: Final = {
    "json": "application/sparql-results+json",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xml": "application/sparql-results+xml",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its text, the terms that variables stand for, and, where chosen, the graphs (IRIs) of its dataset.

    They go before those that the text names; ``dataset.seen_by`` decides which are seen.
    """

    text: str
    bindings: Mapping[str, Identifier] = field(default_factory=dict)
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


async def whole(request: Request, asked: Asked, graph: Graph, asking: Principal) -> Result:
    """Return the whole answer.

    :raises AimsgraphError: as :func:`aimsgraph.query.run` does.
    """
    limits = session(request).settings.limits

    def run() -> Result:
        seen = seen_by(graph, asking, asked)
        graphs = seen.default, seen.named
        return query.run(graph.view(), asked.text, bindings=asked.bindings, limits=limits, graphs=graphs)

    return await run_in_threadpool(run)


async def streamed(request: Request, asked: Asked, graph: Graph, asking: Principal, form: str) -> Response:
    """Return the answer in one of ``MEDIA_TYPES``, portion by portion as the engine finds it.

    :raises AimsgraphError: as :func:`aimsgraph.query.run` does, while nothing has been sent.
    """
    found = await whole(request, asked, graph, asking)
    return Response(await run_in_threadpool(rendered, found, form), media_type=MEDIA_TYPES[form])
