"""Single points of failure: the nodes without which others are cut off from where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.model.node import Named
from aimsgraph.model.routes import WeakPoint, WeakPoints
from aimsgraph.store import describe
from aimsgraph.trace.condensation import circles
from aimsgraph.trace.dominators import dominators, subtree_sums
from aimsgraph.trace.filters import EVERYTHING, fits, shown
from aimsgraph.trace.flow import flow_of

if TYPE_CHECKING:
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.filters import Filters
    from aimsgraph.trace.flow import Flow
    from aimsgraph.trace.projection import Ints, Projection

#: So many weak points are told unless more are asked for.
MOST_POINTS: Final = 100
#: So many of what is cut off are named.
_NAMED: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Loss:
    """What is lost with each of the ``points``: ``cut`` counts it, of what is ``held``; ``own`` is what counts not."""

    points: Ints
    cut: Ints
    own: Ints
    origins: Ints
    held: Ints
    dominator: Ints
    order: Ints
    far: Ints | None

    @classmethod
    def none(cls) -> _Loss:
        """Return that nothing is lost, since nothing leads there."""
        nothing = np.zeros(0, np.int64)
        return cls(nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing)

    def examples(self, points: list[int], *, whole: bool) -> dict[int, list[int]]:
        """Return for each point the first of what is cut off without it; itself only where the ``whole`` counts it."""
        found: dict[int, list[int]] = {point: [] for point in points}
        held, below = set(self.held.tolist()), dict[int, list[int]]()
        above = self.dominator.tolist()
        for node in reversed(self.order.tolist()):
            inner = below.pop(node, [])
            every = sorted([node, *inner])[:_NAMED] if node in held else inner
            if node in found:
                found[node] = every if whole else inner
            if every and above[node] >= 0:
                below[above[node]] = sorted([*below.get(above[node], ()), *every])[:_NAMED]
        return found


def weak_points_of(
    view: View,
    projection: Projection,
    node: NodeRef,
    *,
    most: int = MOST_POINTS,
    wanted: Filters = EVERYTHING,
) -> WeakPoints:
    """Find the nodes upstream of ``node`` without which it is cut off from most of its origins.

    An origin is cut off when every way from it to the node leads through the weak point. An origin cuts off itself, and
    is told only when that is everything, or when it cuts off others. First what cuts off most, then the nearest.
    """
    flow = flow_of(projection, wanted)
    start = projection.index.get(node.id)
    loss = _Loss.none() if start is None else _of_node(flow, start)
    return _answer(view, flow, wanted, loss, node=node, most=most)


def _of_node(flow: Flow, start: int) -> _Loss:
    # Seen from the node against the flow, what dominates an origin is what every way from it leads through.
    dominator, order = dominators(flow.head, flow.tail, flow.size, start)
    above = np.zeros(flow.size, bool)
    above[order] = True
    inner = above[flow.tail] & above[flow.head] & (flow.head != flow.tail)
    origins = _origins(flow.tail[inner], flow.head[inner], np.sort(order), flow.size)
    origins = origins[origins != start]
    marked = _marked(origins, flow.size)
    cut = subtree_sums(dominator, order, marked)
    points = np.sort(order[1:])
    enough = np.where(marked[points] > 0, min(2, len(origins)), 1)
    upstream = flow.walk(start, "up")
    far = np.full(flow.size, -1, np.int64)
    far[upstream.nodes], far[start] = upstream.hops, 0
    return _Loss(points[cut[points] >= enough], cut, marked * 0, origins, origins, dominator, order, far)


def weak_points(
    view: View,
    projection: Projection,
    of: Filters,
    *,
    most: int = MOST_POINTS,
    wanted: Filters = EVERYTHING,
) -> WeakPoints:
    """Find the nodes without which most of the nodes ``of`` some types are cut off from every origin.

    That is: to which every way from any origin leads through the weak point. What is cut off does not count itself.
    """
    flow = flow_of(projection, wanted)
    joined = flow.tail != flow.head
    ends = np.unique(np.concatenate((flow.tail, flow.head)))
    origins = _origins(flow.tail[joined], flow.head[joined], ends, flow.size)
    root = flow.size
    dominator, order = dominators(
        np.concatenate((flow.tail, np.full(len(origins), root))),
        np.concatenate((flow.head, origins)),
        flow.size + 1,
        root,
    )
    fitting = fits(view, [projection.ids[number] for number in ends.tolist()], of)
    targets = np.array([n for n in ends.tolist() if projection.ids[n] in fitting], np.int64)
    own = _marked(targets, flow.size + 1)
    cut = subtree_sums(dominator, order, own) - own
    points = np.sort(order[1:])
    loss = _Loss(points[cut[points] > 0], cut, own, origins, targets, dominator, order, None)
    return _answer(view, flow, wanted, loss, of=of.said.types, most=most)


def _origins(tail: Ints, head: Ints, nodes: Ints, size: int) -> Ints:
    """Return the nodes to which nothing leads, and those of circles to which nothing leads from outside."""
    circle = circles(tail, head, size)
    fed = np.zeros(size, bool)
    fed[circle[head[circle[tail] != circle[head]]]] = True
    return nodes[~fed[circle[nodes]]]


def _marked(nodes: Ints, size: int) -> Ints:
    mark = np.zeros(size, np.int64)
    mark[nodes] = 1
    return mark


def _answer(
    view: View,
    flow: Flow,
    wanted: Filters,
    loss: _Loss,
    *,
    most: int,
    node: NodeRef | None = None,
    of: tuple[str, ...] = (),
) -> WeakPoints:
    chosen = shown(view, flow.projection, wanted, loss.points)
    near = chosen if loss.far is None else loss.far[chosen]
    told = chosen[np.lexsort((chosen, near, -loss.cut[chosen]))][:most].tolist()
    examples = loss.examples(told, whole=node is not None)
    ids = flow.projection.ids
    known = describe(view, [ids[n] for n in {*told, *(n for named in examples.values() for n in named)}])
    return WeakPoints(
        node=node,
        of=of,
        origins=len(loss.origins),
        targets=len(loss.held) if node is None else 0,
        nodes=tuple(
            WeakPoint(
                id=ids[point],
                type=known[ids[point]].type,
                label=known[ids[point]].label,
                hops=None if loss.far is None else int(loss.far[point]),
                cut_off=int(loss.cut[point]),
                examples=tuple(Named(id=ids[n], label=known[ids[n]].label) for n in examples[point]),
                everything=int(loss.cut[point] + loss.own[point]) == len(loss.held),
            )
            for point in told
        ),
        left_out=len(chosen) - len(told),
        completeness=flow.whole(),
        snapshot=flow.projection.snapshot,
        date=flow.projection.today,
        filters=wanted.said,
    )
