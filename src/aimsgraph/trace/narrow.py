"""Simulated numbers made better where more is known: solved in part, bounded for certain, or too rare to be met."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.causes import Search
from aimsgraph.trace.network import SCENARIOS, Scenario
from aimsgraph.trace.outcome import METHODS, Effect, Propagation
from aimsgraph.trace.rare import Rare

if TYPE_CHECKING:
    from aimsgraph.trace.bounds import Bounds
    from aimsgraph.trace.exact import Solution
    from aimsgraph.trace.projection import Floats

#: Below this a simulated probability is estimated anew from its causes.
RARE: Final = 1e-3
#: So many nodes are estimated anew, the nearest first, and of these what may be the most probable.
RARE_NODES: Final = 100
#: Up to this share of what was found, what the search for causes left is as good as nothing.
_SEARCHED: Final = 0.01
_EXACT, _SIMULATED, _RARE = range(len(METHODS))


def narrowed(drawn: Propagation, bounds: Bounds, solution: Solution | None, hops: int | None) -> Propagation:
    """Return a simulated answer with all that is known besides; ``solution`` is what could be solved (None: not tried).

    No number leaves its bounds, and inherent >= assured >= claimed still holds for every node.
    """
    work = _Narrowing(drawn, bounds)
    if solution is not None:
        work.solve(solution)
    left_out = work.estimate(hops)
    counted = drawn.distance > 0
    before, after = (float(p["assured"][counted].sum()) for p in (drawn.probability, work.probability))
    return replace(
        drawn,
        probability=work.probability,
        low=work.low,
        high=work.high,
        effects=tuple(
            Effect(one.control, one.if_off + after - before, max(0.0, one.if_on + after - before))
            for one in drawn.effects
        ),
        bounds=bounds,
        how=work.how,
        why_simulated=solution.stopped_by or None if solution is not None else "asked",
        rare_left_out=left_out,
    )


class _Narrowing:
    def __init__(self, drawn: Propagation, bounds: Bounds) -> None:
        self._drawn, self._bounds = drawn, bounds
        self.probability: dict[Scenario, Floats] = {
            scenario: bounds.within(scenario, drawn.probability[scenario]) for scenario in SCENARIOS
        }
        least, most = bounds.low["assured"], bounds.high["assured"]
        # One interval in twenty misses: where it is out of bounds, these say all that is known.
        low, high = (least if drawn.low is None else drawn.low), (most if drawn.high is None else drawn.high)
        missed = (low > most) | (high < least)
        self.low = np.where(missed, least, np.maximum(least, low))
        self.high = np.where(missed, most, np.minimum(most, high))
        self.how = np.full(len(drawn.distance), _SIMULATED, np.int64)

    def solve(self, solution: Solution) -> None:
        """Put in what was worked out exactly."""
        nodes = np.sort(solution.known[self._drawn.distance[solution.known] >= 0])
        columns = [self._drawn.network.effectiveness(scenario) for scenario in SCENARIOS]
        found = np.minimum.accumulate(
            solution.probabilities(nodes.tolist(), np.stack(columns, axis=1)), axis=1
        )
        for number, scenario in enumerate(SCENARIOS):
            self.probability[scenario][nodes] = found[:, number]
        self.low[nodes] = self.high[nodes] = found[:, 1]
        self.how[nodes] = _EXACT

    def estimate(self, hops: int | None) -> int:
        """Estimate what is rare from its causes; return how many nodes that are rare were left as they are."""
        drawn, most = self._drawn, self._bounds.high["assured"]
        rare = np.flatnonzero(
            (self.how == _SIMULATED)
            & (drawn.distance > 0)
            & (drawn.probability["assured"] < RARE)
            & (most > 0.0)
        )
        chosen = rare[np.lexsort((rare, -most[rare], drawn.distance[rare]))][:RARE_NODES]
        search, estimates = (
            Search(drawn.network, drawn.distance, self._bounds, hops),
            Rare(drawn.network, drawn.seed),
        )
        done = 0
        for number, node in enumerate(chosen.tolist()):
            search.share(len(chosen) - number)
            done += self._estimate(node, search, estimates)
        return len(rare) - done

    def _estimate(self, node: int, search: Search, estimates: Rare) -> bool:
        causes = search.causes(node)
        if causes is None:
            return False
        found = estimates.estimate(causes, 1)
        assured, low, high = (
            self._inside(node, value) for value in (found.probability, found.low, found.high)
        )
        if high - low >= self.high[node] - self.low[node] and low < high:
            return causes.rest[1] <= found.probability  # what there is already is as good
        if low == high and found.low < found.high:
            return True  # this interval missed what is certain; the one there is stays
        # What was simulated for no control stays where it is not rare; no number may leave the order of the three.
        inherent = float(self.probability["inherent"][node])
        if self._drawn.probability["inherent"][node] < RARE:
            without = estimates.estimate(causes, 0).probability
            inherent = without if causes.rest[0] <= _SEARCHED * without else max(inherent, without)
        claimed = estimates.estimate(causes, 2).probability
        values: dict[Scenario, float] = {
            "inherent": max(inherent, assured), "assured": assured, "claimed": min(claimed, assured)
        }  # fmt: skip
        for scenario, value in values.items():
            least, most = self._bounds.low[scenario][node], self._bounds.high[scenario][node]
            self.probability[scenario][node] = np.clip(value, least, most)
        self.low[node], self.high[node], self.how[node] = low, high, _RARE
        return True

    def _inside(self, node: int, value: float) -> float:
        return float(np.clip(value, self._bounds.low["assured"][node], self._bounds.high["assured"][node]))
