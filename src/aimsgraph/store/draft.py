"""What the operations of one request would leave, kept beside a state that none of them reaches."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aimsgraph.errors import UsageError
from aimsgraph.model.changeset import Difference
from aimsgraph.store.aside import room_aside
from aimsgraph.store.change import Change, Pending
from aimsgraph.store.inference import inference
from aimsgraph.store.patch import lines_of
from aimsgraph.store.still import DATABASE, VIEWS, copy_database
from aimsgraph.store.terms import Skolemizer, normalised
from aimsgraph.store.transaction import transact
from aimsgraph.vocab import EDITS_GRAPH, is_reserved

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from aimsgraph.store.ground import Ground, Wanted


class Draft:
    """The net of what was written so far upon a ground; nothing of it is in the store.

    ``name`` goes into the IRIs of new nodes.
    """

    def __init__(self, ground: Ground, name: str) -> None:
        self.ground = ground
        self.view = ground.view
        self._pending = Pending(self.view.store)
        self._skolemizer = Skolemizer(name)
        self._created: set[str] = set()

    @property
    def touched(self) -> bool:
        """Whether it differs from the view."""
        return bool(self._pending.added or self._pending.removed)

    def fresh(self, scope: str, blank: ox.BlankNode) -> ox.NamedNode:
        """Return the IRI of a blank node, a new one in each scope."""
        return self._skolemizer.node(ox.BlankNode(f"{scope}x{blank.value}"))

    def reach(self, wanted: Wanted) -> None:
        """Have at hand what a pattern looks at."""
        self.ground.reach(wanted, self._pending.added)

    def exists(self, graph: str) -> bool:
        """Say whether a graph holds something, or was created by this request."""
        return graph in self._created or self._holds_any(ox.NamedNode(graph))

    def create(self, graph: str) -> None:
        """Remember that a graph was created; the store itself keeps no empty ones."""
        self._created.add(graph)

    def graphs(self) -> list[str]:
        """Return the IRIs of the graphs that hold something, sorted."""
        named = set(self.ground.names())
        named.update(quad.graph_name.value for quad in self._pending.added)  # type: ignore[union-attr]
        return sorted(graph for graph in named if self._holds_any(ox.NamedNode(graph)))

    def write(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Remove quads, then add some; to remove one that names no graph is to remove it wherever a source states it.

        Those that are to be added must name a graph.
        """
        new = dict.fromkeys(normalised(added))
        gone = dict.fromkeys(self._placed(normalised(removed)))
        for quad in new:
            gone.pop(quad, None)
        self._take(gone, new)

    def empty(self, graphs: Iterable[str]) -> None:
        """Remove what graphs hold."""
        emptied = list(graphs)
        self._take([quad for graph in emptied for quad in self._content(ox.NamedNode(graph))], [])
        self._created.difference_update(emptied)

    def copy(self, source: str, target: str) -> None:
        """Add what one graph holds to another."""
        place = ox.NamedNode(target)
        held = self._content(ox.NamedNode(source))
        self._take([], [ox.Quad(quad.subject, quad.predicate, quad.object, place) for quad in held])

    def follow(self) -> None:
        """Take what follows from it by the rules of inference, which must find all of the store at hand."""
        if not self.touched:
            follows = inference(self.view.store)
        else:
            with self.location() as folder:
                follows = inference(ox.Store.read_only(str(folder / DATABASE)))
        if follows is not None:
            self._pending.take(follows)

    def change(self, *, author: str, message: str, source: str | None, sha256: str | None) -> Change:
        """Return it as the wish to write it."""
        added, removed = list(self._pending.added), list(self._pending.removed)
        named = {quad.graph_name.value for quad in (*added, *removed)}  # type: ignore[union-attr]
        graph = named.pop() if len(named) == 1 else None
        return Change(graph, author, message, added, removed, False, source, sha256)

    def difference(self, newer: str | None = None) -> Difference:
        """Return it as the difference from the view to changeset ``newer`` (the view's own, where there is none)."""
        added, removed = (
            tuple(line.decode() for line in lines_of(quads))
            for quads in (self._pending.added, self._pending.removed)
        )
        older = self.view.snapshot
        return Difference(older=older, newer=newer or older, added=added, removed=removed)

    @contextmanager
    def location(self) -> Iterator[Path]:
        """Yield a folder in whose ``db`` a worker finds the store as it would be with what was written so far.

        That is the view's own while nothing was; else a copy beside it, mostly of links, which is gone afterwards. Of a
        store on a server it has what was reached for.
        """
        place = self.view.location
        if place is None:
            raise UsageError("This view has no folder in which the update could be worked out.")
        if not self.touched and not self.ground.partial:
            yield place
            return
        # What was brought from a server lies in a database that is open for writing: others read a copy of it.
        self.ground.learn_union(self._pending)
        with room_aside("draft", place if place.parent.name == VIEWS else None) as folder:
            copy = folder / DATABASE
            copy_database(place / DATABASE, copy)
            store = ox.Store(copy)
            transact(store, self._pending, [], None, lambda: None)
            del store  # the engine gives up its lock when nothing refers to it any more
            yield folder

    def _take(self, removed: Collection[ox.Quad], added: Collection[ox.Quad]) -> None:
        self.ground.learn((*removed, *added))
        self._pending.take(Change(EDITS_GRAPH, "", "", added, removed))

    def _holds_any(self, graph: ox.NamedNode) -> bool:
        if any(quad.graph_name == graph for quad in self._pending.added):
            return True
        if not any(quad.graph_name == graph for quad in self._pending.removed):
            return self.ground.holds(graph)
        return next(self._content(graph), None) is not None

    def _content(self, graph: ox.NamedNode) -> Iterator[ox.Quad]:
        self.ground.fetch(graph)
        for quad in self.view.store.quads_for_pattern(None, None, None, graph):
            if quad not in self._pending.removed:
                yield quad
        for quad in self._pending.added:
            if quad.graph_name == graph:
                yield quad

    def _placed(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        added: dict[ox.Triple, list[ox.Quad]] = {}
        for quad in self._pending.added:
            added.setdefault(quad.triple, []).append(quad)
        asked = list(quads)
        self.ground.learn_stated(
            quad.triple for quad in asked if isinstance(quad.graph_name, ox.DefaultGraph)
        )
        for quad in asked:
            if not isinstance(quad.graph_name, ox.DefaultGraph):
                yield quad
                continue
            stored = self.view.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
            for found in (*stored, *added.get(quad.triple, ())):
                graph = found.graph_name
                if isinstance(graph, ox.NamedNode) and not is_reserved(graph.value):
                    yield found
