"""Pages, tags, turns, bodies, names of requests, counts and logs: what every route has."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import anyio
import pytest
from starlette.testclient import TestClient

import aimsgraph
from aimsgraph.errors import BusyError
from aimsgraph.query import Limits
from aimsgraph_api import create_app, logs
from aimsgraph_api.settings import Settings
from aimsgraph_api.turns import Turns
from tests.unit.query.asking import ENDLESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from aimsgraph.model.access import Role


@pytest.fixture(scope="module")
def folder(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example organisation, with its files of evidence beside it."""
    copy = tmp_path_factory.mktemp("reading") / "aimsgraph-demo"
    shutil.copytree(demo_folder / "aimsgraph-demo", copy)
    return copy


@pytest.fixture(scope="module")
def app(folder: Path) -> FastAPI:
    app = create_app(Settings(folder / "meridian.store", anonymous="administrator", largest=1000))

    @app.get("/api/v1/fault")
    def fault() -> None:
        raise RuntimeError("the inside of the program")

    @app.post("/api/v1/bodies")
    def bodies(body: dict[str, str]) -> int:
        return len(body)

    return app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "inside", "limit"),
    [
        ("/api/v1/nodes?type=aims:Risk&", "nodes", 40),
        ("/api/v1/nodes?text=credit&", "nodes", 25),
        ("/api/v1/history?", "changesets", 25),
        ("/api/v1/validation?", "findings", 15),
        ("/api/v1/nodes/https%3A%2F%2Fexample.org%2Fmeridian%2Fsystem%2Fcredit-scoring?", "statements", 15),
    ],
)
def test_the_links_from_page_to_page_lead_through_the_whole(client, path, inside, limit):
    whole = client.get(f"{path}limit=1000").json()[inside]
    answer, found = client.get(f"{path}limit={limit}"), []
    while True:
        assert answer.status_code == 200, answer.text
        found += answer.json()[inside]
        if "next" not in answer.links:
            break
        answer = client.get(answer.links["next"]["url"])
    assert found == whole
    assert len(whole) > limit


