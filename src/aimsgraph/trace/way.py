"""The edges of a projection by one of their ends, and the walk along them, nearest first."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from aimsgraph.trace.projection import Ints, Projection

    Mask = npt.NDArray[np.bool_]

#: Which way to go: down to what comes of a thing, up to what it comes from.
Sense = Literal["down", "up"]
Stop = Literal["nothing", "hops", "nodes", "time"]

#: A step of more edges than one for so many nodes looks for what it reaches among all nodes: quicker than sorting.
_WIDE: Final = 20
#: The mark of a node that was seen.
_SEEN: Final = 1
_NONE: Final = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Edges grouped by the node that one leaves them from: ``start[v]`` … ``start[v + 1]`` are those of node ``v``.

    ``heads`` are the nodes that they lead to, ``edges`` their numbers (None: they lie in that order anyway).
    """

    start: Ints
    heads: Ints
    edges: Ints | None

    @classmethod
    def by(cls, tails: Ints, heads: Ints, size: int, order: Ints | None = None) -> Way:
        """Group edges by ``tails`` (one node number per edge) over ``size`` nodes; of one node by number.

        That ``order`` need not be worked out where it is known.
        """
        start = np.zeros(size + 1, np.int32)
        np.cumsum(np.bincount(tails, minlength=size), out=start[1:])
        if not len(tails) or bool((tails[1:] >= tails[:-1]).all()):
            return cls(start, heads, None)
        edges = np.argsort(tails, kind="stable").astype(np.int32) if order is None else order
        return cls(start, heads[edges], edges)

    def arrays(self, of: Projection) -> list[Ints]:
        """Return what is kept besides the arrays of a projection."""
        own = [self.start] if self.edges is None else [self.start, self.edges]
        return own if self.heads is of.target or self.heads is of.source else [*own, self.heads]

    def of(self, nodes: Ints) -> tuple[Ints, Ints]:
        """Return the numbers of the edges of all ``nodes``, node by node, and where they lead."""
        # take and compress do what brackets do, in half the time and less.
        first = self.start.take(nodes)
        counts = self.start[1:].take(nodes) - first
        ends = np.cumsum(counts, dtype=np.int32)
        total = int(ends[-1]) if len(ends) else 0
        places = np.repeat(first - ends + counts, counts)
        places += np.arange(total, dtype=np.int32)
        return places if self.edges is None else self.edges.take(places), self.heads.take(places)


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """What a walk reached: ``nodes`` with their ``hops`` (the start is not among them), nearest first, then by number.

    ``edges`` are the numbers of those walked, each once; ``stopped`` says what ended the walk.
    """

    nodes: Ints
    hops: Ints
    edges: Ints
    stopped: Stop


def walk(
    projection: Projection,
    start: int,
    sense: Sense,
    *,
    hops: int | None = None,
    threats: bool = False,
    edges: Mask | None = None,
    nodes: Mask | None = None,
    max_nodes: int | None = None,
    deadline: float | None = None,
) -> Walk:
    """Walk from a node (number) to the end, or ``hops`` steps, or until ``max_nodes`` or the ``deadline``.

    The deadline is one of ``time.monotonic()``. Edges that say that something endangers something count only with
    ``threats``; ``edges`` and ``nodes`` say of each edge and node whether the walk may take it and come to it. What a
    walk costs grows with what it reaches, not with the whole.
    """
    way = projection.way(sense)
    without_threats = not threats and projection.has_threats

    def step(front: Ints) -> tuple[Ints, Ints]:
        found, heads = way.of(front)
        if without_threats:
            found, heads = _only(~projection.threat[found], found, heads)
        if edges is not None:
            found, heads = _only(edges[found], found, heads)
        return (found, heads) if nodes is None else _only(nodes[heads], found, heads)

    try:
        seen = projection.marks.pop()
    except IndexError:
        seen = np.zeros(projection.size, np.uint8)
    found = _walked(step, start, seen, hops, max_nodes, deadline)
    _clear(seen, start, found.nodes)
    projection.marks.append(seen)
    return found


def together(walks: Sequence[Walk]) -> tuple[Ints, Ints, Ints]:
    """Return what walks from the same node reached, each node once by number, with its fewest hops, and all edges."""
    if not walks:
        return _NONE, _NONE, _NONE
    if len(walks) == 1:
        return *nearest(walks[0].nodes, walks[0].hops), np.sort(walks[0].edges)
    nodes, hops = (np.concatenate([getattr(one, name) for one in walks]) for name in ("nodes", "hops"))
    return *nearest(nodes, hops), np.unique(np.concatenate([one.edges for one in walks]))


def nearest(nodes: Ints, hops: Ints) -> tuple[Ints, Ints]:
    """Return each node once, by number, with its fewest hops."""
    order = np.lexsort((hops, nodes))
    nodes, hops = nodes[order], hops[order]
    first = np.ones(len(nodes), bool)
    first[1:] = nodes[1:] != nodes[:-1]
    return nodes[first], hops[first]


def _walked(
    step: Callable[[Ints], tuple[Ints, Ints]],
    start: int,
    seen: npt.NDArray[np.uint8],
    hops: int | None,
    max_nodes: int | None,
    deadline: float | None,
) -> Walk:
    """Walk along what ``step`` says of a front; mark the start and what is reached in ``seen``, all zeros before."""
    seen[start] = _SEEN
    front: Ints = np.array([start], np.int32)
    reached: list[Ints] = []
    walked: list[Ints] = []
    stopped: Stop = "nothing"
    depth, left = 1, max_nodes
    while True:
        edges, heads = step(front)
        if not len(edges):
            break
        if hops is not None and depth > hops:
            stopped = "hops"
            break
        if deadline is not None and time.monotonic() > deadline:
            stopped = "time"
            break
        depth += 1
        front = _fresh(heads, seen)
        if left is not None and len(front) > left:
            seen[front[left:]] = 0
            reached.append(front[:left])
            walked.append(edges[seen[heads] > 0])
            stopped = "nodes"
            break
        reached.append(front)
        walked.append(edges)
        left = None if left is None else left - len(front)
    far = np.repeat(np.arange(1, len(reached) + 1, dtype=np.int32), [len(part) for part in reached])
    return Walk(_joined(reached), far, _joined(walked), stopped)


def _fresh(heads: Ints, seen: npt.NDArray[np.uint8]) -> Ints:
    """Mark those of the nodes that were not seen before, and return them in ascending order, each once."""
    if len(heads) * _WIDE > len(seen):
        before = seen.copy()
        seen[heads] = _SEEN
        return np.flatnonzero(seen != before).astype(np.int32)
    fresh = heads.compress(seen.take(heads) == 0)
    seen[fresh] = _SEEN
    fresh.sort()
    first = np.ones(len(fresh), bool)
    first[1:] = fresh[1:] != fresh[:-1]
    found: Ints = fresh[first]
    return found


def _clear(seen: npt.NDArray[np.uint8], start: int, reached: Ints) -> None:
    """Make all zeros again: where little was reached, only that is touched."""
    if len(reached) * _WIDE > len(seen):
        seen.fill(0)
    else:
        seen[start] = 0
        seen[reached] = 0


def _only(kept: Mask, edges: Ints, heads: Ints) -> tuple[Ints, Ints]:
    return edges.compress(kept), heads.compress(kept)


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else _NONE
