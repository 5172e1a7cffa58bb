"""Where a constraint stands: a shape, the nodes it looks at, and the way to their values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Literal

from aimsgraph.validate.shacl.context import term_text
from aimsgraph.validate.shacl.fault import fault
from aimsgraph.validate.shacl.members import members
from aimsgraph.validate.shacl.path import is_closure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Identifier, Node, URIRef

    from aimsgraph.validate.shacl.context import Context, Source
    from aimsgraph.validate.shacl.subclass import Subclasses

#: A path that leads from one node to one value in one way alone.
_ONE_STEP: Final = re.compile(r"<[^>]*>|\^\(<[^>]*>\)")
#: The node at which validation began, the node looked at, the value (or None).
Row = tuple["Node", "Node", "Node | None"]


@dataclass(frozen=True, slots=True)
class Site:
    """A shape as applied to a context. ``path`` is None for a node shape, whose one value is the node itself."""

    shapes: Graph
    source: Source
    subclasses: Subclasses
    shape: Node
    context: Context
    path: str | None

    def parameters(self, name: URIRef) -> list[Node]:
        """Return the values of a parameter of the shape, in a fixed order."""
        return sorted(self.shapes.objects(self.shape, name), key=str)

    def members(self, head: Node) -> list[Node]:
        """Return the members of a list in the shapes graph.

        :raises SyntaxProblemError: the list does not end, or is none.
        """
        return members(self.shapes, self.shape, head)

    def number(self, term: Node) -> int:
        """Return a parameter that is a whole number.

        :raises SyntaxProblemError: it is none.
        """
        if isinstance(term, Literal) and isinstance(term.value, int):
            return int(term.value)
        raise fault(self.shapes, self.shape, f"{term} is no whole number")

    def text_of(self, term: Node) -> str:
        """Write a term of the shapes graph for a query.

        :raises SyntaxProblemError: it is a blank node, which no query can name.
        """
        text = term_text(term)
        if text is None:
            raise fault(
                self.shapes, self.shape, "A blank node stands where a query needs a name or a literal"
            )
        return text

    @property
    def value(self) -> str:
        """The name of the variable that holds the value."""
        return self.context.values(self.path)[1]

    @property
    def values(self) -> str:
        """The group that binds the nodes and their values."""
        return self.context.values(self.path)[0]

    def lacking(self, condition: str = "") -> str:
        """Return the pattern that leaves the nodes without a value, or without one for which a filter holds.

        Where a path could be followed without end, it is so from the nodes alone.
        """
        path = self.path or ""
        step = self.values if is_closure(path) else f"?{self.context.focus} {path} ?v ."
        return f"{self.context.without} {{ {step} {condition} }}"

    @property
    def is_start(self) -> bool:
        """Whether the values are the very nodes at which validation began."""
        return self.path is None and self.context.focus == "r"

    def wrong_values(self, condition: str) -> Iterator[Row]:
        """Yield each value for which a pattern or filter, put behind the values, holds."""
        names = self.context.names + ("" if self.path is None else " ?v")
        distinct = "" if self.path is None or _ONE_STEP.fullmatch(self.path) else "DISTINCT "
        yield from self.rows(f"SELECT {distinct}{names} WHERE {{ {self.values} {condition} }}", self.value)

    def wrong_nodes(self, rest: str) -> Iterator[Row]:
        """Yield each node for which a pattern, put behind the nodes, holds."""
        yield from self.rows(f"SELECT {self.context.names} WHERE {{ {self.context.block} {rest} }}", None)

    def rows(self, query: str, value: str | None) -> Iterator[Row]:
        """Run a query and yield its rows; ``value`` names the variable of the value."""
        focus = self.context.focus
        for row in self.source.rows(query):
            root: Identifier = row["r"]
            yield root, row[focus], None if value is None else row.get(value)

    def pairs(self) -> list[tuple[Node, Node, Node]]:
        """Return every node with every value."""
        return [(root, focus, value) for root, focus, value in self.wrong_values("") if value is not None]
