"""How the statements that a group of patterns looks at are brought from a server, the narrowest first.

What one pattern of a group gives bounds what the others need: of ``?s a ex:Risk ; ?p ?o`` only what is said of risks.
Literals are never asked for by their value, which servers compare in ways of their own.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from aimsgraph.store.ground import Sought, Statement

#: Subject, property and object; None where any may stand.
Shape: TypeAlias = "tuple[ox.NamedNode | None, ox.NamedNode | None, ox.NamedNode | None]"
#: Up to so many nodes it is less to ask for what is said of each than for a whole property.
_FEW: Final = 10_000
#: The positions of a statement by which it is asked for node by node.
_ENDS: Final = (0, 2)


class Fetching(Protocol):
    """Brings statements from a server to a store."""

    store: ox.Store

    def fetch(self, graph: ox.NamedNode) -> None:
        """Have all of a graph."""

    def fetch_all(self, *, history: bool) -> None:
        """Have all graphs."""

    def fetch_shape(self, shape: Shape, history: bool) -> None:
        """Have every statement that has the terms of a shape."""

    def fetch_around(self, terms: Iterable[ox.NamedNode], position: int, shape: Shape, history: bool) -> None:
        """Have every statement that has the terms of a shape and one of ``terms`` at a position."""


def seek(fetching: Fetching, sought: Sought, history: bool, added: Collection[ox.Quad] = ()) -> None:
    """Bring what a group of patterns looks at, which looks at what is to be ``added`` as well."""
    _Seeking(fetching, sought, history, added).run()


class _Seeking:
    """One group, and the nodes that each of its variables can stand for, as far as they are known."""

    def __init__(self, fetching: Fetching, sought: Sought, history: bool, added: Collection[ox.Quad]) -> None:
        self._fetching, self._sought, self._history, self._added = fetching, sought, history, added
        self._known: dict[str, set[ox.NamedNode]] = {}

    def run(self) -> None:
        """Bring all of it."""
        waiting = list(self._sought.statements)
        while waiting:
            statement = min(waiting, key=self._width)
            waiting.remove(statement)
            if (found := self._brought(statement)) is not None:
                self._learn(statement, chain(found, self._fitting(statement)))

    def _width(self, statement: Statement) -> int:
        subject, predicate, value = _shape(statement)
        if subject is not None or (predicate is not None and value is not None):
            return 0
        if any(len(terms) <= _FEW for _, terms in self._places(statement)):
            return 1
        if predicate is not None or value is not None:
            return 2
        return 3 if any(self._places(statement)) else 4

    def _places(self, statement: Statement) -> Iterator[tuple[int, set[ox.NamedNode]]]:
        for position in _ENDS:
            part = statement[position]
            if isinstance(part, str) and part in self._known:
                yield position, self._known[part]

    def _brought(self, statement: Statement) -> Iterable[ox.Quad] | None:
        """Bring what a pattern looks at, and return what fits it; None where that is all there is."""
        shape, width, fetching = _shape(statement), self._width(statement), self._fetching
        if width in (1, 3):
            position, terms = min(self._places(statement), key=lambda place: len(place[1]))
            fetching.fetch_around(sorted(terms, key=str), position, shape, self._history)
            return self._about(terms, position, shape)
        if width < 3:
            fetching.fetch_shape(shape, self._history)
        elif self._sought.graphs is None:
            fetching.fetch_all(history=self._history)
            return None
        else:
            for graph in self._sought.graphs:
                fetching.fetch(ox.NamedNode(graph))
        return fetching.store.quads_for_pattern(*shape, None)

    def _about(self, terms: Iterable[ox.NamedNode], position: int, shape: Shape) -> Iterator[ox.Quad]:
        for term in terms:
            subject, predicate, value = (
                term if index == position else part for index, part in enumerate(shape)
            )
            yield from self._fetching.store.quads_for_pattern(subject, predicate, value, None)

    def _fitting(self, statement: Statement) -> Iterator[ox.Quad]:
        shape = _shape(statement)
        for quad in self._added:
            terms = quad.subject, quad.predicate, quad.object
            if all(part is None or part == term for part, term in zip(shape, terms, strict=True)):
                yield quad

    def _learn(self, statement: Statement, found: Iterable[ox.Quad]) -> None:
        """Take what was found for the values that the variables of a pattern can have."""
        subjects: set[object] = set()
        values: set[object] = set()
        for quad in found:
            subjects.add(quad.subject)
            values.add(quad.object)
        for position, terms in zip(_ENDS, (subjects, values), strict=True):
            part = statement[position]
            nodes = {term for term in terms if isinstance(term, ox.NamedNode)}
            if isinstance(part, str) and len(nodes) == len(terms):
                self._known[part] = self._known.get(part, nodes) & nodes


def _shape(statement: Statement) -> Shape:
    subject, predicate, value = (None if isinstance(part, str) else part for part in statement)
    return subject, predicate, value
