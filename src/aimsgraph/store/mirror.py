"""The part of a server's content that a write is about, in memory, where the embedded engine's code works on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aimsgraph.errors import UsageError
from aimsgraph.store.change import placed
from aimsgraph.store.reserved import is_internal
from aimsgraph.store.server import PORTION, portions
from aimsgraph.store.transaction import BULK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.store.change import Change, Pending
    from aimsgraph.store.server import Server


class Mirror:
    """Holds what the server holds of all quads that changes ask about; good while nobody else writes."""

    def __init__(self, server: Server, store: ox.Store | None = None) -> None:
        self.store = ox.Store() if store is None else store
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
            self.fetch(home)
        self.learn([*added, *removed])
        return replace(change, added=added, removed=removed)

    def learn_union(self, pending: Pending) -> None:
        """Fetch which graphs state what is about to be removed from one of them."""
        gained = {quad.triple for quad in pending.added}
        lost = dict.fromkeys(quad.triple for quad in pending.removed)
        self.learn_stated(triple for triple in lost if triple not in gained)

    def learn_stated(self, triples: Iterable[ox.Triple]) -> None:
        """Fetch what states one of the triples, in whichever graph."""
        self._take(self._server.stated(triples))

    def fetch(self, graph: ox.NamedNode) -> None:
        """Fetch all of a graph, once."""
        if graph not in self._whole and not self._is_empty(graph):
            self._take(self._server.content(graph))
        self._whole.add(graph)

    def learn(self, quads: Iterable[ox.Quad]) -> None:
        """Fetch those of the quads, each with a named graph, that the server holds."""
        asked = (
            quad
            for quad in quads
            if quad.graph_name not in self._whole and not self._is_empty(quad.graph_name)  # type: ignore[arg-type]
        )
        self._take(self._server.held(asked))

    def _take(self, quads: Iterable[ox.Quad]) -> None:
        for portion in portions(quads, PORTION):
            (self.store.extend if len(portion) < BULK else self.store.bulk_extend)(portion)

    def _is_empty(self, graph: ox.NamedNode) -> bool:
        known = self._empty.get(graph)
        if known is None:
            known = self._empty[graph] = not self._server.ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
        return known
