"""The ontology as a graph, for checking what does not come from a store."""

from __future__ import annotations

from functools import lru_cache

from rdflib import Graph

from aimsgraph import resources


@lru_cache(maxsize=1)
def ontology_graph() -> Graph:
    """Return the ontology, the standard's catalogue and the areas; shared, so not to be written to."""
    graph = Graph(bind_namespaces="none")
    for path in resources.files("ontology", "*.ttl"):
        graph.parse(path, format="turtle")
    return graph
