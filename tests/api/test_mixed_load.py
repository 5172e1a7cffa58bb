"""Editors write and readers ask while the processes that work for the server are killed: nothing is lost or wrong.

``AIMSGRAPH_LOAD_MINUTES`` says for how long; without it this takes some seconds.
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import aimsgraph
from tests.api.small import EX, TURTLE, made
from tests.serving import ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = float(os.environ.get("AIMSGRAPH_LOAD_MINUTES", "0")) * 60 or 10.0
WRITERS = 3
#: What a server says that could not do something now: it is busy, or a process of its own was killed.
NOT_NOW = (429, 503, 504)
#: The memory of the server may not grow by more, from the second quarter of the time to the last.
GROWTH = 1.25

#: Which process is killed, and when.
CHANCE = Random()  # noqa: S311 - it protects nothing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")


@dataclass
class Text:
    """A text of one node that one editor alone writes: the number acknowledged last, and those tried since."""

    acknowledged: int = 0
    tried: int = 0

    def may_be(self, found: int, since: int) -> bool:
        """Say whether an answer may show a number that was asked for when ``since`` was acknowledged."""
        return since <= found <= self.tried


@dataclass
class Load:
    """What the threads share: the texts, what went wrong, and the hashes of acknowledged changesets."""

    client: httpx.Client
    texts: list[Text] = field(default_factory=lambda: [Text() for _ in range(WRITERS + 1)])
    hashes: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def ask(self, method: str, path: str, **asked: Any) -> httpx.Response | None:
        """Return the answer, or None where the server could not do it now."""
        answer = self.client.request(method, path, **asked)
        if answer.is_success:
            return answer
        self.count(f"{answer.status_code}")
        if answer.status_code not in NOT_NOW:
            self.wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return None

    def run(self, step: Callable[[], None]) -> None:
        """Do a step until the time is over; whatever it raises is wrong."""
        while not self.over.is_set():
            try:
                step()
            except Exception as error:  # noqa: BLE001 - it must not be lost with the thread
                self.wrong.append(f"{type(error).__name__}: {error}")
                return

    def write(self, number: int) -> None:
        """Change the text of one's own node, and read it back."""
        text = self.texts[number]
        text.tried += 1
        tried = text.tried
        body = {"label": f"w{number}-{tried}"}
        answer = self.ask(
            "PATCH", "/api/v1/nodes", params={"node": f"{EX}w{number}", "message": "load"}, json=body
        )
        if answer is None:
            return
        text.acknowledged = tried
        self.hashes.update(one["hash"] for one in answer.json()["changesets"])
        self.count("written")
        self.read(number)

    def bring(self) -> None:
        """Load a file anew; a process of its own does it, and may be killed."""
        text = self.texts[WRITERS]
        text.tried += 1
        tried = text.tried
        file = (
            f'{TURTLE.partition("ex:ana")[0]}ex:w{WRITERS} a aims:Owner ; rdfs:label "w{WRITERS}-{tried}" .'
        )
        answer = self.ask("POST", "/api/v1/imports", files=[("file", ("load.ttl", file.encode()))])
        if answer is not None:
            text.acknowledged = tried
            self.hashes.update(one["changeset"] for one in answer.json()["files"] if one["changeset"])
            self.count("imported")

    def read(self, number: int) -> None:
        """Ask for the text of a node: never older than what was acknowledged before, nor newer than was tried."""
        since = self.texts[number].acknowledged
        answer = self.ask("GET", "/api/v1/nodes", params={"text": f"w{number}-", "type": "aims:Owner"})
        if answer is not None:
            self.compare(number, since, [one["label"] for one in answer.json()["nodes"]])
            self.count("read")

    def query(self, number: int) -> None:
        """Ask for the same in SPARQL."""
        since = self.texts[number].acknowledged
        text = f"SELECT ?l WHERE {{ <{EX}w{number}> <http://www.w3.org/2000/01/rdf-schema#label> ?l }}"
        headers = {"Accept": "application/sparql-results+json"}
        answer = self.ask("GET", "/sparql", params={"query": text}, headers=headers)
        if answer is not None:
            self.compare(number, since, [row["l"]["value"] for row in answer.json()["results"]["bindings"]])
            self.count("queried")

    def question(self) -> None:
        """Ask saved questions and the like, which must answer."""
        for path, asked in (
            ("/api/v1/lineage", {"node": EX + "ana"}),
            ("/api/v1/nodes", {"type": "aims:Owner"}),
        ):
            if self.ask("GET", path, params=asked) is not None:
                self.count("asked")

    def check(self) -> None:
        """Have a file validated in a process of its own."""
        if self.ask("POST", "/api/v1/validation", files=[("file", ("c.ttl", TURTLE.encode()))]) is not None:
            self.count("checked")

    def compare(self, number: int, since: int, labels: list[str]) -> None:
        found = [int(label.rpartition("-")[2]) for label in labels]
        if since == 0 and not found:
            return
        if len(found) != 1 or not self.texts[number].may_be(found[0], since):
            self.wrong.append(f"w{number} was {since} or later, and the answer is {labels}")


