"""What a history costs: loading, small changes, looking back, and room on the disk, against bare pyoxigraph in one run.

    python bench/store.py [ORGANISATIONS] [--changesets N]

loads so many organisations (default 112: 1.0 million triples; see ``organisations.py``) into a store, and the same
statements into bare pyoxigraph stores; then makes N small changesets (default 10,000, of 10 quads each). It prints:

- bulk load: the throughput here over that of ``bulk_load`` into the default graph alone, into the source's graph
  alone, and of all that a store holds (each statement in its source's graph and in the union);
- a small change: the median time until it is on the disk, over that of a bare ``flush()`` after the same quads; and how
  many changesets a second go to the disk when they are written together;
- the first answer as of the middle of the history, and the next ones;
- the bytes of patches and records over those of the data.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from organisations import triples

import aimsgraph
from aimsgraph import store
from aimsgraph.store import Change

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
GRAPH = "https://example.org/changes"
GROUP = 500


def main() -> None:
    """Measure all, in a folder that is removed."""
    parser = argparse.ArgumentParser(description="Measure the store.")
    parser.add_argument("organisations", type=int, nargs="?", default=112)
    parser.add_argument("--changesets", type=int, default=10_000)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        place = Path(folder)
        (place / "data.nt").write_text("".join(triples(words.organisations)), encoding="utf-8")
        loading(place)
        changing(place, words.changesets)
        looking_back(place)


def loading(place: Path) -> None:
    """Compare loading with history and without."""
    aimsgraph.init(place / "aims.store")
    graph = aimsgraph.open(place / "aims.store")
    began = time.perf_counter()
    (loaded,) = graph.load(place / "data.nt")
    ours = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    file, named = place / "data.nt", ox.NamedNode(GRAPH)

    def default(bare: ox.Store) -> None:
        bare.bulk_load(path=str(file), format=ox.RdfFormat.N_TRIPLES)

    def source(bare: ox.Store) -> None:
        bare.bulk_load(path=str(file), format=ox.RdfFormat.N_TRIPLES, to_graph=named)

    def both(bare: ox.Store) -> None:
        source(bare)
        default(bare)

    alone, own = bare_seconds(place / "bare-default", default), bare_seconds(place / "bare-source", source)
    same = bare_seconds(place / "bare-both", both)
    print(f"load of {loaded.triples:,} triples, put in order: {ours:.1f} s, peak {peak:,.0f} MB")
    print(f"  bulk_load, default graph alone: {alone:.1f} s; ours is {alone / ours:.0%} of its throughput")
    print(f"  bulk_load, source's graph:     {own:.1f} s; ours is {own / ours:.0%} of its throughput")
    print(f"  bulk_load of the same content:  {same:.1f} s; ours is {same / ours:.0%} of its throughput")
    data, patches = size(place / "bare-both"), size(place / "aims.store" / "changesets")
    print(f"  patches: {patches:,} bytes, {patches / data:.2f} of the {data:,} bytes of the data")


def bare_seconds(place: Path, load: Callable[[ox.Store], None]) -> float:
    """Return how long a bare store takes to load, to reach the disk and to put its files in order."""
    bare = ox.Store(place)
    began = time.perf_counter()
    load(bare)
    bare.flush()
    bare.optimize()
    return time.perf_counter() - began


def changing(place: Path, count: int) -> None:
    """Compare small changes, one by one and together, with bare quads and flushes."""
    bare = ox.Store(place / "bare-default")
    taken, flushed = [], []
    with store.open_writer(place / "aims.store") as writer:
        for number in range(100):
            began = time.perf_counter()
            writer.apply(quads(f"one{number}"), graph=GRAPH, author="a", message="m", now=NOW)
            taken.append(time.perf_counter() - began)
            bare.extend(quads(f"one{number}"))
            began = time.perf_counter()
            bare.flush()
            flushed.append(time.perf_counter() - began)
        began = time.perf_counter()
        for start in range(100, count, GROUP):
            names = range(start, min(count, start + GROUP))
            writer.commit([Change(GRAPH, "a", "m", quads(f"many{name}")) for name in names], now=NOW)
        together = (count - 100) / (time.perf_counter() - began)
    one, flush = statistics.median(taken), statistics.median(flushed)
    print(
        f"a changeset of 10 quads: {one * 1000:.1f} ms, {one / flush:.1f} times a flush of {flush * 1000:.1f} ms"
    )
    print(f"  in groups of {GROUP}: {together:,.0f} changesets a second")
    small(place, count)


def small(place: Path, count: int) -> None:
    """Say what the history of small changes takes on the disk, over what their quads take."""
    store.create(place / "small.store", now=NOW)
    with store.open_writer(place / "small.store") as writer:
        for start in range(0, count, GROUP):
            writer.commit(
                [Change(GRAPH, "a", "m", quads(f"x{name}")) for name in range(start, start + GROUP)], now=NOW
            )
    bare = ox.Store(place / "small.bare")
    for start in range(0, count, GROUP):
        some = [quad for name in range(start, start + GROUP) for quad in quads(f"x{name}")]
        bare.extend(some)
        bare.extend(ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(GRAPH)) for q in some)
    bare.flush()
    bare.optimize()
    store.compact(place / "small.store")
    data, whole = size(place / "small.bare"), size(place / "small.store")
    history = whole - data
    print(
        f"  {count:,} of them: {history:,} bytes of history, {history / data:.2f} of the {data:,} bytes of the data"
    )


def quads(name: str) -> list[ox.Quad]:
    """Return ten quads about a node, as people enter them."""
    node, link = ox.NamedNode(f"https://example.org/{name}"), "https://example.org/property"
    return [
        ox.Quad(node, ox.NamedNode(f"{link}{number}"), ox.Literal(f"the value of {name}, {number}"))
        for number in range(10)
    ]


def looking_back(place: Path) -> None:
    """Time the first and the next answers about an earlier state."""
    last = len(store.changesets(store.open_view(place / "aims.store")))
    for moment in (last // 2, 1, last - 1):
        took = []
        for _ in range(3):
            began = time.perf_counter()
            graph = aimsgraph.open(place / "aims.store", as_of=str(moment))
            graph.view().select("SELECT ?s WHERE { ?s a aims:Risk } LIMIT 10")
            took.append(time.perf_counter() - began)
        print(f"as of changeset {moment:,} of {last:,}: {took[0]:.2f} s at first, then {took[-1]:.2f} s")


def size(folder: Path) -> int:
    """Return the bytes of tables and patches in a folder; logs are as long as the time since they were emptied."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.suffix in {".sst", ".gz"})


if __name__ == "__main__":
    main()
