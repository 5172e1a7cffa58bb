"""Laws of impact on small random networks, with every world listed as the reference."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.trace.network import SCENARIOS, Network, Scenario, network, relevant
from aimsgraph.trace.paths import best_ways
from aimsgraph.trace.propagate import propagate
from aimsgraph.trace.simulation import simulate
from tests.property import tries

if TYPE_CHECKING:
    from aimsgraph.trace.outcome import Propagation

NODES = 5
PROBABILITIES = [0.0, 0.25, 0.5, 0.8, 1.0]


@st.composite
def networks(draw: st.DrawFn, *, gates: bool = True) -> Network:
    """Networks with cycles, parallel edges, two shared controls, leaks and (with ``gates``) gates."""
    node = st.integers(0, NODES - 1)
    edges: list[tuple[int, int, float]] = draw(
        st.lists(st.tuples(node, node, st.sampled_from(PROBABILITIES)), max_size=7)
    )
    effectiveness = st.tuples(st.sampled_from(PROBABILITIES), st.sampled_from(PROBABILITIES))
    controls = {
        name: (max(pair), min(pair))
        for name, pair in draw(st.fixed_dictionaries({"c": effectiveness, "d": effectiveness})).items()
    }
    guards = draw(
        st.dictionaries(node, st.lists(st.sampled_from(["c", "d"]), min_size=1, max_size=2), max_size=3)
    )
    needs = draw(st.dictionaries(node, st.integers(1, 3), max_size=2)) if gates else {}
    leaks = draw(st.dictionaries(node, st.sampled_from([0.3, 1.0]), max_size=1))
    built, number = network(
        [*edges, *((name, name, 0.0) for name in range(NODES))],
        [0],
        controls=controls,
        guards=guards,
        needs=needs,
        leaks=leaks,
    )
    assert number[0] == 0
    return built


def turned(net: Network, opened: list[int], leaked: set[int], hops: int | None) -> set[int]:
    """Return what turns in one world, step by step from the definition."""
    now = set(net.sources) | leaked
    step = 0
    while hops is None or step < hops:
        step += 1
        bringing = [int(net.target[edge]) for edge in opened if int(net.source[edge]) in now]
        following = now | {v for v in set(bringing) if bringing.count(v) >= net.needs.get(v, 1)}
        if following == now:
            break
        now = following
    return now


def listed(net: Network, scenario: Scenario, hops: int | None) -> np.ndarray:
    """Return Pr[node turns] by listing every world."""
    works = net.effectiveness(scenario)
    chances = [*net.probability.tolist(), *works.tolist(), *net.leaks.values()]
    result = np.zeros(net.size)
    edges, controls = len(net.probability), len(works)
    free = [(0, 1) if 0.0 < chance < 1.0 else (int(chance),) for chance in chances]
    for world in product(*free):
        weight = float(np.prod([c if hit else 1.0 - c for c, hit in zip(chances, world, strict=True)]))
        active = {number for number in range(controls) if world[edges + number]}
        opened = [e for e in range(edges) if world[e] and not active & set(net.guard_sets[int(net.guard[e])])]
        leaked = {node for node, hit in zip(net.leaks, world[edges + controls :], strict=True) if hit}
        for node in turned(net, opened, leaked, hops):
            result[node] += weight
    return result


def answered(net: Network, *, counted: bool, hops: int | None = None) -> Propagation:
    """Answer exactly, or by counting in worlds alone: there the laws hold world by world."""
    if not counted:
        return propagate(net, hops=hops)
    matter, distance = relevant(net, hops)
    return simulate(matter, distance, hops=hops, seed=7, worlds=256, time_limit=None, progress=None)


@settings(max_examples=tries(80), deadline=None)
@given(networks(), st.sampled_from([None, 1, 2, 3]))
def test_exact_equals_every_world_listed(net: Network, hops: int | None) -> None:
    answer = propagate(net, hops=hops)
    assert answer.method == "exact"
    within = answer.distance >= 0
    for scenario in SCENARIOS:
        expected = listed(net, scenario, hops)
        assert answer.probability[scenario][within] == pytest.approx(expected[within], abs=1e-12)
        assert not answer.probability[scenario][~within].any()


@settings(max_examples=tries(60), deadline=None)
@given(networks(gates=False))
def test_with_plain_gates_a_world_is_reachability(net: Network) -> None:
    certain = replace(
        net, probability=np.ceil(net.probability), leaks={}, claimed=net.claimed * 0, assured=net.assured * 0
    )
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_nodes_from(range(net.size))
    graph.add_edges_from(
        (int(a), int(b)) for a, b, p in zip(net.source, net.target, certain.probability, strict=True) if p
    )
    expected = {0, *nx.descendants(graph, 0)}
    answer = propagate(certain, max_exact_variables=0, worlds=64)
    assert {int(node) for node in np.flatnonzero(answer.probability["assured"] == 1.0)} == expected
    assert {int(node) for node in np.flatnonzero(answer.probability["assured"])} == expected


@settings(max_examples=tries(60), deadline=None)
@given(networks(), st.sampled_from([None, 2]))
def test_the_simulation_agrees_with_exact(net: Network, hops: int | None) -> None:
    exact, drawn = propagate(net, hops=hops), propagate(net, hops=hops, max_exact_variables=0, worlds=16_384)
    for scenario in SCENARIOS:
        # Five standard errors of 16,384 worlds.
        assert drawn.probability[scenario] == pytest.approx(exact.probability[scenario], abs=5 * 0.5 / 128)
    for one, other in zip(exact.effects, drawn.effects, strict=True):
        assert one.control == other.control
        assert other.if_off == pytest.approx(one.if_off, abs=5 * NODES * 0.5 / 128)
        assert other.if_on == pytest.approx(one.if_on, abs=5 * NODES * 0.5 / 128)


@settings(max_examples=tries(60), deadline=None)
@given(networks(), st.booleans())
def test_counting_fewer_controls_never_lowers_a_probability(net: Network, counted: bool) -> None:
    answer = answered(net, counted=counted)
    inherent, assured, claimed = (answer.probability[scenario] for scenario in SCENARIOS)
    assert (inherent >= assured).all()
    assert (assured >= claimed).all()
    for effect in answer.effects:
        total = assured[answer.distance > 0].sum()
        assert effect.if_on - 1e-9 <= total <= effect.if_off + 1e-9


@settings(max_examples=tries(60), deadline=None)
@given(networks(), st.integers(0, 20), st.booleans())
def test_a_more_likely_edge_never_lowers_a_probability(net: Network, edge: int, counted: bool) -> None:
    raised = net.probability.copy()
    raised[edge % len(raised)] = 1.0
    before, after = (
        answered(item, counted=counted).probability["assured"]
        for item in (net, replace(net, probability=raised))
    )
    assert (after >= before - 1e-12).all()


@settings(max_examples=tries(60), deadline=None)
@given(networks(), st.integers(0, 1), st.floats(0.0, 1.0), st.booleans())
def test_a_better_control_never_raises_a_probability(
    net: Network, control: int, better: float, counted: bool
) -> None:
    assured = net.assured.copy()
    assured[control] = max(assured[control], better)
    improved = replace(net, assured=assured, claimed=np.maximum(net.claimed, assured))
    before, after = (answered(item, counted=counted).probability["assured"] for item in (net, improved))
    assert (after <= before + 1e-12).all()


@settings(max_examples=tries(60), deadline=None)
@given(networks(), st.integers(1, 4))
def test_n_hops_reach_what_is_n_hops_away(net: Network, hops: int) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(net.size))
    graph.add_edges_from(zip(net.source.tolist(), net.target.tolist(), strict=True))
    expected = nx.single_source_shortest_path_length(graph, 0, cutoff=hops)
    distance = propagate(net, hops=hops).distance
    assert {node: int(distance[node]) for node in np.flatnonzero(distance >= 0)} == expected


@settings(max_examples=tries(60), deadline=None)
@given(networks())
def test_no_single_way_is_more_likely_than_its_end(net: Network) -> None:
    answer = propagate(net)
    ways = best_ways(answer.network, list(range(1, net.size)), count=5)
    for way in ways:
        end = int(answer.network.target[way.edges[-1]])
        assert way.probability <= answer.probability["assured"][end] + 1e-12


@settings(max_examples=tries(60), deadline=None)
@given(
    networks(),
    st.integers(0, NODES - 1),
    st.integers(0, NODES - 1),
    st.sampled_from(PROBABILITIES),
    st.booleans(),
    st.sampled_from([None, 2]),
)
def test_one_edge_more_never_lowers_a_probability(
    net: Network, source: int, target: int, chance: float, counted: bool, hops: int | None
) -> None:
    more = replace(
        net,
        source=np.append(net.source, source),
        target=np.append(net.target, target),
        probability=np.append(net.probability, chance),
        guard=np.append(net.guard, 0),
        edge_kind=np.append(net.edge_kind, 0),
    )
    before, after = (answered(item, counted=counted, hops=hops) for item in (net, more))
    for scenario in SCENARIOS:
        assert (after.probability[scenario] >= before.probability[scenario] - 1e-12).all()


@settings(max_examples=tries(60), deadline=None)
@given(networks(), st.integers(1, 4), st.booleans())
def test_one_hop_more_never_loses_a_node_nor_lowers_a_probability(
    net: Network, hops: int, counted: bool
) -> None:
    near, far = (answered(net, counted=counted, hops=limit) for limit in (hops, hops + 1))
    assert {*np.flatnonzero(near.distance >= 0)} <= {*np.flatnonzero(far.distance >= 0)}
    for scenario in SCENARIOS:
        assert (far.probability[scenario] >= near.probability[scenario] - 1e-12).all()


@settings(max_examples=tries(60), deadline=None)
@given(networks(), st.sampled_from([None, 2]))
def test_however_found_a_number_keeps_its_bounds_and_the_order_of_the_three(
    net: Network, hops: int | None
) -> None:
    exact, drawn = propagate(net, hops=hops), propagate(net, hops=hops, max_exact_variables=0, worlds=256)
    for answer in (exact, drawn):
        inherent, assured, claimed = (answer.probability[scenario] for scenario in SCENARIOS)
        assert (inherent >= assured).all()
        assert (assured >= claimed).all()
        assert answer.bounds is not None
        for scenario in SCENARIOS:
            assert (answer.probability[scenario] <= answer.bounds.high[scenario] + 1e-14).all()
            assert (answer.probability[scenario] >= answer.bounds.low[scenario] - 1e-14).all()
    assert drawn.low is not None
    assert drawn.high is not None
    assert (drawn.low <= drawn.probability["assured"]).all()
    assert (drawn.probability["assured"] <= drawn.high).all()
