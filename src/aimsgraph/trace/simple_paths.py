"""All ways from one node to another, the shortest first, one at a time: no more is looked at than is asked for."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.trace.network import Adjacency, distances

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from aimsgraph.trace.projection import Ints

    Stop = Literal["nothing", "hops", "paths", "steps"]


@dataclass(frozen=True, slots=True)
class Found:
    """The paths found, each as node numbers, and what ended the search.

    ``steps`` counts the edges looked at, and the nodes gone over of the beginnings that are searched.
    """

    paths: list[tuple[int, ...]]
    stopped: Stop
    steps: int


class _SpentError(Exception):
    """The steps are used up."""


def simple_paths(
    tail: Ints, head: Ints, size: int, start: int, goal: int, *, most: int, hops: int | None, max_steps: int
) -> Found:
    """Return up to ``most`` paths from ``start`` to ``goal`` in which no node comes twice.

    Fewest hops first, and of equally long ones the one whose nodes have the lower numbers. ``stopped`` is "paths" when
    there is another one, "hops" when every other one has more than ``hops``, "steps" when ``max_steps`` edges were
    looked at before that was known.
    """
    search = _Search(tail, head, size, start, goal, max_steps)
    paths: list[tuple[int, ...]] = []
    try:
        for path in search.all():
            if hops is not None and len(path) - 1 > hops:
                return Found(paths, "hops", search.steps)
            if len(paths) == most:
                return Found(paths, "paths", search.steps)
            paths.append(path)
    except _SpentError:
        # Whatever is left is at least as long as what was being looked for.
        beyond = hops is not None and search.at_least > hops
        return Found(paths, "hops" if beyond else "steps", search.steps)
    return Found(paths, "nothing", search.steps)


class _Search:
    """Yen's division: what is left after a path are the ways that leave it at one of its nodes.

    Each such part is the beginning of a path, and the nodes it may not go on to. It waits under a lower bound of its
    length, and is searched only when its turn has come. Of nodes off the ways between the ends nothing is read.
    """

    def __init__(self, tail: Ints, head: Ints, size: int, start: int, goal: int, max_steps: int) -> None:
        ahead = distances(head, Adjacency.by(tail, size), size, np.array([start], np.int64))
        left = distances(tail, Adjacency.by(head, size), size, np.array([goal], np.int64))
        useful = np.flatnonzero((ahead[tail] >= 0) & (left[head] >= 0) & (head != start) & (tail != goal))
        self._head = head[useful]
        self._adjacency = Adjacency.by(tail[useful], size)
        self._left, self._start, self._goal = left, start, goal
        self._next: dict[int, list[tuple[int, int]]] = {}
        self._max_steps = max_steps
        self.steps = 0
        #: No path that is still to come has fewer hops.
        self.at_least = 0

    def all(self) -> Iterator[tuple[int, ...]]:
        """Yield every path in order.

        :raises _SpentError: the steps are used up.
        """
        if self._left[self._start] < 0:
            return
        # A part that is not yet searched comes before the paths of the length that it may still have. It is kept as
        # the path that it is a part of and how many nodes of that: to copy the nodes for every part takes memory.
        waiting: list[tuple[int, int, tuple[int, ...], tuple[int, ...], int, frozenset[int]]] = []
        numbers = count()
        first = (self._start,)
        heapq.heappush(waiting, (int(self._left[self._start]), 0, (next(numbers),), first, 1, frozenset()))
        while waiting:
            go_on()
            length, searched, _, path, place, barred = heapq.heappop(waiting)
            self.at_least = length
            if searched:
                yield path
                for part, least, closed in self._parts(path, place, barred):
                    heapq.heappush(waiting, (max(length, least), 0, (next(numbers),), path, part, closed))
                continue
            self._spend(place)
            found, bound = self._shortest(path[:place], barred, length)
            if found is not None:
                heapq.heappush(waiting, (length, 1, found, found, place, barred))
            elif bound is not None:
                heapq.heappush(waiting, (bound, 0, (next(numbers),), path, place, barred))

    def _parts(
        self, path: tuple[int, ...], begun: int, barred: frozenset[int]
    ) -> Iterator[tuple[int, int, frozenset[int]]]:
        """Yield where another path may leave this one, how long it is at least, and where it may not go from there."""
        before = set(path[:begun])
        for place in range(begun, len(path)):
            closed = (barred if place == begun else frozenset[int]()) | {path[place]}
            open_ = [left for step, left in self._after(path[place - 1], closed) if step not in before]
            if open_:
                yield place, place + min(open_), closed
            before.add(path[place])

    def _shortest(
        self, begun: tuple[int, ...], barred: frozenset[int], length: int
    ) -> tuple[tuple[int, ...] | None, int | None]:
        """Look for the first path of that length in a part; else say how long one may be at least (None: no other).

        It goes depth first, lower numbers first, and turns back where the way that is left is too long. A node at
        which it had to turn back with so many hops to spare needs no second look with as few.
        """
        closed, failed = set(begun), dict[int, int]()
        bound: int | None = None
        way: list[int] = []
        spare = length - (len(begun) - 1)
        stack = [self._after(begun[-1], barred)]
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                if way:
                    node = way.pop()
                    closed.discard(node)
                    spare += 1
                    failed[node] = max(failed.get(node, 0), spare)
                continue
            node, rest = step
            if node in closed:
                continue
            if rest > spare - 1:
                over = length + rest - (spare - 1)
                bound = over if bound is None else min(bound, over)
                continue
            if node == self._goal:
                return (*begun, *way, node), None
            if failed.get(node, 0) >= spare:
                continue
            way.append(node)
            closed.add(node)
            spare -= 1
            stack.append(self._after(node, frozenset()))
        return None, bound

    def _after(self, node: int, barred: frozenset[int]) -> Iterator[tuple[int, int]]:
        """Yield the nodes after one with their distance to the goal, and count them as steps."""
        found = self._next.get(node)
        if found is None:
            numbers = np.unique(self._head[self._adjacency.of(np.array([node], np.int64))])
            found = self._next[node] = list(zip(numbers.tolist(), self._left[numbers].tolist(), strict=True))
        for step in found:
            self._spend(1)
            if step[0] not in barred:
                yield step

    def _spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > self._max_steps:
            raise _SpentError
