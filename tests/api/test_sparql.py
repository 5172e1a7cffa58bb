from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import VOID
from starlette.testclient import TestClient

import aimsgraph
from aimsgraph import store
from aimsgraph.vocab import EDITS_GRAPH, HISTORY_GRAPH
from aimsgraph_api import create_app
from aimsgraph_api.description import SD
from aimsgraph_api.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.access import Role

QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
ROWS = "SELECT ?n { ?s ex:number ?n } ORDER BY ?n"
A, B = "https://example.org/a", "https://example.org/b"


def client(place: Path, role: Role = "administrator", **settings) -> TestClient:
    return TestClient(create_app(Settings(place, anonymous=role, **settings)), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three changesets: 1 in graph a, then 1 and 2 in b, then an edit."""
    folder = tmp_path_factory.mktemp("sparql") / "aims.store"
    store.create(folder, now=datetime.now(UTC))
    graph = aimsgraph.open(folder)
    graph.update(f"INSERT DATA {{ GRAPH <{A}> {{ ex:x ex:number 1 }} }}", author="ada")
    graph.update(f"INSERT DATA {{ GRAPH <{B}> {{ ex:x ex:number 1 . ex:y ex:number 2 }} }}", author="ada")
    graph.update('INSERT DATA { ex:x ex:name "é <x> & y"@de }', author="ada")
    return folder


@pytest.fixture(scope="module")
def asked(place: Path) -> TestClient:
    return client(place, "analyst")


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["n"]["value"] for row in answer.json()["results"]["bindings"]]


def test_a_query_may_be_asked_in_three_ways(asked: TestClient):
    for answer in (
        asked.get("/sparql", params={"query": ROWS}),
        asked.post("/sparql", data={"query": ROWS}),
        asked.post("/sparql", content=ROWS, headers={"content-type": QUERY}),
        asked.post("/sparql", content=ROWS, headers={"content-type": f"{QUERY}; charset=UTF-8"}),
        asked.get("/sparql/", params={"query": ROWS}),
    ):
        assert numbers(answer) == ["1", "2"]
        assert answer.headers["content-type"] == "application/sparql-results+json"
        assert (answer.headers["vary"], answer.headers["x-content-type-options"]) == ("Accept", "nosniff")


def test_the_dataset_may_be_chosen_in_the_url_and_in_the_form(asked: TestClient):
    count = "SELECT (COUNT(*) AS ?n) { ?s ex:number ?number }"
    for answer in (
        asked.get("/sparql", params={"query": count, "default-graph-uri": [A, B]}),
        asked.post("/sparql", data={"query": count, "default-graph-uri": [A, B]}),
        asked.post("/sparql", data={"query": count, "default-graph-uri": A}, params={"default-graph-uri": B}),
        asked.post(
            "/sparql", content=count, params={"default-graph-uri": [A, B]}, headers={"content-type": QUERY}
        ),
    ):
        assert numbers(answer) == ["2"]


def test_the_dataset_of_the_protocol_goes_before_that_of_the_text(asked: TestClient):
    text = "SELECT (COUNT(*) AS ?n) FROM <https://example.org/b> { ?s ex:number ?x }"
    assert numbers(asked.get("/sparql", params={"query": text})) == ["2"]
    assert numbers(asked.get("/sparql", params={"query": text, "default-graph-uri": A})) == ["1"]
    named = asked.get("/sparql", params={"query": text, "named-graph-uri": A})
    assert numbers(named) == ["0"]


@pytest.mark.parametrize(
    ("method", "more", "status", "code"),
    [
        ("GET", {"params": {"query": [ROWS, ROWS]}}, 400, "usage"),
        ("GET", {"params": {"querry": ROWS}}, 400, "usage"),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 400, "usage"),
        ("GET", {"params": {"query": "SELECT * {"}}, 400, "query-invalid"),
        ("GET", {"params": {"query": ""}}, 400, "query-invalid"),
        ("GET", {"params": {"query": "CLEAR ALL"}}, 403, "query-refused"),
        ("GET", {"params": {"query": "ASK {}", "as_of": "never"}}, 400, "usage"),
        ("GET", {"params": {"query": ROWS, "format": "pdf"}}, 406, "not-acceptable"),
        ("GET", {"params": {"query": ROWS}, "headers": {"accept": "text/turtle"}}, 406, "not-acceptable"),
        (
            "GET",
            {"params": {"query": "DESCRIBE ex:x"}, "headers": {"accept": "text/csv"}},
            406,
            "not-acceptable",
        ),
        ("POST", {"data": {"query": "DELETE WHERE { ?s ?p ?o }"}}, 403, "query-refused"),
        ("POST", {"data": {"query": "ASK {}", "update": "CLEAR ALL"}}, 400, "usage"),
        ("POST", {"data": {"x": "y"}}, 400, "usage"),
        ("POST", {"data": {"query": ROWS}, "params": {"query": ROWS}}, 400, "usage"),
        (
            "POST",
            {"content": ROWS, "headers": {"content-type": QUERY}, "params": {"query": ROWS}},
            400,
            "usage",
        ),
        ("POST", {"content": ROWS}, 415, "media-type"),
        ("POST", {"content": ROWS, "headers": {"content-type": "text/plain"}}, 415, "media-type"),
        ("POST", {"content": "CLEAR ALL", "headers": {"content-type": UPDATE}}, 415, "media-type"),
        (
            "POST",
            {"content": b"ASK {}", "headers": {"content-type": f"{QUERY};charset=utf-16"}},
            415,
            "media-type",
        ),
        ("POST", {"content": b"ASK { ?s ?p '\xff' }", "headers": {"content-type": QUERY}}, 400, "usage"),
        ("PUT", {"content": ROWS}, 405, "method-not-allowed"),
    ],
)
def test_what_the_protocol_does_not_allow_is_told(asked: TestClient, method, more, status, code):
    answer = asked.request(method, "/sparql", **more)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_parameters_are_utf_8(asked: TestClient):
    answer = asked.get("/sparql?query=ASK%20%7B%7D%20%23%FF")
    assert (answer.status_code, answer.json()["code"]) == (400, "usage")


def test_a_body_that_is_too_large_is_not_read(place: Path):
    small = client(place, "analyst", largest=100)
    answer = small.post("/sparql", content=b"x" * 101, headers={"content-type": QUERY})
    assert (answer.status_code, answer.json()["code"]) == (413, "limit-exceeded")


def test_what_was_can_be_asked(asked: TestClient):
    for answer in (
        asked.get("/sparql", params={"query": ROWS, "as_of": "1"}),
        asked.post("/sparql", data={"query": ROWS, "as_of": "1"}),
        asked.post("/sparql", content=ROWS, params={"as_of": "1"}, headers={"content-type": QUERY}),
    ):
        assert numbers(answer) == ["1"]


def test_every_form_says_the_same(asked: TestClient):
    text = "SELECT ?s ?name ?none { ?s ex:name ?name OPTIONAL { ?s ex:none ?none } }"
    forms = {
        name: asked.get("/sparql", params={"query": text, "output": name})
        for name in ("json", "xml", "csv", "tsv")
    }
    [row] = forms["json"].json()["results"]["bindings"]
    assert row["name"] == {"type": "literal", "value": "é <x> & y", "xml:lang": "de"}
    tree = ElementTree.fromstring(forms["xml"].content)  # noqa: S314 - our own
    [literal] = tree.iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert (literal.text, dict(literal.attrib)) == (
        "é <x> & y", {"{http://www.w3.org/XML/1998/namespace}lang": "de"},
    )  # fmt: skip
    assert forms["csv"].text == "s,name,none\r\nhttps://example.org/meridian/x,é <x> & y,\r\n"
    assert forms["tsv"].text.split("\n")[1] == '<https://example.org/meridian/x>\t"é <x> & y"@de\t'


def test_a_graph_is_the_same_in_every_form(asked: TestClient):
    formats = ox.RdfFormat
    found = []
    for name, syntax in {
        "ttl": formats.TURTLE,
        "nt": formats.N_TRIPLES,
        "jsonld": formats.JSON_LD,
        "rdfxml": formats.RDF_XML,
    }.items():
        answer = asked.get("/sparql", params={"query": "DESCRIBE ex:x", "format": name})
        found.append(set(ox.parse(answer.content, syntax)))
    assert len(found[0]) == 2
    assert found.count(found[0]) == 4


def test_head_has_the_headers_alone(asked: TestClient):
    answer = asked.head("/sparql", params={"query": ROWS})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/sparql-results+json")


def test_a_reader_may_not_ask_in_sparql(place: Path):
    reader = client(place, "reader")
    for answer in (
        reader.get("/sparql"),
        reader.get("/sparql", params={"query": "ASK {}"}),
        reader.post("/sparql", data={"query": "ASK {}"}),
        reader.get("/rdf-graph-store?default"),
        reader.get("/.well-known/void"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


def test_an_analyst_may_not_write(asked: TestClient):
    for answer in (
        asked.post("/sparql/update", data={"update": "CLEAR ALL"}),
        asked.put("/rdf-graph-store?default", content="", headers={"content-type": "text/turtle"}),
        asked.post("/rdf-graph-store", content="", headers={"content-type": "text/turtle"}),
        asked.delete("/rdf-graph-store", params={"graph": A}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


def test_the_description_counts_what_there_is(asked: TestClient):
    answer = asked.get("/.well-known/void")
    told = Graph().parse(data=answer.content, format="turtle")
    [dataset] = told.subjects(VOID.sparqlEndpoint)
    terms = (VOID.triples, VOID.entities, VOID.properties, VOID.classes, VOID.distinctObjects)
    assert [int(str(told.value(dataset, term))) for term in terms] == [3, 2, 2, 0, 3]
    named = {
        str(told.value(one, SD.name)): int(str(told.value(told.value(one, SD.graph), VOID.triples)))
        for one in told.objects(dataset, SD.namedGraph)
    }
    assert named == {A: 1, B: 2, EDITS_GRAPH: 1}
    assert set(told.objects(None, SD.supportedLanguage)) == {SD.SPARQL11Query}
    again = asked.get("/sparql", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_description_tells_who_may_write_where(place: Path):
    told = Graph().parse(data=client(place, "editor").get("/sparql").content, format="turtle")
    [update] = told.subjects(SD.supportedLanguage, SD.SPARQL11Update)
    assert told.value(update, SD.endpoint) == URIRef("http://127.0.0.1/sparql/update")


def test_the_description_of_what_was_counts_what_was(asked: TestClient):
    told = Graph().parse(data=asked.get("/sparql", params={"as_of": "1"}).content, format="turtle")
    assert int(str(told.value(next(told.subjects(VOID.sparqlEndpoint)), VOID.triples))) == 1


def test_pages_elsewhere_read_only_where_their_origin_is_named(place: Path, asked: TestClient):
    elsewhere = {"origin": "https://tools.example"}
    assert "access-control-allow-origin" not in asked.get("/sparql", headers=elsewhere).headers
    named = client(place, "analyst", origins=("https://tools.example",))
    answer = named.get("/sparql", params={"query": "ASK {}"}, headers=elsewhere)
    assert answer.headers["access-control-allow-origin"] == "https://tools.example"
    assert "access-control-allow-credentials" not in answer.headers
    assert "ETag" in answer.headers["access-control-expose-headers"]
    before = named.options("/sparql", headers={**elsewhere, "access-control-request-method": "POST"})
    assert before.status_code == 200
    other = named.options(
        "/sparql", headers={"origin": "https://x.example", "access-control-request-method": "POST"}
    )
    assert other.status_code == 400


def test_the_history_is_there_for_who_may_see_it(place: Path):
    text = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{HISTORY_GRAPH}> {{ ?s ?p ?o }} }}"
    assert int(numbers(client(place).get("/sparql", params={"query": text}))[0]) > 10
    assert json.loads(client(place, "analyst").get("/sparql", params={"query": text}).text)["results"] == {
        "bindings": [
            {"n": {"type": "literal", "value": "0", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}
        ]
    }
