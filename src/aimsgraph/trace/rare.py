"""What is too rare to be met in simulated worlds: worlds are drawn in which it has a known cause.

Karp and Luby, "Monte-Carlo algorithms for enumeration and reliability problems", FOCS 1983: draw a cause with a
chance in proportion to its weight, then a world in which it holds. The share of these worlds in which no earlier cause
holds as well, times the sum of all weights, is the chance that any cause holds: the relative error does not depend
on how rare that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.trace.chance import bernoulli, name_keys
from aimsgraph.trace.fixpoint import ALL
from aimsgraph.trace.network import SCENARIOS
from aimsgraph.trace.outcome import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.trace.causes import Cause, Causes
    from aimsgraph.trace.chance import Words
    from aimsgraph.trace.network import Network

#: Words of 64 worlds drawn for one node and scenario.
WORDS: Final = 1_024
#: Chances times words that are held at once.
_HELD: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A probability with its 95 % interval."""

    probability: float
    low: float
    high: float


class Rare:
    """Estimates probabilities from causes, with one seed."""

    def __init__(self, net: Network, seed: int) -> None:
        self._net, self._seed = net, seed
        self._works = [net.effectiveness(scenario) for scenario in SCENARIOS]

    def estimate(self, causes: Causes, scenario: int) -> Estimate:
        """Estimate the chance that any cause holds; the interval allows for causes that were not found."""
        rest = causes.rest[scenario]
        some = [cause for cause in causes.found if cause.weight[scenario] > 0.0]
        if not some:
            return Estimate(0.0, 0.0, min(1.0, rest))
        some.sort(key=lambda cause: (-cause.weight[scenario], cause.edges, cause.leaks, cause.controls))
        total = 0.0
        for cause in some:
            total += cause.weight[scenario]
        if len(some) == 1:
            return Estimate(total, total, min(1.0, total + rest))
        tries = 64 * WORDS
        hits = self._first(some, scenario, total)
        low, high = wilson(np.array([float(hits)]), tries)
        return Estimate(total * hits / tries, total * float(low[0]), min(1.0, total * float(high[0]) + rest))

    def _first(self, causes: Sequence[Cause], scenario: int, total: float) -> int:
        """Return in how many worlds the cause that was drawn is the first that holds."""
        chances = sorted({chance for cause in causes for chance in _chances(cause)})
        row = {chance: number for number, chance in enumerate(chances)}
        value = np.array([self._chance(chance, scenario) for chance in chances])
        # Worlds stand in the order of the cause drawn for them: each has its share, rounded by one offset for all.
        ends, upto = [], 0.0
        for cause in causes:
            upto += cause.weight[scenario] / total
            ends.append(min(64 * WORDS, int(upto * 64 * WORDS + 0.5)))
        ends[-1] = 64 * WORDS
        size = max(1, min(WORDS, _HELD // len(chances)))
        keys, hits = self._keys(chances), 0
        for first in range(0, WORDS, size):
            go_on()
            words = min(size, WORDS - first)
            bits = bernoulli(keys, value, first, words)
            hits += _count(causes, [64 * -first + end for end in ends], row, bits)
        return hits

    def _chance(self, chance: tuple[str, int], scenario: int) -> float:
        kind, number = chance
        if kind == "edge":
            return float(self._net.probability[number])
        return self._net.leaks[number] if kind == "leak" else 1.0 - float(self._works[scenario][number])

    def _keys(self, chances: Sequence[tuple[str, int]]) -> Words:
        net, seen = self._net, dict[str, int]()
        names = []
        for kind, number in chances:
            if kind == "edge":
                ends = (net.names[int(net.source[number])], net.names[int(net.target[number])])
                name = "\0".join((kind, *ends, net.edge_names[int(net.edge_kind[number])]))
            else:
                name = f"{kind}\0{(net.names if kind == 'leak' else net.control_names)[number]}"
            seen[name] = seen.get(name, 0) + 1
            names.append(f"{name}\0{seen[name]}")
        return name_keys(self._seed, "rare", names)


def _chances(cause: Cause) -> list[tuple[str, int]]:
    return [
        *(("edge", edge) for edge in cause.edges),
        *(("leak", leak) for leak in cause.leaks),
        *(("control", control) for control in cause.controls),
    ]


def _count(causes: Sequence[Cause], ends: Sequence[int], row: dict[tuple[str, int], int], bits: Words) -> int:
    """Count the worlds among these whose drawn cause is the first that holds."""
    words, begin = bits.shape[1], 0
    drawn = []
    for cause, end in zip(causes, ends, strict=True):
        drawn.append(_between(begin, end, words))
        for chance in _chances(cause):
            where, those = drawn[-1]
            bits[row[chance], where] |= those
        begin = end
    earlier, hits = np.zeros(words, np.uint64), 0
    for cause, (where, those) in zip(causes, drawn, strict=True):
        hits += int(np.bitwise_count(those & ~earlier[where]).sum())
        rows = [row[chance] for chance in _chances(cause)]
        earlier |= np.bitwise_and.reduce(bits[rows], axis=0) if rows else ALL
    return hits


def _between(first: int, stop: int, words: int) -> tuple[slice, Words]:
    """Return the words that hold the worlds ``first`` … ``stop``, as far as they are there, and their bits."""
    first, stop = max(0, min(first, 64 * words)), max(0, min(stop, 64 * words))
    low, high = first // 64, -(-stop // 64)
    if first >= stop:
        return slice(0, 0), np.zeros(0, np.uint64)
    those = np.full(high - low, ALL)
    those[0] &= ALL << np.uint64(first - 64 * low)
    if stop % 64:
        those[-1] &= ALL >> np.uint64(64 - stop % 64)
    return slice(low, high), those
