"""A graph with each circle drawn together to one place, in an order in which every edge leads to an earlier place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.network import Adjacency, distances

if TYPE_CHECKING:
    from aimsgraph.trace.projection import Ints

#: So many large circles are found by what one node reaches and what reaches it; the rest by going through all.
_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Condensation:
    """Places 0 … and what leads from each to earlier ones.

    ``place`` is where each node is, ``members`` counts the nodes of a place. Edges lie by the place that they leave:
    ``heads[start[p]]`` … are where place ``p`` leads to, each once. ``levels`` bound ranges of places: the first holds
    those that lead nowhere, and from any other range every edge leads to an earlier range. In a range, those with more
    edges come first.
    """

    place: Ints
    members: Ints
    start: Ints
    heads: Ints
    levels: Ints

    @property
    def size(self) -> int:
        """The number of places."""
        return len(self.members)


def condensed(source: Ints, target: Ints, size: int) -> Condensation:
    """Draw together the nodes that can reach each other."""
    circle = circles(source, target, size)
    names, of_node = np.unique(circle, return_inverse=True)
    count = len(names)
    between = of_node[source] != of_node[target]
    edges = np.unique(of_node[source[between]].astype(np.int64) * count + of_node[target[between]])
    level = _levels(edges // count, edges % count, count)
    order = np.lexsort((-np.bincount(edges // count, minlength=count), level))
    became = np.zeros(count, np.int32)
    became[order] = np.arange(count, dtype=np.int32)
    place = became[of_node]
    tails, heads = became[edges // count], became[edges % count]
    by_tail = np.lexsort((heads, tails))
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(tails, minlength=count), out=start[1:])
    bounds = np.concatenate(([0], np.cumsum(np.bincount(level)))) if count else np.zeros(1, np.int64)
    return Condensation(place, np.bincount(place, minlength=count), start, heads[by_tail], bounds)


def circles(source: Ints, target: Ints, size: int) -> Ints:
    """Return for each node the least number of a node in its circle: those that can reach each other and it.

    Alone is who is on no circle.
    """
    found = np.arange(size, dtype=np.int64)
    left = _core(source, target)
    for _ in range(_ROUNDS):
        if not len(left):
            return found
        tails, heads = source[left], target[left]
        busy = int(np.argmax(np.bincount(tails, minlength=size)))
        root = np.array([busy], np.int64)
        down = distances(heads, Adjacency.by(tails, size), size, root) >= 0
        up = distances(tails, Adjacency.by(heads, size), size, root) >= 0
        circle = down & up
        found[circle] = int(np.argmax(circle))
        left = left[~circle[tails] & ~circle[heads]]
        left = left[_core(source[left], target[left])]
    if not len(left):
        return found
    # It takes as long to import as all else that a short command needs, and few graphs have so many circles.
    import networkx as nx

    rest = nx.DiGraph(list(zip(source[left].tolist(), target[left].tolist(), strict=True)))
    for members in nx.strongly_connected_components(rest):
        found[list(members)] = min(members)
    return found


def _core(source: Ints, target: Ints) -> Ints:
    """Return the edges that are left when nodes that nothing comes to, or that lead nowhere, are taken away in turn."""
    left = np.flatnonzero(source != target)
    for tails, heads in ((source, target), (target, source)):
        left = left[_peeled(tails[left], heads[left])]
    return left


def _peeled(tails: Ints, heads: Ints) -> Ints:
    """Return the edges that are left when nodes that nothing comes to are taken away in turn."""
    if not len(tails):
        return np.zeros(0, np.int64)
    size = int(max(tails.max(), heads.max())) + 1
    waiting = np.bincount(heads, minlength=size)
    outgoing = Adjacency.by(tails, size)
    taken = np.zeros(size, bool)
    front: Ints = np.flatnonzero(waiting == 0)
    while len(front):
        taken[front] = True
        front = _freed(waiting, heads[outgoing.of(front)])
    return np.flatnonzero(~taken[tails])


def _freed(waiting: Ints, reached: Ints) -> Ints:
    """Count off what reached some nodes (one entry for each edge), and return those that wait for nothing more."""
    if len(reached) > len(waiting) // 8:
        waiting -= np.bincount(reached, minlength=len(waiting))
        each = np.zeros(len(waiting), bool)
        each[reached] = True
        return np.flatnonzero(each & (waiting == 0))
    nodes, times = np.unique(reached, return_counts=True)
    waiting[nodes] -= times
    free: Ints = nodes[waiting[nodes] == 0]
    return free


def _levels(tails: Ints, heads: Ints, size: int) -> Ints:
    """Return for each node the length of the longest way from it; there are no circles."""
    level = np.zeros(size, np.int32)
    waiting = np.bincount(tails, minlength=size)
    incoming = Adjacency.by(heads, size)
    front: Ints = np.flatnonzero(waiting == 0)
    depth = 0
    while len(front):
        level[front] = depth
        front = _freed(waiting, tails[incoming.of(front)])
        depth += 1
    return level
