"""The names of nodes, fetched from a view at once for all that a report names."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from rdflib import RDF, BNode, Graph, URIRef
from rdflib.namespace import SKOS

from aimsgraph.validate.wording import LABELS, label_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from aimsgraph.validate.shacl.context import Source

#: How many nodes are asked for in one query.
_AT_ONCE: Final = 500
#: By FILTER, since Oxigraph joins a second VALUES with every statement there is.
_NAMING: Final = f"FILTER (?p IN ({', '.join(term.n3() for term in (*LABELS, SKOS.notation, RDF.type))}))"


class Names:
    """The labels of nodes, each worked out once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[Node, str] = {}

    def label(self, node: Node) -> str:
        """Return the label of a node."""
        if node not in self._known:
            self._known[node] = label_of(self._graph, node)
        return self._known[node]


def names_of(source: Source, nodes: Iterable[Node]) -> Names:
    """Return the names of the nodes: by labels and notations, or the classes of those without.

    A blank node has no name to ask by; only its class is told, by a query for all blank nodes that have one.
    """
    names = Graph(bind_namespaces="none")
    wanted = list(nodes)
    _add(source, names, [node for node in wanted if isinstance(node, URIRef)])
    if any(isinstance(node, BNode) for node in wanted):
        for row in source.select(f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o {_NAMING} FILTER (ISBLANK(?s)) }}"):
            names.add((row["s"], row["p"], row["o"]))
    _add(source, names, sorted({cls for cls in names.objects(None, RDF.type) if isinstance(cls, URIRef)}))
    return Names(names)


def _add(source: Source, names: Graph, iris: list[URIRef]) -> None:
    waiting = iter(iris)
    while chunk := list(islice(waiting, _AT_ONCE)):
        listed = " ".join(iri.n3() for iri in chunk)
        for row in source.select(f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {listed} }} ?s ?p ?o {_NAMING} }}"):
            names.add((row["s"], row["p"], row["o"]))
