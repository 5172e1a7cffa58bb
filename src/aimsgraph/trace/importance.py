"""How much one node's probability hangs on each edge and each control on the way to it.

The probability is linear in every single chance p: P = p P1 + (1 - p) P0, where P1 and P0 are what it is when the
chance is forced. Birnbaum's importance (1969) is P1 - P0, that of Fussell and Vesely (P - P0) / P, the share of the
probability that needs the chance to come true; both follow from P0 and P1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from aimsgraph.trace.decision import TooLargeError
from aimsgraph.trace.network import SCENARIOS, Network, Scenario
from aimsgraph.trace.outcome import on_the_way
from aimsgraph.trace.propagate import DEFAULT_SEED, DEFAULT_WORLDS, MAX_EXACT_VARIABLES, propagate
from aimsgraph.trace.sampling import Sampling
from aimsgraph.trace.toward import Switches, forced, toward

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Floats, Ints


@dataclass(frozen=True, slots=True)
class Weight:
    """What the target's probability would be with one chance forced: ``never`` come true, and ``always``.

    ``number`` is that of an edge (which is open, or not) or of a control (which works, or not). ``margin`` is half the
    95 % interval of the difference of the two, None when exact.
    """

    number: int
    chance: float
    never: float
    always: float
    margin: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Importance:
    """How likely one node turns, under each scenario, and what each edge and control on the way does to it.

    ``network`` holds only the edges that have a bearing on the node, ``numbers`` says which they are of the network
    given; ``edges`` and ``controls`` are numbers into it.
    ``method`` and ``worlds`` are those of the probabilities, ``weighing`` and ``weighing_worlds`` those of the weights.
    ``all_guesses`` is the probability were all edges of a set never open, and certain; None when simulated.
    """

    network: Network
    numbers: Ints
    distance: Ints
    probability: Mapping[Scenario, float]
    interval: tuple[float, float] | None
    without_leaks: float
    edges: tuple[Weight, ...]
    controls: tuple[Weight, ...]
    edges_left_out: int
    controls_left_out: int
    method: Literal["exact", "simulated"]
    worlds: int | None
    weighing: Literal["exact", "simulated"]
    weighing_worlds: int | None
    all_guesses: tuple[float, float] | None
    in_time: bool = True


def importance(
    net: Network,
    target: int,
    *,
    guesses: Ints | None = None,
    hops: int | None = None,
    seed: int = DEFAULT_SEED,
    worlds: int = DEFAULT_WORLDS,
    max_exact_variables: int = MAX_EXACT_VARIABLES,
    progress: Progress | None = None,
) -> Importance:
    """Weigh every edge and control on the way to ``target``, assured, and say how likely it turns.

    ``guesses`` are numbers of edges of ``net`` that are forced together too. Exact where the condition of this one
    node stays small, else the probabilities are those of :func:`propagate`, and the weights are counted in worlds of
    the same seed, for as many edges and controls as can be afforded.
    """
    # What a part is numbered by is lost when edges are dropped, so each carries its number along as its kind.
    numbered = replace(net, edge_kind=np.arange(len(net.source)))
    part, distance = toward(numbered, [target], hops)
    numbers = part.edge_kind
    part = replace(part, edge_kind=net.edge_kind[numbers])
    guessed = np.flatnonzero(np.isin(numbers, guesses if guesses is not None else []))
    try:
        if max_exact_variables <= 0 and len(part.source):
            raise TooLargeError
        switches = Switches(part, distance, hops=hops, max_variables=max_exact_variables)
    except TooLargeError:
        pass
    else:
        return _exactly(part, numbers, distance, switches, target, guessed, hops)
    answer = propagate(
        net, hops=hops, seed=seed, worlds=worlds, max_exact_variables=max_exact_variables, progress=progress
    )
    drawn = Sampling(part, distance, target, hops=hops, seed=seed, most=worlds)
    drawn.count(progress)
    now = float(answer.probability["assured"][target])
    interval = None
    if answer.low is not None and answer.high is not None:
        interval = float(answer.low[target]), float(answer.high[target])
    return Importance(
        network=part,
        numbers=numbers,
        distance=distance,
        probability={scenario: float(answer.probability[scenario][target]) for scenario in SCENARIOS},
        interval=interval,
        without_leaks=max(0.0, now - drawn.needing_leaks),
        edges=tuple(_weight(now, *item, False) for item in drawn.edges(now)),
        controls=tuple(_weight(now, *item, True) for item in drawn.controls(now)),
        edges_left_out=drawn.edges_left_out,
        controls_left_out=drawn.controls_left_out,
        method=answer.method,
        worlds=answer.worlds,
        weighing="simulated",
        weighing_worlds=drawn.tries,
        all_guesses=None,
        in_time=answer.in_time,
    )


def _weight(
    now: float, number: int, chance: float, difference: float, margin: float, control: bool
) -> Weight:
    """Return both forced probabilities, from the one there is and the mean difference between the two."""
    sign = -1.0 if control else 1.0
    never = min(1.0, max(0.0, now - sign * chance * difference))
    always = min(1.0, max(0.0, now + sign * (1.0 - chance) * difference))
    return Weight(number, chance, never, always, margin)


def _exactly(
    part: Network,
    numbers: Ints,
    distance: Ints,
    switches: Switches,
    target: int,
    guessed: Ints,
    hops: int | None,
) -> Importance:
    controls, edges = on_the_way(part), list(range(len(part.source)))
    first_edge = switches.controls
    columns = [
        np.concatenate((part.effectiveness(scenario), 1.0 - part.probability)) for scenario in SCENARIOS
    ]
    together = (first_edge + guessed).tolist()
    # An edge that is closed without fail is never open.
    columns += [forced(switches.now, together, chance) for chance in (1.0, 0.0)]
    for place in (*controls, *(first_edge + edge for edge in edges)):
        columns += [forced(switches.now, place, chance) for chance in (0.0, 1.0)]
    found = switches.probabilities(target, columns)
    inherent, assured, claimed, none, every = map(float, found[:5])
    assured = min(assured, inherent)
    off_on = found[5 : 5 + 2 * len(controls)].reshape(-1, 2)
    open_closed = found[5 + 2 * len(controls) :].reshape(-1, 2)
    return Importance(
        network=part,
        numbers=numbers,
        distance=distance,
        # Sums taken in another order may differ in the last digit; that must not turn the scenarios round.
        probability={"inherent": inherent, "assured": assured, "claimed": min(claimed, assured)},
        interval=None,
        without_leaks=_without_leaks(part, target, hops, assured),
        edges=tuple(
            Weight(edge, float(part.probability[edge]), min(float(closed), assured), max(float(opened), assured))
            for edge, (opened, closed) in zip(edges, open_closed, strict=True)
        ),
        controls=tuple(
            Weight(control, float(part.assured[control]), max(float(off), assured), min(float(on), assured))
            for control, (off, on) in zip(controls, off_on, strict=True)
        ),
        edges_left_out=0,
        controls_left_out=0,
        method="exact",
        worlds=None,
        weighing="exact",
        weighing_worlds=None,
        all_guesses=(none, every) if len(guessed) else None,
    )  # fmt: skip


def _without_leaks(part: Network, target: int, hops: int | None, now: float) -> float:
    """Return the probability were there no cause outside the graph."""
    if not part.leaks:
        return now
    alone = replace(part, leaks={})
    found: Floats = propagate(alone, hops=hops).probability["assured"]
    return min(now, float(found[target]))
