"""Where shapes were written: the file and line at which a node of the shapes graph stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import Graph, URIRef

from aimsgraph.errors import QueryInvalidError
from aimsgraph.statements import mentions
from aimsgraph.tokens import place

if TYPE_CHECKING:
    from rdflib.term import Node


@dataclass(frozen=True, slots=True)
class Origin:
    """A Turtle file: where it lies, its text, and the statements read from it."""

    path: str
    text: str
    graph: Graph

    def line(self, subject: Node, said: Node | None = None) -> int | None:
        """Return the line of the statement about a named subject, or of the first ``said`` in it; None if not found."""
        line: int | None = None
        try:
            for one in mentions(self.text):
                if one.subject == str(subject):
                    line = line or place(self.text, one.start)[0]
                    if said is None or one.name == str(said):
                        return line if said is None else place(self.text, one.start)[0]
        except QueryInvalidError:  # a spelling that Turtle has and the tokens of SPARQL have not
            pass
        return line


class ShapesGraph(Graph):
    """The shapes of several files in one graph, which remembers the files."""

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")
        self.origins: list[Origin] = []

    def join(self, origin: Origin) -> None:
        """Add the statements of a file."""
        self.origins.append(origin)
        self.__iadd__(origin.graph)

    def place(self, node: Node, around: Node, said: Node | None = None) -> tuple[str | None, int | None]:
        """Return file and line of a node, where ``around`` is the nearest node with a name; None where unknown."""
        for terms in (node, said, None), (node, None, said), (node, None, None):
            for origin in self.origins:
                if terms in origin.graph:
                    return origin.path, origin.line(around, said) if isinstance(around, URIRef) else None
        return None, None
