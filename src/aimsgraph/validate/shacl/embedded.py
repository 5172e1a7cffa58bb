"""The SPARQL that stands in shapes: with its prefixes written out, and asked of all nodes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import OWL, SH

from aimsgraph.tokens import Token, tokens
from aimsgraph.validate.shacl.fault import fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import Graph
    from rdflib.term import Node


_MARKS: Final = frozenset({"*", "+", "?"})


class Prefixes:
    """The prefixes that hold in one embedded query."""

    def __init__(self, shapes: Graph, node: Node, known: Mapping[str, str]) -> None:
        self._shapes, self._node, self._known = shapes, node, known

    def tokens(self, text: str) -> list[Token]:
        """Split a query into tokens without comments, prefixed names written as IRIs.

        :raises SyntaxProblemError: a prefix is not declared.
        :raises QueryInvalidError: a character starts no token.
        """
        return [self.whole(token) for token in tokens(text) if token.kind != "comment"]

    def expanded(self, text: str) -> str:
        """Write a query with IRIs in full, so that it can stand within another."""
        # A path's mark stands right behind it: not every parser reads one after a space.
        return "".join(
            token.text if token.text in _MARKS else f" {token.text}" for token in self.tokens(text)
        ).lstrip()

    def whole(self, token: Token) -> Token:
        """Write a prefixed name as an IRI."""
        if token.kind != "pname":
            return token
        prefix, _, local = token.text.partition(":")
        if prefix not in self._known:
            raise fault(self._shapes, self._node, f"the prefix {prefix}: of its SPARQL is not declared")
        return Token("iri", f"<{self._known[prefix]}{local.replace(chr(92), '')}>", token.start)


def prefixes_of(shapes: Graph, node: Node) -> Prefixes:
    """Return the prefixes that ``sh:prefixes`` of a constraint or target leads to, imports included."""
    waiting = list(shapes.objects(node, SH.prefixes))
    reached: set[Node] = set()
    known: dict[str, str] = {}
    while waiting:
        declaring = waiting.pop()
        if declaring in reached:
            continue
        reached.add(declaring)
        waiting.extend(shapes.objects(declaring, OWL.imports))
        for one in shapes.objects(declaring, SH.declare):
            known[str(shapes.value(one, SH.prefix))] = str(shapes.value(one, SH.namespace))
    return Prefixes(shapes, node, known)
