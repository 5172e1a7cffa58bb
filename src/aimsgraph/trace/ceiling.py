"""What is certain at most: a node turns no more often than something arrives, and than a cut before it is crossed.

Everything here rests on two facts. (1) In the round in which a node first turns, what arrives comes from nodes that
turned without it; whether these turned has nothing to do with whether the node's own incoming edges are open, nor
with controls that guard no edge before them. (2) Harris's inequality (Proc. Camb. Phil. Soc. 56, 1960): events that
open edges, leaks and failing controls can only further are positively associated, so that none of them happens at least
as often as the product of the single complements says, and any of them at most as often as if they were independent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.arrivals import union_high
from aimsgraph.trace.fixpoint import ALL, Fixpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.trace.arrivals import Arrivals
    from aimsgraph.trace.chance import Words
    from aimsgraph.trace.projection import Floats, Ints

#: A cycle is gone over no more often than this; stopping early leaves a bound that is higher, and as certain.
_ROUNDS: Final = 30
#: A larger hop limit is bounded as if there were none.
_HOPS: Final = 200
#: With more edges than this among all cycles they count as one.
_CYCLE_EDGES: Final = 50_000
#: Words of edges x controls that are held at once.
_HELD: Final = 5_000_000
#: With more words than this what a control has a say in is told for the whole core at once.
_SPREAD: Final = 200_000


def ceiling(arrivals: Arrivals, effective: Floats, distance: Ints, hops: int | None) -> Floats:
    """Return per place no less than Pr[it turns] when each control works with its chance in ``effective``."""
    work = _Ceiling(arrivals, effective)
    value = work.swept(np.minimum(1.0, work.cuts(distance[arrivals.plan.nodes])))
    if hops is None or hops > _HOPS:
        return value
    # After n rounds the value of a place bounds what needs at most n steps, by induction over n.
    return np.minimum(value, arrivals.rounds(arrivals.start.copy(), hops, work.arriving))


class _Ceiling:
    def __init__(self, arrivals: Arrivals, effective: Floats) -> None:
        self._of = arrivals
        pair_edge, pair_control = _pairs(arrivals)
        stops = 1.0 - effective[pair_control]
        fresh = ~self._stale(pair_edge, pair_control, effective)
        self._open, self._after = arrivals.chance.copy(), arrivals.chance.copy()
        np.multiply.at(self._open, pair_edge, stops)
        np.multiply.at(self._after, pair_edge[fresh], stops[fresh])

    def _carried(self, value: Floats, edges: slice | Ints) -> Floats:
        """Return no less than Pr[tail turned, edge open], per edge.

        Valid: it is at most Pr[edge open], and by (1) at most Pr[tail turned] x the chance of the edge and of
        those of its controls that have no say in whether the tail turns.
        """
        return np.minimum(self._open[edges], value[self._of.plan.tails[edges]] * self._after[edges])

    def arriving(self, value: Floats, first: int, stop: int) -> Floats:
        """Return a bound for some places from those of the tails of their edges.

        Valid: a place turns by its leak or when something arrives; by (2) that is at most as likely as if all were
        independent. A gate: see :func:`_gate`.
        """
        edges = self._of.edges(first, stop)
        carried = self._carried(value, edges)
        total = self._of.reduced(np.add, carried, first, stop, 0.0)
        none = self._of.reduced(np.multiply, 1.0 - carried, first, stop, 1.0)
        for place, needed in self._of.gates(first, stop):
            into = self._of.edges(place, place + 1)
            chance = _gate(carried[into.start - edges.start : into.stop - edges.start], needed)
            total[place - first], none[place - first] = chance, 1.0 - chance
        start = self._of.start[first:stop]
        return union_high(total + start, none * (1.0 - start))

    def swept(self, value: Floats) -> Floats:
        """Lower ``value``, already a bound, along the plan; each step leaves a bound."""
        for first, stop, cyclic in self._of.plan.steps:
            if not cyclic:
                value[first:stop] = np.minimum(value[first:stop], self.arriving(value, first, stop))
            elif stop > first:
                for places in self._cycles(first, stop):
                    self._cycle(value, places, first, stop)
        return value

    def _cycle(self, value: Floats, places: Ints, first: int, stop: int) -> None:
        """Lower the bounds of places that can all turn one another.

        Valid: the first of them to turn does so by its leak, or over an edge from outside; (2) for all of these. Over
        all edges from one tail together it comes no more often than the tail turns and any of them is open.
        """
        plan = self._of.plan
        inside = np.zeros(len(value), bool)
        inside[places] = True
        edges = np.flatnonzero(inside[plan.heads[self._of.edges(first, stop)]]) + int(plan.start[first])
        entering = self._entering(value, edges[~inside[plan.tails[edges]]])
        start = self._of.start[places]
        none = np.multiply.reduce(1.0 - entering) * np.multiply.reduce(1.0 - start)
        entered = union_high(np.array([entering.sum() + start.sum()]), np.array([none]))
        value[places] = np.minimum(value[places], entered)
        low, high = int(places.min()), int(places.max()) + 1
        for _ in range(_ROUNDS):
            after = np.minimum(value[low:high], self.arriving(value, low, high))
            after[~inside[low:high]] = value[low:high][~inside[low:high]]
            if np.array_equal(after, value[low:high]):
                break
            value[low:high] = after

    def _entering(self, value: Floats, edges: Ints) -> Floats:
        tails, group = np.unique(self._of.plan.tails[edges], return_inverse=True)
        found = []
        for chance in (self._open[edges], self._after[edges]):
            total, none = np.zeros(len(tails)), np.ones(len(tails))
            np.add.at(total, group, chance)
            np.multiply.at(none, group, 1.0 - chance)
            found.append(union_high(total, none))
        return np.minimum(found[0], value[tails] * found[1])

    def _cycles(self, first: int, stop: int) -> Iterator[Ints]:
        """Yield the places of the core, those that lie on common cycles together, what comes before first."""
        edges = self._of.edges(first, stop)
        tails, heads = self._of.plan.tails[edges], self._of.plan.heads[edges]
        inner = tails >= first
        if int(inner.sum()) > _CYCLE_EDGES:
            yield np.arange(first, stop)
            return
        # It takes as long to import as all else that a short command needs, and few questions have cycles.
        import networkx as nx

        graph: nx.DiGraph[int] = nx.DiGraph()
        graph.add_nodes_from(range(first, stop))
        graph.add_edges_from(zip(tails[inner].tolist(), heads[inner].tolist(), strict=True))
        for part in reversed(list(nx.strongly_connected_components(graph))):
            yield np.array(sorted(part), np.int64)

    def cuts(self, far: Ints) -> Floats:
        """Return per place the least bound of the cuts between it and the sources, one per number of hops.

        Valid: to a place more than n hops away impact crosses from within n hops to outside over an open edge, or
        begins outside with a leak; (2) for all of these.
        """
        plan, deepest = self._of.plan, int(far.max(initial=0))
        tail, head = far[plan.tails], far[plan.heads]
        crossing = (tail >= 0) & (head == tail + 1)
        total, none = np.zeros(deepest + 1), np.ones(deepest + 1)
        np.add.at(total, tail[crossing], self._open[crossing])
        np.multiply.at(none, tail[crossing], 1.0 - self._open[crossing])
        leaks, closed = np.zeros(deepest + 2), np.ones(deepest + 2)
        at = np.where(far < 0, deepest + 1, far)
        own = np.where(far == 0, 0.0, self._of.start)
        np.add.at(leaks, at, own)
        np.multiply.at(closed, at, 1.0 - own)
        total += np.cumsum(leaks[::-1])[::-1][1:]
        none *= np.multiply.accumulate(closed[::-1])[::-1][1:]
        least = np.concatenate(([1.0], np.minimum.accumulate(union_high(total, none))))
        return np.where(far < 0, 1.0, least[np.maximum(far, 0)])

    def _stale(self, pair_edge: Ints, pair_control: Ints, effective: Floats) -> np.ndarray:
        """Return per pair of edge and control whether that control may have a say in whether the tail turns.

        A control that guards edges of one tail only has none: by (1) a node turns without its own outgoing edges.
        """
        plan = self._of.plan
        stale = np.zeros(len(pair_edge), bool)
        by_tail = np.unique(np.stack((pair_control, plan.tails[pair_edge])), axis=1)[0]
        controls, tails = np.unique(by_tail, return_counts=True)
        wide = controls[(tails > 1) & (effective[controls] > 0.0)]
        words = max(1, _HELD // max(1, len(plan.edges)))
        for at in range(0, len(wide), 64 * words):
            some = wide[at : at + 64 * words]
            of = np.searchsorted(some, pair_control)
            hit = np.flatnonzero((of < len(some)) & (some[np.minimum(of, len(some) - 1)] == pair_control))
            bit = np.uint64(1) << (of[hit] % 64).astype(np.uint64)
            before = np.zeros((len(plan.nodes), -(-len(some) // 64)), np.uint64)
            np.bitwise_or.at(before, (plan.heads[pair_edge[hit]], of[hit] // 64), bit)
            self._spread(before)
            stale[hit] = (before[plan.tails[pair_edge[hit]], of[hit] // 64] & bit) != 0
        return stale

    def _spread(self, before: Words) -> None:
        """Give each place the bits of all places that lead to it.

        On a large network all places of the core get all of its bits: more than they should have, never less.
        """
        plan = self._of.plan
        if before.shape[1] * len(plan.edges) <= _SPREAD:
            everywhere = np.full((len(plan.edges), before.shape[1]), ALL)
            Fixpoint(plan, {}, np.zeros(0, np.int64), everywhere).upwards(before)
            return
        for first, stop, cyclic in plan.steps:
            carried = before[plan.tails[self._of.edges(first, stop)]]
            if cyclic:
                together = np.bitwise_or.reduce(carried, axis=0)
                before[first:stop] = together | np.bitwise_or.reduce(before[first:stop], axis=0)
            elif len(carried):
                starts = plan.start[first : stop + 1] - plan.start[first]
                has = np.flatnonzero(np.diff(starts))
                before[first + has] |= np.bitwise_or.reduceat(carried, starts[has], axis=0)


def _gate(chances: Floats, needed: int) -> float:
    """Return no less than the chance that ``needed`` of some events happen, given bounds of their single chances.

    Valid: of any m of the n events at least needed - (n - m) must happen; Markov's inequality for their number.
    """
    count = len(chances)
    if needed > count:
        return 0.0
    sums = np.cumsum(np.sort(chances))[count - needed :]
    return min(1.0, float((sums / np.arange(1, needed + 1)).min()))


def _pairs(arrivals: Arrivals) -> tuple[Ints, Ints]:
    """Return all pairs of an edge and a control that guards it."""
    sets = arrivals.net.guard_sets
    sizes = np.array([len(controls) for controls in sets], np.int64)
    flat = np.array([control for controls in sets for control in controls], np.int64)
    first = np.cumsum(sizes) - sizes
    counts = sizes[arrivals.guard]
    edge = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    return edge, flat[first[arrivals.guard[edge]] + within] if len(edge) else edge
