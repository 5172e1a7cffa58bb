"""Faults in shapes, told with the shape around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import BNode

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.validate.wording import compact_or_text

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


def fault(graph: Graph, node: Node, what: str) -> SyntaxProblemError:
    """Return the error for a fault at a node of the shapes graph, naming the nearest shape around it."""
    return SyntaxProblemError(
        f"The shape {compact_or_text(named(graph, node))} cannot be run: {what}.",
        hint="Mend the shape file that you added.",
    )


def named(graph: Graph, node: Node) -> Node:
    """Return the nearest node around ``node`` that has a name, or the node itself where there is none."""
    seen: set[Node] = set()
    here: Node | None = node
    while here is not None and isinstance(here, BNode) and here not in seen:
        seen.add(here)
        here = next(iter(sorted(graph.subjects(None, here), key=str)), None)
    return here if here is not None and not isinstance(here, BNode) else node
