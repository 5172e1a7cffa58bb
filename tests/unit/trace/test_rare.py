"""Numbers too small to be met in simulated worlds, and numbers that hold for certain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aimsgraph.trace.bounds import bounds
from aimsgraph.trace.network import network, relevant
from aimsgraph.trace.outcome import METHODS
from aimsgraph.trace.propagate import propagate

if TYPE_CHECKING:
    from collections.abc import Hashable

    from aimsgraph.trace.outcome import Propagation

Edges = list[tuple["Hashable", "Hashable", float]]


def drawn(edges: Edges, target: Hashable, **parts: Any) -> tuple[Propagation, Propagation, int]:
    net, number = network(edges, ["s"], **parts)
    return propagate(net, max_exact_variables=0), propagate(net), number[target]


LAYERS = {name: (1.0 - failing, 1.0 - failing) for name, failing in (("l1", 0.1), ("l2", 0.1), ("l3", 0.01))}


def test_layers_of_protection_are_told_although_no_world_shows_them() -> None:
    answer, _, loss = drawn(
        [("s", "event", 0.1), ("event", "loss", 1.0)], "loss", controls=LAYERS, guards={"event": list(LAYERS)}
    )
    assert (answer.method, answer.why_simulated) == ("simulated", "asked")
    assert answer.how is not None
    assert METHODS[answer.how[loss]] == "rare-event"
    assert answer.probability["assured"][loss] == pytest.approx(1e-5, rel=1e-9)
    assert answer.low is not None
    assert answer.high is not None
    assert answer.low[loss] <= 1e-5 * (1 + 1e-12)
    assert answer.high[loss] >= 1e-5 * (1 - 1e-12)


#: Six ways over two shared stems, all parts .01 or .05: below one in a million.
SMALL: Edges = [
    ("s", "a", 0.01),
    ("s", "b", 0.01),
    ("a", "c", 0.05),
    ("b", "c", 0.05),
    ("a", "d", 0.05),
    ("b", "d", 0.05),
    ("c", "t", 0.01),
    ("d", "t", 0.01),
    ("t", "u", 0.01),
    ("u", "c", 1.0),
]


@pytest.mark.parametrize(("target", "size"), [("t", 2e-5), ("u", 2e-7)])
def test_what_is_one_in_millions_lies_in_a_narrow_interval(target: str, size: float) -> None:
    answer, exact, node = drawn(SMALL, target)
    expected = float(exact.probability["assured"][node])
    assert expected == pytest.approx(size, rel=0.1)
    assert answer.how is not None
    assert answer.low is not None
    assert answer.high is not None
    assert METHODS[answer.how[node]] == "rare-event"
    assert answer.probability["assured"][node] == pytest.approx(expected, rel=5e-3)
    assert answer.low[node] <= expected <= answer.high[node]
    assert answer.high[node] - answer.low[node] < 0.01 * expected
    assert answer.rare_left_out == 0


def test_a_rare_number_is_the_same_on_every_run() -> None:
    first, _, node = drawn(SMALL, "u")
    second, _, _ = drawn(SMALL, "u")
    assert float(first.probability["assured"][node]) == float(second.probability["assured"][node])
    other, _, _ = drawn([*SMALL, ("s", "elsewhere", 0.5)], "u")
    assert float(first.probability["assured"][node]) == float(other.probability["assured"][node])


def test_what_is_not_estimated_is_counted_and_lies_within_certain_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aimsgraph.trace.causes.ALL_BEGINNINGS", 0)
    answer, exact, node = drawn(SMALL, "u")
    assert answer.how is not None
    assert answer.low is not None
    assert answer.high is not None
    assert METHODS[answer.how[node]] == "simulated"
    assert answer.rare_left_out == 2
    assert answer.bounds is not None
    assert answer.low[node] == answer.bounds.low["assured"][node]
    assert answer.high[node] == answer.bounds.high["assured"][node]
    assert answer.low[node] <= exact.probability["assured"][node] <= answer.high[node]


def test_causes_that_were_not_looked_for_widen_the_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    edges: Edges = [("s", f"x{way}", 0.001) for way in range(40)]
    edges += [(f"x{way}", "t", 0.01 if way else 0.02) for way in range(40)]
    monkeypatch.setattr("aimsgraph.trace.causes.CAUSES", 20)
    answer, exact, node = drawn(edges, "t")
    expected = float(exact.probability["assured"][node])
    assert answer.low is not None
    assert answer.high is not None
    assert answer.low[node] <= expected <= answer.high[node]
    assert answer.probability["assured"][node] <= expected


def test_a_network_too_large_is_solved_as_far_as_the_diagrams_go() -> None:
    edges: Edges = [("s", "a", 0.5), ("a", "b", 0.5)]
    edges += [("b", f"n{way}", 0.5) for way in range(30)]
    edges += [(f"n{a}", f"n{b}", 0.5) for a in range(30) for b in range(30) if a != b]
    net, number = network([*edges, ("n1", "end", 0.5)], ["s"])
    answer = propagate(net, worlds=640)
    assert (answer.method, answer.why_simulated) == ("simulated", "chances")
    assert answer.how is not None
    assert answer.low is not None
    assert answer.high is not None
    assert [METHODS[answer.how[number[name]]] for name in ("a", "b", "n1", "end")] == [
        "exact",
        "exact",
        "simulated",
        "simulated",
    ]
    assert answer.probability["assured"][number["b"]] == 0.25
    # Nothing passes the one way in.
    assert answer.bounds is not None
    assert (answer.bounds.high["assured"][[number["n1"], number["end"]]] <= 0.25 * (1 + 1e-9)).all()


def test_too_many_steps_are_told_apart_from_too_many_chances() -> None:
    edges: Edges = [(f"n{a}", f"n{b}", 0.5) for a in range(18) for b in range(18) if a != b]
    net, _ = network(edges, ["n0"])
    assert propagate(net, worlds=64).why_simulated == "steps"


def certain(edges: Edges, target: Hashable, **parts: Any) -> tuple[float, float]:
    net, number = network(edges, ["s"], **parts)
    found = bounds(*relevant(net))
    return tuple(float(side["assured"][number[target]]) for side in (found.low, found.high))  # type: ignore[return-value]


def test_two_ways_that_share_nothing_are_bounded_from_below_together() -> None:
    low, high = certain([("s", "a", 0.5), ("s", "b", 0.5), ("a", "t", 1.0), ("b", "t", 1.0)], "t")
    assert (low, high) == (pytest.approx(0.75, abs=1e-9), pytest.approx(0.75, abs=1e-9))


def test_what_multiplying_marginals_says_is_only_the_upper_bound_of_a_shared_stem() -> None:
    stem: Edges = [("s", "x", 0.5), ("x", "a", 0.8), ("x", "b", 0.8), ("a", "t", 0.9), ("b", "t", 0.9)]
    low, high = certain(stem, "t")
    assert low == pytest.approx(0.36, abs=1e-9)
    # .5904 would be the product of marginals; the stem is a cut of .5.
    assert high == pytest.approx(0.5, abs=1e-9)


def test_a_control_before_two_ways_is_not_counted_twice_by_the_lower_bound() -> None:
    ways: Edges = [("s", "a", 1.0), ("s", "b", 1.0), ("a", "t", 1.0), ("b", "t", 1.0)]
    low, high = certain(ways, "t", controls={"c": (0.5, 0.5)}, guards={"a": ["c"], "b": ["c"]})
    assert low == pytest.approx(0.5, abs=1e-9)
    assert high == pytest.approx(0.75, abs=1e-9)


def test_a_cycle_is_bounded_by_what_enters_it() -> None:
    cycle: Edges = [("s", "x", 0.3), ("x", "y", 1.0), ("y", "x", 1.0), ("y", "z", 1.0), ("z", "y", 1.0)]
    assert certain(cycle, "z") == (pytest.approx(0.3, abs=1e-9), pytest.approx(0.3, abs=1e-9))


def test_large_and_small_controls_are_followed_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    edges: Edges = [("s", "a", 0.5), ("a", "b", 0.9), ("b", "c", 0.9), ("c", "a", 0.9), ("c", "t", 0.9)]
    parts = {"controls": {"c": (0.5, 0.5)}, "guards": {"s": ["c"], "c": ["c"]}}
    near = certain(edges, "t", **parts)
    monkeypatch.setattr("aimsgraph.trace.ceiling._SPREAD", 0)
    assert np.allclose(near, certain(edges, "t", **parts))
