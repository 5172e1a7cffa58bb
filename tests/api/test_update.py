from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

import aimsgraph
from aimsgraph import store
from aimsgraph_api import create_app
from aimsgraph_api.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

UPDATE = {"content-type": "application/sparql-update"}
INSERT = "INSERT DATA { ex:x ex:number 1 }"
A = "https://example.org/a"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    store.create(tmp_path / "aims.store", now=datetime.now(UTC))
    return tmp_path / "aims.store"


@pytest.fixture
def editor(place: Path) -> TestClient:
    settings = Settings(place, anonymous="editor", origins=("https://tools.example",))
    return TestClient(create_app(settings), base_url="http://127.0.0.1")


def test_an_update_becomes_a_changeset(editor: TestClient, place: Path):
    answers = [
        editor.post("/sparql/update", data={"update": INSERT, "message": "first"}),
        editor.post("/sparql/update?message=second", content=INSERT.replace("1", "2"), headers=UPDATE),
        editor.post(
            "/sparql/update",
            content=INSERT.replace("1", "3"),
            headers={**UPDATE, "Changeset-Message": "dr%C3%BCber"},
        ),
        editor.post("/sparql/update", data={"update": INSERT.replace("1", "4")}),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    log = aimsgraph.open(place).log()
    assert [one.message for one in log] == ["first", "second", "drüber", "Update by SPARQL"]
    assert {one.author for one in log} == {"anonymous"}
    assert answers[-1].json()["changesets"][0]["hash"] == log[-1].hash
    assert answers[-1].headers["etag"] == f'"{log[-1].hash}"'


def test_a_dry_run_writes_nothing(editor: TestClient, place: Path):
    answer = editor.post("/sparql/update", data={"update": INSERT, "dry_run": "true"}).json()
    assert (answer["dry_run"], answer["changesets"], len(answer["difference"]["added"])) == (True, [], 1)
    assert aimsgraph.open(place).log() == []


def test_an_update_is_written_upon_the_state_that_is_expected(editor: TestClient):
    first = editor.post("/sparql/update", data={"update": INSERT})
    tag = first.headers["etag"]
    more = INSERT.replace("1", "2")
    wrong = editor.post("/sparql/update", data={"update": more}, headers={"if-match": '"sha256:0"'})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["status"]) == (412, "store-moved", 412)
    assert editor.post("/sparql/update", data={"update": more}, headers={"if-match": tag}).status_code == 200
    assert editor.post("/sparql/update", data={"update": more}, headers={"if-match": tag}).status_code == 412
    tried = {"update": more, "dry_run": "true"}
    assert editor.post("/sparql/update", data=tried, headers={"if-match": tag}).status_code == 412
    read = editor.get("/rdf-graph-store?default").headers["etag"]
    assert editor.post("/sparql/update", data={"update": more}, headers={"if-match": read}).status_code == 200


def test_the_request_may_say_what_is_looked_at(editor: TestClient):
    data = f"INSERT DATA {{ GRAPH <{A}> {{ ex:x ex:p 1 }} ex:y ex:p 2 }}"
    assert editor.post("/sparql/update", data={"update": data}).status_code == 200
    copy = "INSERT { GRAPH <urn:c> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    written = editor.post("/sparql/update", data={"update": copy, "using-graph-uri": A}).json()
    assert len(written["difference"]["added"]) == 1
    named = "INSERT { GRAPH <urn:d> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    written = editor.post("/sparql/update?using-named-graph-uri=urn:c", content=named, headers=UPDATE).json()
    assert len(written["difference"]["added"]) == 1


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"data": {"query": "ASK {}"}}, 400, "usage"),
        ({"data": {"update": [INSERT, INSERT]}}, 400, "usage"),
        ({"data": {"update": "INSERT { x"}}, 400, "query-invalid"),
        ({"data": {"update": INSERT, "dry_run": "perhaps"}}, 400, "usage"),
        ({"data": {"update": "LOAD <http://127.0.0.1:1/>"}}, 403, "query-refused"),
        (
            {"data": {"update": f"INSERT {{ }} USING <{A}> WHERE {{ }}", "using-graph-uri": A}},
            400,
            "query-invalid",
        ),
        (
            {"data": {"update": f"WITH <{A}> DELETE {{ }} WHERE {{ }}", "using-graph-uri": A}},
            400,
            "query-invalid",
        ),
        ({"content": INSERT, "headers": {"content-type": "application/sparql-query"}}, 415, "media-type"),
        ({"content": INSERT}, 415, "media-type"),
    ],
)
def test_what_cannot_be_carried_out_is_told(editor: TestClient, place: Path, more, status, code):
    answer = editor.post("/sparql/update", **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert aimsgraph.open(place).log() == []


def test_an_update_is_posted(editor: TestClient):
    assert editor.get("/sparql/update", params={"update": INSERT}).status_code == 405


def test_a_page_elsewhere_cannot_write_through_a_browser(editor: TestClient):
    def status(**headers: str) -> int:
        return editor.post("/sparql/update", data={"update": INSERT}, headers=headers).status_code

    assert status(origin="https://evil.example") == 403
    assert status(origin="null") == 403
    assert status(origin="https://tools.example") == 200
    assert status(origin="http://127.0.0.1") == 200


def test_writes_at_once_take_turns(editor: TestClient, place: Path):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as writers:
        texts = [INSERT.replace("1", str(number)) for number in range(8)]
        found = writers.map(
            lambda text: editor.post("/sparql/update", data={"update": text}).status_code, texts
        )
        assert list(found) == [200] * 8
    assert len(aimsgraph.open(place).log()) == 8
