"""Lists in the shapes graph, as SHACL wants them: whole, and ended by ``rdf:nil``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF

from aimsgraph.validate.shacl.fault import fault

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


def members(shapes: Graph, shape: Node, head: Node, said: Node | None = None) -> list[Node]:
    """Return the members of a list; ``shape`` and ``said`` are what names it, the property that leads to it.

    :raises SyntaxProblemError: it is no list, does not end, or forks.
    """
    found: list[Node] = []
    seen: set[Node] = set()
    here = head
    while here != RDF.nil:
        first, rest = list(shapes.objects(here, RDF.first)), list(shapes.objects(here, RDF.rest))
        if here in seen or len(first) != 1 or len(rest) != 1:
            raise fault(shapes, shape, f"A list in it is broken ({_why(here in seen, first, rest)})", said)
        seen.add(here)
        found += first
        here = rest[0]
    return found


def _why(again: bool, first: list[Node], rest: list[Node]) -> str:
    if again:
        return "it leads back to itself"
    if not first and not rest:
        return "a list is written in round brackets, and none stands there"
    return f"a member of it has {len(first)} values and {len(rest)} followers, where one each belongs"
