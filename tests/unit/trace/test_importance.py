"""Importance of edges and controls against values worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aimsgraph.trace.importance import Importance, Weight, importance
from aimsgraph.trace.network import network
from tests.unit.trace.test_propagate import bridge

if TYPE_CHECKING:
    from collections.abc import Hashable


def by_ends(found: Importance) -> dict[tuple[str, str], Weight]:
    part = found.network
    return {
        (part.names[int(part.source[one.number])], part.names[int(part.target[one.number])]): one
        for one in found.edges
    }


def birnbaum(one: Weight) -> float:
    return abs(one.always - one.never)


def test_in_series_each_edge_counts_for_the_product_of_the_others() -> None:
    net, number = network([("s", "a", 0.5), ("a", "b", 0.4), ("b", "t", 0.9)], ["s"])
    found = importance(net, number["t"])
    weights = by_ends(found)
    assert found.probability["assured"] == pytest.approx(0.18)
    assert birnbaum(weights["s", "a"]) == pytest.approx(0.36)
    assert birnbaum(weights["a", "b"]) == pytest.approx(0.45)
    assert birnbaum(weights["b", "t"]) == pytest.approx(0.20)
    assert [one.never for one in found.edges] == [0.0, 0.0, 0.0]


def test_in_parallel_an_edge_decides_when_the_other_is_closed() -> None:
    net, number = network([("s", "a", 0.5), ("a", "t", 1.0), ("s", "t", 0.8)], ["s"])
    weights = by_ends(importance(net, number["t"]))
    assert birnbaum(weights["s", "a"]) == pytest.approx(0.2)
    assert birnbaum(weights["s", "t"]) == pytest.approx(0.5)
    assert (weights["a", "t"].never, weights["a", "t"].always) == (pytest.approx(0.8), pytest.approx(0.9))


#: The bridge with p = .9: dP/dp of an outer part is q(1 + 2pq ... ) = .1062, of the middle part 2 p² q² = .0162.
OUTER, MIDDLE = 0.1062, 0.0162


def test_the_bridge_has_its_textbook_importance() -> None:
    net, number = bridge(0.9)
    found = importance(net, number["t"])
    weights = by_ends(found)
    for ends in (("s", "a"), ("s", "b"), ("a", "t"), ("b", "t")):
        assert birnbaum(weights[ends]) == pytest.approx(OUTER, abs=1e-12)
    (middle,) = found.controls
    assert birnbaum(middle) == pytest.approx(MIDDLE, abs=1e-12)
    # (P - P0) / P of an outer part: .9 x .1062 / .97848.
    now = found.probability["assured"]
    assert (now - weights["s", "a"].never) / now == pytest.approx(0.9 * OUTER / 0.97848, abs=1e-12)


def test_a_shared_control_has_one_weight_for_all_it_guards() -> None:
    edges = [("s", "a", 0.5), ("s", "b", 0.5), ("a", "t", 1.0), ("b", "t", 1.0)]
    net, number = network(edges, ["s"], controls={"c": (0.8, 0.4)}, guards={"a": ["c"], "b": ["c"]})
    (control,) = importance(net, number["t"]).controls
    assert (control.never, control.always) == (pytest.approx(0.75), 0.0)
    assert control.chance == 0.4


def test_what_has_no_bearing_on_the_target_is_not_weighed() -> None:
    edges = [("s", "a", 0.5), ("a", "t", 0.5), ("a", "x", 0.5), ("t", "y", 0.5), ("z", "t", 0.5)]
    net, number = network(edges, ["s"], controls={"c": (0.5, 0.5)}, guards={"x": ["c"]})
    found = importance(net, number["t"])
    assert set(by_ends(found)) == {("s", "a"), ("a", "t")}
    assert found.controls == ()
    assert found.numbers.tolist() == [0, 1]


def test_an_and_gate_needs_both_of_its_edges() -> None:
    net, number = network(
        [("s", "a", 0.5), ("s", "b", 0.4), ("a", "t", 1.0), ("b", "t", 1.0)], ["s"], needs={"t": 2}
    )
    found = importance(net, number["t"])
    assert found.probability["assured"] == pytest.approx(0.2)
    assert [one.never for one in found.edges] == [0.0] * 4


def test_a_hop_limit_leaves_out_longer_ways() -> None:
    net, number = network([("s", "t", 0.5), ("s", "a", 1.0), ("a", "t", 0.9)], ["s"])
    found = importance(net, number["t"], hops=1)
    assert set(by_ends(found)) == {("s", "t")}
    assert found.probability["assured"] == pytest.approx(0.5)


def test_guesses_are_forced_together() -> None:
    net, number = network([("s", "t", 0.5), ("s", "a", 0.3), ("a", "t", 0.9)], ["s"])
    found = importance(net, number["t"], guesses=[1, 2])  # type: ignore[arg-type]
    assert found.all_guesses == (pytest.approx(0.5), 1.0)
    assert importance(net, number["t"]).all_guesses is None


def test_a_cause_outside_the_graph_is_told_apart() -> None:
    net, number = network([("s", "t", 0.5), ("a", "t", 1.0)], ["s"], leaks={"a": 0.2})
    for most in (256, 0):
        found = importance(net, number["t"], max_exact_variables=most)
        assert found.probability["assured"] == pytest.approx(0.6, abs=0.01)
        assert found.without_leaks == pytest.approx(0.5, abs=0.01)


def simulated(
    edges: list[tuple[Hashable, Hashable, float]], **parts: object
) -> tuple[Importance, Importance]:
    net, number = network(edges, ["s"], **parts)  # type: ignore[arg-type]
    return importance(net, number["t"]), importance(net, number["t"], max_exact_variables=0)


@pytest.mark.parametrize("rare", [0.05, 0.5, 1.0])
def test_counting_in_worlds_meets_the_exact_weights(rare: float) -> None:
    edges: list[tuple[Hashable, Hashable, float]] = [
        ("s", "a", rare), ("s", "b", 0.9), ("a", "t", 0.8), ("b", "t", 0.3), ("a", "b", 0.5),
    ]  # fmt: skip
    exact, drawn = simulated(
        edges, controls={"c": (0.9, 0.5), "d": (0.5, 0.0)}, guards={"a": ["c"], "b": ["d", "c"]}
    )
    assert (exact.weighing, drawn.weighing) == ("exact", "simulated")
    assert drawn.weighing_worlds == 65_536
    wanted = {one.number: one for one in exact.edges}
    for one in drawn.edges:
        assert one.margin is not None
        # Twice the 95 % interval is four standard errors.
        assert birnbaum(one) == pytest.approx(birnbaum(wanted[one.number]), abs=2 * one.margin)
    for one, other in zip(sorted(drawn.controls, key=lambda one: one.number), exact.controls, strict=True):
        assert one.margin is not None
        assert birnbaum(one) == pytest.approx(birnbaum(other), abs=2 * one.margin)


def test_counting_in_worlds_knows_what_is_needed_for_all() -> None:
    _, drawn = simulated(
        [("s", "a", 0.7), ("a", "b", 0.5), ("a", "c", 0.5), ("b", "t", 0.9), ("c", "t", 0.9)]
    )
    assert by_ends(drawn)["s", "a"].never == pytest.approx(0.0, abs=1e-12)
    assert by_ends(drawn)["a", "b"].never > 0.1


def test_counting_is_the_same_each_time() -> None:
    edges: list[tuple[Hashable, Hashable, float]] = [("s", "a", 0.7), ("a", "t", 0.5), ("s", "t", 0.2)]
    first, second = simulated(edges)[1], simulated(edges)[1]
    assert (first.edges, first.controls) == (second.edges, second.controls)


def test_on_a_large_graph_those_not_weighed_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aimsgraph.trace.sampling.BUDGET", 1)
    monkeypatch.setattr("aimsgraph.trace.sampling.MOST", 1)
    edges: list[tuple[Hashable, Hashable, float]] = [("s", "a", 0.9), ("a", "t", 0.9), ("s", "t", 0.01)]
    drawn = simulated(edges, controls={"c": (0.5, 0.5), "d": (0.5, 0.5)}, guards={"a": ["c"], "s": ["d"]})[1]
    assert len(drawn.edges) == len(drawn.controls) == 1
    assert (drawn.edges_left_out, drawn.controls_left_out) == (2, 1)
