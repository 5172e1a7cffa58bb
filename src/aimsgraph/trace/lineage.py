"""Where a node comes from, and what is built on it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.model.lineage import Direction, Lineage, LineageNode
from aimsgraph.model.node import Completeness, Edge, NodeRef
from aimsgraph.store import describe
from aimsgraph.trace.filters import EVERYTHING, shown, walkable
from aimsgraph.trace.network import Adjacency

if TYPE_CHECKING:
    from typing import Literal

    import numpy.typing as npt

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.filters import Filters
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Ints, Projection

    Stop = Literal["nothing", "hops", "nodes", "time"]

#: More nodes than this are not walked unless asked for.
MAX_NODES: Final = 1_000_000


def lineage(
    view: View,
    projection: Projection,
    node: NodeRef,
    *,
    direction: Direction = "up",
    hops: int | None = None,
    include_threats: bool = False,
    wanted: Filters = EVERYTHING,
    max_nodes: int = MAX_NODES,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Lineage:
    """Walk the dependencies of ``node``: up to what it comes from, down to what comes from it, or both.

    ``hops`` limits the walk to exactly that many steps. Edges that only say that something endangers
    something are left out unless ``include_threats``. ``wanted`` narrows what is walked and shown; hops are counted
    over all nodes on the way, shown or not. The walk ends early at ``max_nodes`` nodes (the
    nearest, by IRI within the last step) or after ``time_limit`` seconds, which ``completeness`` tells.
    Nodes are ordered by hops, then label, then IRI; edges by the IRIs of their ends.
    """
    start = projection.index.get(node.id)
    open_edges = np.flatnonzero(walkable(projection, wanted, threats=include_threats))
    passing = _passing(view, projection, wanted, start)
    distance = np.full(projection.size, -1, np.int64)
    walked = np.zeros(len(projection.source), bool)
    stopped: Stop = "nothing"
    deadline = None if time_limit is None else time.monotonic() + time_limit
    for way in ("down", "up") if direction == "both" else (direction,):
        if start is None:
            break
        tail, head = (
            (projection.source, projection.target)
            if way == "down"
            else (projection.target, projection.source)
        )
        kept = open_edges if passing is None else open_edges[passing[head[open_edges]]]
        found, edges, stop = _walk(tail[kept], head[kept], projection.size, start, hops, max_nodes, deadline)
        walked[kept[edges]] = True
        nearer = (found >= 0) & ((distance < 0) | (found < distance))
        distance[nearer] = found[nearer]
        stopped = stop if stopped == "nothing" else stopped
    visited, edges_walked = int(np.count_nonzero(distance > 0)), int(np.count_nonzero(walked))
    reached = shown(view, projection, wanted, np.flatnonzero(distance > 0))
    if wanted.of_nodes and start is not None:
        ends = np.zeros(projection.size, bool)
        ends[reached], ends[start] = True, True
        walked &= ends[projection.source] & ends[projection.target]
    if progress is not None:
        progress(0, len(reached), "naming nodes")
    names = [projection.ids[number] for number in reached.tolist()]
    known = describe(view, names)
    nodes = sorted(
        (
            LineageNode(id=known[name].id, type=known[name].type, label=known[name].label, hops=far)
            for name, far in zip(names, distance[reached].tolist(), strict=True)
        ),
        key=lambda found: (found.hops, found.label, found.id),
    )
    if progress is not None:
        progress(len(reached), len(reached), "naming nodes")
    numbers = np.flatnonzero(walked)
    ids, properties = projection.ids, projection.properties
    return Lineage(
        source=node,
        direction=direction,
        nodes=tuple(nodes),
        edges=tuple(
            Edge(source=ids[a], target=ids[b], property=properties[p])
            for a, b, p in zip(
                projection.source[numbers].tolist(),
                projection.target[numbers].tolist(),
                projection.kind[numbers].tolist(),
                strict=True,
            )
        ),
        completeness=Completeness(
            complete=stopped == "nothing",
            stopped_by=stopped,
            hops=hops,
            nodes=visited,
            edges=edges_walked,
        ),
        snapshot=projection.snapshot,
        date=projection.today,
        filters=wanted.said,
    )


def _passing(
    view: View, projection: Projection, wanted: Filters, start: int | None
) -> npt.NDArray[np.bool_] | None:
    """Say of each node whether the walk may go through it; None where it may go through all."""
    if not (wanted.said.only_through and wanted.of_nodes) or start is None:
        return None
    passing = np.zeros(projection.size, bool)
    passing[shown(view, projection, wanted, np.arange(projection.size))] = True
    passing[start] = True
    return passing


def _walk(
    tail: Ints, head: Ints, size: int, start: int, hops: int | None, max_nodes: int, deadline: float | None
) -> tuple[Ints, Ints, Stop]:
    """Return hops per node (-1: not reached), the edges walked, and what stopped the walk."""
    adjacency = Adjacency.by(tail, size)
    distance = np.full(size, -1, np.int64)
    distance[start] = 0
    front = np.array([start], np.int64)
    walked: list[Ints] = []
    depth = count = 0
    while len(front):
        edges = adjacency.of(front)
        if not len(edges):
            break
        if hops is not None and depth >= hops:
            return distance, _joined(walked), "hops"
        if deadline is not None and time.monotonic() > deadline:
            return distance, _joined(walked), "time"
        depth += 1
        new = np.unique(head[edges])
        new = new[distance[new] < 0]
        if count + len(new) > max_nodes:
            new = new[: max_nodes - count]
            distance[new] = depth
            walked.append(edges[distance[head[edges]] >= 0])
            return distance, _joined(walked), "nodes"
        distance[new] = depth
        count += len(new)
        walked.append(edges)
        front = new
    return distance, _joined(walked), "nothing"


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)
