"""What a node reaches is what networkx says, by steps, in all, and counted for all nodes at once."""

from __future__ import annotations

from datetime import date

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.trace.annotations import Annotations
from aimsgraph.trace.blast import reaches
from aimsgraph.trace.condensation import circles, condensed
from aimsgraph.trace.interchange import to_networkx
from aimsgraph.trace.projection import Projection, assembled
from aimsgraph.trace.reach_counts import counts_from, estimated_counts, exact_counts
from aimsgraph.trace.way import walk
from tests.property import tries

SIZE = 12
NODE = st.integers(0, SIZE - 1)
EDGES = st.sets(st.tuples(NODE, NODE), max_size=30)


def projected(edges: set[tuple[int, int]]) -> Projection:
    listed = [(f"urn:{a:02}", f"urn:{b:02}", "urn:p", 1.0, 2) for a, b in sorted(edges)]
    return assembled("none", date(2026, 9, 30), Annotations({}, frozenset()), listed, set(), {}, {})


@settings(max_examples=tries(100), deadline=None)
@given(EDGES, st.sampled_from([None, 1, 2, 3]), st.sampled_from(["down", "up"]))
def test_so_many_hops_are_so_many_hops(edges: set[tuple[int, int]], hops: int | None, sense: str) -> None:
    projection = projected(edges)
    graph = to_networkx(projection)
    graph = graph if sense == "down" else graph.reverse()
    for node, name in enumerate(projection.ids):
        expected = nx.single_source_shortest_path_length(graph, name, cutoff=hops)
        found = walk(projection, node, sense, hops=hops)  # type: ignore[arg-type]
        names = [projection.ids[number] for number in found.nodes.tolist()]
        assert dict(zip(names, found.hops.tolist(), strict=True)) == {
            other: far for other, far in expected.items() if other != name
        }
        walked = {(a, b) for a, b in graph.edges() if a in expected and (hops is None or expected[a] < hops)}
        assert len(found.edges) == len(walked)
        cut = any(graph.out_degree(other) for other, far in expected.items() if far == hops)
        assert found.stopped == ("hops" if cut else "nothing")


@settings(max_examples=tries(100), deadline=None)
@given(EDGES)
def test_the_blast_radius_is_the_number_of_descendants(edges: set[tuple[int, int]]) -> None:
    projection = projected(edges)
    graph = to_networkx(projection)
    for direction, way in (("down", graph), ("up", graph.reverse())):
        found = reaches(projection, direction=direction)  # type: ignore[arg-type]
        assert found.exact.all()
        assert found.counts.tolist() == [len(nx.descendants(way, name)) for name in projection.ids]
        guessed = reaches(projection, direction=direction, exact_work=-1)  # type: ignore[arg-type]
        assert guessed.exact.all()  # so few nodes are all among those that reach the most
        assert guessed.counts.tolist() == found.counts.tolist()


@settings(max_examples=tries(100), deadline=None)
@given(EDGES)
def test_circles_are_strongly_connected_components(edges: set[tuple[int, int]]) -> None:
    source, target = (np.array([edge[end] for edge in sorted(edges)], np.int64) for end in (0, 1))
    found: dict[int, set[int]] = {}
    for node, number in enumerate(circles(source, target, SIZE).tolist()):
        found.setdefault(number, set()).add(node)
    graph: nx.DiGraph[int] = nx.DiGraph(edges)
    graph.add_nodes_from(range(SIZE))
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, nx.strongly_connected_components(graph)))


def test_many_nodes_are_counted_in_several_parts() -> None:
    size = 9_000  # more than fit into one part, with a hub, a circle and a long chain
    chain = [(at, at + 1) for at in range(8_000)]
    hub = [(8_500, at) for at in range(8_501, size)] + [(8_500, 7_990)]
    circle = [(8_100, 8_101), (8_101, 8_102), (8_102, 8_100), (8_102, 7_999), (8_499, 8_100)]
    edges = np.array(chain + hub + circle, np.int64)
    graph = condensed(edges[:, 0], edges[:, 1], size)
    counts = exact_counts(graph)
    assert counts[graph.place[[0, 7_999, 8_500, 8_101, 8_499]]].tolist() == [8_001, 2, 511, 5, 6]
    every = slice(None, None, 7)
    assert counts_from(graph, range(graph.size)[every]) == counts[every].tolist()


def test_an_estimate_is_as_good_as_it_says() -> None:
    draw = np.random.default_rng(7)
    target = draw.integers(1, 20_000, 60_000)
    source = target - np.minimum(target, 1 + draw.exponential(800, 60_000).astype(np.int64))
    graph = condensed(source, target, 20_000)
    exact, guessed = exact_counts(graph), estimated_counts(graph, 42)
    assert np.abs(guessed / exact - 1)[exact > 100].max() < 0.1
    assert np.array_equal(estimated_counts(graph, 42), guessed)
