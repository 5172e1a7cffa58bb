"""How long reading through our View takes against pyoxigraph's own, on one store, and what an export takes.

    python bench/reading.py [ORGANISATIONS]     (default 112, a million triples; see organisations.py)

For each question both read the same answer to terms that Python can use: ours to rows of rdflib terms, theirs to tuples
of their own. They take turns; what counts is the ratio of the medians of processor time, which others at work on the
machine disturb less. Then the Parquet export runs in a process of its
own, for its peak memory; and lineage and impact ask an Oxigraph server, step by step and by reading all dependencies.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from organisations import triples
from oxigraph_server import program, serving

from aimsgraph import trace
from aimsgraph.export import export_parquet
from aimsgraph.store import RemoteView, describe
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.endpoint import Endpoint
from aimsgraph.vocab import AIMS, PREFIXES, PROV, RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ask = Callable[[], object]

TODAY: Final = date(2026, 9, 30)
TURNS: Final = 5
EX: Final = "https://example.org/meridian/"
#: Questions as rows; the point questions are asked so many times in each turn.
ROWS: Final = {
    "every class of every node": (1, "SELECT ?s ?c WHERE { ?s a ?c }"),
    "every label": (1, "SELECT ?s ?l WHERE { ?s rdfs:label ?l }"),
    "200,000 statements": (1, "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 200000"),
    "evidence with its last day": (
        1, "SELECT ?c ?e ?d WHERE { ?c aims:evidencedBy ?e . ?e aims:validUntil ?d }"
    ),
    "risks with four columns": (
        1, "SELECT ?r ?l ?a ?o WHERE { ?r a aims:Risk ; rdfs:label ?l ; aims:threatens ?a ; aims:ownedBy ?o }"
    ),
    "a day of each piece": (1, "SELECT ?d WHERE { ?e aims:validUntil ?d }"),
    "all of one node": (200, "SELECT ?p ?o WHERE { <https://example.org/meridian/5/model/affordability-v2> ?p ?o }"),
    "a count": (20, "SELECT (COUNT(*) AS ?n) WHERE { ?c aims:evidencedBy ?e }"),
}  # fmt: skip
EDGES: Final = (RDF + "type", PROV + "wasDerivedFrom", AIMS + "evidencedBy")


def questions(view: EmbeddedView) -> Iterator[tuple[str, Ask, Ask]]:
    """Yield a name, how ours is asked, and how pyoxigraph is."""
    store, node, union = view.store, ox.NamedNode, ox.DefaultGraph()
    for name, (times, query) in ROWS.items():
        yield (
            f"rows: {name}",
            lambda query=query, times=times: [_last(view.rows(query)) for _ in range(times)],
            lambda query=query, times=times: [
                _last(map(tuple, store.query(query, prefixes=PREFIXES))) for _ in range(times)
            ],
        )
    query = ROWS["evidence with its last day"][1]
    yield (
        "select: evidence with its last day",
        lambda: view.select(query),
        lambda: [tuple(solution) for solution in store.query(query, prefixes=PREFIXES)],
    )
    controls = [str(row["c"]) for row in view.rows("SELECT ?c WHERE { ?c a aims:Control } LIMIT 500")]
    yield (
        "objects: the evidence of 500 controls",
        lambda: [view.objects(control, EDGES[2]) for control in controls],
        lambda: [
            [quad.object for quad in store.quads_for_pattern(node(control), node(EDGES[2]), None, union)]
            for control in controls
        ],
    )
    yield (
        "edges: three properties",
        lambda: _last(view.edges(EDGES)),
        lambda: [
            (quad.subject.value, quad.object.value)
            for name in EDGES
            for quad in store.quads_for_pattern(None, node(name), None, union)
        ][-1],
    )


def _last(rows: Iterator[object]) -> object:
    last = None
    for row in rows:
        last = row
    return last


def compare(view: EmbeddedView) -> None:
    """Let both read in turn, and print the medians."""
    totals = [0.0, 0.0]
    print(f"{'':42} {'ours ms':>9} {'theirs ms':>9} {'ratio':>6}")
    for name, ours, theirs in questions(view):
        seconds: tuple[list[float], list[float]] = ([], [])
        for turn in range(TURNS + 1):
            for place, ask in enumerate((ours, theirs) if turn % 2 else (theirs, ours)):
                start = time.process_time()
                ask()
                if turn:  # the first turn fills the caches of both
                    seconds[place if turn % 2 else 1 - place].append(time.process_time() - start)
        mine, other = map(statistics.median, seconds)
        totals = [totals[0] + mine, totals[1] + other]
        print(f"{name:42} {mine * 1e3:9.1f} {other * 1e3:9.1f} {mine / other:6.2f}", flush=True)
    print(
        f"{'all, sum of the medians':42} {totals[0] * 1e3:9.1f} {totals[1] * 1e3:9.1f} {totals[0] / totals[1]:6.2f}"
    )


def export(database: Path) -> None:
    """Export the store, and print what it took as JSON."""
    view = EmbeddedView(ox.Store.read_only(str(database)), "none")
    before, start, seconds = _peak(), time.perf_counter(), {}

    def told(_done: float, _total: float, text: str) -> None:
        seconds[text.removeprefix("writing ")] = time.perf_counter() - start

    with tempfile.TemporaryDirectory() as folder:
        answer = export_parquet(view, Path(folder, "tables"), today=TODAY, progress=told)
    found = {table.name: (table.rows, table.bytes) for table in answer.tables}
    print(json.dumps({"tables": found, "until": seconds, "before": before, "peak": _peak()}))


def _peak() -> float:
    """Return the peak memory in MB; Linux counts in the other number what the process was before its program began."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 << (20 if sys.platform == "darwin" else 10)
    )


