"""Nobody leaves the store through SPARQL, and nobody sees in it what is kept back from him."""

from __future__ import annotations

from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

import pytest
from starlette.testclient import TestClient

import aimsgraph
from aimsgraph import store
from aimsgraph.vocab import HISTORY_GRAPH
from aimsgraph_api import create_app
from aimsgraph_api.settings import Settings
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

TURTLE = {"content-type": "text/turtle"}
NOWHERE = HISTORY_GRAPH.replace("history", "nowhere")
SECRET = "the-merger"  # noqa: S105 - it is to be looked for


class Canary(BaseHTTPRequestHandler):
    """Notes whoever comes to it."""

    heard: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.heard.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.send_header("content-type", "text/turtle")
        self.end_headers()
        self.wfile.write(b"<urn:fetched> <urn:from> <urn:elsewhere> .")

    do_POST = do_HEAD = do_GET  # noqa: N815 - the library has these names

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def canary() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Canary)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/data.ttl"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("safety") / "aims.store"
    store.create(folder, now=datetime.now(UTC))
    aimsgraph.open(folder).update(
        "INSERT DATA { ex:a ex:p ex:b . ex:b ex:p ex:c }", author="ada", message=SECRET
    )
    return folder


@pytest.fixture(scope="module")
def editor(place: Path) -> Iterator[httpx.Client]:
    with serving(place, "editor") as client:
        yield client


@pytest.fixture(scope="module")
def analyst(place: Path) -> TestClient:
    return TestClient(create_app(Settings(place, anonymous="analyst")), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def auditor(place: Path) -> TestClient:
    return TestClient(create_app(Settings(place, anonymous="auditor")), base_url="http://127.0.0.1")


def leaving(elsewhere: str) -> list[tuple[str, str, dict]]:
    """Requests that would leave the store, each with what makes it one: method, path, and the rest."""
    queries = [
        f"SELECT * {{ SERVICE <{elsewhere}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE SILENT <{elsewhere}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ BIND(<{elsewhere}> AS ?where) SERVICE ?where {{ ?s ?p ?o }} }}",
        f"SELECT * {{ BIND(<{elsewhere}> AS ?where) SERVICE SILENT ?where {{ ?s ?p ?o }} }}",
        f"ASK FROM <{elsewhere}> {{ ?s ?p ?o }}",
        f"ASK FROM NAMED <{elsewhere}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"DESCRIBE <{elsewhere}> FROM <{elsewhere}>",
        f"LOAD <{elsewhere}>",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{elsewhere}> {{ ?s ?p ?o }} }}",
    ]
    updates = [
        f"LOAD <{elsewhere}>",
        f"LOAD SILENT <{elsewhere}>",
        f"LOAD <{elsewhere}> INTO GRAPH <urn:g>",
        f"INSERT {{ ?s ?p ?o }} USING <{elsewhere}> WHERE {{ ?s ?p ?o }}",
        f"INSERT {{ ?s ?p ?o }} USING NAMED <{elsewhere}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{elsewhere}> {{ ?s ?p ?o }} }}",
        f"ADD <{elsewhere}> TO <urn:g>",
    ]
    some = "SELECT * { ?s ?p ?o }"
    named = "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    return [
        *(("POST", "/sparql", {"data": {"query": text}}) for text in queries),
        *(("POST", "/sparql/update", {"data": {"update": text}}) for text in updates),
        ("POST", "/sparql", {"data": {"query": some, "default-graph-uri": elsewhere}}),
        ("GET", "/sparql", {"params": {"query": some, "named-graph-uri": elsewhere}}),
        ("POST", "/sparql/update", {"data": {"update": named, "using-graph-uri": elsewhere}}),
        ("POST", "/sparql/update", {"data": {"update": named, "using-named-graph-uri": elsewhere}}),
        ("GET", "/rdf-graph-store", {"params": {"graph": elsewhere}}),
        ("DELETE", "/rdf-graph-store", {"params": {"graph": elsewhere}}),
    ]


def test_nothing_is_fetched_from_elsewhere(editor: httpx.Client, canary: str):
    asked = leaving(canary)
    assert len(asked) == 22
    for method, path, more in asked:
        answer = editor.request(method, path, **more)
        assert answer.status_code in (400, 403, 404), (more, answer.text)
        assert "urn:fetched" not in answer.text
    assert Canary.heard == []


def test_no_file_is_read(editor: httpx.Client):
    for name in ("file:///etc/passwd", "FILE:///etc/passwd"):
        for method, path, more in leaving(name):
            answer = editor.request(method, path, **more)
            assert answer.status_code in (400, 403, 404), (more, answer.text)
            assert "root:" not in answer.text
        sent = editor.put("/rdf-graph-store", params={"graph": name}, content="", headers=TURTLE)
        assert sent.status_code == 400


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("application/ld+json", '{{"@context": "{}", "@id": "urn:x", "p": 1}}'),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY e SYSTEM "{}">]><r>&e;</r>'),
        ("application/rdf+xml", '<!DOCTYPE r SYSTEM "{}"><r/>'),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY % e SYSTEM "{}"> %e;]><r/>'),
    ],
)
def test_what_a_document_mentions_is_not_fetched(
    editor: httpx.Client, canary: str, media_type: str, text: str
):
    for elsewhere in (canary, "file:///etc/passwd"):
        answer = editor.put(
            "/rdf-graph-store?graph=urn:g",
            content=text.format(elsewhere),
            headers={"content-type": media_type},
        )
        assert answer.status_code in (201, 204, 400), answer.text
        assert editor.get("/rdf-graph-store?graph=urn:g").status_code == 404
    assert Canary.heard == []


