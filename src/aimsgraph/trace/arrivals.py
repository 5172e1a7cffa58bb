"""What comes to each node over its incoming edges, as numbers laid out along a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.plan import Plan, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aimsgraph.trace.network import Network
    from aimsgraph.trace.projection import Floats, Ints

#: Below this sum the chance of a union is told from the sum alone, which loses no digits.
_SMALL: Final = 1e-3
#: What rounding may have cost where a union is worked out from its complement.
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """A network of relevant edges in the order of its plan.

    Per edge of the plan: ``chance`` that it carries, ``guard`` (a number into the network's guard sets). Per place:
    ``start``, the chance to turn without any edge (1 for a source). ``gated`` are the places that need several
    edges, with how many.
    """

    net: Network
    plan: Plan
    chance: Floats
    guard: Ints
    start: Floats
    roots: Ints
    gated: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, net: Network, distance: Ints) -> Arrivals:
        """Lay out a network that holds only relevant edges."""
        laid = plan(net, distance)
        place = np.full(net.size, -1, np.int64)
        place[laid.nodes] = np.arange(len(laid.nodes))
        roots = place[sorted(net.sources)]
        start = np.zeros(len(laid.nodes))
        for node, leak in net.leaks.items():
            start[place[node]] = leak
        start[roots] = 1.0
        gated = ((int(place[node]), k) for node, k in sorted(net.needs.items()) if k > 1 and place[node] >= 0)
        return cls(
            net=net,
            plan=laid,
            chance=net.probability[laid.edges],
            guard=net.guard[laid.edges],
            start=start,
            roots=roots,
            gated=tuple(gated),
        )

    def edges(self, first: int, stop: int) -> slice:
        """Return the edges into the places ``first`` … ``stop``."""
        return slice(int(self.plan.start[first]), int(self.plan.start[stop]))

    def gates(self, first: int, stop: int) -> Iterator[tuple[int, int]]:
        """Yield the gated ones among some places, and how many edges each needs."""
        return ((place, needed) for place, needed in self.gated if first <= place < stop)

    def reduced(self, how: np.ufunc, carried: Floats, first: int, stop: int, empty: float) -> Floats:
        """Reduce what the edges into ``first`` … ``stop`` carry to one number per place."""
        result = np.full(stop - first, empty)
        starts = self.plan.start[first : stop + 1] - self.plan.start[first]
        has = np.flatnonzero(np.diff(starts))
        if len(has):
            result[has] = how.reduceat(carried, starts[has])
        return result

    def rounds(self, value: Floats, hops: int, step: Callable[[Floats, int, int], Floats]) -> Floats:
        """Return ``value`` after so many steps of all places at once."""
        for _ in range(hops):
            following = step(value, 0, len(value))
            if np.array_equal(following, value):
                break
            value = following
        return value


def union_high(total: Floats, none: Floats) -> Floats:
    """Return no less than the chance of a union of chances with this sum and this product of complements."""
    result: Floats = np.where(total < _SMALL, total, np.minimum(total, 1.0 - none + _ROUNDING))
    return np.minimum(result, 1.0)


def union_low(total: Floats, none: Floats) -> Floats:
    """Return no more than the chance of a union of independent chances (sum, product of complements)."""
    # Bonferroni: at least the sum less all pairs, and these are at most half the square of the sum.
    result: Floats = np.where(total < _SMALL, total - total * total / 2.0, 1.0 - none - _ROUNDING)
    return np.maximum(result, 0.0)
