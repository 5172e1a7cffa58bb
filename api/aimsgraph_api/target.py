"""Which graph a request to the graph store is about."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Literal, overload

from aimsgraph.errors import UsageError
from aimsgraph.store.template import is_iri
from aimsgraph.vocab import EDITS_GRAPH
from aimsgraph_api import protocol

if TYPE_CHECKING:
    from fastapi import Request


@overload
def graph_named(request: Request) -> str: ...
@overload
def graph_named(request: Request, *, or_none: Literal[True]) -> str | None: ...
def graph_named(request: Request, *, or_none: bool = False) -> str | None:
    """Return the IRI of the graph: of ``?graph=``, the graph of edits for ``?default``, or the address itself.

    With ``or_none`` the address of the store itself stands for none.

    :raises UsageError: none is named, two are, or it is no absolute IRI.
    """
    given = protocol.of_url(request)
    graph, default = given.one("graph"), given.one("default")
    direct = bool(request.path_params.get("path"))
    if (graph is not None) + (default is not None) + direct > 1:
        raise UsageError("The request names more than one graph.", hint="Take one of graph= and default.")
    if default is not None:
        return EDITS_GRAPH
    if direct:
        graph = protocol.address(request)
    if graph is None:
        if or_none:
            return None
        raise UsageError(
            "The request names no graph.", hint="Add ?graph=IRI, or ?default for the graph of edits."
        )
    if not is_iri(graph) or graph.lower().startswith("file:"):
        raise UsageError(f"{graph!r} is no absolute IRI that a graph can have.")
    return graph


def new_graph(request: Request) -> str:
    """Return the address of a graph that is to be made."""
    return f"{protocol.address(request).rstrip('/')}/{secrets.token_hex(16)}"
