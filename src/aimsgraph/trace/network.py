"""The network that impact spreads over: nodes, edges that open by chance, controls, gates, leaks. No RDF."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aimsgraph.trace.projection import Floats, Ints

Name = TypeVar("Name", bound=Hashable)

#: The three ways to count controls: not at all, with what evidence supports, as declared.
Scenario = Literal["inherent", "assured", "claimed"]
SCENARIOS: Final[tuple[Scenario, ...]] = ("inherent", "assured", "claimed")


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Nodes 0 … ``size``-1 and what joins them.

    Per edge: ``source``, ``target`` (node numbers), ``probability`` that it carries impact, ``guard`` (a
    number into ``guard_sets``, each a set of control numbers; any working one closes the edge). Per control:
    ``claimed`` and ``assured`` probability that it works, one variable for all the edges it guards.
    ``needs[v]`` open incoming edges turn ``v`` (1 where absent); ``leaks[v]`` is its chance to turn by
    itself. ``sources`` are true in every world. ``names`` and ``control_names`` key the random numbers, so
    that these do not depend on what else is in the network.
    """

    size: int
    source: Ints
    target: Ints
    probability: Floats
    guard: Ints
    guard_sets: tuple[tuple[int, ...], ...]
    claimed: Floats
    assured: Floats
    sources: tuple[int, ...]
    needs: Mapping[int, int]
    leaks: Mapping[int, float]
    names: Sequence[str]
    edge_names: Sequence[str]
    edge_kind: Ints
    control_names: Sequence[str]

    def effectiveness(self, scenario: Scenario) -> Floats:
        """Return per control the probability that it works under ``scenario``."""
        return {"inherent": np.zeros_like(self.claimed), "assured": self.assured, "claimed": self.claimed}[
            scenario
        ]

    def keeping(self, kept: Ints) -> Network:
        """Return the same network with only the edges numbered in ``kept``."""
        return replace(
            self,
            source=self.source[kept],
            target=self.target[kept],
            probability=self.probability[kept],
            guard=self.guard[kept],
            edge_kind=self.edge_kind[kept],
        )


def network(
    edges: Iterable[tuple[Name, Name, float]],
    sources: Iterable[Name],
    *,
    controls: Mapping[str, tuple[float, float]] | None = None,
    guards: Mapping[Name, Iterable[str]] | None = None,
    needs: Mapping[Name, int] | None = None,
    leaks: Mapping[Name, float] | None = None,
) -> tuple[Network, dict[Name, int]]:
    """Build a network by hand; the second value numbers its nodes.

    ``controls`` maps a name to (claimed, assured) effectiveness, ``guards`` a node to the controls before its
    outgoing edges, ``needs`` a node to the number of open incoming edges that turn it.
    """
    listed, roots, controls = list(edges), list(sources), dict(controls or {})
    order: dict[Name, int] = {}
    for name in (*roots, *(end for edge in listed for end in edge[:2]), *(needs or ()), *(leaks or ())):
        order.setdefault(name, len(order))
    numbers = {name: number for number, name in enumerate(controls)}
    sets: dict[tuple[int, ...], int] = {(): 0}
    guard_of = {
        node: tuple(sorted(numbers[name] for name in set(names))) for node, names in (guards or {}).items()
    }
    built = Network(
        size=len(order),
        source=np.array([order[edge[0]] for edge in listed], np.int64),
        target=np.array([order[edge[1]] for edge in listed], np.int64),
        probability=np.array([edge[2] for edge in listed], np.float64),
        guard=np.array([sets.setdefault(guard_of.get(e[0], ()), len(sets)) for e in listed], np.int64),
        guard_sets=tuple(sets),
        claimed=np.array([pair[0] for pair in controls.values()], np.float64),
        assured=np.array([pair[1] for pair in controls.values()], np.float64),
        sources=tuple(order[name] for name in roots),
        needs={order[name]: needed for name, needed in (needs or {}).items()},
        leaks={order[name]: value for name, value in (leaks or {}).items()},
        names=[str(name) for name in order],
        edge_names=["edge"],
        edge_kind=np.zeros(len(listed), np.int64),
        control_names=list(controls),
    )
    return built, order


@dataclass(frozen=True, slots=True, eq=False)
class Adjacency:
    """Edges grouped by one of their ends: ``edges[start[v]:start[v + 1]]`` are those of node ``v``."""

    start: Ints
    edges: Ints

    @classmethod
    def by(cls, ends: Ints, size: int) -> Adjacency:
        """Group edges by ``ends`` (one node number per edge) over ``size`` nodes."""
        return cls(
            np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=size)))).astype(np.int64),
            np.argsort(ends, kind="stable").astype(np.int64),
        )

    def of(self, nodes: Ints) -> Ints:
        """Return the edges of all ``nodes``, node by node."""
        first = self.start[nodes]
        found: Ints = self.edges[ranges(first, self.start[nodes + 1] - first)]
        return found


def ranges(first: Ints, counts: Ints) -> Ints:
    """Return the numbers from ``first[0]`` on, ``counts[0]`` of them, then those from ``first[1]`` on."""
    total = int(counts.sum())
    before = np.cumsum(counts) - counts
    result: Ints = np.repeat(first - before, counts) + np.arange(total)
    return result


def distances(ends: Ints, adjacency: Adjacency, size: int, roots: Ints, hops: int | None = None) -> Ints:
    """Return the least number of hops from any root to each node; -1 where it is not reached within ``hops``.

    ``ends[e]`` is the node that edge ``e`` of the adjacency leads to.
    """
    found = np.full(size, -1, np.int64)
    found[roots] = 0
    front, depth = np.unique(roots), 0
    while len(front) and (hops is None or depth < hops):
        depth += 1
        reached = np.unique(ends[adjacency.of(front)])
        front = reached[found[reached] < 0]
        found[front] = depth
    return found


def relevant(net: Network, hops: int | None = None) -> tuple[Network, Ints]:
    """Drop the edges that can have no bearing on any node within reach of the sources.

    An edge matters when impact can come to its tail (from a source or a leak) and go on from its head to a
    node that a source reaches, all within ``hops``. Edges into a source and edges that never open drop too. The
    second value is the number of hops from the sources to each node (-1: out of reach).
    """
    roots = np.array(sorted(net.sources), np.int64)
    reach = distances(net.target, Adjacency.by(net.source, net.size), net.size, roots, hops)
    usable = np.flatnonzero((net.probability > 0.0) & ~np.isin(net.target, roots))
    source, target = net.source[usable], net.target[usable]
    starts = np.array(sorted({*net.sources, *net.leaks}), np.int64)
    fed = distances(target, Adjacency.by(source, net.size), net.size, starts, hops)[source]
    goals = np.flatnonzero(reach >= 0)
    heard = distances(source, Adjacency.by(target, net.size), net.size, goals, hops)[target]
    matters = (fed >= 0) & (heard >= 0)
    if hops is not None:
        matters &= fed + 1 + heard <= hops
    return net.keeping(usable[matters]), reach
