"""The W3C's test suites for the SPARQL 1.1 Protocol, the Graph Store Protocol and the Service Description."""

from __future__ import annotations

import os
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from aimsgraph_api.description import SD
from tests.conformance.w3c_protocol import Case, Request, cases
from tests.conformance.w3c_query import triples
from tests.conformance.w3c_update import SUITE
from tests.conftest import ROOT

if TYPE_CHECKING:
    import httpx

FOLDER: Final = Path(os.environ.get("AIMSGRAPH_SHARED_DATA", ROOT.parent / "shared" / "data")) / SUITE
EDITS: Final = "https://w3id.org/aimsgraph/graph/source/@edits"
#: A graph that cases name, that no case has data for, and that the suite's home has.
EXTRA: Final = "http://kasei.us/2009/09/sparql/data/data0.rdf"
FORMS: Final = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "application/sparql-results+xml", "text/csv"},
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples"},
}


def collected(*names: str) -> dict[str, Case]:
    paths = [FOLDER / name for name in names]
    return {case.name: case for path in paths if path.is_file() for case in cases(path)}


PROTOCOL: Final = collected("protocol/manifest.ttl")
STORE: Final = collected(
    "graph-store-protocol/manifest-indirect.ttl", "graph-store-protocol/manifest-direct.ttl"
)

pytestmark = [pytest.mark.shared_data, pytest.mark.usefixtures("shared_data")]


def test_the_suites_are_there() -> None:
    assert len(PROTOCOL) == 34
    assert sum(len(case.requests) for case in PROTOCOL.values()) == 39
    assert len(STORE) == 13
    assert sum(len(case.requests) for case in STORE.values()) == 39


@pytest.mark.parametrize("name", PROTOCOL or ["absent"])
def test_a_request_of_the_protocol_is_answered_as_the_suite_says(name: str, endpoint: httpx.Client) -> None:
    emptied(endpoint)
    case = PROTOCOL[name]
    put(endpoint, EXTRA, b"<http://example/s> <http://example/p> 0 .")
    for graph, file in case.graphs:
        put(endpoint, graph, file.read_bytes())
    for asked in case.requests:
        answer = sent(endpoint, asked, of_protocol(name, asked), {})
        assert fits(answer, asked), answer.text
        kind = answer.headers["content-type"].partition(";")[0]
        assert asked.form is None or kind in FORMS[asked.form]
        assert asked.boolean is None or answer.json()["boolean"] == asked.boolean


@pytest.mark.parametrize("name", STORE or ["absent"])
def test_a_request_to_the_graph_store_is_answered_as_the_suite_says(
    name: str, endpoint: httpx.Client
) -> None:
    emptied(endpoint)
    known: dict[str, str] = {}
    for asked in STORE[name].requests:
        answer = sent(endpoint, asked, asked.path.replace("/gsp", "/rdf-graph-store", 1), known)
        assert fits(answer, asked), answer.text
        if asked.location is not None:
            known[asked.location] = answer.headers["location"]
        if asked.content_type is not None:
            assert answer.headers["content-type"] == asked.content_type
        if asked.content is not None:
            assert triples(answer.content, "text/turtle") == triples(asked.content.encode(), "text/turtle")


def test_the_service_describes_itself_as_the_suite_says(endpoint: httpx.Client) -> None:
    """The three cases of the suite, which are told in words: it is RDF, names its endpoint, and keeps to the schema."""
    answer = endpoint.get("/sparql")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    told = Graph().parse(data=answer.content, format="turtle")
    [service] = told.subjects(SD.endpoint, URIRef(str(endpoint.base_url).rstrip("/") + "/sparql"))
    assert (service, RDF.type, SD.Service) in told
    assert told.value(service, SD.supportedLanguage) == SD.SPARQL11Query
    for one in told.subjects(RDF.type, SD.Service):
        assert (told.value(one, SD.defaultDataset), RDF.type, SD.Dataset) in told
        assert set(told.objects(one, SD.feature)) == {SD.UnionDefaultGraph}
        assert len(list(told.objects(one, SD.endpoint))) == 1
    for named in told.objects(None, SD.namedGraph):
        assert (named, RDF.type, SD.NamedGraph) in told
        assert isinstance(told.value(named, SD.name), URIRef)
        assert (told.value(named, SD.graph), RDF.type, SD.Graph) in told
    assert not [term for term in told.objects(None, SD.endpoint) if isinstance(term, Literal)]


