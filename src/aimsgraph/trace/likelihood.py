"""How likely nodes of one part of a year turn: exactly where that can be done, else counted in worlds of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.model.risk import ByControls
from aimsgraph.trace.decision import TooLargeError
from aimsgraph.trace.exact import whole_solution
from aimsgraph.trace.network import SCENARIOS, Scenario, relevant
from aimsgraph.trace.outcome import wilson
from aimsgraph.trace.propagate import MAX_EXACT_VARIABLES
from aimsgraph.trace.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.trace.chance import Words
    from aimsgraph.trace.network import Network
    from aimsgraph.trace.projection import Floats

#: Steps that the diagrams of all parts of a question may take together; some seconds.
STEPS: Final = 3_000_000
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


def likelihoods(
    network: Network, nodes: Sequence[int], *, often: float = 1.0, seed: int, words: int, steps: int
) -> list[Likelihood]:
    """Return the likelihood of each of the nodes (numbers), exactly where that takes no more than so many ``steps``.

    ``often`` is how likely that is which the network takes for granted. What is rare is thus counted in worlds where
    it happens, and not in the few of all worlds that it happens in.
    """
    found = _exactly(network, nodes, steps)
    if found is not None:
        return [(_by(*(often * found[at]).tolist()), None) for at in range(len(nodes))]
    turned, tries = turning(network, nodes, seed=seed, words=words), 64 * words
    return [_counted(turned[node], tries, often) for node in nodes]


def _exactly(network: Network, nodes: Sequence[int], steps: int) -> Floats | None:
    """Return the chances per node and scenario; None where they take more steps."""
    net, distance = relevant(network)
    try:
        solution = whole_solution(net, distance, hops=None, max_variables=MAX_EXACT_VARIABLES, budget=steps)
    except TooLargeError:
        return None
    columns = np.stack([net.effectiveness(name) for name in SCENARIOS], axis=1)
    # Sums taken in another order may differ in the last digit; that must not turn the scenarios round.
    found: Floats = np.minimum.accumulate(solution.probabilities(nodes, columns), axis=1)
    return found


def _counted(turned: dict[Scenario, Words], tries: int, often: float) -> Likelihood:
    hits = {name: int(np.bitwise_count(turned[name]).sum()) for name in SCENARIOS}
    low, high = wilson(np.array([float(hits["assured"])]), tries)
    chances = (often * hits[name] / tries for name in SCENARIOS)
    return _by(*chances), (often * float(low[0]), often * float(high[0]))


def _by(inherent: float, assured: float, claimed: float) -> ByControls:
    return ByControls(inherent=inherent, claimed=claimed, assured=assured)
