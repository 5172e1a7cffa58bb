"""What is certain at least: a node turns no less often than over its best single ways.

Everything here rests on two facts. (1) "A way is open" lets a node turn, whatever else happens, so its chance
is a lower bound. (2) Harris's inequality (Proc. Camb. Phil. Soc. 56, 1960): events that open edges, leaks and failing
controls can only further are positively associated, so that all of them together are no less likely than the product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from aimsgraph.trace.arrivals import union_low

if TYPE_CHECKING:
    from aimsgraph.trace.arrivals import Arrivals
    from aimsgraph.trace.projection import Floats, Ints

Flags = npt.NDArray[np.bool_]

#: A cycle is gone over no more often than this; stopping early leaves a bound that is lower, and as certain.
_ROUNDS: Final = 200


def floor(arrivals: Arrivals, effective: Floats, hops: int | None) -> Floats:
    """Return per place no more than Pr[it turns] when each control works with its chance in ``effective``."""
    work = _Floor(arrivals, effective)
    if hops is not None:
        # After n rounds the value of a place is a bound for what needs at most n steps, by induction over n.
        return arrivals.rounds(arrivals.start.copy(), hops, work.raised)
    best = work.swept(arrivals.start.copy(), follow=True)
    return work.swept(np.maximum(best, work.joined(best)), follow=False)


class _Floor:
    def __init__(self, arrivals: Arrivals, effective: Floats) -> None:
        self._of, net = arrivals, arrivals.net
        passing = np.ones(len(net.guard_sets))
        for number, controls in enumerate(net.guard_sets):
            for control in controls:
                passing[number] *= 1.0 - effective[control]
        self._open = arrivals.chance * passing[arrivals.guard]
        self._shared = self._shared_edges(effective)
        self._before = np.full(len(arrivals.start), -1, np.int64)
        self._gates = np.array([place for place, _ in arrivals.gated], np.int64)

    def raised(self, value: Floats, first: int, stop: int) -> Floats:
        """Return the value of some places given those of the places before them.

        Valid: over one edge, Pr[tail turned, edge open] is at least the product (2); a place turns at least as
        often as over its best edge (1). A gate that needs k edges turns when its best k carry (1), and these all do
        with at least the product of their chances (2).
        """
        edges = self._of.edges(first, stop)
        carried = value[self._of.plan.tails[edges]] * self._open[edges]
        arriving = self._of.reduced(np.maximum, carried, first, stop, 0.0)
        for place, needed in self._of.gates(first, stop):
            into = self._of.edges(place, place + 1)
            best = np.sort(carried[into.start - edges.start : into.stop - edges.start])[::-1][:needed]
            arriving[place - first] = np.multiply.reduce(best) if len(best) == needed else 0.0
        return np.maximum(value[first:stop], arriving)

    def swept(self, value: Floats, *, follow: bool) -> Floats:
        """Raise ``value`` along the plan; ``follow`` notes the edge over which each place got its value."""
        for first, stop, cyclic in self._of.plan.steps:
            for _ in range(_ROUNDS if cyclic else 1):
                after = self.raised(value, first, stop)
                moved = np.flatnonzero(after > value[first:stop])
                if not len(moved):
                    break
                if follow:
                    self._follow(value, after, first, moved)
                value[first:stop] = after
        return value

    def _follow(self, value: Floats, after: Floats, first: int, moved: Ints) -> None:
        edges = self._of.edges(first, first + len(after))
        heads = self._of.plan.heads[edges]
        carried = value[self._of.plan.tails[edges]] * self._open[edges]
        changed = np.zeros(len(after), bool)
        changed[moved] = True
        best = np.flatnonzero(changed[heads - first] & (carried == after[heads - first]))
        # Of equally good edges the first is taken: written last.
        self._before[heads[best[::-1]]] = best[::-1] + edges.start
        self._before[self._gates] = -1

    def joined(self, value: Floats) -> Floats:
        """Return per place the chance that at least one of some independent ways to it is open.

        Valid: the best ways form a tree, so two that begin differently share no edge and no leak; of those with a
        control that guards elsewhere too only the best is taken. So all are independent, and their union is
        1 - product (1 - chance). Ways that begin alike count as one, the best of them; those past a gate are many
        ways in one, and left out.
        """
        plan, places = self._of.plan, len(value)
        root = self._marked(self._of.roots)
        begin, shared, gated = self._beginnings()
        leaking = np.flatnonzero((self._of.start > 0.0) & ~root)
        head = np.concatenate((plan.heads, leaking))
        chance = np.concatenate((value[plan.tails] * self._open, self._of.start[leaking]))
        first = np.where(root[plan.tails], self._own(), begin[plan.tails])
        alone = np.concatenate((self._shared | shared[plan.tails], np.zeros(len(leaking), bool)))
        many = np.concatenate((gated[plan.tails], np.zeros(len(leaking), bool)))
        kept = (chance > 0.0) & ~root[head] & ~many & ~self._marked(self._gates)[head]
        start = np.concatenate((first, -1 - leaking))
        return _joined(head[kept], chance[kept], start[kept], alone[kept], places)

    def _marked(self, places: Ints) -> Flags:
        marked = np.zeros(len(self._of.start), bool)
        marked[places] = True
        return marked

    def _own(self) -> Ints:
        """Return a number for how a way begins with each edge: guards of the same edges are one beginning."""
        tails, guard = self._of.plan.tails, self._of.guard
        guarded = np.array([len(controls) > 0 for controls in self._of.net.guard_sets])[guard]
        pairs = tails * len(self._of.net.guard_sets) + guard
        return np.where(guarded, len(tails) + pairs, np.arange(len(tails)))

    def _beginnings(self) -> tuple[Ints, Flags, Flags]:
        """Return how the best way to each place begins, whether it shares a control, whether it passes a gate."""
        places = np.arange(len(self._before))
        begin, shared, gated = -1 - places, np.zeros(len(places), bool), self._marked(self._gates)
        has = np.flatnonzero(self._before >= 0)
        edge = self._before[has]
        tail = self._of.plan.tails[edge]
        begin[has], shared[has] = self._own()[edge], self._shared[edge]
        pointer = places.copy()
        onward = ~self._marked(self._of.roots)[tail]
        pointer[has[onward]] = tail[onward]
        while True:
            shared, gated, further = shared | shared[pointer], gated | gated[pointer], pointer[pointer]
            if np.array_equal(further, pointer):
                return begin[pointer], shared, gated
            pointer = further

    def _shared_edges(self, effective: Floats) -> Flags:
        """Return per edge whether one of its controls guards edges of another tail too."""
        net, of = self._of.net, self._of
        pairs = np.unique(np.stack((of.plan.tails, of.guard)), axis=1)
        seen: dict[int, int] = {}
        for number in pairs[1].tolist():
            for control in net.guard_sets[number]:
                seen[control] = seen.get(control, 0) + 1
        wide = [
            any(seen.get(control, 0) > 1 and effective[control] > 0.0 for control in controls)
            for controls in net.guard_sets
        ]
        return np.array(wide, bool)[of.guard]


def _joined(head: Ints, chance: Floats, begin: Ints, shared: Flags, size: int) -> Floats:
    alone = np.flatnonzero(shared)
    alone = alone[np.lexsort((-chance[alone], head[alone]))]
    best = alone[np.concatenate(([True], np.diff(head[alone]) > 0))] if len(alone) else alone
    kept = np.concatenate((np.flatnonzero(~shared), best))
    kept = kept[np.lexsort((-chance[kept], begin[kept], head[kept]))]
    new = np.ones(len(kept), bool)
    new[1:] = (np.diff(head[kept]) > 0) | (np.diff(begin[kept]) != 0)
    kept = kept[new]
    total, none = np.zeros(size), np.ones(size)
    np.add.at(total, head[kept], chance[kept])
    np.multiply.at(none, head[kept], 1.0 - chance[kept])
    return union_low(total, none)
