"""The most probable single ways."""

from __future__ import annotations

from importlib import import_module

import pytest

from aimsgraph.trace.network import Network, network
from aimsgraph.trace.paths import best_ways, way_probability, ways_to


def ways(net: Network, targets: list[int], **options: int) -> list[tuple[list[str], float]]:
    return [
        ([net.names[int(net.target[edge])] for edge in way.edges], round(way.probability, 9))
        for way in best_ways(net, targets, **{"count": 5, **options})
    ]


def test_the_most_probable_way_need_not_be_the_shortest() -> None:
    net, number = network([("s", "t", 0.1), ("s", "a", 0.9), ("a", "t", 0.9)], ["s"])
    assert ways(net, [number["t"]]) == [(["a", "t"], 0.81), (["t"], 0.1)]
    assert ways(net, [number["t"]], hops=1) == [(["t"], 0.1)]
    assert ways(net, [number["t"]], count=1) == [(["a", "t"], 0.81)]


def test_a_control_before_several_edges_of_a_way_counts_once() -> None:
    net, number = network(
        [("s", "a", 1.0), ("a", "t", 1.0)], ["s"], controls={"c": (0.5, 0.5)}, guards={"s": ["c"], "a": ["c"]}
    )
    assert way_probability(net, [0, 1]) == 0.5
    assert ways(net, [number["t"]]) == [(["a", "t"], 0.5)]


def test_ways_avoid_cycles_and_closed_edges() -> None:
    net, number = network(
        [
            ("s", "a", 1.0),
            ("a", "s", 1.0),
            ("a", "b", 1.0),
            ("b", "a", 1.0),
            ("b", "t", 0.5),
            ("s", "t", 0.0),
        ],
        ["s"],
    )
    assert ways(net, [number["t"]]) == [(["a", "b", "t"], 0.5)]


def test_each_target_gets_its_best_way_before_any_gets_a_second() -> None:
    net, number = network([("s", "t", 0.9), ("s", "a", 0.8), ("a", "t", 0.8), ("t", "u", 0.1)], ["s"])
    assert ways(net, [number["t"], number["u"]], count=2) == [(["t"], 0.9), (["t", "u"], pytest.approx(0.09))]


def test_no_single_way_leads_through_a_gate_that_needs_two() -> None:
    edges = [
        ("s", "a", 1.0),
        ("s", "b", 1.0),
        ("a", "t", 0.9),
        ("b", "t", 0.9),
        ("t", "u", 1.0),
        ("s", "u", 0.1),
    ]
    net, number = network(edges, ["s"], needs={"t": 2})
    assert ways(net, [number["u"], number["t"]]) == [(["u"], 0.1)]


def test_a_control_before_a_whole_way_does_not_hide_that_it_is_the_best() -> None:
    # Counted for each edge, the control would make the long way .125; it counts once.
    edges = [("s", "a", 1.0), ("a", "b", 1.0), ("b", "t", 1.0), ("s2", "t", 0.2)]
    net, number = network(
        edges, ["s", "s2"], controls={"c": (0.5, 0.5)}, guards={name: ["c"] for name in ("s", "a", "b")}
    )
    assert ways(net, [number["t"]])[0] == (["a", "b", "t"], 0.5)


def test_more_ways_than_are_compared_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = [("s", f"a{n}", 0.5) for n in range(6)] + [(f"a{n}", "t", 0.1 * n) for n in range(1, 6)]
    net, number = network(edges, ["s"], controls={"c": (0.5, 0.5)}, guards={"a1": ["c"], "a2": ["c"]})
    assert ways_to(net, [number["t"]], count=2).complete
    monkeypatch.setattr(import_module("aimsgraph.trace.paths"), "_COMPARED", 3)
    assert not ways_to(net, [number["t"]], count=2).complete
    plain, number = network(edges, ["s"])
    assert ways_to(plain, [number["t"]], count=2).complete
