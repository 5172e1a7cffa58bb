"""The shape of what depends on what: ways, what is shared, circles, weak points, and what changed."""

from typing import Annotated

from fastapi import APIRouter, Query

from aimsgraph.model.lineage import Direction
from aimsgraph.model.routes import Cycles, LineageChange, Paths, Shared, WeakPoints
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.routes.narrowing import FiltersDependency
from aimsgraph_api.routes.parameters import Day, Hops, Node

router = APIRouter(route_class=Declared, tags=["dependencies"], dependencies=[may("read")])

Since = Annotated[
    str, Query(description="A changeset's number or the start of its hash, a day, or an instant.")
]
Of = Annotated[list[str], Query(description="All nodes of this class (CURIE or IRI); may be repeated.")]
Most = Annotated[int, Query(ge=1, le=1000, description="At most so many.")]


@router.get("/lineage/changes")
def lineage_changes(
    graph: GraphDependency,
    filters: FiltersDependency,
    node: Node,
    since: Since,
    direction: Direction = "up",
    hops: Hops = None,
    threats: bool = False,
    day: Day = None,
) -> LineageChange:
    """Say what changed in a lineage; the JSON is that of `aimsgraph lineage --since --json`."""
    return graph.lineage_change(
        node, since=since, direction=direction, hops=hops, threats=threats, filters=filters, date=day
    )


@router.get("/paths")
def paths(
    graph: GraphDependency,
    filters: FiltersDependency,
    source: Node,
    target: Node,
    hops: Hops = None,
    most: Most = 25,
    threats: bool = False,
    day: Day = None,
) -> Paths:
    """Say along which ways a node feeds into another; the JSON is that of `aimsgraph paths --json`."""
    return graph.paths(source, target, hops=hops, most=most, threats=threats, filters=filters, date=day)


@router.get("/common")
def common(
    graph: GraphDependency,
    filters: FiltersDependency,
    node: Annotated[list[str], Query(description="An IRI, CURIE or unique label; may be repeated.")] = [],  # noqa: B006 - FastAPI copies it
    of: Of = [],  # noqa: B006 - FastAPI copies it
    least: Annotated[int | None, Query(ge=2, description="Shared by at least so many.")] = None,
    most: Most = 1000,
    day: Day = None,
) -> Shared:
    """Say what nodes have upstream in common; the JSON is that of `aimsgraph common --json`."""
    return graph.common(*node, of=of, least=least, most=most, filters=filters, date=day)


@router.get("/cycles")
def cycles(graph: GraphDependency, filters: FiltersDependency, day: Day = None) -> Cycles:
    """Say what depends on itself; the JSON is that of `aimsgraph cycles --json`."""
    return graph.cycles(filters=filters, date=day)


@router.get("/weak-points")
def weak_points(
    graph: GraphDependency,
    filters: FiltersDependency,
    node: Annotated[
        str | None, Query(description="The node's IRI, CURIE or unique label; none: the whole.")
    ] = None,
    of: Of = [],  # noqa: B006 - FastAPI copies it
    most: Most = 100,
    day: Day = None,
) -> WeakPoints:
    """Say without which nodes others are cut off; the JSON is that of `aimsgraph weak-points --json`."""
    return graph.weak_points(node, of=of, most=most, filters=filters, date=day)
