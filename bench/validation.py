"""How long the project's shapes take, here and by others: same data, same shapes, same machine, one run.

    python bench/validation.py [--engine NAME …] [--timeout SECONDS] [--plot FILE.svg] [ORGANISATIONS …]

makes a graph of so many organisations (default 9: 100,000 triples; see ``organisations.py``) beside the ontology, and
has each engine check it in a process of its own. A line says the seconds of reading and of validating, the peak
memory, the number of results, whether they are those that the first engine finds, and the ratio of the seconds of
validating to its. An engine that is not installed, fails, or exceeds the time (default 600 seconds) is told as such.
``just bench-tools`` installs the engines of others. ``--plot`` draws the seconds of the first engine over triples.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines import ENGINES, TODAY
from organisations import triples
from plot import line_plot
from rdflib import Graph

from aimsgraph.validate import load_shapes, ontology_graph
from aimsgraph.validate.evaluation import evaluation_triples

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
Answer = dict[str, Any]


def written(organisations: int, folder: Path) -> tuple[Path, Path, int]:
    """Write data and shapes as N-Triples; return the files and the number of triples."""
    data, shapes = folder / f"{organisations}.nt", folder / "shapes.nt"
    known = Graph(bind_namespaces="none")
    known += ontology_graph()
    for triple in evaluation_triples(TODAY):
        known.add(triple)
    lines = known.serialize(format="nt").splitlines(keepends=True)
    count = 0
    with data.open("w", encoding="utf-8") as out:
        for line in (*lines, *triples(organisations)):
            out.write(line)
            count += bool(line.strip())
    load_shapes().graph.serialize(shapes, format="nt", encoding="utf-8")
    return data, shapes, count


def run(engine: str, data: Path, shapes: Path, timeout: float) -> Answer | str:
    """Return what an engine answered, or why it did not."""
    command = [sys.executable, str(HERE / "engines.py"), engine, str(data), str(shapes)]
    start = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        return f"stopped after {time.perf_counter() - start:.0f} s"
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        return f"failed: {last[:150]}"
    answer: Answer = json.loads(done.stdout.splitlines()[-1])
    return answer


def line_of(engine: str, answer: Answer | str, first: Answer, timeout: float) -> str:
    """Say in a line what an engine took and found, against the first."""
    if isinstance(answer, str):
        at_least = f", more than {timeout / first['validate']:,.0f}×" if "stopped" in answer else ""
        return f"  {engine:20} {answer}{at_least}"
    ratio = answer["validate"] / first["validate"]
    return (
        f"  {engine:20} read {answer['read']:6.1f} s, validate {answer['validate']:7.2f} s, {answer['peak']:6,.0f} MB, "
        f"{sum(answer['kinds'].values()):9,} results{_difference(answer, first)}, {ratio:,.2f}×"
    )


def _difference(answer: Answer, first: Answer) -> str:
    if answer is first:
        return ""
    if answer["digest"] == first["digest"]:
        return " (the same)"
    kinds = sorted({*answer["kinds"], *first["kinds"]})
    others = [kind for kind in kinds if answer["kinds"].get(kind, 0) != first["kinds"].get(kind, 0)]
    return f" (OTHERS: {len(others)} of {len(kinds)} kinds differ in number)"


def compare(organisations: int, engines: Sequence[str], timeout: float) -> tuple[int, float]:
    """Print a line for each engine; return the number of triples and the seconds of the first."""
    with tempfile.TemporaryDirectory() as folder:
        data, shapes, count = written(organisations, Path(folder))
        print(
            f"{organisations:,} organisations, {count:,} triples with the ontology, {len(load_shapes().checks)} checks:"
        )
        first = run(engines[0], data, shapes, timeout)
        if isinstance(first, str):
            sys.exit(f"  {engines[0]} {first}")
        print(line_of(engines[0], first, first, timeout), flush=True)
        for engine in engines[1:]:
            print(line_of(engine, run(engine, data, shapes, timeout), first, timeout), flush=True)
    return count, float(first["validate"])


def main() -> None:
    """Compare the engines that the command line names on graphs of the sizes that it names."""
    parser = argparse.ArgumentParser(description="Compare SHACL engines on the project's shapes.")
    parser.add_argument("organisations", type=int, nargs="*", default=[9])
    parser.add_argument(
        "--engine", action="append", choices=list(ENGINES), help="may be repeated; default: all"
    )
    parser.add_argument("--timeout", type=float, default=600.0, help="seconds for each engine")
    parser.add_argument("--plot", type=Path, help="draw our seconds over triples as SVG")
    words = parser.parse_args()
    points = [
        compare(organisations, words.engine or list(ENGINES), words.timeout)
        for organisations in words.organisations
    ]
    for count, seconds in points:
        print(f"{count:,} triples: {seconds:.2f} s, {seconds / count * 1e6:.1f} µs a triple")
    if words.plot:
        line_plot(words.plot, points, title="Validation by all shapes", across="triples", up="seconds")


if __name__ == "__main__":
    main()
