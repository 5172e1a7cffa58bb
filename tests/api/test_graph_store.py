from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import Graph
from starlette.testclient import TestClient

import aimsgraph
from aimsgraph import store
from aimsgraph.vocab import EDITS_GRAPH, SOURCE_GRAPH
from aimsgraph_api import create_app
from aimsgraph_api.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

TURTLE = {"content-type": "text/turtle"}
A = "/rdf-graph-store?graph=https://example.org/a"
BOMB = gzip.compress(b" " * 200_000)
ONE, TWO = "<urn:x> <urn:p> 1 .", "<urn:x> <urn:p> 2 ."


@pytest.fixture
def place(tmp_path: Path) -> Path:
    store.create(tmp_path / "aims.store", now=datetime.now(UTC))
    return tmp_path / "aims.store"


@pytest.fixture
def editor(place: Path) -> TestClient:
    settings = Settings(place, anonymous="editor", largest=100_000)
    return TestClient(create_app(settings), base_url="http://127.0.0.1")


def held(editor: TestClient, url: str = A) -> set:
    answer = editor.get(url)
    assert answer.status_code == 200, answer.text
    return {str(value) for value in Graph().parse(data=answer.content, format="turtle").objects()}


def test_put_replaces_and_post_adds(editor: TestClient, place: Path):
    assert editor.get(A).status_code == 404
    made = editor.put(
        A, content=ONE, headers=TURTLE, params={"graph": "https://example.org/a", "message": "why"}
    )
    assert (made.status_code, made.json()["triples"], made.json()["added"]) == (201, 1, 1)
    assert editor.post(A, content=TWO, headers=TURTLE).json()["added"] == 1
    assert held(editor) == {"1", "2"}
    assert editor.put(A, content=TWO, headers=TURTLE).status_code == 204
    assert held(editor) == {"2"}
    gone = editor.delete(A)
    assert (gone.status_code, gone.json()["removed"]) == (200, 1)
    assert editor.delete(A).status_code == 404
    log = aimsgraph.open(place).log()
    assert log[0].message == "why"
    assert {(one.source, one.graph, one.author) for one in log} == {
        ("https://example.org/a", "https://example.org/a", "anonymous")
    }
    assert gone.headers["etag"] == f'"{log[-1].hash}"'


def test_the_graph_of_a_file_is_the_one_that_loading_it_writes(
    editor: TestClient, place: Path, tmp_path: Path
):
    (tmp_path / "risks of ours.ttl").write_text(ONE, encoding="utf-8")
    aimsgraph.open(place).load(tmp_path / "risks of ours.ttl")
    [graph] = {one.graph for one in aimsgraph.open(place).log()}
    assert graph is not None
    assert (
        editor.put("/rdf-graph-store", params={"graph": graph}, content=TWO, headers=TURTLE).status_code
        == 204
    )
    assert graph.startswith(SOURCE_GRAPH)
    assert len({one.source for one in aimsgraph.open(place).log()}) == 1


def test_the_default_graph_is_the_graph_of_edits_both_ways(editor: TestClient):
    editor.put(A, content=ONE, headers=TURTLE)
    assert held(editor, "/rdf-graph-store?default") == set()
    assert editor.put("/rdf-graph-store?default", content=TWO, headers=TURTLE).status_code == 201
    assert held(editor, "/rdf-graph-store?default") == {"2"}
    assert held(editor) == {"1"}
    assert held(editor, f"/rdf-graph-store?graph={EDITS_GRAPH}") == {"2"}
    assert editor.delete("/rdf-graph-store?default").status_code == 200
    assert editor.head("/rdf-graph-store?default").status_code == 200


def test_every_format_is_taken_and_given(editor: TestClient):
    for number, (media_type, syntax) in enumerate(
        (("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/ld+json", "json-ld"),
         ("application/rdf+xml", "xml"))
    ):  # fmt: skip
        parsed = ox.RdfFormat.from_media_type(media_type)
        url = f"/rdf-graph-store?graph=urn:g{number}"
        text = Graph().parse(data=ONE).serialize(format=syntax)
        assert editor.put(url, content=text, headers={"content-type": media_type}).status_code == 201
        answer = editor.get(url, headers={"accept": media_type})
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert len(list(ox.parse(answer.content, parsed))) == 1


def test_blank_nodes_are_new_ones_with_each_post_and_the_same_with_each_put(editor: TestClient):
    text = "[] <urn:p> 1 ."
    for _ in range(2):
        editor.put(A, content=text, headers=TURTLE)
        assert len(Graph().parse(data=editor.get(A).content)) == 1
    for number in (2, 3):
        editor.post(A, content=text, headers=TURTLE)
        assert len(Graph().parse(data=editor.get(A).content)) == number


