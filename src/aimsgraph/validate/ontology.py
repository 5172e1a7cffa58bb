"""The ontology as a graph, for checking what does not come from a store."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rdflib import Graph

from aimsgraph import resources
from aimsgraph.store import files_view, graph_view

if TYPE_CHECKING:
    from aimsgraph.store import EmbeddedView


@lru_cache(maxsize=1)
def ontology_graph() -> Graph:
    """Return the ontology, the standard's catalogue and the areas; shared, so not to be written to."""
    graph = Graph(bind_namespaces="none")
    for path in resources.files("ontology", "*.ttl"):
        graph.parse(path, format="turtle")
    return graph


def upon_ontology(*graphs: Graph) -> EmbeddedView:
    """Return a view of some graphs together with the ontology."""
    return graph_view(*graphs, upon=_ontology_view())


@lru_cache(maxsize=1)
def _ontology_view() -> EmbeddedView:
    return files_view(resources.files("ontology", "*.ttl"))
