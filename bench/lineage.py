"""How long lineage takes on a large graph, against networkx and scipy on the same graph in the same run.

``python bench/lineage.py [NODES] [EDGES]`` (default 1,000,000 and 3,000,000) makes a graph in which each node derives
from earlier ones, near ones more often, loads it into a store on the disk, and prints: how quickly the projection is
read from the store, and of that the engine's own share; what is kept for an edge; how long a change takes to be brought
in; walks to the end and limited ones; how many nodes each node reaches. A time is the least of several: others may
be at work on the machine. networkx is used by the project anyway; scipy is compared with where it is installed
(``just bench-tools``). It ends with status 1 where answers differ.
"""

from __future__ import annotations

import os
import pickle
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pyoxigraph as ox

import aimsgraph
from aimsgraph import kept_dependencies, trace
from aimsgraph.model.node import NodeRef
from aimsgraph.store import Change, open_view
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.terms import to_rdflib_term
from aimsgraph.trace.annotations import Annotations
from aimsgraph.trace.columns import Columns
from aimsgraph.trace.projection import laid_out
from aimsgraph.trace.way import walk
from aimsgraph.vocab import EDITS_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.trace import Projection

TODAY = date(2026, 9, 30)
BASE = "https://example.org/large/dataset/"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
HOPS = 3
FAR = 8
SOURCES = 50


class Sink:
    """Takes what the engine writes, and forgets it."""

    def write(self, part: bytes) -> int:
        """Take a part."""
        return len(part)

    def flush(self) -> None:
        """Do nothing."""


def ends(nodes: int, edges: int, seed: int = 1) -> tuple[Any, Any]:
    """Return subjects and objects: a node derives from others before it."""
    draw = np.random.default_rng(seed)
    subjects = draw.integers(1, nodes, edges)
    back = np.minimum(subjects, 1 + draw.exponential(nodes / 20, edges).astype(np.int64))
    return subjects, subjects - back


def stored(place: Path, nodes: int, edges: int) -> EmbeddedView:
    """Load the graph, as the file that a person would load, into a store on the disk."""
    file = place.with_suffix(".nt")
    subjects, objects = ends(nodes, edges)
    with file.open("w", encoding="utf-8") as out:
        for a, b in zip(subjects.tolist(), objects.tolist(), strict=True):
            out.write(f"<{BASE}{a}> <{DERIVED}> <{BASE}{b}> .\n")
    graph = aimsgraph.init(place)
    graph.load(file, author="bench")
    file.unlink()
    view = graph.view()
    assert isinstance(view, EmbeddedView)  # noqa: S101 - it is in a folder
    return view


def least(times: int, work: Callable[[], object]) -> tuple[float, float]:
    """Return the least seconds, by the clock and of the processor, of so many times."""
    found = []
    for _ in range(times):
        clock, cpu = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - clock, time.process_time() - cpu))
    return min(one[0] for one in found), min(one[1] for one in found)


def reading(view: EmbeddedView) -> Projection:
    """Print how quickly the projection is read, and what is kept of it."""

    def bare() -> None:
        query = f"SELECT ?s ?o WHERE {{ ?s <{DERIVED}> ?o }}"
        view.store.query(query).serialize(Sink(), format=ox.QueryResultsFormat.TSV)  # type: ignore[union-attr, arg-type]

    made: list[Projection] = []

    def read() -> None:
        made[:] = [trace.project(view, today=TODAY)]

    (engine, engine_cpu), (all_, all_cpu) = least(2, bare), least(2, read)
    (projection,) = made
    for sense in ("down", "up"):
        projection.way(sense)  # type: ignore[arg-type]
    count = len(projection.source)
    print(
        f"projection of {projection.size:,} nodes and {count:,} edges: {all_:.2f} s ({count / all_:,.0f} edges/s), "
        f"of the processor {all_cpu:.2f} s ({count / all_cpu:,.0f} edges/s)"
    )
    print(
        f"  the engine alone, writing the same rows to nowhere: {engine:.2f} s, of the processor {engine_cpu:.2f} s; "
        f"ratio {all_ / engine:.2f}, of the processor {all_cpu / engine_cpu:.2f}"
    )
    text = pickle.dumps(projection)
    tracemalloc.start()
    again = pickle.loads(text)  # noqa: S301 - written just now
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(
        f"  kept (nodes with their IRIs, edges, both ways): {kept / len(again.source):.1f} bytes an edge; "
        f"the IRIs take {again.ids.nbytes / again.size:.1f} bytes a node",
        flush=True,
    )
    return projection