def told_of_export(database: Path) -> None:
    """Run the export in a process of its own, and print rows per second and peak memory."""
    done = subprocess.run(
        [sys.executable, __file__, "--export", str(database)], capture_output=True, text=True, check=True
    )
    answer, before = json.loads(done.stdout), 0.0
    for name, (rows, size) in answer["tables"].items():
        took = answer["until"][name] - before
        before = answer["until"][name]
        print(f"export {name}: {rows:,} rows, {size:,} bytes, {took:.1f} s, {rows / took:,.0f} rows/s")
    print(f"export: peak memory {answer['peak']:.0f} MB (the process before it: {answer['before']:.0f} MB)")


class Counting(RemoteView):
    """A view of a server that counts the lines of answers that came."""

    lines = 0

    def _lines(self, query: str, form: str) -> Iterator[bytes]:
        for line in super()._lines(query, form):
            self.lines += 1
            yield line


def ask_server(file: Path) -> None:
    """Print how much of a server lineage and impact read, step by step and as a whole."""
    node = EX + "5/model/affordability-v2"
    with serving(file) as address:
        for name, ask in {"lineage, 2 hops up": _lineage, "impact, 2 hops": _impact}.items():
            for way in ("part", "whole"):
                view, start = Counting(Endpoint(address)), time.perf_counter()
                answer = ask(view, node, part=way == "part")
                took = time.perf_counter() - start
                print(
                    f"server, {name}, {way}: {view.lines:,} lines, {took:.2f} s, {answer} nodes", flush=True
                )


def _lineage(view: RemoteView, node: str, *, part: bool) -> int:
    words = {"direction": "up", "hops": 2}
    found = trace.lineage_reach(view, node, today=TODAY, threats=False, **words) if part else None  # type: ignore[arg-type]
    whole = found or trace.project(view, today=TODAY)
    return len(trace.lineage(view, whole, describe(view, [node])[node], **words).nodes)  # type: ignore[arg-type]


def _impact(view: RemoteView, node: str, *, part: bool) -> int:
    found = trace.impact_reach(view, [node], today=TODAY, hops=2) if part else None
    whole = found or trace.project(view, today=TODAY)
    return len(trace.impact(view, whole, [describe(view, [node])[node]], today=TODAY, hops=2).nodes)


def main() -> None:
    """Make the store, and measure."""
    if sys.argv[1:2] == ["--export"]:
        export(Path(sys.argv[2]))
        return
    organisations = int(sys.argv[1]) if len(sys.argv) > 1 else 112
    with tempfile.TemporaryDirectory() as folder:
        file, database = Path(folder, "all.nt"), Path(folder, "db")
        with file.open("w", encoding="utf-8") as out:
            out.writelines(triples(organisations))
        ontology = sorted(Path(__file__).parent.parent.glob("ontology/**/*.ttl"))
        store = ox.Store(database)
        for graph in (ox.DefaultGraph(), ox.NamedNode("urn:all")):
            store.bulk_load(path=str(file), format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
            for part in ontology:
                store.bulk_load(path=str(part), format=ox.RdfFormat.TURTLE, to_graph=graph)
        store.flush()
        store.optimize()
        view = EmbeddedView(store, "none")
        print(f"{view.count():,} triples")
        compare(view)
        quads = Path(folder, "all.nq")
        ox.serialize(store, quads, format=ox.RdfFormat.N_QUADS)
        del store, view
        told_of_export(database)
        if program() is not None:
            ask_server(quads)


if __name__ == "__main__":
    main()
