"""What somebody with bad intentions tries at the server, and what comes of it."""

from __future__ import annotations

import base64
import shutil
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

import aimsgraph
from aimsgraph import access
from aimsgraph.errors import (
    AimsgraphError,
    OutputNotWritableError,
    Problem,
    ServerFileError,
    StoreLockedError,
    StoreUnusableError,
)
from aimsgraph.model.access import Principal
from aimsgraph.store import moved
from aimsgraph.vocab import HISTORY_GRAPH
from aimsgraph_api.jobs.board import Jobs
from aimsgraph_api.problems import answer
from tests.api.access.conftest import NOW
from tests.api.small import TURTLE, copied, made, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

    from aimsgraph.model.keys import MadeKey

ELSEWHERE: Final = {"Origin": "https://evil.example"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("attacked"))


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    with serving(store, "analyst") as client:
        yield client


@pytest.fixture(scope="module")
def narrow(store: Path) -> Iterator[TestClient]:
    with serving(store, largest=100_000) as client:
        yield client


@pytest.mark.parametrize("kind", ["COPY", "ADD", "MOVE", "COPY SILENT"])
def test_what_if_does_not_carry_the_history_to_where_it_may_be_seen(client: TestClient, kind: str) -> None:
    carry = f"{kind} <{HISTORY_GRAPH}> TO DEFAULT ; INSERT {{ ex:r a aims:Risk ; rdfs:label ?m }} WHERE {{ ?c ?p ?m . "
    update = carry + "FILTER(STR(?m) = 'ana') }"
    answer = client.post("/what-if", json={"update": update, "findings": False})
    told = answer.json()
    assert answer.status_code >= 400 or (told["added"], told["removed"]) == (0, 0), told


def test_a_name_that_is_the_folder_of_another_is_refused(client: TestClient) -> None:
    added = [{"name": name, "text": TURTLE} for name in ("a.ttl", "a.ttl/b.ttl")]
    answer = client.post("/what-if", json={"add": added})
    assert (answer.status_code, answer.json()["code"]) == (400, "input-not-readable")


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("POST", "/sparql/update", {"data": {"update": "INSERT DATA { ex:x a aims:Owner }"}}),
        ("POST", "/api/v1/imports", {"files": {"file": ("evil.ttl", TURTLE)}}),
        ("POST", "/rdf-graph-store", {"files": {"file": ("evil.ttl", TURTLE, "text/turtle")}}),
        ("DELETE", "/api/v1/nodes?node=ex:bo", {}),
        ("DELETE", "/api/v1/imports?source=first.ttl", {}),
        ("POST", "/api/v1/compactions", {}),
        ("POST", "/api/v1/what-if", {"json": {}}),
    ],
)
def test_a_page_of_elsewhere_does_not_write_with_what_a_browser_remembers(
    store: Path, tmp_path: Path, method: str, path: str, more: dict[str, Any]
) -> None:
    """Even where any page may read: a browser sends a password that was typed along with forms of other pages."""
    file = tmp_path / "access.json"
    key = access.add(file, "eve", "administrator", now=NOW).key
    remembered = {"Authorization": "Basic " + base64.b64encode(f"eve:{key}".encode()).decode()}
    before = aimsgraph.open(store).view().snapshot
    with serving(store, access=file, origins=("*",)) as client:
        answer = client.request(method, f"http://testserver{path}", headers=remembered | ELSEWHERE, **more)
        read = client.get("/nodes", headers=remembered | ELSEWHERE)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    assert read.status_code == 200
    assert aimsgraph.open(store).view().snapshot == before