def keeping(place: Path) -> bool:
    """Print how quickly what the folder keeps is read, and what that saves a command; say whether it is the same."""
    graph = aimsgraph.open(place)
    anew = trace.project(graph.view(), today=TODAY)
    writing, _ = least(3, lambda: kept_dependencies.keep(anew, graph.view(), place))
    found: list[Projection | None] = []
    loading, cpu = least(5, lambda: found.append(kept_dependencies.found(graph.view(), place, TODAY)))
    count, size = len(anew.source), sum(file.stat().st_size for file in (place / "kept").iterdir())
    print(
        f"  from what the folder keeps: {loading:.2f} s ({count / loading:,.0f} edges/s), of the processor {cpu:.2f} s "
        f"({count / cpu:,.0f} edges/s); written in {writing:.2f} s, {size / count:.1f} bytes an edge"
    )
    shutil.rmtree(place / "kept")
    command = [
        sys.executable, "-m", "aimsgraph", "lineage", anew.ids[int(anew.target[-1])], "--hops", str(HOPS), "--json",
        "--store", str(place),
    ]  # fmt: skip
    told, seconds = [], []
    for _ in range(3):
        start = time.perf_counter()
        told.append(subprocess.run(command, check=True, capture_output=True).stdout)
        seconds.append(time.perf_counter() - start)
    print(
        f"  a command that asks for {HOPS} hops: {seconds[0]:.1f} s the first time, then {min(seconds[1:]):.1f} s",
        flush=True,
    )
    last = found[-1]
    return (
        told[0] == told[1] == told[2]
        and last is not None
        and last.ids == anew.ids
        and all(
            np.array_equal(getattr(last, name), getattr(anew, name)) for name in ("source", "target", "kind")
        )
    )


def changing(place: Path, projection: Projection) -> tuple[Projection, bool]:
    """Print how long a change takes to be brought in; say whether the result is that of reading all anew."""
    draw, taken, graph = random.Random(1), [], aimsgraph.open(place)
    for turn in range(10):
        some = [f"{BASE}{draw.randrange(projection.size)}" for _ in range(2)]
        new, old = ox.NamedNode(f"{BASE}new-{turn}"), [ox.NamedNode(name) for name in some]
        added = [ox.Quad(new, ox.NamedNode(DERIVED), other, ox.NamedNode(EDITS_GRAPH)) for other in old]
        stated = graph.view().store.quads_for_pattern(old[0], ox.NamedNode(DERIVED), None, None)  # type: ignore[attr-defined]
        removed = [quad for quad in stated if isinstance(quad.graph_name, ox.NamedNode)]
        change = Change(None, "bench", "A change of a few statements", added, removed)
        with graph.writer() as writer:
            writer.commit([change], now=datetime.now(UTC), infer=False)
        changed = [
            tuple(map(to_rdflib_term, (quad.subject, quad.predicate, quad.object)))
            for quad in added + removed
        ]
        view = graph.view()
        start = time.perf_counter()
        renewed = trace.renewed(view, projection, changed)  # type: ignore[arg-type]
        taken.append(time.perf_counter() - start)
        assert renewed is not None  # noqa: S101 - so small a change is never too much
        projection = renewed
    anew = trace.project(graph.view(), today=TODAY)
    same = anew.ids == projection.ids and all(
        np.array_equal(getattr(anew, name), getattr(projection, name))
        for name in ("source", "target", "kind", "transmission", "basis", "threat")
    )
    print(
        f"a change of a few statements: median {statistics.median(taken) * 1e3:.0f} ms, slowest "
        f"{max(taken) * 1e3:.0f} ms; {'the same as' if same else 'NOT THE SAME AS'} reading all anew",
        flush=True,
    )
    return projection, same


