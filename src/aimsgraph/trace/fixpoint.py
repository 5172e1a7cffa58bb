"""The least fixpoint of some worlds at once, a word of 64 worlds per node and step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.network import ranges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.trace.chance import Words
    from aimsgraph.trace.plan import Plan
    from aimsgraph.trace.projection import Ints

ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
#: Places of a cycle that are worked out in one go; later ones see what earlier ones changed.
_CYCLE_BLOCK: Final = 2_048
#: Edges that are worked on in one go, so that what they carry stays small.
_EDGE_BLOCK: Final = 32_768


@dataclass(frozen=True, slots=True, eq=False)
class Fixpoint:
    """Works out which places of a plan turn, given which edges are open.

    ``open`` holds a row of words per edge of the plan. ``needs`` gives for a gated place (all in ``gated``,
    ascending) how many incoming edges must bring impact.
    """

    plan: Plan
    needs: Mapping[int, int]
    gated: Ints
    open: Words

    def upwards(self, value: Words, *, opened: Ints | None = None) -> Words:
        """Raise ``value`` (places x words, changed in place) to the least fixpoint above it.

        ``opened`` names the only edges that are open in more worlds than when ``value`` was a fixpoint;
        None when ``value`` holds no more than what turns by itself.
        """
        start, tails = self.plan.start, self.plan.tails
        stirred = np.zeros(len(self.plan.edges), bool)
        if opened is not None:
            stirred[opened] = True
        # When a place last changed; 0 is before the start.
        moved_at = np.zeros(len(value), np.int64)
        clock = 0
        for first, stop, cyclic in self.plan.steps:
            size = _CYCLE_BLOCK if cyclic else max(1, stop - first)
            blocks = [(a, min(a + size, stop)) for a in range(first, stop, size)]
            seen, busy, new = [0] * len(blocks), True, True
            while busy:
                busy = False
                for number, (a, b) in enumerate(blocks):
                    edges = slice(int(start[a]), int(start[b]))
                    clock += 1
                    if new and opened is None:
                        places = None
                    else:
                        fresh = moved_at[tails[edges]] > seen[number]
                        if new:
                            fresh |= stirred[edges]
                        if not fresh.any():
                            continue
                        places = np.unique(self.plan.heads[edges][fresh])
                        if 2 * len(places) > b - a:
                            places = None
                    seen[number] = clock - 1
                    changed = self._raise(value, a, b, places)
                    if len(changed):
                        moved_at[changed] = clock
                        busy = cyclic
                new = False
        return value

    def rounds(self, value: Words, hops: int) -> Words:
        """Return what turns in no more than ``hops`` steps from ``value``."""
        everything = np.arange(len(value))
        for _ in range(hops):
            following = value | self._arriving(value, everything)
            if np.array_equal(following, value):
                break
            value = following
        return value

    def _raise(self, value: Words, first: int, stop: int, places: Ints | None) -> Ints:
        """Work out the given places (None: all from ``first`` to ``stop``); return those that changed."""
        chosen = np.arange(first, stop) if places is None else places
        before = value[first:stop] if places is None else value[places]
        after = before | self._arriving(value, chosen)
        changed: Ints = chosen[(after != before).any(axis=1)]
        if places is None:
            value[first:stop] = after
        else:
            value[places] = after
        return changed

    def _arriving(self, value: Words, places: Ints) -> Words:
        """Return what arrives at ``places`` (ascending) through their gates."""
        start = self.plan.start
        result = np.zeros((len(places), value.shape[1]), np.uint64)
        counts = start[places + 1] - start[places]
        ends = np.cumsum(counts)
        at = 0
        while at < len(places):
            done = int(ends[at - 1]) if at else 0
            stop = max(at + 1, int(np.searchsorted(ends, done + _EDGE_BLOCK, side="right")))
            edges = ranges(start[places[at:stop]], counts[at:stop])
            if len(edges):
                whole = int(edges[-1]) - int(edges[0]) + 1 == len(edges)
                carried = value[self.plan.tails[edges]]
                carried &= self.open[int(edges[0]) : int(edges[-1]) + 1] if whole else self.open[edges]
                offsets = ends[at:stop] - counts[at:stop] - done
                has = np.flatnonzero(counts[at:stop])
                result[has + at] = np.bitwise_or.reduceat(carried, offsets[has], axis=0)
                if len(self.gated):
                    self._gates(result, carried, places, at, stop, offsets)
            at = stop
        return result

    def _gates(self, result: Words, carried: Words, places: Ints, at: int, stop: int, offsets: Ints) -> None:
        """Replace, for the gated ones among the places, "any" by "as many as needed"."""
        for row in np.flatnonzero(np.isin(places[at:stop], self.gated)).tolist():
            place = int(places[at + row])
            rows = carried[
                offsets[row] : offsets[row] + int(self.plan.start[place + 1] - self.plan.start[place])
            ]
            result[at + row] = at_least(self.needs[place], rows)


def at_least(needed: int, rows: Words) -> Words:
    """Return the worlds in which ``needed`` or more of the ``rows`` are set."""
    if needed > len(rows):
        return np.zeros(rows.shape[1], np.uint64)
    reached = np.zeros((needed + 1, rows.shape[1]), np.uint64)
    reached[0] = ALL
    for row in rows:
        reached[1:] |= reached[:-1] & row
    last: Words = reached[needed]
    return last
