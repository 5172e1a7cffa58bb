"""From a requirement, control, risk or system to its evidence."""

from fastapi import APIRouter

from aimsgraph.model.trace import Trace
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.routes.parameters import Day, Node

router = APIRouter(route_class=Declared, tags=["trace"], dependencies=[may("evidence")])


@router.get("/trace")
def trace(graph: GraphDependency, node: Node, day: Day = None) -> Trace:
    """Follow a node to the evidence behind it; the JSON is that of `aimsgraph trace --json`."""
    return graph.trace(node, date=day)
