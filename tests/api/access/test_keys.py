"""Whoever shows a key is recognised; everybody else gets the same answer, whatever was wrong."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from aimsgraph import access
from aimsgraph_api.problems import CHALLENGE
from tests.api.access.conftest import NOW, bearer, key_for, serving, write

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

REFUSAL = {
    "type": "https://w3id.org/aimsgraph/problem/not-recognised",
    "title": "Not recognised",
    "status": 401,
    "detail": "This server must know who asks, by a key or token that is valid.",
    "code": "not-recognised",
    "hint": "Send one: Authorization: Bearer KEY.",
}


def refuses(asked: TestClient, headers: Any = None, **words: Any) -> None:
    answer = asked.get("/who", headers=headers, **words)
    told = {name: value for name, value in answer.json().items() if name != "request_id"}
    assert (answer.status_code, told) == (401, REFUSAL)
    assert answer.headers["www-authenticate"] == CHALLENGE
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_key_is_recognised(asked: TestClient, file: Path):
    key = key_for(file, "ada", "analyst", graphs=["hr.ttl"])
    who = {"name": "ada", "role": "analyst", "graphs": ["https://w3id.org/aimsgraph/graph/source/hr.ttl"]}
    assert asked.get("/who", headers=bearer(key)).json() == who
    assert asked.get("/who", headers={"Authorization": f"bEARER  {key}"}).json() == who
    assert asked.get("/who", auth=("ada", key)).json() == who


def test_every_reason_gives_the_same_answer(asked: TestClient, file: Path):
    key = key_for(file, "ada")
    expired = access.add(file, "old", "reader", days=1, now=NOW - timedelta(days=2)).key
    gone = key_for(file, "gone")
    access.revoke(file, "gone", now=NOW)
    replaced = key_for(file, "replaced")
    access.rotate(file, "replaced", now=NOW)
    for wrong in (key[:-1], key + "x", key.upper(), expired, gone, replaced, "x", "ada", "a.b.c", "é" * 9):
        refuses(asked, {"Authorization": f"Bearer {wrong}".encode()})
    refuses(asked)
    refuses(asked, auth=("bob", key))
    refuses(asked, auth=("", key))
    refuses(asked, auth=("ada", ""))
    assert asked.get("/who", headers=bearer(key)).status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic",
        "Basic %%%",
        "Basic YWRh",
        "Digest x",
        "Negotiate",
        "Bearer " + "x" * 20_000,
    ],
)
def test_a_malformed_header_is_refused(asked: TestClient, value: str):
    refuses(asked, {"Authorization": value})


def test_basic_is_read_as_utf8_and_nothing_else(asked: TestClient, file: Path):
    key = key_for(file, "José")
    shown = base64.b64encode(f"José:{key}".encode()).decode()
    assert asked.get("/who", headers={"Authorization": f"Basic {shown}"}).json()["name"] == "José"
    refuses(asked, {"Authorization": "Basic " + base64.b64encode(b"Jos\xe9:" + key.encode()).decode()})


def test_two_headers_are_refused(asked: TestClient, file: Path):
    key = key_for(file, "ada")
    refuses(asked, [("Authorization", f"Bearer {key}"), ("Authorization", f"Bearer {key}")])


@pytest.mark.parametrize("name", ["key", "access_token", "token", "api_key", "Authorization"])
def test_no_key_is_taken_from_the_address(asked: TestClient, file: Path, name: str):
    refuses(asked, params={name: key_for(file, "ada")})


def test_a_wrong_key_is_not_served_as_the_unnamed_are(asked: TestClient, file: Path):
    write(file, {"anonymous": "reader"})
    assert asked.get("/who").json() == {"name": "anonymous", "role": "reader", "graphs": None}
    refuses(asked, bearer("aims_wrong"))


def test_what_changes_in_the_file_counts_at_once(asked: TestClient, file: Path):
    key = key_for(file, "ada")
    assert asked.get("/who", headers=bearer(key)).status_code == 200
    new = access.rotate(file, "ada", grace=1, now=NOW).key
    assert {asked.get("/who", headers=bearer(one)).status_code for one in (key, new)} == {200}
    access.revoke(file, "ada", now=NOW)
    refuses(asked, bearer(key))
    refuses(asked, bearer(new))


def test_a_slip_of_the_pen_shuts_nobody_out_and_a_file_that_is_gone_lets_nobody_in(
    asked: TestClient, file: Path, caplog: pytest.LogCaptureFixture
):
    key = key_for(file, "ada")
    assert asked.get("/who", headers=bearer(key)).status_code == 200
    good = json.loads(file.read_text())
    file.write_text("{")
    assert asked.get("/who", headers=bearer(key)).status_code == 200
    assert "what it said before is still in force" in caplog.text
    file.unlink()
    refuses(asked, bearer(key))
    refuses(asked)
    write(file, good)
    assert asked.get("/who", headers=bearer(key)).status_code == 200


def test_the_file_in_the_folder_of_the_store_counts_from_when_it_is_there(store: Path):
    file = store / "access.json"
    try:
        with serving(store) as asked:
            assert asked.get("/who").json() == {"name": "anonymous", "role": "auditor", "graphs": None}
            refuses(asked, bearer("aims_x"))
            key = key_for(file, "ada")
            refuses(asked)
            assert asked.get("/who", headers=bearer(key)).json()["name"] == "ada"
            file.unlink()
            refuses(asked)
    finally:
        file.unlink(missing_ok=True)


def test_with_known_only_nobody_is_served_unnamed_whatever_the_file_says(store: Path, tmp_path: Path):
    file = tmp_path / "access.json"
    write(file, {"anonymous": "reader"})
    with serving(store, access=file, known_only=True) as asked:
        refuses(asked)


def test_the_log_knows_why_and_never_the_key(asked: TestClient, file: Path, caplog: pytest.LogCaptureFixture):
    key = key_for(file, "ada")
    access.revoke(file, "ada", now=NOW)
    refuses(asked, bearer(key))
    refuses(asked, auth=("ada", "hunter2"))
    assert "Refused a request from 127.0.0.1: the key of ada is revoked." in caplog.messages
    assert key not in caplog.text
    assert "hunter2" not in caplog.text


def test_a_source_that_is_not_there_is_told_at_the_start(
    store: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    file = tmp_path / "access.json"
    key = key_for(file, "ada", graphs=["gone.ttl"])
    with serving(store, access=file) as asked:
        seen = asked.get("/who", headers=bearer(key)).json()["graphs"]
    assert seen == ["https://w3id.org/aimsgraph/graph/source/gone.ttl"]
    assert caplog.messages == [
        "keys.ada.graphs names gone.ttl, which is no source of the store: it lets nothing be seen."
    ]
