"""The most probable single ways from the sources to what matters most."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import islice, pairwise
from math import log
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.network import Adjacency

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

    from aimsgraph.trace.network import Network

#: With more edges than this only the best way to each target is looked for.
ALL_WAYS_EDGES: Final = 2_000
#: Ways to one target that are compared at most.
_COMPARED: Final = 200


@dataclass(frozen=True, slots=True)
class Way:
    """One simple path: the edges (numbers into the network) in order, and the chance that all are open."""

    edges: tuple[int, ...]
    probability: float

    def nodes(self, net: Network, ids: Sequence[str]) -> tuple[str, ...]:
        """Return the nodes on it, from the first to the last, by the names that ``ids`` gives them."""
        first = ids[int(net.source[self.edges[0]])]
        return (first, *(ids[int(net.target[edge])] for edge in self.edges))

    def properties(self, net: Network, names: Sequence[str]) -> tuple[str, ...]:
        """Return the property of each edge, by the names that ``names`` gives them."""
        return tuple(names[int(net.edge_kind[edge])] for edge in self.edges)


def way_probability(net: Network, edges: Sequence[int]) -> float:
    """Return the assured chance that every edge of a path is open; a shared control counts once."""
    chance = 1.0
    controls: set[int] = set()
    for edge in edges:
        chance *= float(net.probability[edge])
        controls.update(net.guard_sets[int(net.guard[edge])])
    for control in sorted(controls):
        chance *= 1.0 - float(net.assured[control])
    return chance


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways, most probable first; ``complete`` is false when a more probable one to a target may be missing."""

    found: tuple[Way, ...]
    complete: bool


def best_ways(net: Network, targets: Sequence[int], *, count: int, hops: int | None = None) -> list[Way]:
    """Return up to ``count`` simple paths from any source to ``targets``; see :func:`ways_to`."""
    return list(ways_to(net, targets, count=count, hops=hops).found)


def ways_to(net: Network, targets: Sequence[int], *, count: int, hops: int | None = None) -> Ways:
    """Return up to ``count`` simple paths from any source to ``targets``, most probable first.

    First the best way to each target, in the order given; where that leaves room, and the network is small,
    the next best ways to the same targets. Paths that can never be open are left out, and so are those through
    a gate that needs several edges, because none of them is enough by itself.
    """
    first = _best_each(net, targets[:count], hops)
    found = {way.edges: way for way in first}
    # A control that stands before several edges of a way counts once, in the search for each: the order may differ.
    shared = _shares_controls(net)
    complete = not shared and len(found) == count
    if len(net.source) <= ALL_WAYS_EDGES and (shared or len(found) < count):
        graph, complete = _graph(net), True
        more: list[Way] = []
        for target in targets[:count]:
            some, whole = _ways(graph, net, target, hops, _COMPARED if shared else count)
            more += some
            complete &= whole
        for way in sorted(more, key=lambda way: (-way.probability, way.edges)):
            if len(found) < count:
                found.setdefault(way.edges, way)
    chosen = (way for way in found.values() if way.probability > 0.0)
    return Ways(tuple(sorted(chosen, key=lambda way: (-way.probability, way.edges))), complete)


def _shares_controls(net: Network) -> bool:
    """Tell whether any control guards the edges of more than one node."""
    tails: dict[int, set[int]] = {}
    guarded = np.flatnonzero(np.array([len(controls) > 0 for controls in net.guard_sets])[net.guard])
    for node, number in zip(net.source[guarded].tolist(), net.guard[guarded].tolist(), strict=True):
        for control in net.guard_sets[number]:
            tails.setdefault(control, set()).add(node)
    return any(len(nodes) > 1 and net.assured[control] > 0.0 for control, nodes in tails.items())


def _open_chances(net: Network) -> list[float]:
    """Return per edge the assured chance that it is open and enough by itself to turn its head."""
    passing = np.ones(len(net.guard_sets))
    for number, controls in enumerate(net.guard_sets):
        for control in controls:
            passing[number] *= 1.0 - net.assured[control]
    chances = net.probability * passing[net.guard]
    chances[np.isin(net.target, [node for node, needed in net.needs.items() if needed > 1])] = 0.0
    found: list[float] = chances.tolist()
    return found


def _best_each(net: Network, targets: Sequence[int], hops: int | None) -> list[Way]:
    """Return the best way to each target by one search: Dijkstra over -log chance, and hops if limited."""
    chances, adjacency = _open_chances(net), Adjacency.by(net.source, net.size)
    start, order, head = adjacency.start.tolist(), adjacency.edges.tolist(), net.target.tolist()
    queue: list[tuple[float, int, int, int, int | None]] = [
        (0.0, 0, node, -1, None) for node in sorted(net.sources)
    ]
    settled: list[tuple[int, int | None]] = []
    fewest: dict[int, int] = {}
    wanted, ends = set(targets) - set(net.sources), dict[int, int]()
    while queue and len(ends) < len(wanted):
        weight, far, node, edge, before = heapq.heappop(queue)
        # A dearer way to a node is worth going on with only when it leaves more hops.
        if node in fewest and (hops is None or fewest[node] <= far):
            continue
        fewest[node] = far
        settled.append((edge, before))
        here = len(settled) - 1
        if node in wanted:
            ends.setdefault(node, here)
        if hops is not None and far >= hops:
            continue
        for out in order[start[node] : start[node + 1]]:
            if chances[out] > 0.0:
                heapq.heappush(queue, (weight - log(chances[out]), far + 1, head[out], out, here))
    ways = []
    for target in targets:
        if target in ends:
            edges: list[int] = []
            at: int | None = ends[target]
            while at is not None:
                edge, at = settled[at]
                if edge >= 0:
                    edges.append(edge)
            edges.reverse()
            ways.append(Way(tuple(edges), way_probability(net, edges)))
    return ways


def _graph(net: Network) -> nx.DiGraph[int]:
    """Return the network with one root before all sources, and the best of parallel edges."""
    # It takes as long to import as all else that a short command needs, and few questions come here.
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_weighted_edges_from((-1, node, 0.0) for node in sorted(net.sources))
    for edge, (a, b, chance) in enumerate(
        zip(net.source.tolist(), net.target.tolist(), _open_chances(net), strict=True)
    ):
        weight = -log(chance) if chance > 0.0 else None
        if weight is not None and (not graph.has_edge(a, b) or graph[a][b]["weight"] > weight):
            graph.add_edge(a, b, weight=weight, number=edge)
    return graph


def _ways(
    graph: nx.DiGraph[int], net: Network, target: int, hops: int | None, most: int
) -> tuple[list[Way], bool]:
    """Return up to ``most`` ways to a target, and whether no other can be among the best as many."""
    import networkx as nx  # as above

    found: list[Way] = []
    if target not in graph or not nx.has_path(graph, -1, target):
        return found, True
    paths = nx.shortest_simple_paths(graph, -1, target, weight="weight")
    for path in islice(paths, _COMPARED):
        steps = list(pairwise(path[1:]))
        if hops is None or len(steps) <= hops:
            edges = tuple(int(graph[a][b]["number"]) for a, b in steps)
            found.append(Way(edges, way_probability(net, edges)))
            if len(found) == most < _COMPARED:
                return found, True
    return found, next(paths, None) is None
