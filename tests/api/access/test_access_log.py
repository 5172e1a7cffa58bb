"""Each request leaves one line that says who asked what, and no secret."""

from __future__ import annotations

import asyncio
import hashlib
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import Request
from fastapi.responses import StreamingResponse

from aimsgraph.errors import OutputNotWritableError
from aimsgraph_api import access_log, create_app
from aimsgraph_api.access_log import AccessLog, RequestLog
from aimsgraph_api.settings import Settings
from tests.api.access.conftest import bearer, key_for, serving, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

SPARQL = "SELECT * WHERE { ?s ?p 'très' }"


@pytest.fixture(scope="module", params=[False, True], ids=["hashes", "texts"])
def logged(
    request: pytest.FixtureRequest, store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Path, str]]:
    """An application with an access log, the log, and a key."""
    folder = tmp_path_factory.mktemp("logged")
    write(folder / "access.json", {})
    key = key_for(folder / "access.json", "ada", "analyst")
    log = folder / "requests.jsonl"
    words: dict[str, Any] = {
        "access": folder / "access.json",
        "access_log": log,
        "log_queries": request.param,
    }
    with serving(store, **words) as client:
        client._transport.raise_server_exceptions = False  # type: ignore[attr-defined] - as a server does
        add_routes(client.app)
        client.get("/api/v1/health")
        yield client, log, key


def add_routes(app: Any) -> None:
    @app.get("/things/{name}")
    async def thing(request: Request, name: str) -> str:
        request.state.request_id = "r-1"
        access_log.note(request.scope, question="who-owns", text=SPARQL, snapshot="sha256:1")
        return name

    @app.get("/fault")
    async def fault() -> None:
        raise RuntimeError

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(iter(["a", "bc"]))


def last(log: Path) -> dict[str, Any]:
    return json.loads(log.read_text().splitlines()[-1])


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_line_says_who_asked_what(logged: tuple[TestClient, Path, str]):
    client, log, key = logged
    client.get("/things/secret-name?a=1&token=x", headers=bearer(key))
    client.get("/who?b", headers=bearer(key))
    line, who = (json.loads(one) for one in log.read_text().splitlines()[-2:])
    assert {**line, "time": 0, "ms": 0, "text": 0} == {
        "time": 0, "who": None, "role": None, "client": "127.0.0.1", "request": "r-1", "method": "GET",
        "route": "/things/{name}", "query": sha256("a=1&token=x"), "question": "who-owns", "sparql": sha256(SPARQL),
        "status": 200, "bytes": 13, "whole": True, "ms": 0, "snapshot": "sha256:1", "text": 0,
    }  # fmt: skip
    assert line["ms"] >= 0
    assert (who["who"], who["role"], who["route"], who["query"]) == ("ada", "analyst", "/who", sha256("b"))


def test_the_text_of_a_query_is_written_only_when_that_is_wanted(logged: tuple[TestClient, Path, str]):
    client, log, _ = logged
    client.get("/things/a")
    wanted = client.app.state.session.settings.log_queries  # type: ignore[attr-defined]
    assert last(log).get("text") == (SPARQL if wanted else None)


def test_the_route_of_the_api_is_named_whole(logged: tuple[TestClient, Path, str]):
    client, log, key = logged
    client.get("/api/v1/nodes?limit=1", headers=bearer(key))
    line = last(log)
    assert (line["route"], line["status"]) == ("/api/v1/nodes", 200)
    assert line["snapshot"].startswith("sha256:")


def test_no_secret_is_written(logged: tuple[TestClient, Path, str]):
    client, log, key = logged
    client.get(f"/who/{key}?access_token={key}", headers=bearer(key) | {"Cookie": f"k={key}", "X-Key": key})
    client.get(f"/nowhere/{key}", auth=("ada", key))
    client.get("/who", headers=bearer("aims_wrong"))
    client.get("/api/v1/history", headers=bearer(key))
    written = log.read_text()
    assert key not in written
    assert "aims_" not in written
    lines = [json.loads(line) for line in written.splitlines()][-4:]
    assert [(line["status"], line["route"], line["who"]) for line in lines] == [
        (404, None, None), (404, None, None), (401, "/who", None), (403, "/api/v1/history", "ada"),
    ]  # fmt: skip


def test_a_fault_and_a_refused_host_are_noted(logged: tuple[TestClient, Path, str]):
    client, log, _ = logged
    assert client.get("/fault").status_code == 500
    assert (last(log)["status"], last(log)["route"]) == (500, "/fault")
    client.get("/who", headers={"Host": "evil.example"})
    assert (last(log)["status"], last(log)["route"]) == (400, None)


def test_the_file_is_its_owners_alone_and_may_be_moved_away(logged: tuple[TestClient, Path, str]):
    client, log, _ = logged
    client.get("/who")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    log.rename(log.with_suffix(".1"))
    client.get("/stream")
    assert (len(log.read_text().splitlines()), last(log)["bytes"]) == (1, 3)


def test_a_log_that_cannot_be_written_is_told_at_the_start(store: Path, tmp_path: Path):
    with pytest.raises(OutputNotWritableError, match="cannot be written"):
        create_app(Settings(store, access_log=tmp_path / "nowhere" / "log"))


def test_a_stream_passes_through_as_it_comes(tmp_path: Path):
    seen: list[str] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(3):
            seen.append(f"made {number}")
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        raise ConnectionResetError

    async def send(message: dict[str, Any]) -> None:
        seen.append(message["type"])

    log = tmp_path / "log"
    passing = AccessLog(app, RequestLog(log, texts=False))
    scope = {"type": "http", "method": "GET", "query_string": b"", "client": None}
    with pytest.raises(ConnectionResetError):
        asyncio.run(passing(scope, None, send))  # type: ignore[arg-type]
    body = "http.response.body"
    assert seen == ["http.response.start", "made 0", body, "made 1", body, "made 2", body]
    assert (last(log)["status"], last(log)["bytes"], last(log)["whole"]) == (200, 3, False)


def test_names_from_elsewhere_cannot_forge_a_line(tmp_path: Path):
    log = RequestLog(tmp_path / "log", texts=False)
    log.write({"who": 'eve\n{"who": "ada"}\x1b[31m'})
    assert (tmp_path / "log").read_text() == '{"who": "eve\\n{\\"who\\": \\"ada\\"}\\u001b[31m"}\n'
