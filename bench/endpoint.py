"""What the endpoint adds to a question, what it needs of memory, and who waits for whom.

    python bench/endpoint.py [ORGANISATIONS]     (default 112, a million triples; see organisations.py)

``aimsgraph serve`` answers at /sparql, on loopback. A client with one kept connection asks cheap questions, in turn
with pyoxigraph in this process: the difference of the medians is what the server adds.
Then every triple is asked for by a CONSTRUCT, while the memory of the server and its workers is looked at ten times a
second. At last cheap questions are asked alone, and while another client asks endless cross joins one after the other.
"""

from __future__ import annotations

import http.client
import re
import statistics
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pyoxigraph as ox
from load import running
from organisations import triples

import aimsgraph
from aimsgraph.vocab import PREFIXES

CHEAP: Final = {
    "ten classes": "SELECT ?s ?c WHERE { ?s a ?c } LIMIT 10",
    "all of one node": "SELECT ?p ?o WHERE { <https://example.org/meridian/5/model/affordability-v2> ?p ?o }",
    "yes or no": "ASK { ?s a aims:Risk }",
}
EVERYTHING: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
ENDLESS: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
TURNS: Final = 400


class Client:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def ask(self, query: str, form: str = "json") -> http.client.HTTPResponse:
        """Ask, and return the answer as it begins."""
        self.connection.request("GET", "/sparql?" + urlencode({"query": query, "format": form}))
        return self.connection.getresponse()

    def timed(self, query: str) -> float:
        """Ask, and return the seconds until the answer was there."""
        start = time.perf_counter()
        answer = self.ask(query)
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"status {answer.status}")
        return time.perf_counter() - start


def overhead(client: Client, store: ox.Store) -> None:
    """Print the medians of cheap questions, ours over HTTP and pyoxigraph's in this process, in turn."""
    print(f"{'a cheap question':24} {'server ms':>10} {'in process ms':>14} {'added ms':>9}")
    for name, query in CHEAP.items():
        seconds: tuple[list[float], list[float]] = ([], [])
        for turn in range(TURNS):
            took = client.timed(query)
            start = time.perf_counter()
            store.query(query, prefixes=PREFIXES).serialize(format=ox.QueryResultsFormat.JSON)
            if turn >= TURNS // 10:
                seconds[0].append(took)
                seconds[1].append(time.perf_counter() - start)
        ours, theirs = (statistics.median(one) * 1e3 for one in seconds)
        print(f"{name:24} {ours:10.2f} {theirs:14.2f} {ours - theirs:9.2f}", flush=True)


def everything(port: int, server: int, store: ox.Store) -> None:
    """Print what a CONSTRUCT of all triples takes, and the memory of the server and its largest worker meanwhile."""
    for form, its in (("nt", ox.RdfFormat.N_TRIPLES), ("ttl", ox.RdfFormat.TURTLE)):
        before, seen, done = memory(server), list[tuple[int, int]](), threading.Event()

        def look(seen: list[tuple[int, int]] = seen, done: threading.Event = done) -> None:
            while not done.wait(0.1):
                seen.append(memory(server))

        looking = threading.Thread(target=look)
        looking.start()
        start, size = time.perf_counter(), 0
        answer = Client(port).ask(EVERYTHING, form)  # a connection that is not used for long is closed
        while portion := answer.read(1 << 20):
            size += len(portion)
        took = time.perf_counter() - start
        done.set()
        looking.join()
        start = time.perf_counter()
        Counting().take(store, its)
        other = time.perf_counter() - start
        ends = [max(one[part] for one in [seen[len(seen) // 4], before]) for part in (0, 1)]
        print(
            f"CONSTRUCT as {form}: {size / 1e6:.0f} MB, {took:.1f} s, {size / took / 1e6:.1f} MB/s; "
            f"{took / other:.2f} x the engine's own in process ({other:.1f} s); "
            f"server {before[0]} MB before, {ends[0]} after a quarter, {max(one[0] for one in seen)} at most; "
            f"worker {before[1]}, {ends[1]}, {max(one[1] for one in seen)}",
            flush=True,
        )


class Counting:
    """Takes what is written, and keeps nothing."""

    def write(self, data: bytes) -> int:
        """Take a portion."""
        return len(data)

    def flush(self) -> None:
        """Do nothing."""

    def take(self, store: ox.Store, format: ox.RdfFormat) -> None:
        """Have the engine write the answer."""
        store.query(EVERYTHING).serialize(self, format=format)  # type: ignore[call-overload]


def memory(server: int) -> tuple[int, int]:
    """Return the memory of a process, and of the largest of its children, in MB."""
    children: list[str] = []
    for task in Path(f"/proc/{server}/task").iterdir():
        with suppress(OSError):  # a thread that has ended meanwhile
            children += (task / "children").read_text().split()
    return _resident(str(server)), max(map(_resident, children), default=0)


def _resident(pid: str) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(text.partition("VmRSS:")[2].split()[0]) // 1024 if "VmRSS:" in text else 0


def waiting(port: int) -> None:
    """Print the 95th hundredth of the times of cheap questions, alone and beside endless ones."""
    client, ended = Client(port), threading.Event()
    texts = list(CHEAP.values())

    def light() -> float:
        times = sorted(client.timed(texts[number % len(texts)]) for number in range(TURNS))
        return times[int(len(times) * 0.95)] * 1e3

    def heavy() -> None:
        number = 0
        with suppress(OSError, http.client.HTTPException):  # the server ends before the question
            while not ended.is_set():
                Client(port).ask(f"{ENDLESS} # {number}").read()
                number += 1

    light()
    alone = light()
    thread = threading.Thread(target=heavy, daemon=True)
    thread.start()
    time.sleep(2)
    beside = light()
    ended.set()
    print(
        f"cheap questions, p95: alone {alone:.2f} ms, beside endless ones {beside:.2f} ms: x {beside / alone:.2f}"
    )


def fill(place: Path, organisations: int) -> None:
    """Make a store of so many organisations."""
    aimsgraph.init(place)
    file = place.parent / "all.nt"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(triples(organisations))
    store = ox.Store(place / "db")
    for graph in (ox.DefaultGraph(), ox.NamedNode("https://w3id.org/aimsgraph/graph/source/all.nt")):
        store.bulk_load(path=str(file), format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    store.flush()
    store.optimize()


def main() -> None:
    """Make the store, and measure."""
    organisations = int(sys.argv[1]) if len(sys.argv) > 1 else 112
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "a.store")
        fill(place, organisations)
        view = aimsgraph.open(place).view()
        print(f"{view.count():,} triples")
        command = [sys.executable, "-m", "aimsgraph", "serve", "--store", str(place), "--port", "0"]
        with running([*command, "--time-limit", "600"], "http://127") as (said, server):
            port = int(re.findall(r"http://127\.0\.0\.1:(\d+)", said)[0])
            overhead(Client(port), view.store)
            everything(port, server, view.store)
            waiting(port)


if __name__ == "__main__":
    main()
