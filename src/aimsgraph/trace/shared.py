"""What several nodes have upstream in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.errors import UsageError
from aimsgraph.model.routes import Shared, SharedNode
from aimsgraph.store import describe
from aimsgraph.trace.condensation import circles
from aimsgraph.trace.filters import EVERYTHING, shown
from aimsgraph.trace.flow import flow_of
from aimsgraph.trace.way import Way, nearest

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
#: So many edges are walked for all sources together, plus what the last of them takes.
MAX_STEPS: Final = 100_000_000
#: So many nodes upstream, of all sources together, are kept to say whose they are; of the other sources they are walked
#: a second time.
_KEPT: Final = 4_000_000


def common(
    view: View,
    projection: Projection,
    sources: Sequence[NodeRef],
    *,
    least: int | None = None,
    of: Sequence[str] = (),
    most: int = MOST_SHARED,
    wanted: Filters = EVERYTHING,
    max_steps: int = MAX_STEPS,
    progress: Progress | None = None,
) -> Shared:
    """Find what at least ``least`` (None: all) of the sources have upstream in common.

    First what most of them share, then what is nearest to the farthest of them, then by the sum of the hops, label and
    IRI; no more than ``most``, of equals those that are first by IRI. ``wanted`` narrows what is walked and shown; what
    is closest is found before that. Once ``max_steps`` edges were walked, no other source is gone upstream from.

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
    every = len(sources)
    for done, source in enumerate(sources, 1):
        go_on()
        if upstream.steps > max_steps:
            sources = sources[: done - 1]
            break
        nodes, hops = upstream.of(source)
        counts[nodes] += 1
        total[nodes] += hops
        farthest[nodes] = np.maximum(farthest[nodes], hops)
        if progress is not None:
            progress(done, every, "going upstream")
    often = counts >= asked
    fitting = shown(view, projection, wanted, np.flatnonzero(often))
    rank = np.lexsort((fitting, total[fitting], farthest[fitting], -counts[fitting]))
    told = fitting[rank][:most]
    return Shared(
        sources=tuple(sources),
        of=tuple(of),
        least=asked,
        nodes=tuple(_told(view, flow, upstream, sources, told, _closest(flow, counts, often))),
        left_out=len(fitting) - len(told),
        sources_left_out=every - len(sources),
        completeness=flow.whole() if len(sources) == every else flow.given_up(),
        snapshot=projection.snapshot,
        date=projection.today,
        filters=wanted.said,
    )


class _Upstream:
    """What is upstream of one source after the other."""

    def __init__(self, flow: Flow) -> None:
        self._flow, projection = flow, flow.projection
        tail, head = projection.source[projection.threat], projection.target[projection.threat]
        self._threats = Way.by(tail, head, projection.size)
        self._threatening = np.zeros(projection.size, bool)
        self._threatening[tail] = True
        self._kept: dict[int, tuple[Ints, Ints]] = {}
        self._room = _KEPT
        #: So many edges were walked.
        self.steps = 0

    def of(self, source: NodeRef) -> tuple[Ints, Ints]:
        """Return what is upstream of a source, itself included, and the hops to there.

        A risk or an incident comes from nothing: it stands for all that it threatens, which is one hop away.
        """
        start = self._flow.projection.index.get(source.id)
        if start is None:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        found = self._kept.get(start)
        if found is None:
            threatened = self._threatened(start)
            roots = threatened if len(threatened) else np.array([start], np.int32)
            nodes, hops = self._above(roots)
            found = nodes, hops + np.int32(len(threatened) > 0)
            if len(nodes) <= self._room:
                self._kept[start] = found
                self._room -= len(nodes)
        return found

    def _above(self, roots: Ints) -> tuple[Ints, Ints]:
        walks = [self._flow.walk(root, "up") for root in roots.tolist()]
        self.steps += sum(len(one.edges) for one in walks)
        nodes = np.concatenate([roots.astype(np.int32), *(one.nodes for one in walks)])
        hops = np.concatenate([np.zeros(len(roots), np.int32), *(one.hops for one in walks)])
        return nearest(nodes, hops)

    def _threatened(self, start: int) -> Ints:
        """Return what a node threatens, also by way of the risks that it makes real."""
        found, risks = np.zeros(0, np.int32), np.zeros(0, np.int32)
        front: Ints = np.array([start], np.int32)
        while len(front) and self._threatening[front].any():
            risks = np.union1d(risks, front)
            reached = np.unique(self._threats.of(front)[1])
            threatening = self._threatening[reached]
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
    view: View, flow: Flow, upstream: _Upstream, sources: Sequence[NodeRef], told: Ints, closest: Bools
) -> list[SharedNode]:
    """Name the nodes that are told, and say whose they are."""
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
