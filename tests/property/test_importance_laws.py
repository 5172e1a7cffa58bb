"""Laws of importance on small random networks, with every world listed as the reference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.trace.importance import importance
from aimsgraph.trace.network import relevant
from tests.property import tries
from tests.property.test_impact_laws import NODES, listed, networks

if TYPE_CHECKING:
    from aimsgraph.trace.network import Network


@st.composite
def cases(draw: st.DrawFn) -> tuple[Network, int]:
    """Networks in which the source reaches at least two nodes, and one of those that it reaches."""
    net = draw(networks())
    chances = draw(st.tuples(*[st.sampled_from([0.25, 0.5, 1.0])] * 2))
    guard = [net.guard[net.source == node][:1].tolist() or [0] for node in (0, 1)]
    longer = replace(
        net,
        source=np.append(net.source, [0, 1]),
        target=np.append(net.target, [1, 2]),
        probability=np.append(net.probability, chances),
        guard=np.append(net.guard, np.ravel(guard)),
        edge_kind=np.append(net.edge_kind, [0, 0]),
    )
    reached = [node for node in range(1, NODES) if relevant(longer)[1][node] >= 0]
    return longer, draw(st.sampled_from(reached))


def with_edge(net: Network, edge: int, chance: float) -> Network:
    probability = net.probability.copy()
    probability[edge] = chance
    return replace(net, probability=probability)


def with_control(net: Network, control: int, chance: float) -> Network:
    assured = net.assured.copy()
    assured[control] = chance
    return replace(net, assured=assured)


@settings(max_examples=tries(60), deadline=None)
@given(cases(), st.sampled_from([None, 2]))
def test_each_forced_probability_is_that_of_every_world_listed(
    case: tuple[Network, int], hops: int | None
) -> None:
    net, target = case
    found = importance(net, target, hops=hops)
    if found.distance[target] < 0:  # out of reach within the limit
        return
    assert found.weighing == "exact"
    assert found.probability["assured"] == pytest.approx(listed(net, "assured", hops)[target], abs=1e-12)
    for one in found.edges:
        edge = int(found.numbers[one.number])
        assert one.never == pytest.approx(
            listed(with_edge(net, edge, 0.0), "assured", hops)[target], abs=1e-12
        )
        assert one.always == pytest.approx(
            listed(with_edge(net, edge, 1.0), "assured", hops)[target], abs=1e-12
        )
    for one in found.controls:
        for chance, value in ((0.0, one.never), (1.0, one.always)):
            expected = listed(with_control(net, one.number, chance), "assured", hops)[target]
            assert value == pytest.approx(expected, abs=1e-12)


@settings(max_examples=tries(60), deadline=None)
@given(cases())
def test_birnbaum_is_the_slope_of_the_probability(case: tuple[Network, int]) -> None:
    net, target = case
    found = importance(net, target)
    step = 0.125
    for one in found.edges:
        edge = int(found.numbers[one.number])
        low, high = max(0.0, one.chance - step), min(1.0, one.chance + step)
        rise = listed(with_edge(net, edge, high), "assured", None) - listed(
            with_edge(net, edge, low), "assured", None
        )
        assert one.always - one.never == pytest.approx(rise[target] / (high - low), abs=1e-9)


@settings(max_examples=tries(60), deadline=None)
@given(cases())
def test_shares_are_shares_and_what_is_left_out_changes_nothing(case: tuple[Network, int]) -> None:
    net, target = case
    found = importance(net, target)
    now = found.probability["assured"]
    for one in found.edges:
        assert 0.0 <= one.never <= now <= one.always <= 1.0
        # Criticality is the same number: the probability is linear in each chance.
        assert now - one.never == pytest.approx(one.chance * (one.always - one.never), abs=1e-9)
    for one in found.controls:
        assert 0.0 <= one.always <= now <= one.never <= 1.0
    weighed = set(found.numbers.tolist())
    for edge in range(len(net.source)):
        if edge not in weighed and net.probability[edge] > 0.0:
            other = listed(with_edge(net, edge, 0.0), "assured", None)[target]
            assert other == pytest.approx(now, abs=1e-12)


@settings(max_examples=tries(40), deadline=None)
@given(cases(), st.sampled_from([None, 2]))
def test_weights_counted_in_worlds_agree_with_the_exact_ones(
    case: tuple[Network, int], hops: int | None
) -> None:
    net, target = case
    exact = importance(net, target, hops=hops)
    if exact.distance[target] < 0:  # out of reach within the limit
        return
    drawn = importance(net, target, hops=hops, max_exact_variables=0, worlds=16_384)
    wanted = {one.number: one for one in exact.edges}
    for one in drawn.edges:
        # Five standard errors of 16,384 worlds, of which a tenth at least shows the other side.
        assert one.never == pytest.approx(wanted[one.number].never, abs=0.07)
        assert one.always == pytest.approx(wanted[one.number].always, abs=0.07)
    for one in drawn.controls:
        other = next(item for item in exact.controls if item.number == one.number)
        assert one.never == pytest.approx(other.never, abs=0.07)
        assert one.always == pytest.approx(other.always, abs=0.07)
    assert np.isfinite([one.margin for one in drawn.edges]).all()
