"""Where a node comes from, and what comes from it."""

from fastapi import APIRouter

from aimsgraph.model.lineage import Direction, Lineage
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.routes.narrowing import FiltersDependency
from aimsgraph_api.routes.parameters import Day, Hops, Node

router = APIRouter(route_class=Declared, tags=["lineage"], dependencies=[may("read")])


@router.get("/lineage")
def lineage(
    graph: GraphDependency,
    filters: FiltersDependency,
    node: Node,
    direction: Direction = "up",
    hops: Hops = None,
    threats: bool = False,
    day: Day = None,
) -> Lineage:
    """Follow the dependencies of a node; the JSON is that of `aimsgraph lineage --json`."""
    return graph.lineage(node, direction=direction, hops=hops, threats=threats, filters=filters, date=day)
