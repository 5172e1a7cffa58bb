"""Published values, worked out exactly and met by the simulation."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from aimsgraph.trace.decision import TooLargeError
from aimsgraph.trace.network import network
from aimsgraph.trace.propagate import joint_probability, propagate

if TYPE_CHECKING:
    from collections.abc import Hashable

Edges = list[tuple["Hashable", "Hashable", float]]


def assured(edges: Edges, sources: list[Hashable], target: Hashable, **parts: Any) -> float:
    net, number = network(edges, sources, **parts)
    answer = propagate(net)
    assert answer.method == "exact"
    return float(answer.probability["assured"][number[target]])


#: Russell and Norvig, Artificial Intelligence, the noisy-OR table: P(not fever | cold, flu, malaria).
FEVER = {
    (0, 0, 0): 1.0,
    (0, 0, 1): 0.1,
    (0, 1, 0): 0.2,
    (0, 1, 1): 0.02,
    (1, 0, 0): 0.6,
    (1, 0, 1): 0.06,
    (1, 1, 0): 0.12,
    (1, 1, 1): 0.012,
}


@pytest.mark.parametrize("causes", FEVER)
def test_fever_is_as_likely_as_the_noisy_or_table_says(causes: tuple[int, int, int]) -> None:
    names: list[Hashable] = ["cold", "flu", "malaria"]
    edges: Edges = [("cold", "fever", 0.4), ("flu", "fever", 0.8), ("malaria", "fever", 0.9)]
    present = [name for name, there in zip(names, causes, strict=True) if there]
    assert assured(edges, present, "fever") == pytest.approx(1.0 - FEVER[causes], abs=1e-12)


def test_the_fever_table_has_eight_rows() -> None:
    assert set(FEVER) == set(product((0, 1), repeat=3))


#: Poolsappasit, Dewri and Ray, "Dynamic security risk management using Bayesian attack graphs", IEEE TDSC 2012.
ATTACK: Edges = [("remote", "D", 0.7), ("D", "B", 0.85), ("D", "C", 0.7), ("B", "A", 0.65), ("C", "A", 1.0)]


def test_the_attack_graph_gives_the_published_prior_of_its_goal() -> None:
    found = assured(ATTACK, ["remote"], "A")
    assert found == pytest.approx(0.606025, abs=1e-12)
    assert round(found, 4) not in (0.49, 0.6872)


def test_the_attack_graph_gives_the_published_posterior() -> None:
    net, number = network(ATTACK, ["remote"])
    both, goal = (joint_probability(net, number, nodes) for nodes in (["C", "A"], ["A"]))
    assert both / goal == pytest.approx(0.8085, abs=5e-5)


SHARED_STEM: Edges = [("s", "x", 0.5), ("x", "a", 0.8), ("x", "b", 0.8), ("a", "t", 0.9), ("b", "t", 0.9)]


def test_a_shared_stem_is_not_counted_twice() -> None:
    assert assured(SHARED_STEM, ["s"], "t") == pytest.approx(0.4608, abs=1e-12)


def bridge(probability: float) -> tuple[Any, dict[Hashable, int]]:
    """The bridge whose middle element is one chance for both directions, as a shared control is."""
    edges: Edges = [
        ("s", "a", probability),
        ("s", "b", probability),
        ("a", "t", probability),
        ("b", "t", probability),
        ("a", "ab", 1.0),
        ("ab", "b", 1.0),
        ("b", "ba", 1.0),
        ("ba", "a", 1.0),
    ]
    broken = 1.0 - probability
    return network(edges, ["s"], controls={"m": (broken, broken)}, guards={"ab": ["m"], "ba": ["m"]})


def test_the_bridge_network_has_its_textbook_reliability() -> None:
    net, number = bridge(0.9)
    answer = propagate(net)
    assert answer.method == "exact"
    assert answer.probability["assured"][number["t"]] == pytest.approx(0.97848, abs=1e-12)


def test_two_trains_in_series_of_two_in_parallel() -> None:
    edges: Edges = [
        ("s", "a", 0.5),
        ("s", "b", 0.7),
        ("a", "m", 1.0),
        ("b", "m", 1.0),
        ("m", "c", 0.5),
        ("m", "d", 0.7),
        ("c", "t", 1.0),
        ("d", "t", 1.0),
    ]
    assert assured(edges, ["s"], "t") == pytest.approx(0.7225, abs=1e-12)


def test_two_trains_joined_by_an_and_gate() -> None:
    edges: Edges = [
        ("s", "m", 0.5),
        ("s", "m", 0.7),
        ("s", "n", 0.5),
        ("s", "n", 0.7),
        ("m", "t", 1),
        ("n", "t", 1),
    ]
    assert assured(edges, ["s"], "t", needs={"t": 2}) == pytest.approx(0.7225, abs=1e-12)


def test_layers_of_protection_multiply() -> None:
    edges: Edges = [("year", "event", 0.1), ("event", "loss", 1.0)]
    layers = {
        name: (1.0 - failing, 1.0 - failing) for name, failing in (("l1", 0.1), ("l2", 0.1), ("l3", 0.01))
    }
    found = assured(edges, ["year"], "loss", controls=layers, guards={"event": list(layers)})
    assert found == pytest.approx(1e-5, rel=1e-9)


def test_one_control_before_two_edges_is_one_chance() -> None:
    edges: Edges = [("s", "a", 1.0), ("s", "b", 1.0), ("a", "t", 1.0), ("b", "t", 1.0)]
    shared = assured(edges, ["s"], "t", controls={"c": (0.5, 0.5)}, guards={"a": ["c"], "b": ["c"]})
    apart = assured(
        edges, ["s"], "t", controls={"c": (0.5, 0.5), "d": (0.5, 0.5)}, guards={"a": ["c"], "b": ["d"]}
    )
    assert (shared, apart) == (0.5, 0.75)


def test_a_cycle_does_not_cause_itself() -> None:
    edges: Edges = [("s", "x", 0.3), ("x", "y", 1.0), ("y", "x", 1.0), ("y", "z", 1.0), ("z", "y", 1.0)]
    assert assured(edges, ["s"], "z") == pytest.approx(0.3, abs=1e-15)


def test_two_of_three_need_two() -> None:
    edges: Edges = [("s", "a", 0.9), ("s", "b", 0.9), ("s", "c", 0.9)] + [(n, "t", 1.0) for n in "abc"]
    assert assured(edges, ["s"], "t", needs={"t": 2}) == pytest.approx(0.972, abs=1e-12)


def test_a_gate_waits_for_inputs_that_never_come() -> None:
    edges: Edges = [("s", "t", 1.0), ("elsewhere", "t", 1.0)]
    assert assured(edges, ["s"], "t", needs={"t": 2}) == 0.0


def test_a_leak_upstream_of_a_gate_counts_although_no_source_reaches_it() -> None:
    edges: Edges = [("s", "t", 1.0), ("elsewhere", "t", 1.0)]
    assert assured(edges, ["s"], "t", needs={"t": 2}, leaks={"elsewhere": 0.25}) == pytest.approx(0.25)


def test_a_hop_limit_counts_only_what_needs_no_more_steps() -> None:
    edges: Edges = [("s", "t", 0.5), ("s", "a", 1.0), ("a", "t", 1.0), ("t", "u", 1.0)]
    net, number = network(edges, ["s"])
    found = {hops: propagate(net, hops=hops).probability["assured"] for hops in (1, 2, 3)}
    assert [found[hops][number["t"]] for hops in (1, 2, 3)] == [0.5, 1.0, 1.0]
    assert [found[hops][number["u"]] for hops in (1, 2, 3)] == [0.0, 0.5, 1.0]


def test_a_control_off_and_on_brackets_the_sum_of_all_nodes() -> None:
    net, _ = network(
        [("s", "a", 1.0), ("a", "b", 0.5)], ["s"], controls={"c": (0.8, 0.4)}, guards={"a": ["c"]}
    )
    (effect,) = propagate(net).effects
    assert (effect.if_off, effect.if_on) == (pytest.approx(1.5), pytest.approx(1.0))


def fever() -> tuple[Any, dict[Hashable, int]]:
    edges: Edges = [("cold", "fever", 0.4), ("flu", "fever", 0.8), ("malaria", "fever", 0.9)]
    return network(edges, ["cold", "flu", "malaria"])


def trains() -> tuple[Any, dict[Hashable, int]]:
    edges: Edges = [("s", end, chance) for end in "mn" for chance in (0.5, 0.7)] + [
        (end, "t", 1.0) for end in "mn"
    ]
    return network(edges, ["s"], needs={"t": 2})


def goal_and_step() -> tuple[Any, dict[Hashable, int]]:
    """The attack graph with a node that turns when both C and A do."""
    return network([*ATTACK, ("C", "both", 1.0), ("A", "both", 1.0)], ["remote"], needs={"both": 2})


CASES: dict[str, tuple[Any, Hashable, float]] = {
    "attack graph": (network(ATTACK, ["remote"]), "A", 0.606025),
    "attack graph, goal with a step before it": (goal_and_step(), "both", 0.49),
    "shared stem": (network(SHARED_STEM, ["s"]), "t", 0.4608),
    "bridge": (bridge(0.9), "t", 0.97848),
    "fever": (fever(), "fever", 0.988),
    "two trains": (trains(), "t", 0.7225),
}
#: What is wrong: marginals multiplied, the step taken for the goal, all four parts needed.
WRONG = {
    "attack graph": (0.49, 0.6872),
    "shared stem": (0.5904,),
    "two trains": (0.1225,),
}


@pytest.mark.parametrize("seed", [1, 2, 42_001])
@pytest.mark.parametrize("case", CASES)
def test_the_simulation_meets_the_exact_value(case: str, seed: int) -> None:
    (net, number), target, expected = CASES[case]
    answer = propagate(net, seed=seed, max_exact_variables=0)
    assert answer.method == "simulated"
    assert answer.worlds == 65_536
    assert answer.low is not None
    assert answer.high is not None
    # Three standard errors: of so many runs of a 95 % interval some would miss.
    assert answer.probability["assured"][number[target]] == pytest.approx(expected, abs=3 * 0.5 / 256)
    for wrong in WRONG.get(case, ()):
        assert not answer.low[number[target]] <= wrong <= answer.high[number[target]]
    if seed == 42_001:
        assert answer.low[number[target]] <= expected <= answer.high[number[target]]


def test_the_simulation_meets_the_published_posterior() -> None:
    net, number = goal_and_step()
    found = propagate(net, max_exact_variables=0).probability["assured"]
    assert found[number["both"]] / found[number["A"]] == pytest.approx(0.8085, abs=3 * 0.5 / 200)


def test_the_simulation_gives_the_same_numbers_on_every_run() -> None:
    net, number = network(SHARED_STEM, ["s"])
    answer = propagate(net, max_exact_variables=0)
    assert int(answer.probability["assured"][number["t"]] * 65_536) == propagate_golden()


def propagate_golden() -> int:
    return 30_401


def test_a_network_that_is_too_large_says_so() -> None:
    edges: Edges = [(f"n{a}", f"n{b}", 0.5) for a in range(30) for b in range(30) if a != b]
    net, number = network(edges, ["n0"])
    with pytest.raises(TooLargeError):
        joint_probability(net, number, ["n1"])
    assert propagate(net, worlds=640).method == "simulated"


def test_a_sparse_network_of_five_hundred_edges_is_exact() -> None:
    edges: Edges = [(step, step + 1, 0.999) for step in range(400)]
    edges += [(step, step + 4, 0.5) for step in range(0, 400, 4)]
    net, number = network(edges, [0])
    answer = propagate(net)
    assert (answer.method, answer.why_simulated) == ("exact", None)
    # A hundred pieces in a row, each four steps or one shortcut.
    piece = 1 - (1 - 0.999**4) * 0.5
    assert answer.probability["assured"][number[400]] == pytest.approx(piece**100, rel=1e-12)
