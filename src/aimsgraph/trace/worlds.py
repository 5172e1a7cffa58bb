"""Many possible worlds at once: 64 to a word, each worked out to its least fixpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.trace.chance import Words, bernoulli, mixed, name_keys
from aimsgraph.trace.fixpoint import ALL, Fixpoint
from aimsgraph.trace.plan import plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.trace.network import Network
    from aimsgraph.trace.projection import Floats, Ints

#: Bytes that the worlds held at once may take.
MEMORY: Final = 120_000_000


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
        self._set_twins_apart()
        self.control_keys = name_keys(seed, "control", net.control_names)
        self.leaking = np.array(sorted(set(net.leaks) - set(net.sources)), np.int64)
        self._leak_keys = name_keys(seed, "leak", [net.names[node] for node in self.leaking.tolist()])
        self._leak_chances = np.array([net.leaks[node] for node in self.leaking.tolist()], np.float64)
        self.place = np.full(net.size, -1, np.int64)
        self.place[self.plan.nodes] = np.arange(len(self.plan.nodes))
        self.guard = net.guard[order]
        self.guarded = np.flatnonzero(np.array([len(guards) > 0 for guards in net.guard_sets])[self.guard])
        self.needs = {
            int(self.place[node]): needed
            for node, needed in net.needs.items()
            if needed > 1 and self.place[node] >= 0
        }
        self.gated = np.array(sorted(self.needs), np.int64)

    def _set_twins_apart(self) -> None:
        """Give edges of the same ends and kind keys of their own."""
        keys = self._edge_keys
        by_key = np.argsort(keys, kind="stable")
        first = np.searchsorted(keys[by_key], keys[by_key])
        rank = np.arange(len(keys)) - first
        again = by_key[rank > 0]
        keys[again] = mixed(keys[again], rank[rank > 0].astype(np.uint64))

    def chunk_words(self, most: int) -> int:
        """Return how many words of worlds fit into memory at once, at most ``most``."""
        return max(1, min(most, MEMORY // (8 * (2 * len(self.plan.edges) + 3 * len(self.plan.nodes) + 1))))

    def chunks(self, words: int) -> Iterator[Chunk]:
        """Yield the worlds 0 … 64 x ``words``, as many at a time as fit into memory."""
        size = self.chunk_words(words)
        for first in range(0, words, size):
            go_on()
            count = min(size, words - first)
            edges = bernoulli(self._edge_keys, self.net.probability[self.plan.edges], first, count)
            yield Chunk(self, first, edges, bernoulli(self._leak_keys, self._leak_chances, first, count))


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Which places turn in which world (places x words), under the given chances that controls work."""

    turned: Words
    chances: Floats


class Chunk:
    """Some of the worlds: which edges are open in them, before any control, and which leaks happen."""

    def __init__(self, worlds: Worlds, first_word: int, edges: Words, leaks: Words) -> None:
        self._of, self._first = worlds, first_word
        self._edges, self._leaks = edges, leaks
        self.words = edges.shape[1]

    def first(self, words: int) -> Chunk:
        """Return the first ``words`` words of these worlds."""
        if words == self.words:
            return self
        return Chunk(self._of, self._first, self._edges[:, :words].copy(), self._leaks[:, :words].copy())

    def working(self, control: int, chance: float) -> Words:
        """Return in which of these worlds one control works when it does with this chance."""
        keys = self._of.control_keys[control : control + 1]
        row: Words = bernoulli(keys, np.array([chance]), self._first, self.words)[0]
        return row

    def solve(self, chances: Floats, *, above: State | None = None) -> State:
        """Work out which places turn when each control works with its chance.

        ``above`` is a state of these worlds in which no control works with a smaller chance; starting from it
        takes less time, and changes nothing.
        """
        of, net = self._of, self._of.net
        fixpoint = Fixpoint(of.plan, of.needs, of.gated, self._opened(chances))
        if above is not None and of.hops is None:
            weaker = {int(control) for control in np.flatnonzero(chances != above.chances)}
            sets = [number for number, guards in enumerate(net.guard_sets) if weaker.intersection(guards)]
            opened = of.guarded[np.isin(of.guard[of.guarded], sets)]
            return State(fixpoint.upwards(above.turned.copy(), opened=opened), chances)
        value = np.zeros((len(of.plan.nodes), self.words), np.uint64)
        if len(of.leaking):
            value[of.place[of.leaking]] = self._leaks
        value[of.place[list(net.sources)]] = ALL
        if of.hops is not None:
            return State(fixpoint.rounds(value, of.hops), chances)
        return State(fixpoint.upwards(value), chances)

    def _opened(self, chances: Floats) -> Words:
        of = self._of
        if not len(of.guarded):
            return self._edges
        working = bernoulli(of.control_keys, chances, self._first, self.words)
        stopped = np.zeros((len(of.net.guard_sets), self.words), np.uint64)
        for number, guards in enumerate(of.net.guard_sets):
            if guards:
                stopped[number] = np.bitwise_or.reduce(working[list(guards)], axis=0)
        opened = self._edges.copy()
        opened[of.guarded] &= ~stopped[of.guard[of.guarded]]
        return opened


def open_in(chunk: Chunk, edge: int) -> Words:
    """Return in which worlds of ``chunk`` an edge (a place in the plan's order) is open, before any control."""
    row: Words = chunk._edges[edge]
    return row


def with_edge(chunk: Chunk, edge: int, *, opened: bool) -> Chunk:
    """Return the same worlds, but with one edge (a place in the plan's order) open in all of them, or in none."""
    edges = chunk._edges.copy()
    edges[edge] = ALL if opened else np.uint64(0)
    return Chunk(chunk._of, chunk._first, edges, chunk._leaks)