def walking(view: EmbeddedView, projection: Projection) -> bool:
    """Print how long walks take; say whether all reach the same."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_edges_from(zip(projection.source.tolist(), projection.target.tolist(), strict=True))
    root = projection.index[f"{BASE}0"]
    ours, ours_cpu = least(7, lambda: walk(projection, root, "down"))
    reached = len(walk(projection, root, "down").nodes) + 1
    print(
        f"all that comes from one node, {reached:,} nodes: {ours * 1e3:.0f} ms, "
        f"of the processor {ours_cpu * 1e3:.0f} ms"
    )
    lengths, _ = least(1, lambda: nx.single_source_shortest_path_length(graph, root))
    edges, edges_cpu = least(1, lambda: sum(1 for _ in nx.bfs_edges(graph, root)))
    print(f"  networkx: bfs_edges {edges:.1f} s, ratio {edges / ours:.0f}, "
          f"of the processor {edges_cpu / ours_cpu:.0f}; "
          f"single_source_shortest_path_length {lengths:.1f} s, ratio {lengths / ours:.0f}")  # fmt: skip
    same = reached == len(nx.descendants(graph, root)) + 1
    same &= _against_scipy(projection, root, (ours, ours_cpu), reached)
    far, _ = least(5, lambda: walk(projection, root, "down", hops=FAR))
    theirs_far, _ = least(1, lambda: sum(1 for _ in nx.bfs_edges(graph, root, depth_limit=FAR)))
    count = len(walk(projection, root, "down", hops=FAR).nodes)
    same &= count == len(nx.single_source_shortest_path_length(graph, root, cutoff=FAR)) - 1
    print(
        f"  up to {FAR} hops, {count:,} nodes: {far * 1e3:.1f} ms; networkx bfs_edges {theirs_far:.2f} s, "
        f"ratio {theirs_far / far:.0f}"
    )
    draw = random.Random(2)
    some = [draw.randrange(projection.size) for _ in range(SOURCES)]
    whole = sorted(least(3, partial(walk, projection, node, "down"))[0] * 1e3 for node in some)
    print(
        f"all that comes of one of {SOURCES} nodes, to the end: median {statistics.median(whole):.1f} ms, "
        f"slowest {whole[-1]:.1f} ms"
    )
    walks = [walk(projection, node, "up", hops=HOPS) for node in some]
    limited, _ = least(5, lambda: [walk(projection, node, "up", hops=HOPS) for node in some])
    back = graph.reverse(copy=False)
    theirs, _ = least(
        3, lambda: [nx.single_source_shortest_path_length(back, node, cutoff=HOPS) for node in some]
    )
    same &= all(
        len(one.nodes) + 1 == len(nx.single_source_shortest_path_length(back, node, cutoff=HOPS))
        for node, one in zip(some, walks, strict=True)
        if node in back
    )
    refs = [NodeRef(id=projection.ids[node], type="", label="") for node in some]
    named = [least(3, partial(trace.lineage, view, projection, ref, hops=HOPS))[0] for ref in refs]
    print(
        f"up to {HOPS} hops from one node, {statistics.mean(len(one.nodes) for one in walks):.0f} nodes in the mean: "
        f"{limited / SOURCES * 1e6:.0f} µs, networkx {theirs / SOURCES * 1e6:.0f} µs, ratio {theirs / limited:.1f}; "
        f"networkx to the end ÷ ours {edges / limited * SOURCES:,.0f}"
    )
    print(
        f"  with names, types and labels from the store: median {statistics.median(named) * 1e3:.1f} ms, "
        f"slowest {max(named) * 1e3:.1f} ms",
        flush=True,
    )
    return same


def _against_scipy(projection: Projection, root: int, ours: tuple[float, float], reached: int) -> bool:
    try:
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import breadth_first_order
    except ImportError:
        print("  scipy is not installed")
        return True
    way, size = projection.way("down"), projection.size
    matrix = csr_matrix((np.ones(len(way.heads)), way.heads, way.start), shape=(size, size))
    theirs, cpu = least(7, lambda: breadth_first_order(matrix, root))
    print(
        f"  scipy's breadth_first_order on bare arrays {theirs * 1e3:.0f} ms; "
        f"ours ÷ scipy {ours[0] / theirs:.2f}, of the processor {ours[1] / cpu:.2f}"
    )
    return len(breadth_first_order(matrix, root)[0]) == reached


def counting(nodes: int, edges: int) -> bool:
    """Print how long it takes to count what every node of a graph reaches; say whether networkx agrees."""
    subjects, objects = ends(nodes, edges)
    columns = Columns(
        [f"{BASE}{at}".encode() for at in range(nodes)], (DERIVED,), objects, subjects,
        np.zeros(edges, np.int8), np.ones(edges), np.zeros(edges, np.int8),
    )  # fmt: skip
    few = laid_out("none", TODAY, Annotations({}, frozenset()), columns, set(), {}, {})
    exact: list[Any] = []
    exactly, _ = least(1, lambda: exact.append(trace.reaches(few, exact_work=10**15)))
    guess: list[Any] = []
    roughly, _ = least(1, lambda: guess.append(trace.reaches(few, exact_work=0)))
    counts, guessed = exact[0].counts, guess[0].counts
    large = counts > 100
    error = float(np.std(guessed[large] / counts[large] - 1))
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_edges_from(zip(few.source.tolist(), few.target.tolist(), strict=True))
    some = random.Random(3).sample(sorted(graph), 20)
    same = True
    start = time.perf_counter()
    for node in some:
        same &= len(nx.descendants(graph, node)) == counts[node]
    each = (time.perf_counter() - start) / len(some)
    print(
        f"what each of {len(graph):,} nodes reaches over {edges:,} edges: exactly {exactly:.1f} s, "
        f"estimated {roughly:.1f} s (standard error stated {guess[0].relative_error:.1%}, found {error:.1%})"
    )
    print(f"  networkx: {each * 1e3:.0f} ms a node, for all {each * len(graph) / 3600:.1f} hours; "
          f"ratio {each * len(graph) / exactly:,.0f} and {each * len(graph) / roughly:,.0f}", flush=True)  # fmt: skip
    return same


def main(nodes: int, edges: int) -> int:
    """Print all; return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        place = Path(folder) / "large.store"
        view = stored(place, nodes, edges)
        print(
            f"loaded in {time.perf_counter() - start:.0f} s; {os.getloadavg()[0]:.1f} others at work",
            flush=True,
        )
        projection = reading(view)
        same = keeping(place)
        projection, brought = changing(place, projection)
        same &= brought
        same &= walking(open_view(place), projection)
        same &= counting(nodes // 3, edges // 3)
    print(f"{os.getloadavg()[0]:.1f} at work; {'all answers agree' if same else 'ANSWERS DIFFER'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(*(map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (1_000_000, 3_000_000))))
