"""What several nodes have upstream in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.errors import UsageError
from aimsgraph.model.routes import Shared, SharedNode
from aimsgraph.store import describe
from aimsgraph.trace.condensation import circles
from aimsgraph.trace.filters import EVERYTHING, shown
from aimsgraph.trace.flow import flow_of
from aimsgraph.trace.network import Adjacency, distances

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from aimsgraph.model.node import NodeRef
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.filters import Filters
    from aimsgraph.trace.flow import Flow
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Ints, Projection

    Bools = npt.NDArray[np.bool_]


#: So many nodes that are shared are told unless more are asked for.
MOST_SHARED: Final = 1_000


def common(
    view: View,
    projection: Projection,
    sources: Sequence[NodeRef],
    *,
    least: int | None = None,
    of: Sequence[str] = (),
    most: int = MOST_SHARED,
    wanted: Filters = EVERYTHING,
    progress: Progress | None = None,
) -> Shared:
    """Find what at least ``least`` (None: all) of the sources have upstream in common.

    First what most of them share, then what is nearest to the farthest of them, then by the sum of the hops, label and
    IRI; no more than ``most``, of equals those that are first by IRI. ``wanted`` narrows what is walked and shown; what
    is closest is found before that.

    :raises UsageError: there are fewer than two sources, or than ``least``.
    """
    sources = list({source.id: source for source in sources}.values())
    asked = len(sources) if least is None else least
    if len(sources) < 2 and not of:
        raise UsageError("It takes two nodes to have something in common.", hint="Name another one.")
    if asked < 2 or (asked > len(sources) and not of):
        raise UsageError(f"At least {asked} of {len(sources)} nodes cannot share something.")
    flow = flow_of(projection, wanted)
    upstream = _Upstream(flow)
    counts, farthest, total = (np.zeros(flow.size, np.int64) for _ in range(3))
    for done, source in enumerate(sources, 1):
        nodes, hops = upstream.of(source)
        counts[nodes] += 1
        total[nodes] += hops
        farthest[nodes] = np.maximum(farthest[nodes], hops)
        if progress is not None:
            progress(done, len(sources), "going upstream")
    often = counts >= asked
    fitting = shown(view, projection, wanted, np.flatnonzero(often))
    rank = np.lexsort((fitting, total[fitting], farthest[fitting], -counts[fitting]))
    told = fitting[rank][:most]
    return Shared(
        sources=tuple(sources),
        of=tuple(of),
        least=asked,
        nodes=tuple(_told(view, upstream, sources, told, _closest(flow, counts, often))),
        left_out=len(fitting) - len(told),
        completeness=flow.whole(),
        snapshot=projection.snapshot,
        date=projection.today,
        filters=wanted.said,
    )


class _Upstream:
    """What is upstream of one source after the other."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._arriving = Adjacency.by(flow.head, flow.size)

    def of(self, source: NodeRef) -> tuple[Ints, Ints]:
        """Return what is upstream of a source, itself included, and the hops to there.

        A risk or an incident comes from nothing: it stands for all that it threatens, which is one hop away.
        """
        start = self.flow.projection.index.get(source.id)
        if start is None:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        threatened = _threatened(self.flow.projection, start)
        roots = threatened if len(threatened) else np.array([start], np.int64)
        far = distances(self.flow.tail, self._arriving, self.flow.size, roots)
        nodes = np.flatnonzero(far >= 0)
        return nodes, far[nodes] + (1 if len(threatened) else 0)


def _threatened(projection: Projection, start: int) -> Ints:
    """Return what a node threatens, also by way of the risks that it makes real."""
    tail, head = projection.source[projection.threat], projection.target[projection.threat]
    found, front = np.zeros(0, np.int64), np.array([start], np.int64)
    risks = np.zeros(0, np.int64)
    while len(front):
        risks = np.union1d(risks, front)
        reached = np.unique(head[np.isin(tail, front)])
        threatening = np.isin(reached, tail)
        found = np.union1d(found, reached[~threatening])
        front = np.setdiff1d(reached[threatening], risks)
    return found


def _closest(flow: Flow, counts: Ints, often: Bools) -> Bools:
    """Say which nodes are not above another one that as many sources come from, save one in the same circle."""
    inner = often[flow.tail] & often[flow.head] & (counts[flow.tail] == counts[flow.head])
    tail, head = flow.tail[inner], flow.head[inner]
    circle = circles(tail, head, flow.size)
    above = np.zeros(flow.size, bool)
    above[circle[tail[circle[tail] != circle[head]]]] = True
    found: Bools = often & ~above[circle]
    return found


def _told(
    view: View, upstream: _Upstream, sources: Sequence[NodeRef], told: Ints, closest: Bools
) -> list[SharedNode]:
    """Name the nodes that are told; go upstream once more to say whose they are, since to keep it all takes memory."""
    flow = upstream.flow
    held: dict[int, list[tuple[str, int]]] = {number: [] for number in told.tolist()}
    for source in sources if held else ():
        nodes, hops = upstream.of(source)
        among = np.isin(nodes, told)
        for node, far in zip(nodes[among].tolist(), hops[among].tolist(), strict=True):
            held[node].append((source.id, far))
    known = describe(view, flow.ids(list(held)))
    found = []
    for number, pairs in held.items():
        ref = known[flow.projection.ids[number]]
        found.append(
            SharedNode(
                id=ref.id,
                type=ref.type,
                label=ref.label,
                sources=tuple(source for source, _ in pairs),
                hops=tuple(far for _, far in pairs),
                closest=bool(closest[number]),
            )
        )
    found.sort(key=lambda node: (-len(node.sources), max(node.hops), sum(node.hops), node.label, node.id))
    return found
