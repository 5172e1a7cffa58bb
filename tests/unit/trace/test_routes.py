"""All ways from one node to another."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aimsgraph.errors import UsageError
from aimsgraph.trace.filters import read_filters
from aimsgraph.trace.projection import project
from aimsgraph.trace.routes import paths
from aimsgraph.trace.simple_paths import simple_paths
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.routes import Paths
    from aimsgraph.store import View

GRAPH = """
ex:clean prov:wasDerivedFrom ex:raw . ex:set prov:wasDerivedFrom ex:clean , ex:raw .
ex:clean prov:wasDerivedFrom ex:set . ex:set aims:dependsOn ex:raw .
ex:model aims:trainedOn ex:set , ex:clean . ex:system aims:usesModel ex:model .
ex:risk aims:threatens ex:raw . ex:raw rdfs:label "Raw data" . ex:lonely a aims:Dataset .
"""


@pytest.fixture
def ask(graph: Callable[..., View], named: Callable[[View, str], NodeRef]) -> Callable[..., Paths]:
    view = graph(GRAPH)

    def answer(source: str, target: str, along: tuple[str, ...] = (), **options: object) -> Paths:
        wanted = read_filters(view, along=along)
        ends = named(view, source), named(view, target)
        return paths(view, project(view, today=TODAY), *ends, wanted=wanted, **options)  # type: ignore[arg-type]

    return answer


def ways(answer: Paths) -> list[str]:
    return [" ".join(node.removeprefix(EX) for node in path.nodes) for path in answer.paths]


def test_every_way_is_found_fewest_hops_first_and_no_node_twice(ask: Callable[..., Paths]) -> None:
    answer = ask("raw", "model")
    assert ways(answer) == ["raw clean model", "raw set model", "raw clean set model", "raw set clean model"]
    assert [path.hops for path in answer.paths] == [2, 2, 3, 3]
    assert answer.completeness.complete


def test_each_step_names_all_its_properties(ask: Callable[..., Paths]) -> None:
    assert ask("raw", "set").paths[0].properties == (("aims:dependsOn", "prov:wasDerivedFrom"),)
    assert ask("raw", "model").paths[2].properties == (
        ("prov:wasDerivedFrom",),
        ("prov:wasDerivedFrom",),
        ("aims:trainedOn",),
    )


def test_the_nodes_on_the_ways_are_named(ask: Callable[..., Paths]) -> None:
    assert [(node.id.removeprefix(EX), node.label) for node in ask("raw", "clean").nodes] == [
        ("clean", "clean"),
        ("raw", "Raw data"),
        ("set", "set"),
    ]


def test_more_ways_than_asked_for_are_said(ask: Callable[..., Paths]) -> None:
    answer = ask("raw", "model", most=3)
    assert len(answer.paths) == 3
    assert (answer.completeness.complete, answer.completeness.stopped_by) == (False, "paths")
    assert ask("raw", "model", most=4).completeness.complete


def test_a_hop_limit_is_exact_and_said_only_when_a_way_is_longer(ask: Callable[..., Paths]) -> None:
    answer = ask("raw", "model", hops=2)
    assert ways(answer) == ["raw clean model", "raw set model"]
    assert answer.completeness.stopped_by == "hops"
    assert ask("raw", "model", hops=3).completeness.complete


def test_a_search_that_is_given_up_says_so(ask: Callable[..., Paths]) -> None:
    answer = ask("raw", "model", max_steps=4)
    assert (answer.completeness.complete, answer.completeness.stopped_by) == (False, "steps")
    assert len(answer.paths) < 4


def test_where_there_is_no_way_it_says_whether_there_is_one_back(ask: Callable[..., Paths]) -> None:
    back = ask("system", "raw")
    assert (back.paths, back.backwards, back.completeness.complete) == ((), True, True)
    assert not ask("lonely", "raw").backwards
    assert not ask("raw", "system").backwards


def test_threats_are_left_out_unless_asked_for(ask: Callable[..., Paths]) -> None:
    assert ways(ask("risk", "clean")) == []
    assert ways(ask("risk", "clean", threats=True)) == ["risk raw clean", "risk raw set clean"]


def test_only_the_properties_named_are_walked(ask: Callable[..., Paths]) -> None:
    assert ways(ask("raw", "model", along=("aims:dependsOn", "aims:trainedOn"))) == ["raw set model"]


def test_the_same_node_twice_is_refused(ask: Callable[..., Paths]) -> None:
    with pytest.raises(UsageError, match="cannot be both ends"):
        ask("raw", "raw")


def test_a_long_chain_needs_no_recursion() -> None:
    tail = np.arange(20_000)
    found = simple_paths(tail, tail + 1, 20_001, 0, 20_000, most=5, hops=None, max_steps=50_000)
    assert (len(found.paths), len(found.paths[0]), found.stopped) == (1, 20_001, "nothing")


def test_a_long_way_is_not_kept_once_for_each_of_its_nodes() -> None:
    tail = np.arange(2_000)
    tracemalloc.start()
    simple_paths(tail, tail + 1, 2_001, 0, 2_000, most=5, hops=None, max_steps=50_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000  # 2,000 parts of up to 2,000 nodes would be 16 MB


def test_of_a_graph_with_countless_ways_the_shortest_come_at_once() -> None:
    """Twenty layers of ten nodes, each joined with each of the next: 10^19 ways of equal length, and cycles back."""
    layers = [np.arange(10) + 10 * layer for layer in range(20)]
    pairs = [(a, b) for one, two in pairwise(layers) for a in one for b in two]
    pairs += [(b, a) for a, b in pairs]
    ends = [(200, a) for a in layers[0]] + [(b, 201) for b in layers[-1]]
    tail, head = np.array([*pairs, *ends]).T
    found = simple_paths(tail, head, 202, 200, 201, most=3, hops=None, max_steps=100_000)
    assert found.stopped == "paths"
    assert found.paths == [(200, *range(0, 190, 10), 190 + last, 201) for last in range(3)]
