"""What of a store a WHERE looks at, read from rdflib's tree of it: for stores of which not all is at hand.

Whoever has every statement that fits one of these patterns finds the same solutions in them as in the whole store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from aimsgraph.query.binding import engine_text
from aimsgraph.query.safety import PARSING
from aimsgraph.store.ground import Sought, Wanted
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aimsgraph.query.operation import Pattern
    from aimsgraph.store.ground import Part, Statement

_GRAPHS: Final = ("Graph", "GraphGraphPattern")
_PATTERNS: Final = ("BGP", "TriplesBlock")
_SIDES: Final = 3
_ANY: Final = ("?s", "?p", "?o")


def wanted(where: Pattern) -> Wanted:
    """Return what the WHERE of an operation looks at."""
    reading = _Reading()
    try:
        with PARSING:
            algebra = translateQuery(parseQuery(engine_text(where.query).text)).algebra
        reading.read(algebra, where.default)
    except Exception:  # noqa: BLE001 - what rdflib cannot translate, the engine may yet answer
        return Wanted((Sought((_ANY,)),), named=True)
    named = reading.named or where.named is not None or HISTORY_GRAPH in (where.default or ())
    return Wanted(tuple(reading.groups), named)


class _Reading:
    """Goes through a tree and notes the patterns in it, each with the graphs in which it looks."""

    def __init__(self) -> None:
        self.groups: list[Sought] = []
        self.named = False
        self._fresh = 0

    def read(self, node: object, graphs: tuple[str, ...] | None) -> None:
        """Note the patterns in a part of the tree, which looks in ``graphs`` (None: in any)."""
        if isinstance(node, CompValue):
            if node.name in _GRAPHS:
                self.named = True
                graphs = (str(node.term),) if isinstance(node.term, URIRef) else None
            elif node.name in _PATTERNS:
                self.groups.append(Sought(tuple(self._statements(node.triples)), graphs))
                return
            for value in node.values():
                self.read(value, graphs)
        elif hasattr(node, "__iter__") and not isinstance(node, (str, dict)):
            for value in node:
                self.read(value, graphs)

    def _statements(self, triples: Iterable[Any]) -> Iterator[Statement]:
        for flat in triples:
            for at in range(0, len(flat), _SIDES):
                subject, predicate, value = flat[at : at + _SIDES]
                if isinstance(predicate, Path):
                    yield from self._along(subject, predicate, value)
                else:
                    yield self._part(subject), self._part(predicate), self._part(value)

    def _along(self, subject: Any, path: Path, value: Any) -> Iterator[Statement]:
        """Yield the steps of a path, each with ends of its own: what lies on it is not known."""
        for predicate in _steps(path):
            if predicate is None:
                yield self._new(), self._new(), self._new()
            else:
                yield self._new(), ox.NamedNode(str(predicate)), self._new()
        if _may_be_empty(path):
            # A node leads to itself then, if it occurs anywhere.
            ends = [ox.NamedNode(str(end)) for end in (subject, value) if isinstance(end, URIRef)]
            for end in ends:
                yield end, self._new(), self._new()
                yield self._new(), self._new(), end
            if not ends:
                yield self._new(), self._new(), self._new()

    def _part(self, term: Any) -> Part:
        """Return a term as it is sought; in the place of a literal, which servers compare in their own ways, any."""
        if isinstance(term, URIRef):
            return ox.NamedNode(str(term))
        return self._new() if isinstance(term, Literal) else str(term.n3())

    def _new(self) -> str:
        self._fresh += 1
        return str(self._fresh)


def _steps(path: Any) -> Iterator[URIRef | None]:
    """Yield the properties of a path, None for one that may be any."""
    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, NegatedPath):
        yield None
    elif isinstance(path, (InvPath, MulPath)):
        yield from _steps(path.arg if isinstance(path, InvPath) else path.path)
    else:
        for part in path.args:
            yield from _steps(part)


def _may_be_empty(path: Any) -> bool:
    """Say whether a path may lead from a node to itself without a step."""
    if isinstance(path, InvPath):
        return _may_be_empty(path.arg)
    if isinstance(path, MulPath):
        return path.zero or _may_be_empty(path.path)
    if isinstance(path, SequencePath):
        return all(map(_may_be_empty, path.args))
    return isinstance(path, AlternativePath) and any(map(_may_be_empty, path.args))
