"""Puts a question in SPARQL to the store on behalf of a request."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from fastapi import Response
from starlette.concurrency import run_in_threadpool

from aimsgraph.query import Limits
from aimsgraph.query.pool import aside
from aimsgraph.query.running import Question, decoded
from aimsgraph_api import access_log
from aimsgraph_api.attending import attended
from aimsgraph_api.dataset import seen_by
from aimsgraph_api.sending import Sending
from aimsgraph_api.session import session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request
    from rdflib.term import Identifier

    from aimsgraph.engine import Graph
    from aimsgraph.model.access import Principal
    from aimsgraph.query import Result
    from aimsgraph.query.running import Running

#: What an answer can be written as, and what that is called over HTTP.
MEDIA_TYPES: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}
#: An answer that has to be in memory as a whole has at most these rows and bytes, whatever the server allows.
HELD: Final = Limits()
#: An answer of fewer bytes is decoded in no time.
_SMALL: Final = 32 * 1024


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
    """Return the whole answer. The request's body must have been read.

    :raises AimsgraphError: as :func:`aimsgraph.query.run` does, and BusyError, WorkerLostError.
    """
    allowed = session(request).settings.limits
    limits = replace(allowed, rows=min(allowed.rows, HELD.rows), bytes=min(allowed.bytes, HELD.bytes))
    with ExitStack() as held:
        running = await attended(
            request.receive, _begun(request, asked, graph, asking, "terms", limits, held)
        )
        if sum(map(len, running.portions)) < _SMALL:
            return decoded(running)
        return await run_in_threadpool(decoded, running)


async def streamed(request: Request, asked: Asked, graph: Graph, asking: Principal, form: str) -> Response:
    """Return the answer in one of ``MEDIA_TYPES``, portion by portion as the engine finds it.

    The request's body must have been read. What is small is complete before it is sent; of what is not, a limit that
    is reached breaks the connection.

    :raises AimsgraphError: as :func:`whole` does, while nothing has been sent; UsageError when the form cannot hold it.
    """
    limits = session(request).settings.limits
    with ExitStack() as held:
        running = await attended(request.receive, _begun(request, asked, graph, asking, form, limits, held))
        if running.is_whole:
            return Response(b"".join(running.portions), media_type=MEDIA_TYPES[form])
        held.callback(lambda: graph)  # what a view shows lasts as long as the view
        return Sending(session(request).pool, running, held.pop_all(), media_type=MEDIA_TYPES[form])


async def _begun(
    request: Request, asked: Asked, graph: Graph, asking: Principal, form: str, limits: Limits, held: ExitStack
) -> Running:  # fmt: skip
    pool, view = session(request).pool, graph.view()
    access_log.note(request.scope, text=asked.text, snapshot=view.snapshot)
    # Those without a name are told apart by where they are, as far as that goes.
    asker = asking.name if asking.name != "anonymous" or not request.client else f"@{request.client.host}"
    checked = await pool.checked(asker, asked.text)
    default, named = seen_by(graph, asking, checked, asked.default, asked.named)
    data = session(request).copies.place(view, [*(default or ()), *(named or ())])
    if view.location is not None:
        place = held.enter_context(data)
    else:
        place = await run_in_threadpool(held.enter_context, data)
    put = partial(
        Question.about, checked, place, asker=asker, form=form, limits=limits,
        bindings=asked.bindings, default=default, named=named,
    )  # fmt: skip
    return await pool.begin(await aside(asked.text, put))
