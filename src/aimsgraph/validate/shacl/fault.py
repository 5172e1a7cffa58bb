"""Faults in shapes, told with the shape around them and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import BNode

from aimsgraph.errors import Problem, SyntaxProblemError
from aimsgraph.validate.shacl.origin import ShapesGraph
from aimsgraph.validate.wording import compact_or_text

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


def fault(graph: Graph, node: Node, what: str, said: Node | None = None) -> SyntaxProblemError:
    """Return the error for a fault at a node of the shapes graph, naming the nearest shape around it, file and line.

    ``said`` is the term that is wrong, where one is: the line is then that of the term.
    """
    shape = named(graph, node)
    path, line = graph.place(node, shape, said) if isinstance(graph, ShapesGraph) else (None, None)
    problem = Problem(f"The shape {compact_or_text(shape)} cannot be run: {what}", path, line)
    return SyntaxProblemError(
        f"{problem}.", hint="Mend the shape, or leave the file out.", problems=(problem,)
    )


def named(graph: Graph, node: Node) -> Node:
    """Return the nearest node around ``node`` that has a name, or the node itself where there is none."""
    seen: set[Node] = set()
    here: Node | None = node
    while here is not None and isinstance(here, BNode) and here not in seen:
        seen.add(here)
        here = next(iter(sorted(graph.subjects(None, here), key=str)), None)
    return here if here is not None and not isinstance(here, BNode) else node
