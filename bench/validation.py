"""How long the shapes take: asked of all nodes at once by the store, and node by node by pySHACL.

``python bench/validation.py [NODES …]`` checks the example organisation both ways in one run, and graphs of so many
nodes (see ``large_graph.py``) by the store alone; it prints seconds, findings and ratios.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from rdflib import Graph

from aimsgraph import resources
from aimsgraph.store import graph_view
from aimsgraph.validate import load_shapes, ontology_graph
from aimsgraph.validate.evaluation import evaluation_given
from aimsgraph.validate.peer import peer_results
from aimsgraph.validate.shacl import Evaluator

TODAY = date(2026, 9, 30)


def by_store(data: Graph) -> tuple[float, int]:
    """Return the seconds that the store takes over all shapes, and how many results there are."""
    view = graph_view(ontology_graph(), data)
    start = time.perf_counter()
    found = list(Evaluator(load_shapes().graph, view, evaluation_given(TODAY)).results())
    return time.perf_counter() - start, len(set(map(repr, found)))


def by_pyshacl(data: Graph) -> tuple[float, int]:
    """Return the same for pySHACL on a copy in memory."""
    union = ontology_graph() + data
    start = time.perf_counter()
    found = peer_results(union, load_shapes().graph, TODAY)
    return time.perf_counter() - start, len(set(map(repr, found)))


def main(sizes: list[int]) -> None:
    """Print a line for each graph."""
    example = Graph(bind_namespaces="none")
    for path in resources.files("examples", "meridian/*.ttl"):
        example.parse(path, format="turtle")
    load_shapes()
    triples = len(example) + len(ontology_graph())
    (ours, found), (theirs, same) = by_store(example), by_pyshacl(example)
    print(
        f"example, {triples:,} triples: store {ours:.2f} s ({found} results), pySHACL {theirs:.1f} s ({same}),",
        end=" ",
    )
    print(f"ratio {theirs / ours:.0f}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "large.nt"
            maker = Path(__file__).with_name("large_graph.py")
            subprocess.run(
                [sys.executable, str(maker), str(size), str(path)], check=True, capture_output=True
            )
            data = Graph(bind_namespaces="none").parse(path, format="nt")
        seconds, found = by_store(data)
        print(f"{size:,} nodes, {len(data):,} triples: store {seconds:.1f} s ({found:,} results),", end=" ")
        print(f"{seconds / (len(data) + len(ontology_graph())) * 1e6:.0f} µs a triple")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
