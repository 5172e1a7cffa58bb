"""How many saved questions a second our server answers to many at once, against FastAPI before rdflib.

    python bench/load.py [--houses 1] [--connections 32] [--seconds 15] [--each 1] [--store FOLDER]

Both serve the same statements (one house with its records and the ontology: the less there is, the better for rdflib,
which has it in memory). The mix is every saved question that rdflib answers in ``--each`` seconds of a processor, with
as many rows as ours; ours is asked at the route of the question, the peer at ``/sparql`` with the same text, terms in
place. Each connection asks one question after the other, drawn at random with a fixed seed, until time is up; ours
is asked first. A line says requests a second, the median and the 99th percentile of the time to the answer.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
from large_store import TODAY, opened, parameters
from questions import bound_text, in_time

from aimsgraph.query import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph as Memory

    from aimsgraph.engine import Graph

HERE: Final = Path(__file__).parent


@dataclass(slots=True)
class Measured:
    """What one server did under load: seconds of each answer, and what else came."""

    seconds: list[float] = field(default_factory=list)
    failed: dict[str, int] = field(default_factory=dict)
    took: float = 0.0
    worked: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.took

    def line(self, name: str) -> str:
        """Say it in a line."""
        if not self.seconds:
            return f"{name:10} no answer at all; failed: {self.failed}"
        middle, last = statistics.median(self.seconds), statistics.quantiles(self.seconds, n=100)[98]
        failed = f", failed: {self.failed}" if self.failed else ""
        return (
            f"{name:10} {self.rate:8.1f} requests/s, p50 {middle * 1e3:8.0f} ms, p99 {last * 1e3:8.0f} ms, "
            f"{len(self.seconds):,} answers in {self.took:.0f} s, "
            f"{self.worked / len(self.seconds) * 1e3:.1f} ms of processor each{failed}"
        )


def mix(graph: Graph, memory: Memory, each: float) -> dict[str, str]:
    """Return the questions that rdflib answers in time and as we do, each with its text, terms in place."""
    chosen, left = {}, []
    for name, saved in catalogue().items():
        text = bound_text(graph, name, 0)
        answer = in_time(memory, text, 4 * each)
        if (
            answer is not None
            and answer[0] <= each
            and answer[1] == len(graph.query(name, parameters(saved, 0), date=TODAY))
        ):
            chosen[name] = text
        else:
            left.append(name)
    print(
        f"{len(chosen)} questions; left out, since rdflib is too slow or counts otherwise: {', '.join(left) or 'none'}"
    )
    return chosen


async def load(requests: list[httpx.Request], connections: int, seconds: float) -> Measured:
    """Have so many connections ask at once."""
    measured = Measured()
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)

    async def connection(number: int, client: httpx.AsyncClient, end: float) -> None:
        draw = random.Random(number)
        while (asked := time.perf_counter()) < end:
            answer = await client.send(draw.choice(requests))
            if answer.status_code != httpx.codes.OK:
                kind = str(answer.status_code)
                measured.failed[kind] = measured.failed.get(kind, 0) + 1
            else:
                measured.seconds.append(time.perf_counter() - asked)

    async with httpx.AsyncClient(limits=limits, timeout=300, trust_env=False) as client:
        start = time.perf_counter()
        await asyncio.gather(*(connection(number, client, start + seconds) for number in range(connections)))
        measured.took = time.perf_counter() - start
    return measured


@contextmanager
def running(command: list[str], ready: str) -> Iterator[tuple[str, int]]:
    """Run a server for the length of a block; yield what it says when it is ready, and its number."""
    with (
        tempfile.NamedTemporaryFile() as told,
        subprocess.Popen(command, stdout=told, stderr=told) as process,
    ):
        try:
            said = ""
            while ready not in said and process.poll() is None:
                time.sleep(0.1)
                said = Path(told.name).read_text(encoding="utf-8")
            if ready not in said:
                raise SystemExit(said)
            yield said, process.pid
        finally:
            process.kill()
            process.wait()


def ours(store: Path | str, names: list[str], connections: int, seconds: float) -> Measured:
    """Measure our server."""
    command = [sys.executable, "-m", "aimsgraph", "serve", "--store", str(store), "--port", "0"]
    with running(command, "http://127") as (said, pid):
        address = re.findall(r"http://127\.0\.0\.1:\d+", said)[0]
        requests = [
            httpx.Request(
                "GET",
                f"{address}/api/v1/queries/{name}/results",
                params={
                    **parameters(catalogue()[name], 0),
                    **({"date": str(TODAY)} if _judges(name) else {}),
                },
            )
            for name in names
        ]
        return _measured(pid, requests, connections, seconds)


def _measured(pid: int, requests: list[httpx.Request], connections: int, seconds: float) -> Measured:
    """Put every question once, then load a server, and look at the processor time of it and its workers."""
    asyncio.run(load(requests, 2, 1.0))
    before = _worked(pid)
    measured = asyncio.run(load(requests, connections, seconds))
    measured.worked = _worked(pid) - before
    return measured


def _worked(pid: int) -> float:
    """Return the processor seconds of a process, of its children, and of those that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    seconds = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            with suppress(OSError):
                seconds += _worked(int(child))
    return seconds


def _judges(name: str) -> bool:
    return any(param.type == "date" for param in catalogue()[name].params)


def peer(file: Path, texts: list[str], connections: int, seconds: float) -> Measured:
    """Measure FastAPI before rdflib."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(HERE / "rdflib_endpoint.py"), str(file), str(port)]
    with running(command, "ready") as (_, pid):
        time.sleep(1)
        requests = [
            httpx.Request("GET", f"http://127.0.0.1:{port}/sparql", params={"query": text}) for text in texts
        ]
        return _measured(pid, requests, connections, seconds)


def main() -> None:
    """Print a line for each server, and the ratio."""
    parser = argparse.ArgumentParser(
        description="Ask our server and FastAPI before rdflib saved questions under load."
    )
    parser.add_argument("--houses", type=int, default=1)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument(
        "--each", type=float, default=1.0, help="Processor seconds that rdflib may take for a question."
    )
    parser.add_argument("--store", type=Path, default=None, help="Keep the store in this folder.")
    words = parser.parse_args()
    with opened(words.houses, words.store) as graph, tempfile.TemporaryDirectory() as folder:
        memory = graph.view().to_rdflib()
        file = Path(folder, "same.nt")
        memory.serialize(file, format="nt", encoding="utf-8")
        print(f"{len(memory):,} triples, {words.connections} connections")
        chosen = mix(graph, memory, words.each)
        mine = ours(graph.place, list(chosen), words.connections, words.seconds)
        print(mine.line("aimsgraph"), flush=True)
        other = peer(file, list(chosen.values()), words.connections, words.seconds)
        print(other.line("rdflib"))
        if mine.seconds and other.seconds:
            print(f"{mine.rate / other.rate:.1f} times the requests a second")


if __name__ == "__main__":
    main()
