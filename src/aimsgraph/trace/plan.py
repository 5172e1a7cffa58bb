"""The order in which nodes are worked out: what comes before a cycle, the cycles, what comes after."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aimsgraph.trace.network import Adjacency, Network

if TYPE_CHECKING:
    from aimsgraph.trace.projection import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Nodes in working order, and the edges sorted by the place of their head.

    ``nodes[i]`` is the node at place ``i``; ``tails[j]`` and ``heads[j]`` are the places of both ends of the
    edge ``edges[j]`` of the network; the edges into place ``i`` are ``start[i]`` … ``start[i + 1]``.
    ``levels`` are ranges of places whose edges all come from earlier ranges; ``core`` is the one range (empty
    when there is no cycle) that must be gone over until nothing changes. It stands before ``levels[after]``.
    """

    nodes: Ints
    edges: Ints
    tails: Ints
    heads: Ints
    start: Ints
    levels: tuple[tuple[int, int], ...]
    core: tuple[int, int]
    after: int

    @property
    def steps(self) -> list[tuple[int, int, bool]]:
        """All ranges in working order; the flag marks the core."""
        plain = [(first, stop, False) for first, stop in self.levels]
        return [*plain[: self.after], (*self.core, True), *plain[self.after :]]


def plan(net: Network, distance: Ints) -> Plan:
    """Order the nodes of a network that only holds relevant edges; ``distance`` orders those on cycles."""
    involved = np.zeros(net.size, bool)
    involved[net.source] = involved[net.target] = True
    involved[sorted({*net.sources, *net.leaks})] = True
    before, rest = _peel(net.source, net.target, involved)
    inside = rest[net.source] & rest[net.target]
    later, core = _peel(net.target[inside], net.source[inside], rest)
    cyclic = np.flatnonzero(core)
    cyclic = cyclic[np.lexsort((cyclic, distance[cyclic]))]
    parts = [*before, cyclic, *reversed(later)]
    nodes = np.concatenate(parts).astype(np.int64)
    bounds = np.concatenate(([0], np.cumsum([len(part) for part in parts])))
    ranges = [(int(a), int(b)) for a, b in itertools.pairwise(bounds)]
    place = np.full(net.size, -1, np.int64)
    place[nodes] = np.arange(len(nodes))
    edges = np.lexsort((place[net.source], place[net.target])).astype(np.int64)
    heads = place[net.target][edges]
    return Plan(
        nodes=nodes,
        edges=edges,
        tails=place[net.source][edges],
        heads=heads,
        start=np.searchsorted(heads, np.arange(len(nodes) + 1)).astype(np.int64),
        levels=tuple(ranges[: len(before)] + ranges[len(before) + 1 :]),
        core=ranges[len(before)],
        after=len(before),
    )


def _peel(source: Ints, target: Ints, members: np.ndarray) -> tuple[list[Ints], np.ndarray]:
    """Take away, level by level, the members that nothing left leads to; return levels and what is left."""
    left = members.copy()
    waiting = np.bincount(target, minlength=len(members))
    outgoing = Adjacency.by(source, len(members))
    level = np.flatnonzero(left & (waiting == 0))
    levels: list[Ints] = []
    while len(level):
        levels.append(level)
        left[level] = False
        reached, times = np.unique(target[outgoing.of(level)], return_counts=True)
        waiting[reached] -= times
        level = reached[waiting[reached] == 0]
    return levels, left
