"""All ways from one node to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.errors import UsageError
from aimsgraph.model.node import Completeness
from aimsgraph.model.routes import Path, Paths
from aimsgraph.store import describe
from aimsgraph.trace.filters import EVERYTHING
from aimsgraph.trace.flow import flow_of
from aimsgraph.trace.simple_paths import Found, simple_paths

if TYPE_CHECKING:
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.filters import Filters
    from aimsgraph.trace.flow import Flow
    from aimsgraph.trace.projection import Projection

#: So many ways are told unless more are asked for.
MOST_PATHS: Final = 25
#: So many edges are looked at before the search is given up: steps and not seconds, so that the answer does not hang
#: on the machine.
MAX_STEPS: Final = 2_000_000


def paths(
    view: View,
    projection: Projection,
    source: NodeRef,
    target: NodeRef,
    *,
    hops: int | None = None,
    most: int = MOST_PATHS,
    wanted: Filters = EVERYTHING,
    threats: bool = False,
    max_steps: int = MAX_STEPS,
) -> Paths:
    """Find the ways along which impact flows from ``source`` to ``target``, up to ``most``, fewest hops first.

    Equally long ones are ordered by the IRIs of their nodes.

    :raises UsageError: source and target are the same node, or only some of the nodes on a way are to be shown.
    """
    if wanted.of_nodes:
        raise UsageError("A way is shown with all its nodes.", hint="Narrow it to properties: along.")
    if source.id == target.id:
        raise UsageError(
            f"{source.label} cannot be both ends of a way.",
            hint="See whether it depends on itself: aimsgraph cycles",
        )
    flow = flow_of(projection, wanted, threats=threats)
    start, goal = projection.index.get(source.id), projection.index.get(target.id)
    found, backwards = Found([], "nothing", 0), False
    if start is not None and goal is not None:
        found = simple_paths(
            flow.tail, flow.head, flow.size, start, goal, most=most, hops=hops, max_steps=max_steps
        )
        backwards = not found.paths and found.stopped == "nothing" and _leads(flow, goal, start)
    names = sorted({name for path in found.paths for name in flow.ids(path)})
    known = describe(view, names)
    return Paths(
        source=source,
        target=target,
        paths=tuple(
            Path(hops=len(path) - 1, nodes=flow.ids(path), properties=steps)
            for path, steps in zip(found.paths, flow.properties(found.paths), strict=True)
        ),
        nodes=tuple(known[name] for name in names),
        backwards=backwards,
        completeness=Completeness(
            complete=found.stopped == "nothing",
            stopped_by=found.stopped,
            hops=hops,
            nodes=len(names),
            edges=found.steps,
        ),
        snapshot=projection.snapshot,
        date=projection.today,
        filters=wanted.said,
    )


def _leads(flow: Flow, start: int, goal: int) -> bool:
    return goal in flow.walk(start, "down").nodes