def children(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            own = list(map(int, (task / "children").read_text().split()))
            found += own + [one for child in own for one in children(child)]
    return found


def memory(process: int) -> int:
    """Return how much memory a process holds, in KiB."""
    text = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", text)
    assert found
    return int(found[1])


@pytest.fixture
def store(tmp_path: Path) -> Path:
    place = made(tmp_path)
    (tmp_path / "w.ttl").write_text(
        TURTLE + "".join(f'ex:w{n} a aims:Owner ; rdfs:label "w{n}-0" .\n' for n in range(WRITERS)),
        encoding="utf-8",
    )
    aimsgraph.open(place).load(tmp_path / "w.ttl")
    return place


@pytest.fixture
def server(store: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    command = [sys.executable, "-m", "tests.api.runner", str(store)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, ended(process):
        assert process.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert address
        threading.Thread(target=process.stderr.read, daemon=True).start()
        with httpx.Client(base_url=address[0], timeout=120, trust_env=False) as client:
            yield process, client


def test_no_acknowledged_write_is_lost_and_no_answer_is_wrong_while_workers_are_killed(
    server: tuple[subprocess.Popen[str], httpx.Client], store: Path
) -> None:
    process, client = server
    load = Load(client)
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    steps: list[Callable[[], None]] = [lambda n=n: load.write(n) for n in range(WRITERS)]  # type: ignore[misc]
    steps += [load.bring, load.check, load.question, lambda: load.read(CHANCE.randrange(WRITERS))]
    if "/sparql" in paths:
        steps.append(lambda: load.query(CHANCE.randrange(WRITERS)))
    assert load.ask(
        "PATCH", "/api/v1/nodes", params={"node": EX + "w0"}, json={"label": "w0-0"}
    )  # what is slow once
    threads = [threading.Thread(target=load.run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    sizes: list[int] = []
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        time.sleep(CHANCE.uniform(0.5, 2.5))
        sizes.append(memory(process.pid))
        if found := children(process.pid):
            with suppress(ProcessLookupError):
                os.kill(CHANCE.choice(found), signal.SIGKILL)
                load.count("killed")
    load.over.set()
    for thread in threads:
        thread.join()
    some = [size >> 10 for size in sizes[:: max(1, len(sizes) // 12)]]
    sys.stdout.write(f"{load.counts}, memory in MiB meanwhile: {some}\n")
    assert process.poll() is None
    assert load.wrong == []
    assert load.counts["written"] >= 1
    assert load.counts["killed"] >= 1
    for number in range(WRITERS + 1):
        load.read(number)
    assert load.wrong == []
    graph = aimsgraph.open(store)
    assert load.hashes <= {one.hash for one in graph.log()}
    assert graph.verify().intact
    if SECONDS >= 120:
        quarter = len(sizes) // 4
        assert statistics.median(sizes[-quarter:]) <= GROWTH * statistics.median(sizes[quarter : 2 * quarter])
