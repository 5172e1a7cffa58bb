"""Nodes are written over HTTP one at a time, through the gate, upon the state that the client has seen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph.store import open_writer
from tests.api.small import EX, made, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

OWNER = {"type": "Owner", "label": "Cy"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    with serving(store, "editor") as client:
        yield client


def test_a_new_node_is_made_by_the_name_of_who_asks(client: TestClient, store: Path) -> None:
    answer = client.put("/nodes", params={"node": EX + "cy", "message": "New here"}, json=OWNER)
    assert answer.status_code == 201, answer.text
    newest = aimsgraph.open(store).log()[-1]
    assert (newest.author, newest.message) == ("anonymous", "New here")
    assert answer.headers["etag"] == f'"{newest.hash}"'
    assert answer.json()["changesets"][0]["hash"] == newest.hash
    assert client.put("/nodes", params={"node": EX + "cy"}, json=OWNER).status_code == 200


def test_a_write_is_seen_by_the_next_question(client: TestClient) -> None:
    client.put("/nodes", params={"node": EX + "seen"}, json={"type": "Owner", "label": "Just Now"})
    assert [one["id"] for one in client.get("/nodes", params={"text": "Just Now"}).json()["nodes"]] == [
        EX + "seen"
    ]


def test_a_write_that_would_bring_a_violation_is_refused_with_the_findings(
    client: TestClient, store: Path
) -> None:
    before = aimsgraph.open(store).view().snapshot
    answer = client.put("/nodes", params={"node": EX + "risk"}, json={"type": "Risk", "label": "New"})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "findings"
    assert {one["focus"] for one in problem["findings"]} == {EX + "risk"}
    assert set(problem["findings"][0]) >= {"shape", "focus", "path", "severity", "message", "fix", "id"}
    assert aimsgraph.open(store).view().snapshot == before


def test_findings_can_be_accepted(client: TestClient) -> None:
    asked = {"node": EX + "accepted", "accept_findings": "true", "message": "Known"}
    answer = client.put("/nodes", params=asked, json={"type": "Risk", "label": "Accepted"})
    assert answer.status_code == 201
    assert "new findings accepted: " in answer.json()["changesets"][0]["message"]
    again = client.patch("/nodes", params={"node": EX + "accepted"}, json={"description": "as bad as before"})
    assert again.status_code == 200
    assert client.delete("/nodes", params={"node": EX + "accepted"}).status_code == 200


def test_a_dry_run_says_what_would_change(client: TestClient, store: Path) -> None:
    before = aimsgraph.open(store).view().snapshot
    asked = {"node": EX + "dry", "dry_run": "true"}
    answer = client.put("/nodes", params=asked, json=OWNER).json()
    assert (answer["dry_run"], answer["changesets"], len(answer["difference"]["added"])) == (True, [], 2)
    assert answer["difference"]["newer"] == before == aimsgraph.open(store).view().snapshot


def test_a_write_upon_a_state_that_is_gone_is_refused(client: TestClient) -> None:
    first = client.put("/nodes", params={"node": EX + "one"}, json=OWNER).headers["etag"]
    second = client.patch(
        "/nodes", params={"node": EX + "one"}, json={"label": "2"}, headers={"If-Match": first}
    )
    assert second.status_code == 200
    late = client.patch(
        "/nodes", params={"node": EX + "one"}, json={"label": "3"}, headers={"If-Match": first}
    )
    assert (late.status_code, late.json()["code"]) == (412, "store-moved")
    either = f'W/{first}, "x", {second.headers["etag"]}'
    third = client.patch(
        "/nodes", params={"node": EX + "one"}, json={"label": "4"}, headers={"If-Match": either}
    )
    assert third.status_code == 200


def test_an_old_node_is_not_taken_for_a_new_one(client: TestClient) -> None:
    headers = {"If-None-Match": "*"}
    assert client.put("/nodes", params={"node": EX + "ana"}, json=OWNER, headers=headers).status_code == 412
    assert client.put("/nodes", params={"node": EX + "fresh"}, json=OWNER, headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("method", "node", "body", "kind", "status", "code"),
    [
        ("PUT", "ex:ana", b"{", "application/json", 400, "syntax"),
        ("PUT", "ex:ana", b"\xff", "application/json", 400, "syntax"),
        ("PUT", "ex:ana", b'{"' + b"x" * (1 << 20), "application/json", 413, "body-too-large"),
        ("PUT", "ex:ana", b"<a>", "text/html", 415, "media-type"),
        ("PUT", "ex:ana", b"", "text/turtle", 400, "usage"),
        ("PUT", "no node", b"{}", "application/json", 400, "usage"),
        ("PUT", "aims:Risk", b"{}", "application/json", 400, "usage"),
        ("PATCH", "ex:nobody", b"{}", "application/json", 404, "node-not-found"),
        ("PATCH", "ex:ana", b"", "text/turtle", 415, "media-type"),
        ("DELETE", "ex:nobody", b"", "application/json", 404, "node-not-found"),
    ],
)
def test_what_cannot_be_written_is_a_problem(
    client: TestClient, method: str, node: str, body: bytes, kind: str, status: int, code: str
) -> None:
    answer = client.request(
        method, "/nodes", params={"node": node}, content=body, headers={"Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_writes_at_once_take_turns(client: TestClient, store: Path) -> None:
    statuses: list[int] = []

    def write(number: int) -> None:
        answer = client.put("/nodes", params={"node": f"{EX}t{number}", "fail_on": "never"}, json=OWNER)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 4
    graph = aimsgraph.open(store)
    assert all(graph.is_stated(f"ex:t{number}") for number in range(4))
    assert graph.verify().intact


def test_a_store_that_stays_locked_is_told_with_a_time_to_come_back(
    client: TestClient, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph_api.session.PATIENCE", 0.2)
    with open_writer(store):
        assert client.get("/nodes").status_code == 200
        answer = client.put("/nodes", params={"node": EX + "late"}, json=OWNER)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
        503,
        "store-locked",
        "5",
    )


@pytest.mark.parametrize("role", ["reader", "analyst", "auditor"])
def test_only_an_editor_writes(store: Path, role: str) -> None:
    with serving(store, role) as client:  # type: ignore[arg-type]
        for method, path in [
            ("PUT", "/nodes?node=ex:x"),
            ("PATCH", "/nodes?node=ex:x"),
            ("DELETE", "/nodes?node=ex:x"),
            ("POST", "/imports"),
            ("DELETE", "/imports?source=x"),
            ("POST", "/compactions"),
        ]:
            answer = client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted"), (method, path)
