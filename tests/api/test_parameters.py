"""A route takes the parameters that it declares: what is misspelt is refused, and never passed over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from aimsgraph_api import create_app
from aimsgraph_api.openapi import document, operations
from aimsgraph_api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from fastapi import FastAPI

#: Where the protocols of the W3C, and the texts of Prometheus, say what may be asked.
ELSEWHERE = ("/sparql", "/rdf-graph-store", "/metrics")


@pytest.fixture(scope="module")
def app(demo_folder: Path) -> FastAPI:
    return create_app(Settings(demo_folder / "aimsgraph-demo" / "meridian.store", anonymous="administrator"))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def told(answer: httpx.Response) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == "usage"
    return problem


def test_every_route_of_the_api_refuses_a_parameter_that_it_does_not_declare(app, client):
    looked_at = set()
    for route, method, operation in operations(app, document(app)):
        if route.path_format.startswith(ELSEWHERE):
            continue
        known = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
        address = re.sub(r"\{[^}]*\}", "x", route.path_format)
        there = f"there are {', '.join(sorted(known))}" if known else "there are none here"
        problem = told(client.request(method, address, params={"zzz": "1"}))
        assert f"there is no such parameter ({there}) @ query.zzz" in problem["problems"], address
        assert "hint" not in problem
        assert "422" in operation["responses"]
        looked_at.add((method, address))
    assert len(looked_at) > 100


def test_all_faults_of_a_request_are_told_at_once_with_the_nearest_names(client):
    asked = "/api/v1/lineage?hop=2&direction=sideways&hops=0&dat=2026-01-01&threats=true&threats=false"
    problem = told(client.get(asked))
    there = "along, area, as_of, date, direction, hops, node, only_through, threats, type"
    assert sorted(problem["problems"]) == [
        "it is given twice @ query.threats",
        "it is missing @ query.node",
        "it should be 'up', 'down' or 'both' @ query.direction",
        "it should be greater than or equal to 1 @ query.hops",
        f"there is no such parameter (there are {there}) @ query.dat",
        f"there is no such parameter (there are {there}) @ query.hop",
    ]
    assert problem["hint"] == "Did you mean hops instead of hop, date instead of dat?"


def test_the_faults_of_a_body_are_told_with_those_of_the_parameters(client):
    problem = told(client.post("/api/v1/what-if?wait=9", json={"hops": 0, "lineag": "x"}))
    assert problem["problems"] == [
        "there is no such parameter (there are none here) @ query.wait",
        "it should be greater than or equal to 1 @ body.hops",
        "there is no such key @ body.lineag",
    ]


def test_what_may_be_repeated_may_be_repeated(client):
    answer = client.get("/api/v1/fix-first?node=aims:Risk&node=aims:Model&most=1")
    assert answer.status_code in (200, 404)
    assert client.get("/api/v1/cycles?type=aims:Model&type=aims:Dataset").status_code == 200


def test_nothing_is_done_for_a_request_with_a_parameter_too_much(client):
    body = {"label": "x", "type": "Owner"}
    told(client.put("/api/v1/nodes?node=ex:nobody&dryrun=true", json=body))
    told(client.get("/api/v1/nodes?owner=nobody&limt=1"))  # else: there is no such owner
    told(client.get("/api/v1/validation?limt=1", headers={"If-None-Match": "*"}))
    assert client.get("/api/v1/nodes/ex:nobody").status_code == 404


def test_very_many_wrong_names_cost_little_and_some_of_them_are_told(client):
    problem = told(
        client.get("/api/v1/lineage?node=x&" + "&".join(f"hopes{number}" for number in range(5000)))
    )
    assert len(problem["problems"]) == 20


def test_who_may_not_ask_is_told_that_and_no_parameters(demo_folder):
    store = demo_folder / "aimsgraph-demo" / "meridian.store"
    for role, status in (("reader", 403), (None, 401)):
        with TestClient(create_app(Settings(store, anonymous=role)), base_url="http://127.0.0.1") as client:
            answer = client.get("/api/v1/history?zzz=1&limit=x")
            assert answer.status_code == status
            assert not {"zzz", "as_of", "limit"} & set(re.findall(r"\w+", answer.text))


def test_of_a_question_that_there_is_not_nobody_knows_the_parameters(client):
    answer = client.get("/api/v1/queries/no-such-question/results?severity=high")
    assert (answer.status_code, answer.json()["code"]) == (404, "query-not-found")


def test_the_protocols_of_the_w3c_take_what_programs_add_to_them(client):
    asked = {"query": "ASK { }", "timeout": "30", "debug": "on"}  # as programs for other servers do
    assert client.get("/sparql", params=asked).status_code == 200
