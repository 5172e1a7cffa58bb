"""Where shapes were written: the file and line at which a node of the shapes graph stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from aimsgraph.errors import QueryInvalidError
from aimsgraph.tokens import Token, place, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node


@dataclass(frozen=True, slots=True)
class Origin:
    """A Turtle file: where it lies, its text, and the statements read from it."""

    path: str
    text: str
    graph: Graph

    def line(self, subject: Node, said: Node | None = None) -> int | None:
        """Return the line of the statement about a named subject, or of the first ``said`` in it; None if not found."""
        try:
            found = [token for token in tokens(self.text) if token.kind != "comment"]
        except QueryInvalidError:  # a spelling that Turtle has and the tokens of SPARQL have not
            return None
        names = {
            prefix.text.removesuffix(":"): namespace.text[1:-1]
            for word, prefix, namespace in zip(found, found[1:], found[2:], strict=False)
            if word.text.lower() in ("@prefix", "prefix")
        }
        own: Token | None = None
        for statement in _statements(found):
            if _meant(statement[0], names) != str(subject):
                continue
            own = own or statement[0]
            for token in statement if said is not None else ():
                if _meant(token, names) == str(said):
                    return place(self.text, token.start)[0]
        return place(self.text, own.start)[0] if own else None


def _statements(found: list[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each statement, up to its full stop."""
    statement: list[Token] = []
    for token in found:
        if token.text == ".":
            if statement:
                yield statement
            statement = []
        else:
            statement.append(token)
    if statement:
        yield statement


def _meant(token: Token, names: dict[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "pname":
        prefix, _, local = token.text.partition(":")
        return names.get(prefix, "") + local.replace("\\", "")
    return str(RDF.type) if token.text == "a" else None


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
