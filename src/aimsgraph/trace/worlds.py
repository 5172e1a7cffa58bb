"""Many possible worlds at once: 64 to a word, each worked out to its least fixpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.chance import Words, bernoulli, mixed, name_keys
from aimsgraph.trace.plan import plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.trace.network import Network
    from aimsgraph.trace.projection import Floats, Ints

_ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
#: Bytes that the worlds held at once may take.
MEMORY: Final = 120_000_000
#: Places that are worked out in one go within a cycle; later ones see what earlier ones changed.
_CYCLE_BLOCK: Final = 2_048
_EDGE_BLOCK: Final = 32_768


class Worlds:
    """The worlds of one network of relevant edges, drawn with one seed."""

    def __init__(self, net: Network, distance: Ints, *, hops: int | None, seed: int) -> None:
        self.net, self.hops = net, hops
        self.plan = plan(net, distance)
        name_key = name_keys(seed, "node", net.names)
        kind_key = name_keys(seed, "edge", net.edge_names)
        order = self.plan.edges
        pair = mixed(name_key[net.source[order]], name_key[net.target[order]])
        self._edge_keys = mixed(pair, kind_key[net.edge_kind[order]])
        self._twins(order)
        self._control_keys = name_keys(seed, "control", net.control_names)
        self._leaking = np.array(sorted(set(net.leaks) - set(net.sources)), np.int64)
        self._leak_keys = name_keys(seed, "leak", [net.names[node] for node in self._leaking.tolist()])
        self._leak_chances = np.array([net.leaks[node] for node in self._leaking.tolist()], np.float64)
        self._place = np.full(net.size, -1, np.int64)
        self._place[self.plan.nodes] = np.arange(len(self.plan.nodes))
        self._guard = net.guard[order]
        self._guarded = np.flatnonzero(self._guard != _plain(net))
        self._gated = {
            int(self._place[node]): needed
            for node, needed in net.needs.items()
            if needed > 1 and self._place[node] >= 0
        }
        self._gate_places = np.array(sorted(self._gated), np.int64)

    def _twins(self, order: Ints) -> None:
        """Give edges of the same ends and kind keys of their own."""
        _, first, inverse = np.unique(self._edge_keys, return_index=True, return_inverse=True)
        again = np.flatnonzero(first[inverse] != np.arange(len(order)))
        if len(again):
            self._edge_keys[again] = mixed(self._edge_keys[again], order[again].astype(np.uint64))

    def chunk_words(self, most: int) -> int:
        """Return how many words of worlds fit into memory at once, at most ``most``."""
        return max(1, min(most, MEMORY // (8 * (2 * len(self.plan.edges) + 3 * len(self.plan.nodes) + 1))))

    def chunks(self, words: int) -> Iterator[Chunk]:
        """Yield the worlds 0 … 64 x ``words``, as many at a time as fit into memory."""
        size = self.chunk_words(words)
        for first in range(0, words, size):
            count = min(size, words - first)
            edges = bernoulli(self._edge_keys, self.net.probability[self.plan.edges], first, count)
            yield Chunk(self, first, edges, bernoulli(self._leak_keys, self._leak_chances, first, count))


class Chunk:
    """Some of the worlds: which edges are open in them, before any control, and which leaks happen."""

    def __init__(self, worlds: Worlds, first_word: int, edges: Words, leaks: Words) -> None:
        self._of, self._first = worlds, first_word
        self._edges, self._leaks = edges, leaks
        self._open = edges
        self.words = edges.shape[1]

    def first(self, words: int) -> Chunk:
        """Return the first ``words`` words of these worlds."""
        if words == self.words:
            return self
        return Chunk(self._of, self._first, self._edges[:, :words].copy(), self._leaks[:, :words].copy())

    def turned(self, control_chances: Floats, *, below: Words | None = None) -> Words:
        """Return which nodes turn in which world (places x words), with these chances that controls work.

        ``below`` is a result with controls that work no less, from which to go up (without a hop limit).
        """
        of, net = self._of, self._of.net
        working = bernoulli(of._control_keys, control_chances, self._first, self.words)
        self._open = self._edges
        if len(of._guarded):
            stopped = np.zeros((len(net.guard_sets), self.words), np.uint64)
            for number, controls in enumerate(net.guard_sets):
                if controls:
                    stopped[number] = np.bitwise_or.reduce(working[list(controls)], axis=0)
            self._open = self._edges.copy()
            self._open[of._guarded] &= ~stopped[of._guard[of._guarded]]
        value = np.zeros((len(of.plan.nodes), self.words), np.uint64)
        if len(of._leaking):
            value[of._place[of._leaking]] = self._leaks
        value[of._place[list(net.sources)]] = _ALL
        if of.hops is not None:
            return self._rounds(value, of.hops)
        if below is not None:
            value |= below
        for first, stop, cyclic in of.plan.steps:
            if cyclic:
                self._cycle(value, first, stop)
            elif of.plan.start[first] < of.plan.start[stop]:
                value[first:stop] |= self._arriving(value, first, stop)
        return value

    def _arriving(self, value: Words, first: int, stop: int) -> Words:
        """Return what arrives at the places ``first`` … ``stop`` through their gates."""
        result = np.zeros((stop - first, self.words), np.uint64)
        start = self._of.plan.start
        at = first
        while at < stop:
            end = int(np.searchsorted(start, start[at] + _EDGE_BLOCK, side="right")) - 1
            end = min(stop, max(end, at + 1))
            a, b = int(start[at]), int(start[end])
            if a < b:
                carried = value[self._of.plan.tails[a:b]]
                carried &= self._open[a:b]
                has = np.flatnonzero(start[at + 1 : end + 1] > start[at:end])
                result[has + (at - first)] = np.bitwise_or.reduceat(carried, start[at:end][has] - a, axis=0)
                self._gates(result, carried, first, at, end, a)
            at = end
        return result

    def _gates(self, result: Words, carried: Words, first: int, at: int, end: int, offset: int) -> None:
        """Replace, for the gated places ``at`` … ``end``, "any" by "as many as needed"."""
        gated = self._of._gate_places
        for place in gated[np.searchsorted(gated, at) : np.searchsorted(gated, end)].tolist():
            needed = self._of._gated[place]
            rows = carried[
                int(self._of.plan.start[place]) - offset : int(self._of.plan.start[place + 1]) - offset
            ]
            if needed > len(rows):
                result[place - first] = 0
            elif needed == len(rows):
                result[place - first] = np.bitwise_and.reduce(rows, axis=0)
            else:
                reached = np.zeros((needed + 1, self.words), np.uint64)
                reached[0] = _ALL
                for row in rows:
                    reached[1:] |= reached[:-1] & row
                result[place - first] = reached[needed]

    def _cycle(self, value: Words, first: int, stop: int) -> None:
        """Go over the places until nothing changes, each time only over those that something new reaches."""
        start, tails = self._of.plan.start, self._of.plan.tails
        changed_at = np.zeros(len(value), np.int64)
        blocks = [(a, min(a + _CYCLE_BLOCK, stop)) for a in range(first, stop, _CYCLE_BLOCK)]
        seen = [-1] * len(blocks)
        clock, busy = 0, True
        while busy:
            busy = False
            for number, (a, b) in enumerate(blocks):
                clock += 1
                fresh = changed_at[tails[start[a] : start[b]]] > seen[number]
                if not fresh.any():
                    continue
                seen[number] = clock - 1
                before = value[a:b].copy()
                value[a:b] |= self._arriving(value, a, b)
                moved = np.flatnonzero((before != value[a:b]).any(axis=1)) + a
                if len(moved):
                    changed_at[moved] = clock
                    busy = True

    def _rounds(self, value: Words, hops: int) -> Words:
        for _ in range(hops):
            following = value | self._arriving(value, 0, len(value))
            if np.array_equal(following, value):
                break
            value = following
        return value


def _plain(net: Network) -> int:
    return net.guard_sets.index(()) if () in net.guard_sets else -1
