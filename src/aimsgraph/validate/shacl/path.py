"""SHACL property paths as SPARQL property paths (SHACL, section 2.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import BNode, URIRef
from rdflib.namespace import RDF, SH

from aimsgraph.validate.shacl.fault import fault
from aimsgraph.validate.shacl.members import members

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_REPEATED: Final = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def sparql_path(graph: Graph, path: Node, _around: tuple[Node, ...] = ()) -> str:
    """Write the path that starts at a node of the shapes graph, with IRIs in full.

    :raises SyntaxProblemError: the path is malformed, or contains itself.
    """
    if isinstance(path, URIRef):
        return f"<{path}>"
    if path in _around or not isinstance(path, BNode):
        raise fault(
            graph, path, "A path is an IRI, a list, or a node with one kind of path, and never holds itself"
        )
    around = (*_around, path)
    if graph.value(path, RDF.first) is not None:
        return "(" + "/".join(sparql_path(graph, one, around) for one in members(graph, path, path)) + ")"
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return f"^({sparql_path(graph, inverse, around)})"
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return (
            "("
            + "|".join(sparql_path(graph, one, around) for one in members(graph, path, alternatives))
            + ")"
        )
    for predicate, mark in _REPEATED.items():
        repeated = graph.value(path, predicate)
        if repeated is not None:
            return f"({sparql_path(graph, repeated, around)}){mark}"
    raise fault(graph, path, "A path says nothing that SHACL knows")


def is_closure(path: str) -> bool:
    """Whether a path may have steps without end, so that all its pairs must not be asked for at once."""
    return path.endswith(("*", "+", "?")) or ")*" in path or ")+" in path or ")?" in path
