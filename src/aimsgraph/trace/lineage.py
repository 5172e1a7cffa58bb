"""Where a node comes from, and what is built on it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.model.lineage import Direction, Lineage, LineageNode
from aimsgraph.model.node import Completeness, Edge, NodeRef
from aimsgraph.store import describe
from aimsgraph.trace.filters import EVERYTHING, shown, walkable
from aimsgraph.trace.way import together, walk

if TYPE_CHECKING:
    import numpy.typing as npt

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.filters import Filters
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Projection
    from aimsgraph.trace.way import Sense, Stop, Walk

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
    nearest, by IRI within the last step; both ways have one limit, and down comes first) or after ``time_limit``
    seconds, which ``completeness`` tells.
    Nodes are ordered by hops, then label, then IRI; edges by the IRIs of their ends.
    """
    start = projection.index.get(node.id)
    edges = None if wanted.along is None else walkable(projection, wanted, threats=include_threats)
    passing = _passing(view, projection, wanted, start)
    deadline = None if time_limit is None else time.monotonic() + time_limit
    senses: tuple[Sense, ...] = ("down", "up") if direction == "both" else (direction,)
    walks: list[Walk] = []
    for sense in senses:
        if start is None:
            break
        left = max_nodes - sum(len(one.nodes) for one in walks)
        walks.append(
            walk(
                projection, start, sense,
                hops=hops, threats=include_threats or edges is not None, edges=edges, nodes=passing,
                max_nodes=left, deadline=deadline,
            )
        )  # fmt: skip
    reached, distance, numbers = together(walks)
    stopped: Stop = next((one.stopped for one in walks if one.stopped != "nothing"), "nothing")
    visited, edges_walked = len(reached), len(numbers)
    if wanted.of_nodes and start is not None:
        visible = np.isin(reached, shown(view, projection, wanted, reached))
        reached, distance = reached[visible], distance[visible]
        ends = np.append(reached, start)
        numbers = numbers[
            np.isin(projection.source[numbers], ends) & np.isin(projection.target[numbers], ends)
        ]
    if progress is not None:
        progress(0, len(reached), "naming nodes")
    names = [projection.ids[number] for number in reached.tolist()]
    known = describe(view, names)
    nodes = sorted(
        (
            LineageNode(id=known[name].id, type=known[name].type, label=known[name].label, hops=far)
            for name, far in zip(names, distance.tolist(), strict=True)
        ),
        key=lambda found: (found.hops, found.label, found.id),
    )
    if progress is not None:
        progress(len(reached), len(reached), "naming nodes")
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
