"""Lineage is what networkx says, on random graphs with cycles."""

from __future__ import annotations

from datetime import date

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.model.node import NodeRef
from aimsgraph.store import memory_view
from aimsgraph.trace.lineage import lineage
from aimsgraph.trace.projection import project
from tests.property import tries

VOCABULARY = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix ex: <https://example.org/meridian/> .
aims:dependsOn aims:impactDirection aims:ObjectToSubject ; aims:flowKind aims:Use .
aims:affectsParty aims:impactDirection aims:SubjectToObject ; aims:flowKind aims:Effect .
aims:threatens aims:impactDirection aims:SubjectToObject ; aims:flowKind aims:Threat .
"""
EX = "https://example.org/meridian/"
NODE = st.integers(0, 7)
TRIPLES = st.sets(
    st.tuples(NODE, st.sampled_from(["dependsOn", "affectsParty", "threatens"]), NODE), max_size=16
)


@settings(max_examples=tries(80), deadline=None)
@given(TRIPLES, st.sampled_from([None, 1, 2, 3]), st.booleans())
def test_lineage_is_ancestors_and_descendants(
    triples: set[tuple[int, str, int]], hops: int | None, threats: bool
) -> None:
    view = memory_view(VOCABULARY + "".join(f"ex:n{s} aims:{p} ex:n{o} ." for s, p, o in sorted(triples)))
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_node(0)
    for subject, name, target in triples:
        if name != "threatens" or threats:
            ends = (target, subject) if name == "dependsOn" else (subject, target)
            graph.add_edge(*ends, name)
    down = nx.single_source_shortest_path_length(graph, 0, cutoff=hops)
    up = nx.single_source_shortest_path_length(graph.reverse(), 0, cutoff=hops)
    both = {node: min(down.get(node, 99), up.get(node, 99)) for node in {*down, *up}}
    projection = project(view, today=date(2026, 9, 30))
    source = NodeRef(id=EX + "n0", type="", label="n0")
    for direction, expected in (("down", down), ("up", up), ("both", both)):
        answer = lineage(view, projection, source, direction=direction, hops=hops, include_threats=threats)  # type: ignore[arg-type]
        found = {int(node.id.removeprefix(EX + "n")): node.hops for node in answer.nodes}
        assert found == {node: far for node, far in expected.items() if node != 0}
        assert [node.hops for node in answer.nodes] == sorted(node.hops for node in answer.nodes)
        if direction == "down":
            walked = {
                (a, b, name) for a, b, name in graph.edges if a in down and (hops is None or down[a] < hops)
            }
            assert len(answer.edges) == len(walked)
            unwalked = any(graph.out_degree(node) for node, far in down.items() if far == hops)
            assert answer.completeness.complete is not unwalked
