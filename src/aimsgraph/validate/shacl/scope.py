"""The patterns of a query as groups within groups: what must hold together for one of them to matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from rdflib import BNode, Variable
from rdflib.paths import InvPath, Path, SequencePath

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.term import Node

_GROUPS: Final = frozenset({"GroupGraphPatternSub", "SubSelect"})
#: Operations that stand on one other and hide nothing of it.
_PLAIN: Final = frozenset({"Filter", "Extend", "Distinct", "Reduced", "OrderBy", "Group", "AggregateJoin"})
_names = count()


class UnboundedError(Exception):
    """A query in which a changed statement cannot be traced back to a node."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A pattern: subject, property (an IRI, a variable, or a path that is no sequence and not inverse) and object."""

    start: Node
    path: Node | Path
    end: Node


@dataclass(slots=True)
class Block:
    """Patterns that hold together, inside others that hold as well; ``inner`` are those that may or may not hold."""

    around: Block | None = None
    edges: list[Edge] = field(default_factory=list)
    inner: list[Block] = field(default_factory=list)

    def within(self) -> Block:
        """Open a block within this one."""
        block = Block(self)
        self.inner.append(block)
        return block

    def certain(self) -> Iterator[Edge]:
        """Yield what holds wherever a pattern of this block matters."""
        yield from self.edges
        if self.around is not None:
            yield from self.around.certain()

    def all(self) -> Iterator[tuple[Edge, Block]]:
        """Yield each pattern in it, however deep, with its block."""
        for edge in self.edges:
            yield edge, self
        for block in self.inner:
            yield from block.all()

    def add(self, start: Node, path: Node | Path, end: Node) -> None:
        """Add a pattern; sequences are taken apart, and what leads backwards is turned."""
        if isinstance(path, SequencePath):
            steps = path.args
            stops = [start, *(fresh() for _ in steps[1:]), end]
            for place, step in enumerate(steps):
                self.add(stops[place], step, stops[place + 1])
        elif isinstance(path, InvPath):
            self.add(end, path.arg, start)
        else:
            self.edges.append(Edge(start, path, end))


def fresh() -> Variable:
    """Return a variable that stands nowhere else."""
    return Variable(f"n{next(_names)}")


def read_query(text: str, known: Mapping[str, Node], block: Block) -> None:
    """Put the patterns of a SELECT, its IRIs in full, into a block; ``known`` says what variables of it stand for.

    :raises UnboundedError: it has a part that hides where its answers come from, or cannot be read.
    """
    # The parser builds itself when it is imported, which takes a while; so too below.
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        whole = translateQuery(parseQuery(text)).algebra
    except Exception as error:  # pyparsing and rdflib raise many kinds
        raise UnboundedError from error
    _Reader(dict(known)).read(whole.p, block)


class _Reader:
    """Reads what stands in one scope of variables."""

    def __init__(self, names: dict[str, Node]) -> None:
        self._names = names

    def _term(self, term: Node) -> Node:
        if isinstance(term, (Variable, BNode)):
            return self._names.setdefault(str(term), fresh())
        return term

    def read(self, node: Any, block: Block) -> None:
        """Read one operation of the algebra.

        :raises UnboundedError: it is one that cannot be traced.
        """
        from rdflib.plugins.sparql.algebra import translateGroupGraphPattern

        kind = node.name
        if kind in _GROUPS:
            self.read(translateGroupGraphPattern(node), block)
        elif kind == "BGP":
            for start, path, end in node.triples:
                block.add(self._term(start), self._term(path), self._term(end))
        elif kind == "Join":
            self.read(node.p1, block)
            self.read(node.p2, block)
        elif kind in {"LeftJoin", "Minus"}:
            self.read(node.p1, block)
            within = block.within()
            self.read(node.p2, within)
            self._asked(node.get("expr"), within)
        elif kind == "Union":
            self.read(node.p1, block.within())
            self.read(node.p2, block.within())
        elif kind == "Project":
            kept = {str(name): self._term(name) for name in node.PV}
            _Reader(kept).read(node.p, block)
        elif kind == "ToMultiSet":
            if node.p.name != "values":
                self.read(node.p, block)
        elif kind in _PLAIN:
            self.read(node.p, block)
            self._asked(node.get("expr"), block)
        else:  # GRAPH, SERVICE, LIMIT
            raise UnboundedError

    def _asked(self, expression: Any, block: Block) -> None:
        """Read the groups whose existence an expression asks for."""
        from rdflib.plugins.sparql.parserutils import CompValue

        if isinstance(expression, CompValue):
            if expression.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
                self.read(expression.graph, block.within())
                return
            for part in expression.values():
                self._asked(part, block)
        elif isinstance(expression, list):
            for part in expression:
                self._asked(part, block)
