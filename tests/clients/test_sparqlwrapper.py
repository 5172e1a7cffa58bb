"""SPARQLWrapper, and the way in which data frames are filled by it, work with our server as they are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import SPARQLWrapper as Library
from rdflib import Graph as Triples
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from aimsgraph.client import Client
from tests.clients.conftest import needs

if TYPE_CHECKING:
    from aimsgraph.engine import Graph

ROWS = """SELECT ?label ?n WHERE { ?s a aims:Model ; rdfs:label ?label BIND(STRLEN(?label) AS ?n) } ORDER BY ?label"""
PREFIXES = (
    "PREFIX aims: <https://w3id.org/aimsgraph/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
)
BUILT = PREFIXES + "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a aims:Model ; rdfs:label ?l }"


@pytest.fixture
def wrapper(address: str) -> Library.SPARQLWrapper:
    needs(address, "/sparql")
    return Library.SPARQLWrapper(f"{address}/sparql")


def labels(found: Any, form: str) -> list[str]:
    if form == "json":
        return [row["label"]["value"] for row in found["results"]["bindings"]]
    if form == "xml":
        return [node.firstChild.data for node in found.getElementsByTagName("literal")][::2]
    table = pd.read_csv(io.BytesIO(found), sep="\t" if form == "tsv" else ",")
    return [str(text).strip('"') for text in table.iloc[:, 0]]


@pytest.mark.parametrize(
    ("form", "way", "only_conneg"),
    [
        ("json", "GET", False), ("json", "form", False), ("json", "direct", False), ("json", "form", True),
        ("xml", "GET", False), ("xml", "direct", True), ("csv", "GET", False), ("csv", "form", True),
        ("tsv", "GET", False), ("tsv", "direct", False),
    ],
)  # fmt: skip
def test_tables_come_in_every_form(wrapper, graph: Graph, form: str, way: str, only_conneg: bool):
    wrapper.setQuery(PREFIXES + ROWS)
    wrapper.setReturnFormat(form)
    wrapper.setOnlyConneg(only_conneg)  # else it tells the form in the address too, in all ways that it knows
    if way != "GET":
        wrapper.setMethod(Library.POST)
        wrapper.setRequestMethod(Library.POSTDIRECTLY if way == "direct" else Library.URLENCODED)
    assert labels(wrapper.query().convert(), form) == [str(row["label"]) for row in graph.query(ROWS)]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("form", [Library.TURTLE, Library.N3, Library.XML, Library.RDFXML, Library.JSONLD])
def test_triples_come_in_every_form(wrapper, graph: Graph, form: str):
    wrapper.setQuery(BUILT)
    wrapper.setReturnFormat(form)
    found = wrapper.query().convert()
    told = found if isinstance(found, Triples) else Triples().parse(data=found, format="turtle")
    assert set(told.triples((None, None, None))) == set(graph.query(BUILT).to_graph())


def test_yes_and_no(wrapper):
    wrapper.setQuery(PREFIXES + "ASK { ?s a aims:Model }")
    wrapper.setReturnFormat(Library.JSON)
    assert wrapper.queryAndConvert()["boolean"] is True


def test_a_fault_is_told(wrapper):
    wrapper.setQuery("SELECT * WHERE { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="query-invalid"):
        wrapper.query()


@pytest.mark.parametrize("way", [Library.URLENCODED, Library.POSTDIRECTLY])
def test_updates(editable: str, way: str):
    needs(editable, "/sparql", "/sparql/update")
    thing = f"https://example.org/meridian/by-{way}"
    wrapper = Library.SPARQLWrapper(f"{editable}/sparql", updateEndpoint=f"{editable}/sparql/update")
    wrapper.setMethod(Library.POST)
    wrapper.setRequestMethod(way)
    for verb, there in (("INSERT", True), ("DELETE", False)):
        wrapper.setQuery(f"{PREFIXES}{verb} DATA {{ <{thing}> a aims:Model }}")
        wrapper.query()
        assert bool(Client(editable).sparql(f"ASK {{ <{thing}> a aims:Model }}")) is there


@pytest.mark.parametrize("post", [False, True])
def test_a_data_frame_is_filled_by_csv(wrapper, graph: Graph, post: bool):
    """As packages do that turn a query into a data frame in one call."""
    wrapper.setQuery(PREFIXES + ROWS)
    if post:
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Content-type", "application/x-www-form-urlencoded")
        wrapper.addCustomHttpHeader("Accept", "text/csv")
        wrapper.setMethod(Library.POST)
        wrapper.setRequestMethod(Library.URLENCODED)
    wrapper.setReturnFormat(Library.CSV)
    found = pd.read_csv(io.StringIO(wrapper.query().convert().decode("utf-8")), sep=",")
    known = graph.query(ROWS).to_pandas()
    assert found["label"].tolist() == known["label"].tolist()
    assert found["n"].tolist() == known["n"].tolist()
