"""The least causes of one node: sets of chances each of which is enough to turn it, most probable first."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.trace.network import SCENARIOS, Adjacency

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aimsgraph.trace.bounds import Bounds
    from aimsgraph.trace.network import Network
    from aimsgraph.trace.projection import Ints

#: Beginnings of causes that are looked at for one node, and for all; and causes that are kept for one node.
BEGINNINGS: Final = 10_000
ALL_BEGINNINGS: Final = 60_000
CAUSES: Final = 1_000
#: The search ends when what it has not followed up weighs no more than this share of what it found.
_ENOUGH: Final = 1e-3
#: A gate that can turn in more ways than this is not opened up.
_CHOICES: Final = 500
#: With more edges than this before a node, what may turn it is taken for anything.
_PAST: Final = 2_000

#: One weight per scenario, in the order of ``SCENARIOS``.
Weights = tuple[float, float, float]
_NOTHING: Final = (0.0, 0.0, 0.0)
_CERTAIN: Final = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Cause:
    """Edges that open, leaks that happen and controls that fail, with the chance of all that per scenario."""

    edges: tuple[int, ...]
    leaks: tuple[int, ...]
    controls: tuple[int, ...]
    weight: Weights


@dataclass(frozen=True, slots=True)
class Causes:
    """The causes found, and per scenario no less than the chance that the node turns by none of them."""

    found: tuple[Cause, ...]
    rest: Weights


@dataclass(frozen=True, slots=True)
class _Beginning:
    """A cause found in part: nodes that are explained (``done``), and those still to be (``goals``).

    ``weight`` is the chance of all that is begun; ``apart`` leaves out the controls that guard other nodes' edges too.
    ``mask`` has a bit for each chance that it needs.
    """

    edges: tuple[int, ...]
    leaks: tuple[int, ...]
    controls: frozenset[int]
    weight: Weights
    apart: Weights
    done: frozenset[int]
    goals: tuple[int, ...]
    gated: bool
    mask: int


#: What to go on with first: the likelier one (assured, then inherent), then the one begun earlier.
_Waiting = tuple[float, float, int, _Beginning, Weights]


class Search:
    """Finds the causes of nodes of a network of relevant edges, within ``hops``; ``bounds`` tell where to look."""

    def __init__(self, net: Network, distance: Ints, bounds: Bounds, hops: int | None) -> None:
        self._net, self._hops = net, hops
        adjacency = Adjacency.by(net.target, net.size)
        self._start, self._order = adjacency.start.tolist(), adjacency.edges.tolist()
        self._tail, self._head = net.source.tolist(), net.target.tolist()
        self._chance, self._guard = net.probability.tolist(), net.guard.tolist()
        self._roots = frozenset(net.sources)
        works = [net.effectiveness(scenario).tolist() for scenario in SCENARIOS]
        self._failing: list[list[tuple[int, Weights]]] = [
            [
                (control, (1.0 - works[0][control], 1.0 - works[1][control], 1.0 - works[2][control]))
                for control in controls
                if any(work[control] > 0.0 for work in works)
            ]
            for controls in net.guard_sets
        ]
        # Bounds are of what the sources reach; elsewhere a leak may still have a say.
        self._high = [np.where(distance < 0, 1.0, bounds.high[scenario]).tolist() for scenario in SCENARIOS]
        self._narrow = self._narrow_controls()
        self._left = self._most = ALL_BEGINNINGS
        self._pasts: dict[int, int | None] = {}

    def share(self, nodes: int) -> None:
        """Leave enough of what may be looked at for so many nodes, the next one among them."""
        self._most = min(BEGINNINGS, self._left // nodes)

    def causes(self, node: int) -> Causes | None:
        """Return the causes of a node; None where a gate has too many ways to turn.

        Every least cause follows from choosing, node by node, just as many incoming edges as are needed. What is
        left when the search ends is bounded by the sum of what each beginning can still come to.
        """
        queue: list[_Waiting] = []
        found: dict[int, Cause] = {}
        count, weight = 0, _NOTHING
        first = _Beginning((), (), frozenset(), _CERTAIN, _CERTAIN, frozenset(), (node,), False, 0)
        left = self._push(queue, first, 0)
        while queue and len(found) < CAUSES and count < self._most:
            go_on()
            if all(part <= _ENOUGH * whole for part, whole in zip(left[:2], weight[:2], strict=True)):
                break
            _, _, _, begun, chances = heapq.heappop(queue)
            left = _sum(left, chances, -1.0)
            if not begun.goals:
                weight = _sum(weight, self._complete(begun, found))
                continue
            for following in self._onward(begun):
                if following is None:
                    return None
                count += 1
                self._left -= 1
                left = _sum(left, self._push(queue, following, count))
        rest = _NOTHING
        for *_, chances in queue:
            rest = _sum(rest, chances)
        return Causes(tuple(found.values()), rest)

    def _push(self, queue: list[_Waiting], begun: _Beginning, number: int) -> Weights:
        """Keep what may come to something; return per scenario no less than its chance.

        Valid: all that is begun is independent, and each goal must turn. For a single way the goal turns without the
        nodes explained, hence independently of their edges and of controls that guard no other node's. Past a gate
        goals are independent of what is begun, and of each other, where nothing that may turn them is shared.
        """
        chances, single = begun.weight, not begun.gated and len(begun.goals) == 1
        if begun.goals:
            turning = [min(high[goal] for goal in begun.goals) for high in self._high]
            also = [a * b for a, b in zip(begun.apart, turning, strict=True)]
            also = also if single else list(self._together(begun))
            chances = (
                min(chances[0], turning[0], also[0]),
                min(chances[1], turning[1], also[1]),
                min(chances[2], turning[2], also[2]),
            )
        if chances[0] > 0.0:
            heapq.heappush(queue, (-chances[1], -chances[0], number, begun, chances))
        return chances

    def _together(self, begun: _Beginning) -> Weights:
        chances, taken = begun.weight, begun.mask
        for goal in begun.goals:
            past = self._past(goal)
            if past is not None and not past & taken:
                taken |= past
                chances = _product(chances, (self._high[0][goal], self._high[1][goal], self._high[2][goal]))
        return chances

    def _past(self, node: int) -> int | None:
        """Return the chances that may have a say in whether a node turns; None where these are very many."""
        if node not in self._pasts:
            seen, waiting, mask, looked = {node}, [node], 0, 0
            while waiting and looked <= _PAST:
                at = waiting.pop()
                if 0.0 < self._net.leaks.get(at, 0.0) < 1.0:
                    mask |= 1 << (len(self._tail) + at)
                for edge in self._order[self._start[at] : self._start[at + 1]]:
                    looked += 1
                    mask |= self._edge_mask(edge)
                    if self._tail[edge] not in seen and self._tail[edge] not in self._roots:
                        seen.add(self._tail[edge])
                        waiting.append(self._tail[edge])
            self._pasts[node] = mask if looked <= _PAST else None
        return self._pasts[node]

    def _edge_mask(self, edge: int) -> int:
        mask = 1 << edge if self._chance[edge] < 1.0 else 0
        for control, _ in self._failing[self._guard[edge]]:
            mask |= 1 << (len(self._tail) + self._net.size + control)
        return mask

    def _onward(self, begun: _Beginning) -> Iterator[_Beginning | None]:
        # First what is least likely to turn: that leaves the fewest beginnings worth going on with.
        goal = min(begun.goals, key=lambda node: (self._high[0][node], node))
        rest = tuple(node for node in begun.goals if node != goal)
        done = begun.done | {goal}
        leak = self._net.leaks.get(goal, 0.0)
        if leak > 0.0:
            yield replace(
                begun, leaks=(*begun.leaks, goal), done=done, goals=rest,
                weight=_product(begun.weight, (leak,) * 3), apart=_product(begun.apart, (leak,) * 3),
                mask=begun.mask | (1 << (len(self._tail) + goal) if leak < 1.0 else 0),
            )  # fmt: skip
        needed = self._net.needs.get(goal, 1)
        edges = self._order[self._start[goal] : self._start[goal + 1]]
        if needed > 1 and comb(len(edges), needed) > _CHOICES:
            yield None
            return
        gated = begun.gated or needed > 1
        if not gated and self._hops is not None and len(begun.edges) >= self._hops:
            return
        for chosen in combinations(edges, needed):
            if gated or self._tail[chosen[0]] not in done:
                yield self._extended(begun, chosen, done, rest, gated)

    def _extended(
        self,
        begun: _Beginning,
        chosen: tuple[int, ...],
        done: frozenset[int],
        rest: tuple[int, ...],
        gated: bool,
    ) -> _Beginning:
        goals, controls = list(rest), begun.controls
        weight, apart, mask = begun.weight, begun.apart, begun.mask
        for edge in chosen:
            mask |= self._edge_mask(edge)
            tail, chance = self._tail[edge], self._chance[edge]
            if tail not in self._roots and tail not in done and tail not in goals:
                goals.append(tail)
            weight, apart = _product(weight, (chance,) * 3), _product(apart, (chance,) * 3)
            for control, failing in self._failing[self._guard[edge]]:
                if control not in controls:
                    controls = controls | {control}
                    weight = _product(weight, failing)
                    apart = _product(apart, failing) if control in self._narrow else apart
        return _Beginning(
            (*begun.edges, *chosen), begun.leaks, controls, weight, apart, done, tuple(goals), gated, mask
        )

    def _complete(self, begun: _Beginning, found: dict[int, Cause]) -> Weights:
        """Keep a cause that is no larger than another one and does not cause itself; return its weight."""
        if any(begun.mask & other == other for other in found) or (begun.gated and not self._turns(begun)):
            return _NOTHING
        edges = tuple(sorted(edge for edge in set(begun.edges) if self._chance[edge] < 1.0))
        leaks = tuple(sorted(leak for leak in begun.leaks if self._net.leaks[leak] < 1.0))
        found[begun.mask] = Cause(edges, leaks, tuple(sorted(begun.controls)), begun.weight)
        return begun.weight

    def _turns(self, begun: _Beginning) -> bool:
        """Tell whether the chosen edges and leaks really turn all nodes explained, none by itself."""
        arriving: dict[int, set[int]] = {}
        for edge in begun.edges:
            arriving.setdefault(self._head[edge], set()).add(edge)
        now, step = self._roots | set(begun.leaks), 0
        while not begun.done <= now and (self._hops is None or step < self._hops):
            step += 1
            more = {
                node
                for node, edges in arriving.items()
                if sum(self._tail[edge] in now for edge in edges) >= self._net.needs.get(node, 1)
            }
            if more <= now:
                return False
            now = now | more
        return begun.done <= now

    def _narrow_controls(self) -> frozenset[int]:
        tails: dict[int, set[int]] = {}
        pairs: Mapping[tuple[int, int], None] = dict.fromkeys(zip(self._tail, self._guard, strict=True))
        for tail, number in pairs:
            for control in self._net.guard_sets[number]:
                tails.setdefault(control, set()).add(tail)
        return frozenset(control for control, found in tails.items() if len(found) == 1)


def _product(one: Weights, other: Weights) -> Weights:
    return (one[0] * other[0], one[1] * other[1], one[2] * other[2])


def _sum(one: Weights, other: Weights, sign: float = 1.0) -> Weights:
    return (one[0] + sign * other[0], one[1] + sign * other[1], one[2] + sign * other[2])