def test_a_refused_write_leaves_no_lock_behind(editor: httpx.Client):
    """An error on its way keeps alive what it passed through; were the store among that, nobody could write."""
    for content, expected in (("no turtle", {}), ("<urn:a> <urn:b> 1 .", {"if-match": '"sha256:other"'})) * 3:
        answer = editor.put("/rdf-graph-store?graph=urn:g", content=content, headers=TURTLE | expected)
        assert answer.status_code in (400, 412)
        assert editor.delete("/rdf-graph-store?graph=urn:g").status_code == 404


def test_entities_are_not_unfolded(editor: httpx.Client):
    rows = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 9))
    text = f'<!DOCTYPE r [<!ENTITY e0 "lol">{rows}]><r>&e8;</r>'
    answer = editor.put(
        "/rdf-graph-store?graph=urn:g", content=text, headers={"content-type": "application/rdf+xml"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "input-not-readable")


HIDDEN = [
    "SELECT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g = <{0}>) }}",
    "SELECT ?g {{ GRAPH ?g {{}} FILTER(?g = <{0}>) }}",
    "SELECT ?o {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(CONTAINS(STR(?o), 'the-merger')) }}",
    "SELECT ?o {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "SELECT ?o {{ GRAPH <{0}> {{ ?s !<urn:x> ?o }} }}",
    "SELECT ?o {{ GRAPH <{0}> {{ ?s (!<urn:x>)+ ?o }} }}",
    "SELECT ?s {{ ?s ?p ?o FILTER EXISTS {{ GRAPH <{0}> {{ ?a ?b ?c }} }} }} LIMIT 1",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ GRAPH ?g {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), 'the-merger')) }} }}",
    "SELECT ?n {{ {{ SELECT (COUNT(*) AS ?n) {{ GRAPH <{0}> {{ ?s ?p ?o }} }} }} FILTER(?n > 0) }}",
    "SELECT ?n {{ {{ SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g }} FILTER(?g = <{0}>) }}",
]


@pytest.mark.parametrize("question", HIDDEN)
def test_the_history_is_hidden_from_an_analyst(analyst: TestClient, question: str):
    there, nowhere = (ask(analyst, question.format(graph)) for graph in (HISTORY_GRAPH, NOWHERE))
    assert there == nowhere
    assert SECRET not in there[1]


def test_the_history_is_there_for_an_auditor(auditor: TestClient):
    found = [ask(auditor, question.format(HISTORY_GRAPH))[1] for question in HIDDEN[2:4]]
    assert all(SECRET in text for text in found)
    asked = {"query": "ASK { ?s ?p ?o }", "default-graph-uri": HISTORY_GRAPH}
    assert auditor.get("/sparql", params=asked).json()["boolean"] is True
    assert auditor.get("/rdf-graph-store", params={"graph": HISTORY_GRAPH}).status_code == 200


def test_asking_for_the_history_tells_not_that_it_is_there(analyst: TestClient):
    for path, parameters in (
        ("/sparql", {"query": "ASK WHERE { }", "default-graph-uri": "{}"}),
        ("/sparql", {"query": "ASK WHERE { }", "named-graph-uri": "{}"}),
        ("/sparql", {"query": "ASK FROM <{}> { ?s ?p ?o }"}),
        ("/sparql", {"query": "ASK FROM NAMED <{}> { GRAPH ?g { ?s ?p ?o } }"}),
        ("/rdf-graph-store", {"graph": "{}"}),
    ):
        said = []
        for graph in (HISTORY_GRAPH, NOWHERE):
            given = {name: value.replace("{}", graph) for name, value in parameters.items()}
            answer = analyst.get(path, params=given)
            said.append((answer.status_code, answer.text.replace(graph, "…")))
        assert said[0] == said[1]
        assert said[0][0] in (403, 404)


def test_the_description_does_not_name_the_history(analyst: TestClient, auditor: TestClient):
    assert HISTORY_GRAPH not in analyst.get("/sparql").text
    assert HISTORY_GRAPH in auditor.get("/sparql").text


@pytest.mark.parametrize(
    "text",
    [
        "INSERT {{ GRAPH <urn:copy> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
        "INSERT {{ GRAPH <urn:copy> {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o FILTER(?g = <{0}>) }} }}",
        "INSERT {{ GRAPH <urn:copy> {{ ?s ?p ?o }} }} USING <{0}> WHERE {{ ?s ?p ?o }}",
        "INSERT {{ GRAPH <urn:copy> {{ ?s ?p ?o }} }} USING NAMED <{0}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "WITH <{0}> INSERT {{ GRAPH <urn:copy> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}",
        "COPY <{0}> TO <urn:copy>",
        "ADD SILENT <{0}> TO <urn:copy>",
    ],
)
def test_an_editor_cannot_copy_the_history(editor: httpx.Client, text: str):
    said = []
    for graph in (HISTORY_GRAPH, NOWHERE):
        answer = editor.post("/sparql/update", data={"update": text.format(graph)})
        told = answer.json()
        said.append((answer.status_code, told.get("detail", "").replace(graph, "…"), told.get("changesets")))
    assert said[0] == said[1]
    assert editor.get("/rdf-graph-store?graph=urn:copy").status_code == 404


def test_what_is_reserved_cannot_be_written(editor: httpx.Client):
    for graph in (HISTORY_GRAPH, NOWHERE):
        for method in ("PUT", "POST", "DELETE"):
            content = {"content": "<urn:a> <urn:b> 1 .", "headers": TURTLE} if method != "DELETE" else {}
            answer = editor.request(method, "/rdf-graph-store", params={"graph": graph}, **content)
            assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


def ask(client: TestClient, question: str) -> tuple[int, str]:
    answer = client.get("/sparql", params={"query": question, "format": "json"})
    assert answer.status_code == 200, answer.text
    return answer.status_code, answer.text