def test_a_form_of_several_parts_is_one_changeset(editor: TestClient, place: Path):
    files = [("f", ("a.ttl", "[] <urn:p> 1 ."), {}), ("f", ("b.nt", '_:x <urn:p> "2" .\n'), {})]
    sent = [(name, (*file, "application/octet-stream")) for name, file, _ in files]
    assert editor.post(A, files=sent).status_code == 201
    assert held(editor) == {"1", "2"}
    assert len(aimsgraph.open(place).log()) == 1


def test_all_faults_of_all_parts_are_told(editor: TestClient, place: Path):
    files = [
        ("f", ("../../a.ttl", "<urn:a> <urn:b> .\n<urn:a> nope:b 1 .", "text/turtle")),
        ("f", ("C:\\b.ttl", "x", "text/turtle")),
    ]
    answer = editor.post(A, files=files)
    assert (answer.status_code, answer.json()["code"]) == (400, "syntax")
    told = answer.json()["problems"]
    assert [one.partition(" @ ")[2].split(":")[:2] for one in told] == [["a.ttl", "1"], ["b.ttl", "1"]]
    assert aimsgraph.open(place).log() == []


@pytest.mark.parametrize(
    ("method", "url", "more", "status", "code"),
    [
        ("GET", "", {}, 400, "usage"),
        ("PUT", "", {"content": ONE, "headers": TURTLE}, 400, "usage"),
        ("GET", "?graph=relative", {}, 400, "usage"),
        ("GET", "?graph=urn:x&default", {}, 400, "usage"),
        ("GET", "?graph=urn:x&graph=urn:y", {}, 400, "usage"),
        ("GET", "/direct?default", {}, 400, "usage"),
        ("GET", "?default", {"headers": {"accept": "text/csv"}}, 406, "not-acceptable"),
        ("PUT", "?graph=urn:x", {"content": ONE}, 415, "media-type"),
        ("PUT", "?graph=urn:x", {"content": ONE, "headers": {"content-type": "application/trig"}}, 415, "media-type"),
        ("PUT", "?graph=urn:x", {"content": "x" * 100_001, "headers": TURTLE}, 413, "limit-exceeded"),
        ("PUT", "?graph=urn:x", {"files": [("a", ("a.ttl", "x" * 100_001))]}, 413, "limit-exceeded"),
        ("PUT", "?graph=urn:x", {"content": BOMB, "headers": TURTLE}, 400, "input-not-readable"),
        ("PUT", "?graph=urn:x", {"content": "<urn:a> <urn:b>", "headers": TURTLE}, 400, "syntax"),
        ("PUT", "?graph=urn:x", {"content": b"<urn:a> <urn:b> '\xff'.", "headers": TURTLE}, 400, "input-not-readable"),
        ("PUT", "?graph=urn:x", {"content": "x", "headers": {"content-type": "multipart/form-data"}}, 400, "usage"),
        (
            "PUT", "?graph=urn:x",
            {"content": '{"@id": "urn:other", "@graph": [{"@id": "urn:a", "urn:b": 1}]}',
             "headers": {"content-type": "application/ld+json"}},
            400, "input-not-readable",
        ),
    ],
)  # fmt: skip
def test_what_is_no_sound_request_is_told(editor: TestClient, place: Path, method, url, more, status, code):
    answer = editor.request(method, f"/rdf-graph-store{url}", **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert aimsgraph.open(place).log() == []


def test_packed_documents_are_unpacked(editor: TestClient):
    sent = editor.put(A, content=gzip.compress(ONE.encode()), headers={**TURTLE, "content-encoding": "gzip"})
    assert sent.status_code == 201
    assert held(editor) == {"1"}


def test_a_graph_is_written_upon_the_state_that_is_expected(editor: TestClient):
    assert editor.put(A, content=ONE, headers={**TURTLE, "if-match": "*"}).status_code == 412
    assert editor.put(A, content=ONE, headers={**TURTLE, "if-none-match": "*"}).status_code == 201
    assert editor.put(A, content=ONE, headers={**TURTLE, "if-none-match": "*"}).status_code == 412
    tag = editor.get(A).headers["etag"]
    assert editor.get(A, headers={"if-none-match": tag}).status_code == 304
    assert editor.put(A, content=TWO, headers={**TURTLE, "if-match": tag}).status_code == 204
    assert editor.delete(A, headers={"if-match": tag}).status_code == 412
    assert editor.get(A, headers={"if-none-match": tag}).status_code == 200


def test_what_a_graph_held_can_be_read(editor: TestClient):
    editor.put(A, content=ONE, headers=TURTLE)
    editor.put(A, content=TWO, headers=TURTLE)
    assert held(editor, f"{A}&as_of=1") == {"1"}


def test_a_posted_graph_has_an_address(editor: TestClient):
    answer = editor.post("/rdf-graph-store", content=ONE, headers=TURTLE)
    assert answer.status_code == 201
    assert held(editor, answer.headers["location"]) == {"1"}
    assert held(editor, f"/rdf-graph-store?graph={answer.headers['location']}") == {"1"}
