"""Bounds hold for certain, with every world listed as the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.trace.bounds import bounds
from aimsgraph.trace.network import SCENARIOS, relevant
from tests.property import tries
from tests.property.test_impact_laws import listed, networks

if TYPE_CHECKING:
    from aimsgraph.trace.network import Network


@settings(max_examples=tries(120), deadline=None)
@given(networks(), st.sampled_from([None, None, 1, 2, 3]))
def test_every_world_listed_gives_a_number_within_the_bounds(net: Network, hops: int | None) -> None:
    matter, distance = relevant(net, hops)
    found = bounds(matter, distance, hops)
    within = distance >= 0
    for scenario in SCENARIOS:
        expected = listed(net, scenario, hops)
        # The reference itself rounds; the bounds do not lean on that.
        assert (found.low[scenario][within] <= expected[within] + 1e-14).all()
        assert (found.high[scenario][within] >= expected[within] - 1e-14).all()
        assert not found.high[scenario][~within].any()
