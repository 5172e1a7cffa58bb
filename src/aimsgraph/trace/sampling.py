"""What one edge or control more or less does to one node, counted in worlds that all comparisons share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.outcome import Progress, half_width, on_the_way
from aimsgraph.trace.simulation import EDGE_WORLDS, HARDLY, LEAST_WORLDS
from aimsgraph.trace.worlds import Worlds, open_in, with_edge

if TYPE_CHECKING:
    from aimsgraph.trace.chance import Words
    from aimsgraph.trace.network import Network
    from aimsgraph.trace.projection import Ints
    from aimsgraph.trace.worlds import Chunk, State

#: What forcing single edges and controls may cost, in edges times worlds.
BUDGET: Final = 2_000_000_000
#: On a large network, how many edges and how many controls are forced, and in how many words of 64 worlds at least.
MOST: Final = 20
LEAST_WORDS: Final = 8


class Sampling:
    """Counts, for one target, what forcing each edge and control does, as far as that can be afforded.

    In each world one side of a chance shows already, so only the other has to be worked out. A mean over the worlds of
    one side holds for all, because the chance is independent of all else.
    """

    def __init__(
        self, part: Network, distance: Ints, target: int, *, hops: int | None, seed: int, most: int
    ) -> None:
        self._part, self._distance, self._hops, self._seed = part, distance, hops, seed
        self._drawn = Worlds(part, distance, hops=hops, seed=seed)
        self._target = target
        self._place = int(self._drawn.plan.nodes.tolist().index(target))
        edges = max(1, len(part.source))
        all_words = max(1, -(-min(most, max(LEAST_WORLDS, EDGE_WORLDS // edges)) // 64))
        self._all_controls, self._all_edges = on_the_way(part), list(range(len(part.source)))
        self._words, self._room = all_words, len(self._all_controls) + len(self._all_edges)
        if 64 * all_words * edges * self._room > BUDGET:
            self._room = min(self._room, MOST)
            afford = BUDGET // (64 * edges * 2 * self._room)
            self._words = min(all_words, max(LEAST_WORDS, afford))
        self._controls: dict[int, list[int]] = {}
        self._edges: dict[int, list[int]] = {}
        self.tries = self._hits = 0
        self.needing_leaks = 0.0

    @property
    def edges_left_out(self) -> int:
        """How many edges on the way were not forced."""
        return len(self._all_edges) - len(self._edges)

    @property
    def controls_left_out(self) -> int:
        """How many controls on the way were not forced."""
        return len(self._all_controls) - len(self._controls)

    def count(self, progress: Progress | None = None) -> None:
        """Draw the worlds and count."""
        done = 0
        for chunk in self._drawn.chunks(self._words):
            now = chunk.solve(self._part.assured)
            if not done:
                self._choose(chunk, now)
            self._hits += int(np.bitwise_count(now.turned[self._place]).sum())
            self._in_chunk(chunk, now)
            done += chunk.words
            if progress is not None:
                progress(done, self._words, "weighing edges and controls")
        self.tries = 64 * done
        if self._part.leaks:
            self.needing_leaks = max(0.0, self._hits / self.tries - self._without_leaks())

    def edges(self, now: float) -> list[tuple[int, float, float, float]]:
        """Return per edge its number, its chance to be open, the mean difference that it makes, and the margin.

        ``now`` is the target's probability, counted in more worlds where there are more.
        """
        chances = self._part.probability
        return [
            (edge, chance, *self._mean(told, now, chance, chance >= HARDLY))
            for edge, told in self._edges.items()
            for chance in (float(chances[edge]),)
        ]

    def controls(self, now: float) -> list[tuple[int, float, float, float]]:
        """Return the same per control, with its chance to work."""
        chances = self._part.assured
        return [
            (one, chance, *self._mean(told, now, 1.0 - chance, chance < HARDLY))
            for one, told in self._controls.items()
            for chance in (float(chances[one]),)
        ]

    def _mean(self, told: list[int], now: float, chance: float, lowered: bool) -> tuple[float, float]:
        """Return the mean difference between both sides, and half its 95 % interval (Wilson's, at its middle).

        Lowering is counted over all worlds, and shows only in those of the other side, whose ``chance`` is given.
        """
        hits, tries = told
        if not tries:
            return 0.0, 1.0
        share = hits / tries
        half = float(half_width(np.array(share), tries))
        if lowered:
            share, half = now * hits / max(1, self._hits) / chance, half / chance
        return min(1.0, share), min(1.0, half)

    def _choose(self, chunk: Chunk, now: State) -> None:
        """Choose those that most often stand open, or before what turned, when the target turned."""
        plan, turned = self._drawn.plan, now.turned
        held = np.zeros(len(self._all_edges))
        for row, (edge, tail) in enumerate(zip(plan.edges.tolist(), plan.tails.tolist(), strict=True)):
            told = turned[tail] & turned[self._place] & open_in(chunk, row)
            held[edge] = float(np.bitwise_count(told).sum())
        ranked = sorted(self._all_edges, key=lambda edge: (-held[edge], edge))
        self._edges = {edge: [0, 0] for edge in ranked[: self._room]}
        by_set = self._before(turned)
        before = {
            control: sum(by_set[n] for n, guards in enumerate(self._part.guard_sets) if control in guards)
            for control in self._all_controls
        }
        chosen = sorted(self._all_controls, key=lambda control: (-before[control], control))[: self._room]
        self._controls = {control: [0, 0] for control in chosen}

    def _before(self, turned: Words) -> list[float]:
        """Return per set of guards how often something turned that it stands before, times the chance to go on."""
        plan, part = self._drawn.plan, self._part
        often = np.bitwise_count(turned).sum(axis=1)[plan.tails] * part.probability[plan.edges]
        return [float(n) for n in np.bincount(part.guard[plan.edges], often, len(part.guard_sets))]

    def _in_chunk(self, chunk: Chunk, now: State) -> None:
        here = now.turned[self._place]
        chances = self._part.assured
        for control, told in self._controls.items():
            chance = float(chances[control])
            works = chunk.working(control, chance)
            other = chances.copy()
            other[control] = 0.0 if chance >= HARDLY else 1.0
            there = chunk.solve(other).turned[self._place]
            if chance >= HARDLY:
                _add(told, there & ~here & works, works)
            else:
                _add(told, here & ~there & ~works, None)
        row_of = {edge: row for row, edge in enumerate(self._drawn.plan.edges.tolist())}
        for edge, told in self._edges.items():
            opened = open_in(chunk, row_of[edge])
            often = float(self._part.probability[edge]) >= HARDLY
            there = with_edge(chunk, row_of[edge], opened=not often).solve(chances).turned[self._place]
            if often:
                _add(told, here & ~there & opened, None)
            else:
                _add(told, there & ~here & ~opened, ~opened)

    def _without_leaks(self) -> float:
        alone = Worlds(replace(self._part, leaks={}), self._distance, hops=self._hops, seed=self._seed)
        places = np.flatnonzero(alone.plan.nodes == self._target)
        hits = 0
        for chunk in alone.chunks(self._words) if len(places) else ():
            turned = chunk.solve(self._part.assured).turned[int(places[0])]
            hits += int(np.bitwise_count(turned).sum())
        return hits / self.tries


def _add(told: list[int], decided: Words, among: Words | None) -> None:
    """Add in how many worlds something was decided, and among how many (None: all)."""
    told[0] += int(np.bitwise_count(decided).sum())
    told[1] += 64 * len(decided) if among is None else int(np.bitwise_count(among).sum())
