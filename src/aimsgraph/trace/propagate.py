"""How likely each node turns: exactly where that can be done, else over many simulated worlds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.bounds import bounds
from aimsgraph.trace.exact import Solution, whole_solution
from aimsgraph.trace.narrow import narrowed
from aimsgraph.trace.network import SCENARIOS, Name, Network, Scenario, relevant
from aimsgraph.trace.outcome import Effect, Progress, Propagation, on_the_way
from aimsgraph.trace.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aimsgraph.trace.projection import Floats, Ints

DEFAULT_SEED: Final = 42_001
DEFAULT_WORLDS: Final = 65_536
#: More uncertain edges, leaks and controls than this are simulated without trying to be exact.
MAX_EXACT_VARIABLES: Final = 512


def propagate(
    net: Network,
    *,
    hops: int | None = None,
    seed: int = DEFAULT_SEED,
    worlds: int = DEFAULT_WORLDS,
    max_exact_variables: int = MAX_EXACT_VARIABLES,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Propagation:
    """Work out Pr[node turns] for every node, under each scenario.

    A node turns when it leaks, or when as many of its incoming edges as it needs are open and come from nodes
    that turned: the least fixpoint, so a cycle never causes itself. With ``hops`` only what needs no more
    than that many steps counts. Exact while the decision diagrams stay small, else simulated, but for the nodes as
    far as the diagrams went; ``worlds`` is then the most that are drawn, rounded up to a multiple of 64, and fewer
    on large networks. What is too rare for these is estimated from its causes. A ``time_limit`` in seconds ends
    the drawing of worlds early (after the first ones), which ``in_time`` tells.
    """
    matter, distance = relevant(net, hops)
    limits, solution = bounds(matter, distance, hops), None
    if max_exact_variables > 0:
        solution = Solution(matter, distance, hops=hops, max_variables=max_exact_variables)
        if not solution.stopped_by:
            return replace(_exactly(solution, matter, distance, seed), bounds=limits)
    drawn = simulate(
        matter, distance, hops=hops, seed=seed, worlds=worlds, time_limit=time_limit, progress=progress
    )
    return narrowed(drawn, limits, solution, hops)


def joint_probability(
    net: Network,
    numbers: Mapping[Name, int],
    nodes: Iterable[Name],
    *,
    scenario: Scenario = "assured",
    hops: int | None = None,
) -> float:
    """Return the exact probability that all of ``nodes`` turn; divide two of them for a conditional one.

    :raises TooLargeError: when the network is too large to be worked out exactly.
    """
    matter, distance = relevant(net, hops)
    solution = whole_solution(matter, distance, hops=hops, max_variables=MAX_EXACT_VARIABLES)
    return float(solution.joint([numbers[node] for node in nodes], net.effectiveness(scenario)[:, None])[0])


def _exactly(solution: Solution, net: Network, distance: Ints, seed: int) -> Propagation:
    controls = on_the_way(net)
    columns = [net.effectiveness(scenario) for scenario in SCENARIOS]
    for control in controls:
        for forced in (0.0, 1.0):
            column = net.assured.copy()
            column[control] = forced
            columns.append(column)
    reached = np.flatnonzero(distance >= 0)
    found = solution.probabilities(reached.tolist(), np.stack(columns, axis=1))
    # Sums taken in another order may differ in the last digit; that must not turn the scenarios round.
    found[:, 1] = np.minimum(found[:, 1], found[:, 0])
    found[:, 2] = np.minimum(found[:, 2], found[:, 1])
    probability: dict[Scenario, Floats] = {}
    for number, scenario in enumerate(SCENARIOS):
        probability[scenario] = np.zeros(net.size)
        probability[scenario][reached] = found[:, number]
    sums = found[distance[reached] > 0].sum(axis=0)
    effects = tuple(
        Effect(control, float(sums[3 + 2 * at]), float(sums[4 + 2 * at]))
        for at, control in enumerate(controls)
    )
    return Propagation(net, distance, "exact", None, seed, probability, None, None, effects)
