"""The server as a program of its own, asked over loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

MODEL = "Credit scorecard v3"


def command(demo_folder: Path, *words: str) -> dict:
    store = demo_folder / "aimsgraph-demo" / "meridian.store"
    done = subprocess.run(
        [sys.executable, "-m", "aimsgraph", *words, "--store", str(store), "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("route", "query", "words"),
    [
        ("lineage", {"node": MODEL, "hops": 3}, ("lineage", MODEL, "--hops", "3")),
        ("blast-radius", {"rows": 3}, ("blast-radius", "--rows", "3")),
        ("impact", {"node": "Bureau extract 2026"}, ("impact", "Bureau extract 2026")),
        (
            "impact/explanation",
            {"node": "Bureau extract 2026", "target": "Loan applicants"},
            ("impact", "Bureau extract 2026", "--why", "Loan applicants"),
        ),
        ("fix-first", {"most": 2, "by": "loss"}, ("fix-first", "--most", "2", "--by", "loss")),
        (
            "impact",
            {"node": "Bureau extract 2026", "dimension": "privacy"},
            ("impact", "Bureau extract 2026", "--dimension", "aims:PrivacyDimension"),
        ),
        (
            "risk",
            {"node": "Postcode stands in for origin", "by": "system"},
            ("risk", "Postcode stands in for origin", "--by", "system"),
        ),
        ("trace", {"node": "iso42001:A.7.4"}, ("trace", "iso42001:A.7.4")),
        ("validation", {}, ("validate",)),
        ("nodes", {"type": "aims:Model", "limit": 2}, ("nodes", "--type", "aims:Model", "--limit", "2")),
        ("nodes", {"text": "crédit score", "limit": 3}, ("nodes", "--text", "crédit score", "--limit", "3")),
        (
            "nodes",
            {"area": "data governance", "status": "Implemented"},
            ("nodes", "--area", "data governance", "--status", "Implemented"),
        ),
    ],
)
def test_a_route_answers_with_the_json_of_the_command(server, demo_folder, route, query, words):
    answer = server.get(f"/api/v1/{route}", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json() == command(demo_folder, *words)


def test_health_and_readiness_tell_no_more_than_that(server):
    assert server.get("/api/v1/health").json() == {"status": "ok"}
    assert server.get("/api/v1/ready").json() == {"status": "ready"}


def test_the_index_names_the_snapshot_and_leads_on(server, demo_folder):
    index = server.get("/api/v1").json()
    assert index["snapshot"] == command(demo_folder, "lineage", MODEL, "--hops", "1")["snapshot"]
    assert index["links"]["openapi"] == "/api/v1/openapi.json"
    assert {server.get(path).status_code for path in index["links"].values()} == {200, 403}  # the metrics
    page = server.get("/api/v1", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="/api/v1/openapi.json"' in page.text
    assert "<script" not in page.text


def test_the_diagram_is_a_picture(server):
    answer = server.get("/api/v1/diagram", params={"node": MODEL, "hops": 1})
    assert answer.headers["content-type"] == "image/svg+xml"
    assert MODEL.split()[0] in answer.text


@pytest.mark.parametrize(
    ("format", "media"), [("graphml", "application/graphml+xml"), ("cytoscape", "application/json")]
)
@pytest.mark.parametrize(("impact", "collapse"), [("false", None), ("true", None), ("true", "system")])
def test_the_diagram_is_data_for_other_programs(server, demo_folder, format, media, impact, collapse):
    asked = {"node": MODEL, "hops": 2, "format": format, "impact": impact}
    answer = server.get("/api/v1/diagram", params=asked | ({"collapse": collapse} if collapse else {}))
    assert answer.headers["content-type"].partition(";")[0] == media
    words = ["--impact"] * (impact == "true") + (["--collapse", collapse] if collapse else [])
    store = demo_folder / "aimsgraph-demo" / "meridian.store"
    told = subprocess.run(
        [sys.executable, "-m", "aimsgraph", "diagram", MODEL, "--hops", "2", "--format", format, *words,
         "--store", str(store)],
        capture_output=True, check=True,
    )  # fmt: skip
    assert answer.content == told.stdout


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("/api/v1/lineage?node=nobody", 404, "node-not-found"),
        ("/api/v1/lineage", 422, "usage"),
        ("/api/v1/lineage?node=x&hops=0", 422, "usage"),
        ("/api/v1/diagram?node=x&format=bmp", 422, "usage"),
        ("/api/v1/diagram?node=x&collapse=owner", 422, "usage"),
        ("/api/v1/trace?node=x&date=soon", 422, "usage"),
        ("/api/v1/nothing", 404, "no-such-route"),
        ("/", 404, "no-such-route"),
    ],
)
def test_an_error_is_a_problem_document(server, url, status, code):
    answer = server.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"https://w3id.org/aimsgraph/problem/{code}"


def test_who_lost_the_way_is_told_where_to_begin(server):
    problem = server.get("/nothing").json()
    assert problem["detail"] == "There is nothing at this address."
    assert problem["hint"] == "/api/v1 says where to begin, and /api/v1/openapi.json names every address."


def test_a_value_that_does_not_fit_is_told_in_plain_words(server):
    asked = {"/api/v1/trace": "it is missing @ query.node"}
    there = "area, as_of, cursor, limit, owner, status, text, type"
    asked["/api/v1/nodes?q=scorecard"] = f"there is no such parameter (there are {there}) @ query.q"
    asked["/api/v1/nodes?limit=0"] = "it should be greater than or equal to 1 @ query.limit"
    for url, said in asked.items():
        assert server.get(url).json()["problems"] == [said]


def test_a_class_that_there_is_not_is_no_empty_list(server):
    refused = server.get("/api/v1/nodes", params={"type": "aims:Datasett"})
    assert (refused.status_code, refused.json()["code"]) == (400, "usage")
    assert refused.json()["detail"] == "There is no class aims:Datasett."
    assert "aims:Dataset" in refused.json()["hint"]
    empty = server.get("/api/v1/nodes", params={"type": "aims:SeverityOverride"})
    assert (empty.status_code, empty.json()["nodes"]) == (200, [])


def test_nothing_can_be_written_by_an_auditor(server):
    for method in ("PUT", "DELETE", "PATCH"):
        assert server.request(method, "/api/v1/nodes", params={"node": "ex:x"}).status_code == 403


def test_a_page_elsewhere_cannot_ask_through_the_browser(server):
    assert server.get("/api/v1/health", headers={"Host": "evil.example"}).status_code == 400
