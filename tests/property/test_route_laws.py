"""Ways, what is shared, circles and weak points are what networkx, or taking nodes away one by one, says they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.store import describe, memory_view
from aimsgraph.trace import common, cycles, paths, project, read_filters, weak_points, weak_points_of
from aimsgraph.trace.condensation import circles
from aimsgraph.trace.dominators import dominators, subtree_sums
from tests.property import tries

if TYPE_CHECKING:
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store import View

VOCABULARY = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix ex: <https://example.org/meridian/> .
aims:dependsOn aims:impactDirection aims:ObjectToSubject ; aims:flowKind aims:Use .
aims:affectsParty aims:impactDirection aims:SubjectToObject ; aims:flowKind aims:Effect .
"""
EX = "https://example.org/meridian/"
SIZE = 7
NODE = st.integers(0, SIZE - 1)
EDGES = st.sets(st.tuples(NODE, NODE, st.booleans()), max_size=16)
TODAY = date(2026, 9, 30)
Edges = set[tuple[int, int, bool]]


def view_of(edges: Edges, kind: str = "aims:AISystem") -> View:
    """Each edge is stated either from its head, which depends on its tail, or from its tail, which affects its head."""
    stated = (f"ex:n{b} aims:dependsOn ex:n{a} ." if way else f"ex:n{a} aims:affectsParty ex:n{b} ."
              for a, b, way in sorted(edges))  # fmt: skip
    known = " ".join(f"ex:n{number} a {kind} ." for number in range(SIZE))
    return memory_view(VOCABULARY + known + "\n".join(stated))


def graph_of(edges: Edges) -> nx.DiGraph[int]:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(SIZE))
    graph.add_edges_from((a, b) for a, b, _ in edges)
    return graph


def refs(view: View, numbers: list[int]) -> list[NodeRef]:
    known = describe(view, [f"{EX}n{number}" for number in numbers])
    return [known[f"{EX}n{number}"] for number in numbers]


def number(iri: str) -> int:
    return int(iri.removeprefix(EX + "n"))


@settings(max_examples=tries(60), deadline=None)
@given(EDGES, st.sampled_from([None, 1, 2, 3]), st.integers(1, 6))
def test_the_ways_are_all_simple_paths_in_order(edges: Edges, hops: int | None, most: int) -> None:
    view, graph = view_of(edges), graph_of(edges)
    source, target = refs(view, [0, 1])
    answer = paths(view, project(view, today=TODAY), source, target, hops=hops, most=most)
    every = sorted(map(tuple, nx.all_simple_paths(graph, 0, 1)), key=lambda way: (len(way), way))
    near = [way for way in every if hops is None or len(way) - 1 <= hops]
    assert [tuple(map(number, path.nodes)) for path in answer.paths] == near[:most]
    expected = "paths" if len(near) > most else "hops" if len(every) > len(near) else "nothing"
    assert answer.completeness.stopped_by == expected
    assert answer.backwards is (not every and nx.has_path(graph, 1, 0))


@settings(max_examples=tries(60), deadline=None)
@given(EDGES, st.sets(NODE, min_size=2, max_size=4))
def test_what_is_shared_is_the_intersection_of_ancestors(edges: Edges, starts: set[int]) -> None:
    view, graph = view_of(edges), graph_of(edges)
    chosen = sorted(starts)
    answer = common(view, project(view, today=TODAY), refs(view, chosen))
    above = [nx.ancestors(graph, start) | {start} for start in chosen]
    joined = {end for edge in edges for end in edge[:2]}  # what nothing joins is not in the projection
    shared = set[int].intersection(*above) & joined
    assert {number(node.id) for node in answer.nodes} == shared
    for node in answer.nodes:
        here = number(node.id)
        assert node.hops == tuple(nx.shortest_path_length(graph, here, start) for start in chosen)
        below = nx.descendants(graph, here) & shared
        assert node.closest is (below <= nx.ancestors(graph, here) | {here})
    order = [(max(node.hops), sum(node.hops), node.id) for node in answer.nodes]
    assert order == sorted(order)


