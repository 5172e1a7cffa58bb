"""Between which numbers each probability lies for certain, whether it was worked out, drawn or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.arrivals import Arrivals
from aimsgraph.trace.ceiling import ceiling
from aimsgraph.trace.floor import floor
from aimsgraph.trace.network import SCENARIOS, Network, Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.trace.projection import Floats, Ints

#: By how much, relatively, rounding may have moved a bound; it is moved outwards by as much.
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Per scenario and node, numbers that its probability is never below and never above."""

    low: Mapping[Scenario, Floats]
    high: Mapping[Scenario, Floats]

    def within(self, scenario: Scenario, value: Floats) -> Floats:
        """Return ``value`` moved to the nearest number that is possible."""
        result: Floats = np.clip(value, self.low[scenario], self.high[scenario])
        return result


def bounds(net: Network, distance: Ints, hops: int | None = None) -> Bounds:
    """Bound Pr[node turns] for every node of a network of relevant edges; 0 out of reach, 1 for sources.

    The fewer controls count, the larger both bounds are: what bounds one scenario bounds the next one too.
    """
    arrivals = Arrivals.of(net, distance)
    low: dict[Scenario, Floats] = {}
    high: dict[Scenario, Floats] = {}
    least, most = np.zeros(net.size), np.ones(net.size)
    for scenario in reversed(SCENARIOS):
        found = floor(arrivals, net.effectiveness(scenario), hops) * (1.0 - _ROUNDING)
        least = low[scenario] = np.maximum(least, _per_node(arrivals, distance, found))
    for scenario in SCENARIOS:
        found = ceiling(arrivals, net.effectiveness(scenario), distance, hops) * (1.0 + _ROUNDING)
        most = high[scenario] = np.minimum(most, _per_node(arrivals, distance, np.minimum(found, 1.0)))
    return Bounds(low, high)


def _per_node(arrivals: Arrivals, distance: Ints, found: Floats) -> Floats:
    result = np.zeros(len(distance))
    result[arrivals.plan.nodes] = found
    result[distance < 0] = 0.0
    result[list(arrivals.net.sources)] = 1.0
    return result
