"""How likely nodes of one part of a year turn: exactly where that can be done, else counted in its worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.model.risk import ByControls
from aimsgraph.trace.network import SCENARIOS, Scenario, relevant
from aimsgraph.trace.outcome import wilson
from aimsgraph.trace.propagate import propagate
from aimsgraph.trace.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.trace.chance import Words
    from aimsgraph.trace.network import Network

#: With more chances than this it is not tried to be exact: many parts are worked out, and each try takes its time.
MOST_EXACT: Final = 128
#: A chance under each way to count controls, and the 95 % interval of the assured one; None when it is exact.
Likelihood = tuple[ByControls, tuple[float, float] | None]


def turning(
    network: Network, nodes: Sequence[int], *, seed: int, words: int
) -> dict[int, dict[Scenario, Words]]:
    """Return for each node (number) in which of 64 x ``words`` worlds it turns, under each scenario."""
    net, distance = relevant(network)
    worlds = Worlds(net, distance, hops=None, seed=seed)
    places = {node: int(worlds.place[node]) for node in nodes if distance[node] >= 0}
    found = {node: {name: np.zeros(words, np.uint64) for name in SCENARIOS} for node in nodes}
    at = 0
    for chunk in worlds.chunks(words):
        state = None
        for scenario in reversed(SCENARIOS):  # the less the controls do, the more turns
            state = chunk.solve(net.effectiveness(scenario), above=state)
            for node, place in places.items():
                if place >= 0:
                    found[node][scenario][at : at + chunk.words] = state.turned[place]
        at += chunk.words
    return found


def likelihoods(network: Network, nodes: Sequence[int], *, seed: int, words: int) -> list[Likelihood]:
    """Return the likelihood of each of the nodes (numbers)."""
    # Where it is not exact, what single controls do would be worked out beside, which nobody asks for here.
    exact = propagate(network, seed=seed, worlds=64, max_exact_variables=MOST_EXACT)
    if exact.method == "exact":
        return [(_by(*(float(exact.probability[name][node]) for name in SCENARIOS)), None) for node in nodes]
    found = turning(network, nodes, seed=seed, words=words)
    return [_counted(found[node], 64 * words) for node in nodes]


def _counted(turned: dict[Scenario, Words], tries: int) -> Likelihood:
    hits = {name: int(np.bitwise_count(turned[name]).sum()) for name in SCENARIOS}
    low, high = wilson(np.array([float(hits["assured"])]), tries)
    return _by(*(hits[name] / tries for name in SCENARIOS)), (float(low[0]), float(high[0]))


def _by(inherent: float, assured: float, claimed: float) -> ByControls:
    return ByControls(inherent=inherent, claimed=claimed, assured=assured)