def test_an_origin_of_all_lets_pages_read_and_write_with_a_key_of_their_own_alone(
    store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "access.json"
    key = access.add(file, "eve", "editor", now=NOW).key
    with serving(copied(store, tmp_path), access=file, origins=("*",)) as client:
        own = ELSEWHERE | {"Authorization": f"Bearer {key}"}
        read = client.get("/nodes", headers=own)
        assert (read.status_code, read.headers["access-control-allow-origin"]) == (200, "*")
        assert "access-control-allow-credentials" not in read.headers  # so no browser adds what it remembers
        written = client.put("/nodes?node=ex:one", json={"type": "Owner", "label": "One"}, headers=own)
        assert written.status_code == 201
        for unnamed in (ELSEWHERE, ELSEWHERE | {"Origin": "null"}):
            assert client.put("/nodes?node=ex:two", json={}, headers=unnamed).status_code == 401


def test_a_key_that_sees_a_part_by_now_has_no_jobs_of_before(store: Path) -> None:
    before, now = Principal("eve", "administrator"), Principal("eve", "administrator", frozenset())
    board = Jobs(store)
    try:
        job = board.start("verification", {}, before)
        assert board.job(job.id, before) is job
        assert board.jobs(now) == []
        with pytest.raises(aimsgraph.errors.JobNotFoundError):
            board.job(job.id, now)
    finally:
        board.close()


def test_jobs_of_others_are_told_of_like_those_that_never_were(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "access.json"
    eve, ada = (
        {"Authorization": f"Bearer {access.add(file, name, 'auditor', now=NOW).key}"}
        for name in ("eve", "ada")
    )
    with serving(store, access=file) as client:
        place = client.post("/validations", json={}, headers=ada | {"Prefer": "respond-async"}).headers[
            "location"
        ]
        for end in ("", "/result", "/events"):
            said = []
            for one in (place, place[:-4] + "AAAA"):
                answer = client.get(f"http://testserver{one}{end}", headers=eve)
                said.append((answer.status_code, answer.json()["code"], answer.json()["detail"]))
            assert said[0] == said[1] == (404, "job-not-found", "There is no such job of yours.")
        assert client.delete(f"http://testserver{place}", headers=eve).status_code == 404
        assert client.get("/jobs", headers=eve).json() == {"jobs": []}


def test_a_key_that_is_made_under_an_old_name_has_no_jobs_of_the_old_one(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "access.json"

    def bearing(made: MadeKey) -> dict[str, str]:
        return {"Authorization": f"Bearer {made.key}"}

    first = bearing(access.add(file, "eve", "auditor", now=NOW))
    with serving(store, access=file) as client:
        place = client.post("/validations", json={}, headers=first | {"Prefer": "respond-async"}).headers[
            "location"
        ]
        where = f"http://testserver{place}"
        rotated = bearing(access.rotate(file, "eve", now=NOW))
        assert client.get(where, headers=rotated).status_code == 200  # it is hers still
        access.revoke(file, "eve", now=NOW)
        later = bearing(access.add(file, "eve", "auditor", now=NOW))  # in the same second
        assert client.get("/jobs", headers=later).json() == {"jobs": []}
        for method, end in (("GET", ""), ("GET", "/result"), ("GET", "/events"), ("DELETE", "")):
            answer = client.request(method, f"{where}{end}", headers=later)
            assert (answer.status_code, answer.json()["code"]) == (404, "job-not-found")


def test_problems_name_no_folder_of_the_server(store: Path, tmp_path: Path) -> None:
    place = copied(store, tmp_path)
    with serving(place, "administrator") as client:
        shutil.rmtree(place)
        gone = client.get("/nodes")
        job = client.post("/validations", json={})
        update = client.post("http://testserver/sparql/update", data={"update": "CLEAR ALL"})
    for told in (gone, job, update):
        assert told.status_code == 503, told.text
        assert told.json()["code"].startswith("store-")
        assert str(tmp_path) not in told.text


def test_who_writes_upon_an_old_state_is_not_told_where_the_store_is(store: Path, tmp_path: Path) -> None:
    place = copied(store, tmp_path)
    with serving(place, "administrator") as client:
        head = {"If-Match": client.get("/nodes").headers["ETag"]}
        assert client.put("/nodes?node=ex:one", json={"type": "Owner", "label": "One"}).status_code == 201
        more = head | {"Content-Type": "text/turtle"}
        turtle = "<urn:x:1> <http://www.w3.org/2000/01/rdf-schema#label> 'x' ."
        late = [
            client.put("/nodes?node=ex:two", json={"type": "Owner", "label": "Two"}, headers=head),
            client.post("/imports?source=more.ttl&gate=false", content=turtle, headers=more),
            client.post("/imports?source=more.ttl", content=turtle, headers=more),
            client.delete("/imports?source=first.ttl", headers=head),
            client.post("http://testserver/sparql/update", data={"update": "CLEAR ALL"}, headers=head),
        ]
    for told in late:
        assert (told.status_code, told.json()["code"]) == (412, "store-moved"), told.text
        assert str(tmp_path) not in told.text
    assert "/" not in str(moved())


@pytest.mark.parametrize(
    "kind", [OutputNotWritableError, ServerFileError, StoreLockedError, StoreUnusableError]
)
def test_what_the_server_cannot_do_with_its_files_is_told_without_them(kind: type[AimsgraphError]) -> None:
    faults = (Problem("It is wrong", "/srv/a"),)
    told = answer(kind("No /srv/secret at http://10.0.0.1/.", hint="See /srv/secret.", problems=faults))
    assert told.status_code == 503
    assert b"/srv" not in told.body
    assert b"10.0.0.1" not in told.body


def test_the_log_is_told_what_the_asker_is_not(caplog: pytest.LogCaptureFixture) -> None:
    told = answer(StoreLockedError("Somebody writes to /srv/secret.store."))
    assert b"/srv" not in told.body
    assert "/srv/secret.store" in caplog.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Request-ID": "a\tb"},
        {"X-Request-ID": "x" * 5000},
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    ],
)
def test_headers_that_others_believe_change_nothing(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.get("http://testserver/api/v1/nodes", headers=headers)
    assert answer.status_code == 200
    assert len(answer.headers["X-Request-ID"]) == 32
    assert "evil" not in repr(answer.headers)


def test_the_way_to_the_description_leads_nowhere_else(client: TestClient) -> None:
    for path in ("/.well-known/void", "//evil.example/.well-known/void", "/.well-known/void?//evil.example"):
        answer = client.get(
            f"http://testserver{path}", headers={"X-Forwarded-Host": "evil.example"}, follow_redirects=False
        )
        assert answer.headers.get("location", "/sparql") == "/sparql"


def test_a_message_cannot_forge_lines_of_the_history(store: Path, tmp_path: Path) -> None:
    place = copied(store, tmp_path)
    forged = "honest\r\n99 ana\x1b[2J\x00\u202e\ud800"
    with serving(place) as client:
        answer = client.post(
            "http://testserver/sparql/update", data={"update": "INSERT DATA { ex:x a aims:Owner }"},
            headers={"Changeset-Message": quote(forged, errors="surrogatepass")},
        )  # fmt: skip
        edited = client.delete(
            "/nodes", params={"node": "ex:bo", "message": forged[:-1], "accept_findings": True}
        )
        history = client.get("/history").json()["changesets"]
    assert (answer.status_code, edited.status_code) == (200, 200), edited.text
    said = [one["message"] for one in history if one["message"].startswith("honest")]
    assert len(said) == 2
    assert all(one.isprintable() for one in said)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"add":' * 50_000, '{"update": "' + "a." * 49_000 + '"}', '{"hops": 1e999}']
)
def test_a_body_that_is_a_bomb_is_refused(client: TestClient, text: str) -> None:
    answer = client.post("/what-if", content=text, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text[:300]


@pytest.mark.parametrize(
    "path", ["http://testserver/sparql", "/imports?source=a.ttl", "/what-if", "/nodes?node=ex:x"]
)
@pytest.mark.parametrize(
    "kind", ["application/json", "application/sparql-query", "text/turtle", "multipart/form-data"]
)
def test_a_long_body_without_a_length_is_refused(narrow: TestClient, path: str, kind: str) -> None:
    portions = (b" " * 10_000 for _ in range(1000))
    method = "PUT" if "nodes" in path else "POST"
    answer = narrow.request(method, path, content=portions, headers={"Content-Type": kind})
    assert answer.status_code in (400, 413, 415, 422), answer.text
    assert "Content-Length" not in answer.request.headers
