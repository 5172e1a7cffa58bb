"""Counting in simulated worlds, with fewer worlds and fewer questions where the network is large."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.network import SCENARIOS, Network, Scenario
from aimsgraph.trace.outcome import Effect, Progress, Propagation, on_the_way, wilson
from aimsgraph.trace.worlds import State, Worlds

if TYPE_CHECKING:
    import numpy.typing as npt

    from aimsgraph.trace.projection import Floats, Ints
    from aimsgraph.trace.worlds import Chunk

#: Large networks get fewer worlds: about this many edges times worlds, but never below ``LEAST_WORLDS``.
EDGE_WORLDS: Final = 1_000_000_000
LEAST_WORLDS: Final = 4_096
#: What switching single controls off and on may cost, in edges times worlds.
CONTROL_EDGE_WORLDS: Final = 3_000_000_000
#: On a large network, how many controls are switched, and in how many words of 64 worlds at least.
MAX_CONTROLS: Final = 20
LEAST_CONTROL_WORDS: Final = 4
#: A control that works less often than this is switched on to see what it does, any other off.
HARDLY: Final = 0.1


def simulate(
    net: Network,
    distance: Ints,
    *,
    hops: int | None,
    seed: int,
    worlds: int,
    time_limit: float | None,
    progress: Progress | None,
) -> Propagation:
    """Count, world by world, which nodes of a network of relevant edges turn.

    All scenarios see the same worlds, so that fewer or weaker controls never lower any count.
    """
    edges = max(1, len(net.source))
    words = max(1, -(-min(worlds, max(LEAST_WORLDS, EDGE_WORLDS // edges)) // 64))
    drawn = Worlds(net, distance, hops=hops, seed=seed)
    places = drawn.plan.nodes
    hits = {scenario: np.zeros(len(places)) for scenario in SCENARIOS}
    switching = Switching(net, counted=distance[places] > 0)
    started, done = time.monotonic(), 0
    for chunk in drawn.chunks(words):
        states: dict[Scenario, State] = {}
        state = None
        for scenario in reversed(SCENARIOS):  # the less the controls do, the more turns
            state = states[scenario] = chunk.solve(net.effectiveness(scenario), above=state)
            hits[scenario] += np.bitwise_count(state.turned).sum(axis=1)
        if not done:
            switching.choose(drawn, hits["assured"] / (64 * chunk.words), words)
        switching.count(chunk, states["assured"])
        done += chunk.words
        if progress is not None:
            progress(done, words, "drawing worlds")
        if time_limit is not None and done < words and time.monotonic() - started > time_limit:
            break
    tries = 64 * done
    counts = {scenario: _per_node(distance, places, hits[scenario]) for scenario in SCENARIOS}
    probability = {scenario: counts[scenario] / tries for scenario in SCENARIOS}
    low, high = wilson(counts["assured"], tries)
    return Propagation(
        net, distance, "simulated", tries, seed, probability, low, high,
        switching.effects(float(hits["assured"][switching.counted].sum()) / tries),
        switching.left_out, in_time=done >= words,
        worlds_left_out=max(0, 64 * -(-worlds // 64) - tries),
        control_worlds=64 * switching.done if switching.controls else None,
    )  # fmt: skip


def _per_node(distance: Ints, places: Ints, counts: Floats) -> Floats:
    """Return counts per node; what only a leak turns, out of reach of the sources, is no answer to them."""
    result = np.zeros(len(distance))
    result[places] = counts
    result[distance < 0] = 0.0
    return result


@dataclass(slots=True, eq=False)
class Switching:
    """Counts what one control more or less makes turn, world by world, in the first worlds.

    A control that works in some worlds and not in others already shows one side in each; only the other has to
    be worked out, where that is easier: with the control off in the worlds where it works, or, when it hardly
    ever works, with it on in the others. The mean difference d over those worlds gives both sums, because the
    control is independent of all else: off = total + a d and on = total - (1 - a) d.
    """

    net: Network
    counted: npt.NDArray[np.bool_]
    controls: list[int] = field(default_factory=list)
    left_out: int = 0
    words: int = 0
    done: int = 0
    difference: dict[int, float] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)

    def choose(self, drawn: Worlds, share: Floats, words: int) -> None:
        """Choose the controls, those that stand before the most impact first, and in how many worlds."""
        all_controls = on_the_way(self.net)
        each = 64 * max(1, len(self.net.source))
        self.controls, self.words = all_controls, words
        if each * words * len(all_controls) > CONTROL_EDGE_WORLDS:
            held = share[drawn.plan.tails] * self.net.probability[drawn.plan.edges]
            by_set = np.bincount(self.net.guard[drawn.plan.edges], held, len(self.net.guard_sets))
            before: dict[int, float] = dict.fromkeys(all_controls, 0.0)
            for number, controls in enumerate(self.net.guard_sets):
                for control in controls:
                    if control in before:
                        before[control] += float(by_set[number])
            ranked = sorted(all_controls, key=lambda control: (-before[control], control))
            self.controls = ranked[:MAX_CONTROLS]
            afford = CONTROL_EDGE_WORLDS // (each * len(self.controls))
            self.words = min(words, max(LEAST_CONTROL_WORDS, afford))
        self.left_out = len(all_controls) - len(self.controls)
        self.difference = dict.fromkeys(self.controls, 0.0)
        self.tries = dict.fromkeys(self.controls, 0)

    def count(self, chunk: Chunk, assured: State) -> None:
        """Count in the worlds of ``chunk``, as far as they are among the first ones chosen."""
        words = min(self.words - self.done, chunk.words)
        if words <= 0 or not self.controls:
            return
        part = chunk.first(words)
        now = State(assured.turned[:, :words], assured.chances)
        floor = None
        if any(now.chances[control] < HARDLY for control in self.controls):
            floor = part.solve(np.ones_like(now.chances))
        for control in self.controls:
            chance = float(now.chances[control])
            works = part.working(control, chance)
            other = now.chances.copy()
            if chance >= HARDLY:
                other[control] = 0.0
                told = part.solve(other, above=now).turned & ~now.turned & works
                self.tries[control] += int(np.bitwise_count(works).sum())
            else:
                other[control] = 1.0
                told = now.turned & ~part.solve(other, above=floor).turned & ~works
                self.tries[control] += int(np.bitwise_count(~works).sum())
            self.difference[control] += float(np.bitwise_count(told).sum(axis=1)[self.counted].sum())
        self.done += words

    def effects(self, total: float) -> tuple[Effect, ...]:
        """Return per control what ``total``, the sum of all probabilities, becomes with it off and on."""
        found = []
        for control in self.controls:
            chance = float(self.net.assured[control])
            difference = self.difference[control] / max(1, self.tries[control])
            on = max(0.0, total - (1.0 - chance) * difference)
            found.append(Effect(control, total + chance * difference, on))
        return tuple(found)