def test_a_cursor_of_another_list_is_refused(client):
    cursor = client.get("/api/v1/nodes?limit=1").json()["next"]
    for path in ("/api/v1/nodes?type=aims:Risk", "/api/v1/history?", "/api/v1/nodes/aims:Risk?"):
        answer = client.get(f"{path}&cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (400, "usage")


def test_the_findings_about_a_node_are_told_when_asked_for(client):
    focus = client.get("/api/v1/validation").json()["findings"][0]["focus"]
    sheet = client.get("/api/v1/nodes/" + focus.replace("/", "%2F"), params={"findings": True}).json()
    assert {one["focus"] for one in sheet["findings"]} == {focus}
    assert client.get(sheet["links"]["self"]).json()["findings"] is None


# -- tags --------------------------------------------------------------------------------------------------------


def tag(client: TestClient, path: str = "/api/v1/nodes?limit=1", **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Authorization, Accept"
    return answer.headers["etag"]


@pytest.mark.parametrize(
    "path", ["/api/v1", "/api/v1/lineage?node=Credit+scoring", "/api/v1/diagram?node=Credit+scoring&hops=1"]
)
def test_what_the_asker_has_is_not_sent_again(client, path):
    known = tag(client, path)
    for said in (known, f'"other", W/{known}', "*"):
        answer = client.get(path, headers={"If-None-Match": said})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", known)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_what_is_unchanged_is_not_computed(folder):
    settings = Settings(folder / "meridian.store")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as first:
        known = tag(first, "/api/v1/validation")
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1") as second:
        assert second.get("/api/v1/validation", headers={"If-None-Match": known}).status_code == 304
        assert app.state.session.newest_report is None


def test_whatever_may_change_an_answer_changes_its_tag(tmp_path):
    evidence = tmp_path / "evidence" / "minutes.txt"
    evidence.parent.mkdir()
    evidence.write_text("approved", encoding="utf-8")
    graph = aimsgraph.init(tmp_path / "aims.store", evidence_root=evidence.parent)

    def asked(path: str = "/api/v1/nodes?limit=1", role: Role = "auditor", **headers: str) -> str:
        app = create_app(Settings(tmp_path / "aims.store", anonymous=role))
        with TestClient(app, base_url="http://127.0.0.1") as client:
            return tag(client, path, **headers)

    tags = [
        asked(),
        asked("/api/v1/nodes?limit=2"),
        asked("/api/v1/nodes?limit=1&as_of=1"),
        asked("/api/v1/cycles"),
    ]
    tags += [asked(role="analyst"), asked(Accept="application/json")]
    assert asked() == tags[0]
    evidence.write_text("not approved", encoding="utf-8")
    tags.append(asked())
    graph.update("INSERT DATA { <urn:x:1> <urn:x:p> 1 }")
    tags.append(asked())
    assert len(set(tags)) == 8


def test_a_problem_has_no_tag(client):
    assert "etag" not in client.get("/api/v1/nodes?cursor=x").headers
    assert "etag" not in client.get("/api/v1/health").headers


# -- bodies, names, faults ---------------------------------------------------------------------------------------


def test_a_body_that_is_too_long_is_refused_by_its_length_and_while_it_is_read(client):
    small, large = b'{"a": "b"}', b'{"a": "' + b"x" * 1000 + b'"}'
    kind = {"Content-Type": "application/json"}
    assert client.post("/api/v1/bodies", content=small, headers=kind).json() == 1
    assert client.post("/api/v1/bodies", content=small + b" " * 990, headers=kind).status_code == 200
    for content in (large, iter([large[:500], large[500:]]), small + b" " * 991):
        answer = client.post("/api/v1/bodies", content=content, headers=kind)
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
        assert answer.headers["x-request-id"]


def test_a_question_that_brings_a_body_along_is_measured_too(client, caplog):
    answer = client.request("GET", "/api/v1/cycles", content=iter([b"x" * 600] * 5))
    assert answer.status_code in (200, 413)  # it may be answered before the body is there
    assert client.get("/api/v1/cycles").status_code == 200
    assert "never retrieved" not in caplog.text


def test_a_request_keeps_its_name_when_it_is_one(client):
    for given in ("abc-1", "a" * 128):
        assert client.get("/api/v1/health", headers={"X-Request-ID": given}).headers["x-request-id"] == given
    for given in ("", "a b", "a" * 129, "<script>", '"', "-a"):
        made = client.get("/api/v1/health", headers={"X-Request-ID": given}).headers["x-request-id"]
        assert len(made) == 32
    answer = client.get("/api/v1/lineage?node=nobody", headers={"X-Request-ID": "abc-2"})
    assert answer.json()["request_id"] == "abc-2"


def test_a_fault_of_the_program_tells_its_inside_to_the_log_alone(client, caplog):
    caplog.handler.addFilter(logs.named)
    with caplog.at_level("ERROR", logger="aimsgraph"):
        answer = client.get("/api/v1/fault", headers={"X-Request-ID": "abc-3"})
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert (answer.json()["code"], answer.json()["request_id"]) == ("internal-fault", "abc-3")
    assert "inside" not in answer.text
    line = json.loads(logs.JsonLines().format(caplog.records[-1]))
    assert (line["level"], line["request_id"], line["route"]) == ("error", "abc-3", "/api/v1/fault")
    assert "RuntimeError: the inside of the program" in line["traceback"]
    assert "(request abc-3)\nTraceback" in logs.Text().format(caplog.records[-1])


# -- turns, counts, readiness ------------------------------------------------------------------------------------


def test_a_calculation_waits_its_turn_and_not_for_ever(tmp_path):
    async def asked() -> None:
        turns = Turns(Settings(tmp_path, calculating=1, waiting=1, patience=0.05))
        await turns.take("a")
        with pytest.raises(BusyError):  # waits in vain
            await turns.take("b")
        async with anyio.create_task_group() as others:
            others.start_soon(turns.take, "c")
            while turns.waiting == 0:
                await anyio.sleep(0)
            with pytest.raises(BusyError):  # there is no room to wait
                await turns.take("d")
            assert (turns.running, turns.waiting) == (1, 1)
            turns.give_back("a")
        assert (turns.running, turns.waiting) == (1, 0)
        turns.give_back("c")
        assert turns.running == 0

    anyio.run(asked)


def test_a_server_that_computes_as_much_as_it_can_says_so_and_stays_alive(folder):
    app = create_app(Settings(folder / "meridian.store", calculating=1, waiting=0))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/api/v1/cycles").status_code == 200
        client.portal.call(app.state.turns.take, "somebody")
        answer = client.get("/api/v1/cycles")
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert int(answer.headers["retry-after"]) > 0
        assert client.get("/api/v1/health").status_code == 200
        assert client.get("/api/v1").status_code == 200
        app.state.turns.give_back("somebody")
        assert client.get("/api/v1/cycles").status_code == 200


def counts(client: TestClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
    }


def test_the_counts_have_one_label_for_whatever_is_asked(client):
    client.get("/api/v1/validation?limit=1")
    before = counts(client)
    for number in range(10):
        client.get(f"/api/v1/nodes/urn:x:{number}")
        client.get(f"/nowhere/{number}")
        client.request(f"METHOD{number}", "/api/v1/nodes")
    after = counts(client)
    template = 'aimsgraph_http_requests_total{method="GET",route="/api/v1/nodes/{node}",status="404"}'
    assert after[template] - before.get(template, 0) == 10
    assert after['aimsgraph_http_requests_total{method="GET",route="none",status="404"}'] >= 10
    assert after['aimsgraph_http_requests_total{method="other",route="/api/v1/nodes",status="405"}'] == 10
    assert len(after) - len(before) < 100
    problem = 'aimsgraph_problems_total{code="node-not-found"}'
    assert after[problem] - before.get(problem, 0) == 10
    assert after["aimsgraph_store_head"] >= 57
    assert after["aimsgraph_store_statements"] > 30_000
    assert after['aimsgraph_findings{severity="violation"}'] > 0


def test_only_who_administers_sees_the_counts(folder):
    with TestClient(create_app(Settings(folder / "meridian.store")), base_url="http://127.0.0.1") as auditor:
        assert auditor.get("/metrics").status_code == 403


def test_a_server_without_its_store_lives_and_is_not_ready(demo_folder, tmp_path):
    shutil.copytree(demo_folder / "aimsgraph-demo" / "meridian.store", tmp_path / "aims.store")
    with TestClient(create_app(Settings(tmp_path / "aims.store")), base_url="http://127.0.0.1") as client:
        shutil.rmtree(tmp_path / "aims.store")
        assert client.get("/api/v1/health").status_code == 200
        answer = client.get("/api/v1/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
        assert str(tmp_path) not in answer.text
        assert answer.headers["retry-after"]


def test_a_server_whose_workers_answer_nothing_is_not_ready(folder):
    app = create_app(Settings(folder / "meridian.store"))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        app.state.session.pool.close()
        answer = client.get("/api/v1/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
        assert "workers" in answer.json()["detail"]


def test_workers_that_a_limit_stopped_are_counted(folder):
    short = Settings(folder / "meridian.store", anonymous="administrator", limits=Limits(seconds=1))
    with TestClient(create_app(short), base_url="http://127.0.0.1") as client:
        assert client.get("/api/v1/ready").json() == {"status": "ready"}
        assert counts(client)["aimsgraph_workers_stopped_total"] == 0
        assert client.get("/sparql", params={"query": ENDLESS}).status_code == 504
        assert counts(client)["aimsgraph_workers_stopped_total"] == 1
        assert counts(client)["aimsgraph_questions_running"] == 0
