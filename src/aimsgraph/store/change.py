"""What a write wants, and what it comes to against the present content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import UsageError
from aimsgraph.store.terms import normalised
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DEFAULT: Final = ox.DefaultGraph()
_HISTORY: Final = ox.NamedNode(HISTORY_GRAPH)


@dataclass(frozen=True, slots=True)
class Change:
    """A wish to write, which becomes one changeset.

    Quads without a graph of their own belong to ``graph``. With ``replace`` the graph holds, afterwards, what
    ``added`` says of it and nothing else; other graphs named in ``added`` only gain. ``source`` names where
    the quads come from, ``source_sha256`` is the SHA-256 of its bytes. There must be no blank nodes. Without
    ``graph`` every quad names its own, and they are of several.
    """

    graph: str | None
    author: str
    message: str
    added: Iterable[ox.Quad] = ()
    removed: Iterable[ox.Quad] = ()
    replace: bool = False
    source: str | None = None
    source_sha256: str | None = None


@dataclass(slots=True)
class Pending:
    """The net of several changes over a store that none of them has reached yet."""

    store: ox.Store
    added: dict[ox.Quad, None] = field(default_factory=dict)
    removed: dict[ox.Quad, None] = field(default_factory=dict)

    def holds(self, quad: ox.Quad) -> bool:
        """Say whether the quad would be there with the changes so far."""
        return quad in self.added or (quad not in self.removed and quad in self.store)

    def content(self, graph: ox.NamedNode) -> set[ox.Quad]:
        """Return what a named graph would hold with the changes so far."""
        stored = set(self.store.quads_for_pattern(None, None, None, graph))
        stored.difference_update(self.removed)
        stored.update(quad for quad in self.added if quad.graph_name == graph)
        return stored

    def take(self, change: Change) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """Add a change, and return the quads that it really adds and removes.

        :raises UsageError: when it would write the history, or a blank node.
        """
        if change.graph == HISTORY_GRAPH:
            raise UsageError("The history is written by the store alone.")
        home = None if change.graph is None else ox.NamedNode(change.graph)
        wanted = dict.fromkeys(placed(change.added, home))
        unwanted = dict.fromkeys(placed(change.removed, home))
        present = self.content(home) if change.replace and home is not None else set()
        added = [
            quad
            for quad in wanted
            if quad not in unwanted
            and not (quad in present if _known(change, quad, home) else self.holds(quad))
        ]
        removed = [quad for quad in present if quad not in wanted or quad in unwanted]
        removed += [quad for quad in unwanted if quad not in present and self.holds(quad)]
        for quad in removed:
            if quad in self.added:
                del self.added[quad]
            else:
                self.removed[quad] = None
        for quad in added:
            if quad in self.removed:
                del self.removed[quad]
            else:
                self.added[quad] = None
        return added, removed

    def union_added(self) -> Iterator[ox.Quad]:
        """Yield what the union gains: every added quad without its graph (some may be there already)."""
        for quad in self.added:
            yield ox.Quad(quad.subject, quad.predicate, quad.object)

    def union_removed(self) -> Iterator[ox.Quad]:
        """Yield what the union loses: removed triples that no other graph states."""
        if not self.removed:
            return
        gained = {quad.triple for quad in self.added}
        for triple in dict.fromkeys(quad.triple for quad in self.removed):
            if triple not in gained and not self._stated_elsewhere(triple):
                yield ox.Quad(triple.subject, triple.predicate, triple.object)

    def _stated_elsewhere(self, triple: ox.Triple) -> bool:
        found = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(quad.graph_name not in (_DEFAULT, _HISTORY) and quad not in self.removed for quad in found)


def _known(change: Change, quad: ox.Quad, home: ox.NamedNode | None) -> bool:
    return change.replace and quad.graph_name == home


def placed(quads: Iterable[ox.Quad], home: ox.NamedNode | None) -> Iterator[ox.Quad]:
    """Yield quads as they will be stored: literals in the engine's form, and in ``home`` when they have no graph.

    :raises UsageError: when one is in the history graph, has a blank node, or no graph where there is no ``home``.
    """
    for quad in normalised(quads):
        there = quad
        if quad.graph_name == _DEFAULT:
            if home is None:
                raise UsageError(f"This statement names no graph to stand in: {quad}")
            there = ox.Quad(quad.subject, quad.predicate, quad.object, home)
        elif quad.graph_name == _HISTORY:
            raise UsageError("The history is written by the store alone.")
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            raise UsageError(f"A blank node cannot be stored, it needs an IRI: {quad}")
        yield there
