"""Every route asks for exactly one permission, and holds to it."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, get_args

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from aimsgraph.model.access import PERMITTED, Permission, Role
from aimsgraph_api.access import permission_of
from tests.api.access.conftest import bearer, key_for, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI
    from fastapi.dependencies.models import Dependant
    from starlette.testclient import TestClient

#: What may be asked without a name: whether the server lives, what it can be asked, and where.
OPEN = {"/api/v1/health", "/api/v1/ready", "/api/v1/openapi.json", "/api/v1", "/"}
#: Who may read may have things computed in jobs, and may end such a job: nobody sees those of others.
OWN = {("DELETE", "/api/v1/jobs/{id}")}
#: The tests' own.
OURS = {"/who"}


def routes(app: FastAPI) -> Iterator[tuple[str, str, Any]]:
    """Yield method, path and dependencies of every route."""
    for one in iter_route_contexts(app.routes):
        assert one.path is not None
        if one.path not in OPEN | OURS:
            assert isinstance(one.original_route, APIRoute), one.path
            for method in sorted(one.methods or ()):
                yield method, one.path, one.dependant


def permissions(dependant: Dependant) -> set[Permission]:
    own = permission_of(dependant.call) if dependant.call is not None else None
    return {own} if own is not None else set().union(*map(permissions, dependant.dependencies))


@pytest.fixture(scope="module")
def permitted(application: tuple[TestClient, Path]) -> dict[tuple[str, str], set[Permission]]:
    """What each method and path asks for."""
    return {(method, path): permissions(of) for method, path, of in routes(application[0].app)}  # type: ignore[arg-type]


def test_every_route_asks_for_exactly_one_permission(permitted: dict[tuple[str, str], set[Permission]]):
    assert len(permitted) >= 17
    assert {route: found for route, found in permitted.items() if len(found) != 1} == {}


def test_what_changes_something_asks_for_more_than_to_read(permitted: dict[tuple[str, str], set[Permission]]):
    assert {
        route for route, found in permitted.items() if route[0] in {"PUT", "PATCH", "DELETE"} and found <= {"read"}
    } == OWN  # fmt: skip


def test_each_role_is_refused_what_it_is_not_permitted(
    asked: TestClient, file: Path, permitted: dict[tuple[str, str], set[Permission]]
):
    assert set(PERMITTED) == set(get_args(Role))
    refused = 0
    for role, may in PERMITTED.items():
        headers = bearer(key_for(file, role, role))
        for (method, path), wanted in permitted.items():
            if not wanted <= may:
                answer = asked.request(method, filled(path), headers=headers)
                assert (answer.status_code, code(method, answer)) == (403, "not-permitted"), (
                    role,
                    method,
                    path,
                )
                refused += 1
    assert refused >= 6


def test_nobody_unnamed_is_served_where_there_is_an_access_file(
    asked: TestClient, permitted: dict[tuple[str, str], set[Permission]]
):
    for method, path in permitted:
        for headers in ({}, bearer("aims_wrong"), bearer("e30.e30.e30")):
            answer = asked.request(method, filled(path), headers=headers)
            assert (answer.status_code, code(method, answer)) == (401, "not-recognised"), (method, path)
            assert "www-authenticate" in answer.headers


def test_nobody_unnamed_writes_where_there_is_none(
    store: Path, permitted: dict[tuple[str, str], set[Permission]]
):
    with serving(store) as asked:
        for (method, path), wanted in permitted.items():
            if wanted & {"write", "administer"}:
                answer = asked.request(method, filled(path))
                assert (answer.status_code, code(method, answer)) == (403, "not-permitted"), (method, path)


def test_whether_the_server_lives_may_be_asked_by_anybody(asked: TestClient):
    assert asked.get("/api/v1/health").status_code == 200


def test_the_document_says_how_to_say_who_asks(
    asked: TestClient, file: Path, permitted: dict[tuple[str, str], set[Permission]]
):
    document = asked.get("/api/v1/openapi.json", headers=bearer(key_for(file, "ada"))).json()
    schemes = document["components"]["securitySchemes"]
    assert {name: scheme["scheme"] for name, scheme in schemes.items()} == {
        "bearer": "bearer",
        "basic": "basic",
    }
    for method, path in permitted:
        if method != "HEAD" and path in document["paths"]:
            ways = document["paths"][path][method.lower()]["security"]
            assert [way for way in ways if way] == [{"bearer": []}, {"basic": []}]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_of_a_body_is_read_before_its_sender_is_known(asked: TestClient, method: str):
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was read")

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": "/who", "raw_path": b"/who", "query_string": b"", "scheme": "http",
        "headers": [(b"host", b"localhost"), (b"content-length", b"1000000")], "client": ("127.0.0.1", 1),
        "http_version": "1.1", "server": ("localhost", 80), "root_path": "", "asgi": {"version": "3.0"},
    }  # fmt: skip
    asyncio.run(asked.app(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 401


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "x", path)


def code(method: str, answer: Any) -> str:
    """Return the code of a problem; the answer to HEAD has none, and its status says enough."""
    return (
        answer.json()["code"]
        if method != "HEAD"
        else {401: "not-recognised", 403: "not-permitted"}[answer.status_code]
    )
