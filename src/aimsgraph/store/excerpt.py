"""The part of a server's content that an update looks at, in a folder where the embedded engine works on it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from itertools import product
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import LimitExceededError, TimeLimitError
from aimsgraph.store.aside import database_aside
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.mirror import Mirror
from aimsgraph.store.reserved import MANIFEST_GRAPH, PATCHES_GRAPH, TICKETS_GRAPH, is_internal
from aimsgraph.store.seeking import seek
from aimsgraph.store.server import ASKED, PORTION, portions
from aimsgraph.store.terms import from_rdflib_term, normalised
from aimsgraph.store.transaction import BULK
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from aimsgraph.store.ground import Wanted
    from aimsgraph.store.seeking import Shape
    from aimsgraph.store.server import Server

_HISTORY: Final = ox.NamedNode(HISTORY_GRAPH)
#: Which of its terms a shape keeps in each of those that are as wide or wider.
_KEPT: Final = tuple(product((True, False), repeat=3))
_UNASKED: Final = (MANIFEST_GRAPH, PATCHES_GRAPH, TICKETS_GRAPH)


@contextmanager
def excerpt_of(
    server: Server, head: str, *, most: int | None = None, seconds: float | None = None
) -> Iterator[Excerpt]:
    """Give an excerpt, empty as yet, of what a server holds as of ``head``, for the length of a ``with`` block.

    It takes at most so many statements (``most``), and so many ``seconds``. What the server is must be known by then:
    it has answered before.

    :raises LimitExceededError, TimeLimitError: in the ``with`` block, when more is looked at.
    :raises StoreUnusableError: the folder for temporary files is full.
    """
    with database_aside("excerpt") as (folder, store):
        yield Excerpt(server, EmbeddedView(store, head, folder), most, seconds)


class Excerpt(Mirror):
    """Holds what the server holds of all that was asked about, and its union; good while nobody else writes.

    A pattern that looks at no more than what was reached for finds here what it would find there.
    """

    partial = True

    def __init__(
        self, server: Server, view: EmbeddedView, most: int | None = None, seconds: float | None = None
    ) -> None:
        super().__init__(server, view.store)
        self.view = view
        self._most, self._seconds = most, seconds
        self._end = None if seconds is None else time.monotonic() + seconds
        self._taken = 0
        self._names: list[str] | None = None
        self._shapes: set[tuple[Shape, bool]] = set()

    def names(self) -> list[str]:
        """Return the IRIs of the graphs that hold something."""
        if self._names is None:
            self._names = self._server.view.graphs()
        return self._names

    def holds(self, graph: ox.NamedNode) -> bool:
        """Say whether a graph holds something."""
        return not self._is_hidden(graph.value) and not self._is_empty(graph)

    def fetch(self, graph: ox.NamedNode) -> None:
        """Have all of a graph, unless the store or the server keeps it for itself."""
        if not self._is_hidden(graph.value):
            super().fetch(graph)

    def _is_hidden(self, graph: str) -> bool:
        return is_internal(graph) or graph.startswith(self._server.profile.own_graphs)

    def reach(self, wanted: Wanted, added: Collection[ox.Quad]) -> None:
        """Have all that a pattern looks at, which looks at what was ``added`` since as well.

        :raises LimitExceededError, TimeLimitError: that is too much.
        """
        if wanted.named:
            for name in self.names():
                self.store.add_graph(ox.NamedNode(name))
        for sought in wanted.groups:
            seek(self, sought, wanted.named, added)

    def fetch_all(self, *, history: bool) -> None:
        """Have all graphs; the history only if that is said."""
        for name in self.names():
            if history or name != HISTORY_GRAPH:
                self.fetch(ox.NamedNode(name))
        self._shapes.add(((None, None, None), history))

    def fetch_shape(self, shape: Shape, history: bool) -> None:
        """Have every statement that has the terms of a shape."""
        wider = {
            tuple(part if keep else None for part, keep in zip(shape, kept, strict=True)) for kept in _KEPT
        }
        if not any((one, told) in self._shapes for one in wider for told in {history, True}):
            self._take(self._asked(shape, "", history))
            self._shapes.add((shape, history))

    def fetch_around(self, terms: Iterable[ox.NamedNode], position: int, shape: Shape, history: bool) -> None:
        """Have every statement that has the terms of a shape and one of ``terms`` at a position of it."""
        if (shape, True) in self._shapes or (shape, history) in self._shapes:
            return
        for portion in portions(terms, ASKED):
            values = f"VALUES ?{'spo'[position]} {{ {' '.join(map(str, portion))} }} "
            self._take(self._asked(shape, values, history))

    def _asked(self, shape: Shape, values: str, history: bool) -> Iterator[ox.Quad]:
        parts = [part or f"?{name}" for name, part in zip("spo", shape, strict=True)]
        names = " ".join(str(part) for part in parts if isinstance(part, str))
        hidden = _UNASKED if history else (*_UNASKED, HISTORY_GRAPH)
        shown = " && ".join(f"?g != <{graph}>" for graph in hidden)
        for row in self._server.view.rows(
            f"SELECT ?g {names} WHERE {{ {values}GRAPH ?g {{ {' '.join(map(str, parts))} }} FILTER({shown}) }}"
        ):
            graph = str(row["g"])
            if not self._is_hidden(graph):
                subject, predicate, value = (
                    part or from_rdflib_term(row[name]) for name, part in zip("spo", shape, strict=True)
                )
                yield ox.Quad(subject, predicate, value, ox.NamedNode(graph))  # type: ignore[arg-type]

    def _take(self, quads: Iterable[ox.Quad]) -> None:
        self._check_time()
        for portion in portions(normalised(quads), PORTION):
            self._taken += sum(quad not in self.store for quad in portion)
            if self._most is not None and self._taken > self._most:
                raise LimitExceededError(
                    f"To work this out, more than {self._most:,} statements would have to be brought from the server; "
                    "nothing is written.",
                    hint="Name properties, nodes or graphs in its pattern, or do it in parts.",
                )
            union = [
                ox.Quad(quad.subject, quad.predicate, quad.object)
                for quad in portion
                if quad.graph_name != _HISTORY
            ]
            (self.store.extend if len(portion) < BULK else self.store.bulk_extend)([*portion, *union])
            self._check_time()

    def _check_time(self) -> None:
        if self._end is not None and time.monotonic() > self._end:
            raise TimeLimitError(
                f"To bring what is looked at from the server took longer than {self._seconds:g} seconds; "
                "nothing is written.",
                hint="Ask for less at once, or raise the time limit.",
            )
