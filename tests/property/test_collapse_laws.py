"""What a system holds in a picture, against its definition on random graphs with cycles."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from aimsgraph.model.node import Edge, NodeRef
from aimsgraph.render.diagram import diagram

SIZE = 8
ARROWS = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=20)
SYSTEMS = st.sets(st.integers(0, SIZE - 1), max_size=4)


def firsts(node: int, arrows: list[tuple[int, int]], systems: set[int]) -> set[int]:
    """The systems that the ways downstream of a node meet first."""
    met, seen, waiting = set(), {node}, [node]
    while waiting:
        here = waiting.pop()
        if here in systems:
            met.add(here)
            continue
        for after in {b for a, b in arrows if a == here} - seen:
            seen.add(after)
            waiting.append(after)
    return met


@given(ARROWS, SYSTEMS)
def test_a_node_is_in_the_box_of_the_one_system_that_its_ways_meet_first(
    arrows: list[tuple[int, int]], systems: set[int]
) -> None:
    kinds = {node: "aims:AISystem" if node in systems else "aims:Dataset" for node in range(SIZE)}
    nodes = [NodeRef(id=f"urn:{node}", type=kind, label=str(node)) for node, kind in kinds.items()]
    edges = [Edge(source=f"urn:{a}", target=f"urn:{b}", property="aims:dependsOn") for a, b in arrows]
    drawn = diagram("t", nodes, edges, collapse="system").sketch
    met = {node: firsts(node, arrows, systems) for node in kinds}
    place = {node: f"urn:{min(those)}" if len(those) == 1 else kinds[node] for node, those in met.items()}
    assert {box.key: box.count for box in drawn.boxes} == Counter(place.values())
    between = Counter((place[a], place[b]) for a, b in set(arrows))
    keys = {box.name: box.key for box in drawn.boxes}
    assert {(keys[line.source], keys[line.target]): line.count for line in drawn.lines} == {
        ends: count for ends, count in between.items() if ends[0] != ends[1] or ends[0] == "aims:Dataset"
    }
