"""Long work can be left to itself, followed, cancelled and fetched, by who asked for it."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import aimsgraph
from aimsgraph.errors import JobNotFoundError, JobsFullError
from aimsgraph.model.access import Principal
from aimsgraph_api.jobs.board import Jobs
from aimsgraph_api.jobs.bounds import Bounds
from aimsgraph_api.jobs.home import Home, sweep
from tests.api.small import EX, TURTLE, made, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

API = "/api/v1"
LATER = {"Prefer": "respond-async"}
ANA, BO = Principal("ana", "analyst"), Principal("bo", "analyst")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    with serving(store) as client:
        yield client


def over(client: TestClient, place: str) -> Any:
    """Return the status of a job once it is over."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        status = client.get(place).json()
        if status["ended"]:
            return status
        time.sleep(0.05)
    raise AssertionError(status)


def workers(process: int | str = "self") -> set[int]:
    """Return the processes that do jobs of this one: the children of the one from which they are forked."""
    found: set[int] = set()
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found |= {child} if process != "self" else workers(child)
    return found


def test_work_that_is_left_to_itself_is_followed_and_fetched(client: TestClient) -> None:
    taken = client.post("/exports", json={}, headers=LATER)
    assert (taken.status_code, taken.headers["preference-applied"]) == (202, "respond-async")
    place = taken.headers["location"].removeprefix(API)
    with client.stream("GET", f"{place}/events") as stream:
        lines = list(stream.iter_lines())
    kinds = [line.partition(": ")[2] for line in lines if line.startswith("event")]
    assert kinds[-1] == "end"
    assert set(kinds[:-1]) == {"progress"}
    ids = [int(line.partition(": ")[2]) for line in lines if line.startswith("id")]
    assert ids == list(range(1, len(ids) + 1))
    last = json.loads(next(line for line in reversed(lines) if line.startswith("data")).partition(": ")[2])
    assert (last["state"], last["progress"]) == ("done", 1.0)
    with client.stream("GET", f"{place}/events", headers={"Last-Event-ID": str(ids[-1] - 1)}) as stream:
        again = [line for line in stream.iter_lines() if line.startswith("id")]
    assert again == [f"id: {ids[-1]}"]
    assert place.rpartition("/")[2] in {job["id"] for job in client.get("/jobs").json()["jobs"]}
    answer = client.get(last["result"].removeprefix(API))
    assert answer.headers["content-type"] == "application/zip"
    assert {"nodes.parquet", "edges.parquet"} <= set(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())
    assert client.delete(place).status_code == 204
    assert (client.get(place).status_code, client.get(place).json()["code"]) == (404, "job-not-found")


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/validations", {"engine": "store", "per_node": True}, "completeness"),
        ("/verifications", None, "intact"),
        ("/compactions", None, "bytes_after"),
        ("/what-if", {"remove_nodes": [EX + "bo"], "findings": False}, "changes"),
    ],
)
def test_work_that_is_waited_for_answers_at_once(
    client: TestClient, path: str, body: object, said: str
) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    assert said in answer.json()


def test_the_report_is_a_page(client: TestClient) -> None:
    assert client.post("/reports", json={}).text.startswith("<!DOCTYPE html>")


def test_what_if_answers_as_the_engine_does_and_writes_nothing(client: TestClient, store: Path) -> None:
    graph = aimsgraph.open(store)
    update = "INSERT DATA { ex:r a aims:Risk ; rdfs:label 'R' }"
    answer = client.post("/what-if", json={"update": update, "lineage": "ex:ana"})
    assert answer.status_code == 200, answer.text
    assert answer.json() == graph.what_if(update=update, lineage="ex:ana").model_dump(mode="json")
    graph.refresh()
    assert graph.view().snapshot == answer.json()["snapshot"]
    added = client.post("/what-if", json={"add": [{"name": "../x.ttl", "text": TURTLE}]})
    assert (added.status_code, added.json()["code"]) == (400, "input-not-readable")


def test_an_analyst_cannot_look_at_the_history_by_asking_what_if(store: Path) -> None:
    update = "INSERT { ex:r rdfs:label ?m } WHERE { GRAPH <https://w3id.org/aimsgraph/graph/history> { ?c ?p ?m } }"
    with serving(store, "analyst") as client:
        answer = client.post("/what-if", json={"update": update})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


