"""Counting in simulated worlds, with fewer worlds and fewer questions where the network is large."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.network import SCENARIOS, Network, Scenario
from aimsgraph.trace.outcome import Effect, Progress, Propagation, on_the_way, wilson
from aimsgraph.trace.worlds import Chunk, Worlds

if TYPE_CHECKING:
    from aimsgraph.trace.chance import Words
    from aimsgraph.trace.projection import Floats, Ints

#: Large networks get fewer worlds: about this many edges times worlds, but never below ``LEAST_WORLDS``.
EDGE_WORLDS: Final = 1_300_000_000
LEAST_WORLDS: Final = 4_096
#: What switching single controls off and on may cost, in edges times worlds.
CONTROL_EDGE_WORLDS: Final = 6_000_000_000
#: On a large network, how many controls are switched, and in how many words of 64 worlds at least.
MAX_CONTROLS: Final = 20
LEAST_CONTROL_WORDS: Final = 4


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
        values: dict[Scenario, Words] = {}
        below = None
        for scenario in reversed(SCENARIOS):  # the fewer controls count, the more turns
            below = values[scenario] = chunk.turned(net.effectiveness(scenario), below=below)
            hits[scenario] += np.bitwise_count(below).sum(axis=1)
        if not done:
            switching.choose(drawn, hits["assured"] / (64 * chunk.words), words)
        switching.count(chunk, values["assured"])
        done += chunk.words
        if progress is not None:
            progress(done, words, "drawing worlds")
        if time_limit is not None and done < words and time.monotonic() - started > time_limit:
            break
    tries = 64 * done
    probability = {scenario: _per_node(net.size, places, hits[scenario]) / tries for scenario in SCENARIOS}
    low, high = wilson(_per_node(net.size, places, hits["assured"]), tries)
    return Propagation(
        net, distance, "simulated", tries, seed, probability, low, high,
        switching.effects(float(hits["assured"][switching.counted].sum()) / tries),
        switching.left_out, in_time=done >= words,
    )  # fmt: skip


def _per_node(size: int, places: Ints, counts: Floats) -> Floats:
    result = np.zeros(size)
    result[places] = counts
    return result


@dataclass(slots=True, eq=False)
class Switching:
    """Counts what turns with one control off, and with it working without fail, in the first worlds.

    Only the difference to the count with all controls as they are is used, so that fewer worlds do.
    """

    net: Network
    counted: np.ndarray
    controls: list[int] = field(default_factory=list)
    left_out: int = 0
    words: int = 0
    done: int = 0
    off: dict[int, float] = field(default_factory=dict)
    on: dict[int, float] = field(default_factory=dict)

    def choose(self, drawn: Worlds, share: Floats, words: int) -> None:
        """Choose the controls, those that stand before the most impact first, and in how many worlds."""
        all_controls = on_the_way(self.net)
        each = 2 * 64 * max(1, len(self.net.source))
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
        self.off = dict.fromkeys(self.controls, 0.0)
        self.on = dict.fromkeys(self.controls, 0.0)

    def count(self, chunk: Chunk, assured: Words) -> None:
        """Count in the worlds of ``chunk``, as far as they are among the first ones chosen."""
        words = min(self.words - self.done, chunk.words)
        if words <= 0 or not self.controls:
            return
        part, below = chunk.first(words), assured[:, :words]
        base = self._total(below)
        for control in self.controls:
            chances = self.net.assured.copy()
            chances[control] = 0.0
            self.off[control] += self._total(part.turned(chances, below=below)) - base
            chances[control] = 1.0
            self.on[control] += self._total(part.turned(chances)) - base
        self.done += words

    def _total(self, value: Words) -> float:
        return float(np.bitwise_count(value).sum(axis=1)[self.counted].sum())

    def effects(self, total: float) -> tuple[Effect, ...]:
        """Return per control what ``total``, the sum of all probabilities, becomes with it off and on."""
        tries = max(1, 64 * self.done)
        return tuple(
            Effect(control, total + self.off[control] / tries, max(0.0, total + self.on[control] / tries))
            for control in self.controls
        )