DIRECT: Final = "/rdf-graph-store/person/1.ttl"
JANE: Final = b"<http://example/1> <http://xmlns.com/foaf/0.1/name> 'Jane Doe' ."


def test_the_older_suite_of_the_graph_store_is_met_too(endpoint: httpx.Client) -> None:
    """It is told in words; three of its documents are no Turtle, so these say the same in Turtle."""
    emptied(endpoint)
    other, parts = (
        DIRECT.replace("1", "2"),
        {"lastName.ttl": ("lastName.ttl", JANE, "text/turtle; charset=utf-8")},
    )
    turtle = {"headers": {"content-type": "text/turtle; charset=utf-8"}, "content": JANE}
    named = f"/rdf-graph-store?graph={endpoint.base_url.join(DIRECT)}"
    steps: list[tuple[str, str, dict, int]] = [
        ("PUT", DIRECT, turtle, 201),
        ("GET", named, {}, 200),
        ("PUT", DIRECT, turtle, 204),
        ("GET", DIRECT, {}, 200),
        ("PUT", "/rdf-graph-store?default", turtle, 201),
        ("GET", "/rdf-graph-store?default", {}, 200),
        ("PUT", other, turtle, 201),
        ("DELETE", other, {}, 200),
        ("GET", other, {}, 404),
        ("DELETE", other, {}, 404),
        ("POST", DIRECT, turtle, 200),
        ("GET", DIRECT, {}, 200),
        ("POST", DIRECT, {"files": parts}, 200),
        ("GET", DIRECT, {}, 200),
        ("POST", "/rdf-graph-store", turtle, 201),
        ("POST", DIRECT, {**turtle, "content": b""}, 200),
        ("HEAD", DIRECT, {}, 200),
        ("HEAD", "/rdf-graph-store/person/4.ttl", {}, 404),
    ]
    assert len(steps) == 18
    assert [endpoint.request(method, path, **more).status_code for method, path, more, _ in steps] == [
        status for *_, status in steps
    ]


def emptied(endpoint: httpx.Client) -> None:
    answer = endpoint.post("/sparql/update", data={"update": "CLEAR ALL"})
    assert answer.status_code == 200, answer.text


def put(endpoint: httpx.Client, graph: str, content: bytes) -> None:
    headers = {"content-type": "text/turtle"}
    answer = endpoint.put("/rdf-graph-store", params={"graph": graph}, content=content, headers=headers)
    assert answer.status_code in (201, 204), answer.text


def of_protocol(name: str, asked: Request) -> str:
    """Return where a request goes: the suite has one place for queries and updates."""
    updates = "update" in name and "query" not in asked.headers.get("content-type", "")
    return asked.path.replace("/sparql/", "/sparql/update" if updates else "/sparql", 1)


def sent(endpoint: httpx.Client, asked: Request, path: str, known: dict[str, str]) -> httpx.Response:
    body = asked.body
    for name, value in known.items():
        path = path.replace(name, value)
        body = None if body is None else body.replace(name.encode(), value.encode())
    request = endpoint.build_request(asked.method, path, content=body, headers=asked.headers)
    return endpoint.send(request)


def fits(answer: httpx.Response, asked: Request) -> bool:
    phrase = HTTPStatus(answer.status_code).phrase.replace(" ", "")
    return not asked.statuses.isdisjoint({phrase, f"{answer.status_code // 100}xx"})
