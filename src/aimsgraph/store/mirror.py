"""The part of a server's content that a write is about, in memory, where the embedded engine's code works on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aimsgraph.errors import UsageError
from aimsgraph.store.change import placed
from aimsgraph.store.reserved import is_internal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.store.change import Change, Pending
    from aimsgraph.store.server import Server


class Mirror:
    """Holds what the server holds of all quads that changes ask about; good while nobody else writes."""

    def __init__(self, server: Server) -> None:
        self.store = ox.Store()
        self._server = server
        self._whole: set[ox.NamedNode] = set()
        self._empty: dict[ox.NamedNode, bool] = {}

    def prepare(self, change: Change) -> Change:
        """Fetch what the change is about, and return it with its quads read and in place.

        :raises UsageError: it would write what the store keeps for itself, or a blank node.
        """
        home = None if change.graph is None else ox.NamedNode(change.graph)
        added, removed = list(placed(change.added, home)), list(placed(change.removed, home))
        for graph in {home} | {quad.graph_name for quad in added}:
            if isinstance(graph, ox.NamedNode) and is_internal(graph.value):
                raise UsageError(f"The graph {graph} is written by the store alone.")
        if change.replace and home is not None:
            self._fetch(home)
        self._learn([*added, *removed])
        return replace(change, added=added, removed=removed)

    def learn_union(self, pending: Pending) -> None:
        """Fetch which graphs state what is about to be removed from one of them."""
        gained = {quad.triple for quad in pending.added}
        lost = dict.fromkeys(quad.triple for quad in pending.removed)
        self.store.extend(self._server.stated(triple for triple in lost if triple not in gained))

    def _fetch(self, graph: ox.NamedNode) -> None:
        if graph not in self._whole and not self._is_empty(graph):
            self.store.bulk_extend(self._server.content(graph))
        self._whole.add(graph)

    def _learn(self, quads: Iterable[ox.Quad]) -> None:
        asked = (
            quad
            for quad in quads
            if quad.graph_name not in self._whole and not self._is_empty(quad.graph_name)  # type: ignore[arg-type]
        )
        self.store.extend(self._server.held(asked))

    def _is_empty(self, graph: ox.NamedNode) -> bool:
        known = self._empty.get(graph)
        if known is None:
            known = self._empty[graph] = not self._server.ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
        return known
