"""rdflib's stores for SPARQL servers work with ours as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import Dataset, Literal, URIRef
from rdflib import Graph as Triples
from rdflib.namespace import RDF, RDFS
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from aimsgraph.client import Client
from aimsgraph.vocab import AIMS
from tests.clients.conftest import needs

if TYPE_CHECKING:
    from aimsgraph.engine import Graph

MODEL = URIRef(f"{AIMS}Model")
LABELS = "SELECT ?label WHERE { ?thing a ?kind ; rdfs:label ?label } ORDER BY ?label"


@pytest.fixture
def sparql(address: str) -> str:
    needs(address, "/sparql")
    return f"{address}/sparql"


@pytest.mark.parametrize(("method", "form"), [("GET", "xml"), ("POST", "json"), ("POST_FORM", "csv")])
def test_a_store_is_queried(sparql: str, graph: Graph, method, form: str):
    there = Triples(SPARQLStore(sparql, method=method, returnFormat=form))
    found = [
        str(row.label) for row in there.query(LABELS, initNs={"rdfs": RDFS}, initBindings={"kind": MODEL})
    ]
    known = graph.query(LABELS, {"kind": f"<{MODEL}>"})
    assert found == [str(row["label"]) for row in known]
    assert found


def test_a_store_is_asked_for_triples(sparql: str, graph: Graph):
    there = Triples(SPARQLStore(sparql))
    models = {str(row["s"]) for row in graph.query("SELECT ?s { ?s a aims:Model }")}
    assert {str(subject) for subject in there.subjects(RDF.type, MODEL)} == models
    assert (None, RDF.type, MODEL) in there
    assert (None, RDF.type, URIRef(f"{AIMS}Nothing")) not in there


def test_yes_and_no_and_triples(sparql: str, graph: Graph):
    there = Triples(SPARQLStore(sparql))
    assert there.query(f"ASK {{ ?s a <{MODEL}> }}").askAnswer is True
    asked = f"CONSTRUCT {{ ?s a <{MODEL}> }} WHERE {{ ?s a <{MODEL}> }}"
    assert set(there.query(asked).graph) == set(graph.query(asked).to_graph())


def test_a_store_is_written_and_each_write_is_a_changeset(editable: str):
    needs(editable, "/sparql", "/sparql/update")
    store = SPARQLUpdateStore(f"{editable}/sparql", f"{editable}/sparql/update", context_aware=False)
    there = Triples(store)
    thing = URIRef("https://example.org/meridian/written-by-rdflib")
    before = len(Client(editable).history().changesets)
    there.add((thing, RDFS.label, Literal('Grüße\n"dort"', lang="de")))
    assert list(there.objects(thing, RDFS.label)) == [Literal('Grüße\n"dort"', lang="de")]
    there.update(
        "DELETE { ?s rdfs:label ?o } WHERE { ?s rdfs:label ?o }",
        initNs={"rdfs": RDFS},
        initBindings={"s": thing},
    )
    assert (thing, None, None) not in there
    there.add((thing, RDF.type, MODEL))
    there.remove((thing, None, None))
    assert (thing, None, None) not in there
    assert len(Client(editable).history().changesets) >= before + 4


def test_named_graphs_are_written(editable: str):
    needs(editable, "/sparql", "/sparql/update")
    there = Dataset(SPARQLUpdateStore(f"{editable}/sparql", f"{editable}/sparql/update"), default_union=True)
    name = URIRef("https://w3id.org/aimsgraph/graph/source/of-rdflib.ttl")
    thing = URIRef("https://example.org/meridian/in-a-graph")
    part = there.graph(name)  # this alone creates it
    part.add((thing, RDF.type, MODEL))
    assert (thing, RDF.type, MODEL) in part
    assert bool(Client(editable).sparql(f"ASK {{ GRAPH <{name}> {{ <{thing}> a aims:Model }} }}"))
    part.remove((thing, None, None))
    assert not Client(editable).sparql(f"ASK {{ <{thing}> a aims:Model }}")
