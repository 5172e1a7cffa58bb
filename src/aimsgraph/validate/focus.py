"""Focus nodes: which nodes a shape looks at, by its targets and by what it says it applies to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib.namespace import RDF, RDFS, SH

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

    from aimsgraph.validate.shapes import Shape


def focus_nodes(graph: Graph, shape: Shape, prefixes: str) -> frozenset[Node]:
    """Return the nodes of ``graph`` that the shape looks at, those left out that it does not apply to.

    A target node counts only when the graph says something about it: SHACL would look at a misspelt IRI too.
    ``prefixes`` are the PREFIX lines for ``applies_when``.
    """
    found: set[Node] = set()
    for kind, term in shape.targets:
        if kind == SH.targetClass:
            for cls in set(graph.transitive_subjects(RDFS.subClassOf, term)):
                found.update(graph.subjects(RDF.type, cls))
        elif kind == SH.targetSubjectsOf:
            found.update(graph.subjects(term, None))
        elif kind == SH.targetObjectsOf:
            found.update(graph.objects(None, term))
        elif (term, None, None) in graph:
            found.add(term)
    if shape.applies_when and found:
        rows = graph.query(f"{prefixes}\nSELECT DISTINCT ?this {{ {shape.applies_when} }}")
        found &= {row[0] for row in rows}  # type: ignore[index]
    return frozenset(found)
