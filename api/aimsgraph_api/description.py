"""The description of the SPARQL service: what it can do, and what its dataset holds.

In the words of SPARQL 1.1 Service Description (W3C, 21 March 2013) and VoID (W3C, 3 March 2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, VOID, XSD

if TYPE_CHECKING:
    from rdflib.term import Node

    from aimsgraph_api.statistics import Statistics

SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
_RESULTS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples",
    "JSON-LD", "RDF_XML",
)  # fmt: skip
_INPUTS: Final = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")


def description(endpoint: str, counts: Statistics, *, update: str | None) -> Graph:
    """Describe the service at an address; ``update`` is the address for updates, for those who may."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in {
        "sd": SD,
        "void": VOID,
        "dcterms": DCTERMS,
        "formats": FORMATS,
        "xsd": XSD,
    }.items():
        graph.bind(prefix, namespace)
    dataset = _dataset(graph, endpoint, counts)
    _service(graph, endpoint, SD.SPARQL11Query, dataset)
    if update is not None:
        _service(graph, update, SD.SPARQL11Update, dataset)
    return graph


def _service(graph: Graph, endpoint: str, language: Node, dataset: Node) -> None:
    service = BNode()
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, URIRef(endpoint)))
    graph.add((service, SD.supportedLanguage, language))
    graph.add((service, SD.feature, SD.UnionDefaultGraph))
    graph.add((service, SD.defaultDataset, dataset))
    formats = _RESULTS if language == SD.SPARQL11Query else ()
    for name in formats:
        graph.add((service, SD.resultFormat, FORMATS[name]))
    for name in () if formats else _INPUTS:
        graph.add((service, SD.inputFormat, FORMATS[name]))


def _dataset(graph: Graph, endpoint: str, counts: Statistics) -> Node:
    dataset, default = URIRef(f"{endpoint}#dataset"), BNode()
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, RDF.type, VOID.Dataset))
    graph.add((dataset, DCTERMS.title, Literal("The knowledge graph of an AI management system", lang="en")))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(endpoint)))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    sizes = {
        VOID.triples: counts.triples,
        VOID.entities: counts.entities,
        VOID.distinctSubjects: counts.entities,
        VOID.distinctObjects: counts.objects,
        VOID.properties: counts.properties,
        VOID.classes: counts.classes,
    }
    for term, size in sizes.items():
        graph.add((dataset, term, Literal(size)))
    graph.add((default, VOID.triples, Literal(counts.triples)))
    for name, size in counts.graphs.items():
        named, held = BNode(), BNode()
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(name)))
        graph.add((named, SD.graph, held))
        graph.add((held, RDF.type, SD.Graph))
        graph.add((held, VOID.triples, Literal(size)))
    return dataset
