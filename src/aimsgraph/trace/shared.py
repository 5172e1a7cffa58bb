"""What several nodes have upstream in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimsgraph.errors import UsageError
from aimsgraph.model.routes import Shared, SharedNode
from aimsgraph.store import describe
from aimsgraph.trace.components import components
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


def common(
    view: View,
    projection: Projection,
    sources: Sequence[NodeRef],
    *,
    least: int | None = None,
    of: Sequence[str] = (),
    wanted: Filters = EVERYTHING,
    progress: Progress | None = None,
) -> Shared:
    """Find what at least ``least`` (None: all) of the sources have upstream in common.

    First what most of them share, then what is nearest to the farthest of them, then by the sum of the hops, label and
    IRI. ``wanted`` narrows what is walked and shown; what is closest is found before that.

    :raises UsageError: there are fewer than two sources, or than ``least``.
    """
    sources = list({source.id: source for source in sources}.values())
    asked = len(sources) if least is None else least
    if len(sources) < 2 and not of:
        raise UsageError("It takes two nodes to have something in common.", hint="Name another one.")
    if asked < 2 or (asked > len(sources) and not of):
        raise UsageError(f"At least {asked} of {len(sources)} nodes cannot share something.")
    flow = flow_of(projection, wanted)
    reaching = list[tuple[int, "Ints", "Ints"]]()
    counts = np.zeros(flow.size, np.int64)
    below = Adjacency.by(flow.head, flow.size)
    for place, source in enumerate(sources):
        nodes, hops = _upstream(flow, below, source)
        counts[nodes] += 1
        reaching.append((place, nodes, hops))
        if progress is not None:
            progress(place + 1, len(sources), "going upstream")
    often = counts >= asked
    closest = _closest(flow, counts, often)
    numbers = shown(view, projection, wanted, np.flatnonzero(often))
    return Shared(
        sources=tuple(sources),
        of=tuple(of),
        least=asked,
        nodes=tuple(_told(view, flow, sources, reaching, numbers, closest)),
        completeness=flow.whole(),
        snapshot=projection.snapshot,
        date=projection.today,
        filters=wanted.said,
    )


def _upstream(flow: Flow, below: Adjacency, source: NodeRef) -> tuple[Ints, Ints]:
    """Return what is upstream of a source, itself included, and the hops to there.

    A risk or an incident comes from nothing: it stands for all that it threatens, which is one hop away.
    """
    start = flow.projection.index.get(source.id)
    if start is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    threatened = _threatened(flow.projection, start)
    roots = threatened if len(threatened) else np.array([start], np.int64)
    far = distances(flow.tail, below, flow.size, roots)
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
    circle = components(tail, head, flow.size)
    above = np.zeros(flow.size, bool)
    above[circle[tail[circle[tail] != circle[head]]]] = True
    found: Bools = often & ~above[circle]
    return found


def _told(
    view: View,
    flow: Flow,
    sources: Sequence[NodeRef],
    reaching: list[tuple[int, Ints, Ints]],
    numbers: Ints,
    closest: Bools,
) -> list[SharedNode]:
    held: dict[int, list[tuple[str, int]]] = {number: [] for number in numbers.tolist()}
    told = np.zeros(flow.size, bool)
    told[numbers] = True
    for place, nodes, hops in reaching:
        among = told[nodes]
        for node, far in zip(nodes[among].tolist(), hops[among].tolist(), strict=True):
            held[node].append((sources[place].id, far))
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
