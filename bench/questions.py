"""How long each saved question takes on a million triples, and how much longer rdflib takes for some.

    python bench/questions.py [HOUSES] [--store FOLDER] [--rdflib QUESTION …] [--timeout SECONDS]

(default 23 houses with their records, a million triples; see ``large_store.py``). Each is asked as the program asks it:
by name, with the parameters of its example, in a worker process, to the rows in Python. The seconds are the median of
three; beside them is the processor time of one, which others at work on the machine disturb less. A store kept in a
folder (``--store``) is made once and used again. rdflib has the same statements in its memory, and parses and evaluates
the same text with the same terms bound; what it has not answered in time is told as such.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from large_store import ASKED, MILLION, TODAY, opened, parameters

from aimsgraph.errors import AimsgraphError
from aimsgraph.query import bind, catalogue
from aimsgraph.query.binding import engine_text
from aimsgraph.query.safety import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from rdflib import Graph as Memory

    from aimsgraph.engine import Graph

TURNS: Final = 3
#: What every question has to stay below, in seconds.
WANTED: Final = 1.0
#: Questions of different kinds that rdflib answers in reasonable time.
COMPARED: Final = (
    "systems-by-tier",
    "overdue-corrective-actions",
    "risks-by-family",
    "people-not-informed",
    "owned-by-nobody-here",
    "incidents-by-asset",
)


def asked(graph: Graph) -> Iterator[tuple[str, float, float, int | str]]:
    """Yield each question with its seconds, its processor seconds, and its number of rows or why there is no answer."""
    for name, saved in catalogue().items():
        seconds = []
        before = _processor()
        rows: int | str = 0
        for _ in range(TURNS):
            start = time.perf_counter()
            try:
                rows = len(graph.query(name, parameters(saved), date=TODAY))
            except AimsgraphError as error:
                rows = f"{error.code}: {error.message[:90]}"
            seconds.append(time.perf_counter() - start)
        yield name, statistics.median(seconds), (_processor() - before) / TURNS, rows


def _processor() -> float:
    """Return the processor seconds of this process and of those that it has seen end."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def compare(graph: Graph, names: Sequence[str], ours: dict[str, float], timeout: float) -> None:
    """Print how much longer rdflib takes for some questions, on the same statements in its memory."""
    start = time.perf_counter()
    memory = graph.view().to_rdflib()
    print(f"rdflib: {len(memory):,} triples read in {time.perf_counter() - start:.0f} s")
    for name in names:
        answer = in_time(memory, bound_text(graph, name), timeout)
        if answer is None:
            print(f"  {name:38} no answer in {timeout:,.0f} s, {timeout / ours[name]:,.1f} times ours")
            continue
        seconds, rows = answer
        print(
            f"  {name:38} {seconds:8.2f} s {rows:8,} rows {seconds / ours[name]:8,.1f} times ours", flush=True
        )


def bound_text(graph: Graph, name: str, house: int = ASKED) -> str:
    """Return the text of a question with the terms of its example in place, as the engine gets it."""
    saved = catalogue()[name]
    terms = bind(saved, parameters(saved, house), TODAY, graph.resolve)
    return engine_text(read(saved.text), terms).text


def in_time(memory: Memory, text: str, timeout: float) -> tuple[float, int] | None:
    """Have a copy of this process ask rdflib; return its processor seconds and rows, None when it fails or is late."""
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    process = multiprocessing.get_context("fork").Process(target=_ask, args=(memory, text, theirs))
    process.start()
    try:
        return ours.recv() if ours.poll(timeout) else None
    finally:
        process.kill()
        process.join()


def _ask(memory: Memory, text: str, answer: Connection) -> None:
    start = time.process_time()
    try:
        rows = len(list(memory.query(text)))
    except Exception:  # noqa: BLE001 - what rdflib cannot do, such as GRAPH on a graph, is no answer
        answer.send(None)
    else:
        answer.send((time.process_time() - start, rows))


def main() -> None:
    """Print the table, slowest first, and the comparison."""
    parser = argparse.ArgumentParser(description="Time the saved questions on a large store.")
    parser.add_argument("houses", type=int, nargs="?", default=MILLION)
    parser.add_argument("--store", type=Path, default=None, help="Keep the store in this folder.")
    parser.add_argument("--rdflib", nargs="*", default=COMPARED, help="The questions that rdflib is asked.")
    parser.add_argument("--timeout", type=float, default=120.0, help="Seconds that rdflib has for each.")
    words = parser.parse_args()
    with opened(words.houses, words.store) as graph:
        print(f"{graph.view().count():,} triples")
        found = sorted(asked(graph), key=lambda one: -one[1])
        for name, seconds, processor, rows in found:
            mark = " " if seconds < WANTED and not isinstance(rows, str) else "!"
            print(f"{mark} {name:40} {seconds * 1e3:9.0f} ms {processor * 1e3:9.0f} ms {rows:>8} rows")
        late = sum(seconds >= WANTED for _, seconds, _, _ in found)
        print(f"{len(found)} questions, {late} of them take {WANTED:g} s or more")
        if words.rdflib:
            compare(graph, words.rdflib, {name: processor for name, _, processor, _ in found}, words.timeout)


if __name__ == "__main__":
    main()