def test_a_job_is_cancelled_with_its_process(client: TestClient) -> None:
    place = (
        client.post("/validations", json={"engine": "pyshacl"}, headers=LATER)
        .headers["location"]
        .removeprefix(API)
    )
    while client.get(place).json()["state"] == "waiting":
        time.sleep(0.02)
    assert client.get(f"{place}/result").json()["code"] == "job-without-result"
    until = time.monotonic() + 10
    while not (before := workers()) and time.monotonic() < until:
        time.sleep(0.02)  # it is said to run before its process is there
    assert before
    assert client.delete(place).status_code == 204
    assert client.get(place).json()["state"] == "cancelled"
    until = time.monotonic() + 10
    while workers() & before and time.monotonic() < until:
        time.sleep(0.02)
    assert not workers() & before


def test_work_whose_process_is_killed_is_told_to_have_failed(client: TestClient) -> None:
    place = (
        client.post("/validations", json={"engine": "pyshacl"}, headers=LATER)
        .headers["location"]
        .removeprefix(API)
    )
    while not workers():
        time.sleep(0.02)
    for process in workers():
        os.kill(process, signal.SIGKILL)
    status = over(client, place)
    assert (status["state"], status["problem"]["code"]) == ("failed", "job-ended")
    assert client.get(f"{place}/result").status_code == 503


def test_a_fault_in_a_job_is_the_problem_that_the_request_would_have_had(client: TestClient) -> None:
    place = (
        client.post("/imports", files=[("file", ("x.ttl", b"<x"))], headers=LATER)
        .headers["location"]
        .removeprefix(API)
    )
    status = over(client, place)
    assert (status["state"], status["problem"]["code"], status["problem"]["status"]) == (
        "failed",
        "syntax",
        400,
    )
    assert client.get(f"{place}/result").status_code == 400


def test_a_client_may_wait_for_a_while(client: TestClient) -> None:
    answer = client.post("/verifications", headers={"Prefer": "respond-async, wait=60"})
    assert answer.status_code == 200


def test_jobs_of_others_are_not_seen(store: Path) -> None:
    jobs = Jobs(store, Bounds(running=1))
    try:
        job = jobs.start("verification", {}, ANA)
        with pytest.raises(JobNotFoundError):
            jobs.job(job.id, BO)
        assert (jobs.jobs(BO), jobs.jobs(ANA)) == ([], [job])
        assert jobs.jobs(Principal("root", "administrator")) == [job]
    finally:
        jobs.close()


def test_no_more_jobs_are_taken_than_may_wait(store: Path) -> None:
    jobs = Jobs(store, Bounds(running=1, most=3, each=2))
    try:
        for _ in range(2):
            jobs.start("validation", {"engine": "pyshacl"}, ANA)
        with pytest.raises(JobsFullError):
            jobs.start("verification", {}, ANA)
        jobs.start("verification", {}, BO)
        with pytest.raises(JobsFullError):
            jobs.start("verification", {}, BO)
    finally:
        jobs.close()


def test_nothing_is_left_behind(store: Path) -> None:
    jobs = Jobs(store, Bounds(running=2))
    started = [jobs.start("verification", {}, ANA) for _ in range(2)]
    jobs.close()
    assert not any(job.folder.exists() for job in started)
    assert not started[0].folder.parent.exists()
    assert workers() == set()


def test_what_a_server_left_that_ended_by_force_is_swept_away() -> None:
    code = "from aimsgraph_api.jobs.home import Home; import os; print(Home().path, flush=True); os._exit(9)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    left, held = Path(done.stdout.strip()), Home()
    assert done.returncode == 9
    assert not left.exists()
    sweep()
    assert held.path.exists()
    held.close()
    assert not held.path.exists()


def test_results_are_kept_for_a_while_only(store: Path) -> None:
    jobs = Jobs(store, Bounds(kept=0.0))
    try:
        job = jobs.start("verification", {}, ANA)
        while not job.over:
            time.sleep(0.02)
        with pytest.raises(JobNotFoundError):
            jobs.job(job.id, ANA)
        assert not job.folder.exists()
    finally:
        jobs.close()


def test_work_that_takes_too_long_is_stopped(store: Path) -> None:
    jobs = Jobs(store, Bounds(seconds=0.2))
    try:
        job = jobs.start("verification", {}, ANA)
        while not job.over:
            time.sleep(0.02)
        assert job.problem is not None
        assert (job.problem["code"], job.problem["status"]) == ("time-limit", 504)
    finally:
        jobs.close()


def test_signs_of_life_come_while_nothing_happens(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph_api.routes.jobs.HEARTBEAT", 0.05)
    place = client.post("/verifications", headers=LATER).headers["location"].removeprefix(API)
    with client.stream("GET", f"{place}/events") as stream:
        text = "".join(stream.iter_text())
    assert re.search(r"^: still at it$", text, re.MULTILINE)