@settings(max_examples=tries(60), deadline=None)
@given(EDGES)
def test_the_circles_are_the_strongly_connected_components(edges: Edges) -> None:
    view, graph = view_of(edges), graph_of(edges)
    answer = cycles(view, project(view, today=TODAY))
    expected = [
        sorted(group)
        for group in nx.strongly_connected_components(graph)
        if len(group) > 1 or any(graph.has_edge(node, node) for node in group)
    ]
    assert [[number(node.id) for node in cycle.nodes] for cycle in answer.cycles] == sorted(
        expected, key=lambda group: (-len(group), group)
    )
    for cycle in answer.cycles:
        way = [number(node) for node in cycle.example]
        assert all(graph.has_edge(a, b) for a, b in zip(way, [*way[1:], way[0]], strict=True))
        inner = graph.subgraph(number(node.id) for node in cycle.nodes)
        assert len(way) == min(map(len, nx.simple_cycles(inner)))


def origins_of(graph: nx.DiGraph[int]) -> set[int]:
    """Return the members of the components that nothing leads to."""
    whole = nx.condensation(graph)
    return {
        node for group, degree in whole.in_degree() if degree == 0 for node in whole.nodes[group]["members"]
    }


@settings(max_examples=tries(60), deadline=None)
@given(EDGES)
def test_a_weak_point_of_a_node_is_what_cuts_off_its_origins_when_it_is_taken_away(edges: Edges) -> None:
    view, graph = view_of(edges), graph_of(edges)
    (node,) = refs(view, [0])
    answer = weak_points_of(view, project(view, today=TODAY), node)
    above = nx.ancestors(graph, 0) | {0}
    origins = origins_of(graph.subgraph(above)) - {0}
    expected = {}
    for point in above - {0}:
        left = graph.subgraph(above - {point})
        lost = {origin for origin in origins if origin == point or not nx.has_path(left, origin, 0)}
        if lost - {point} or lost == origins:
            expected[point] = (nx.shortest_path_length(graph, point, 0), len(lost), lost == origins)
    assert answer.origins == len(origins)
    assert {number(p.id): (p.hops, p.cut_off, p.everything) for p in answer.nodes} == expected
    assert [(-p.cut_off, p.hops, p.id) for p in answer.nodes] == sorted(
        (-p.cut_off, p.hops, p.id) for p in answer.nodes
    )


@settings(max_examples=tries(60), deadline=None)
@given(EDGES)
def test_a_weak_point_of_the_whole_is_what_cuts_others_off_from_every_origin(edges: Edges) -> None:
    view = view_of(edges)
    joined = {end for edge in edges for end in edge[:2]}
    graph = graph_of(edges).subgraph(joined)
    answer = weak_points(view, project(view, today=TODAY), read_filters(view, types=["aims:AISystem"]))
    origins = origins_of(graph)
    expected = {}
    for point in joined:
        left = graph.subgraph(joined - {point})
        fed = {node for start in origins - {point} for node in nx.descendants(left, start) | {start}}
        if lost := joined - fed - {point}:
            expected[point] = len(lost)
    assert {number(p.id): p.cut_off for p in answer.nodes} == expected
    assert (answer.origins, answer.targets) == (len(origins), len(joined))


@settings(max_examples=tries(150), deadline=None)
@given(st.lists(st.tuples(NODE, NODE), max_size=24))
def test_dominators_and_components_are_those_of_networkx(pairs: list[tuple[int, int]]) -> None:
    tail, head = (np.array([pair[end] for pair in pairs], np.int64) for end in (0, 1))
    graph: nx.DiGraph[int] = nx.DiGraph(pairs)
    graph.add_nodes_from(range(SIZE))
    above, order = dominators(tail, head, SIZE, 0)
    known = nx.immediate_dominators(graph, 0)
    assert above.tolist() == [-1 if node == 0 or node not in known else known[node] for node in range(SIZE)]
    assert set(order.tolist()) == {0} | nx.descendants(graph, 0)
    counts = subtree_sums(above, order, np.ones(SIZE, np.int64))
    for node in order.tolist()[1:]:
        left = graph.subgraph(set(graph) - {node})
        assert counts[node] == len(order) - len(nx.descendants(left, 0) | {0})
    least = {node: min(group) for group in nx.strongly_connected_components(graph) for node in group}
    assert circles(tail, head, SIZE).tolist() == [least[node] for node in range(SIZE)]
