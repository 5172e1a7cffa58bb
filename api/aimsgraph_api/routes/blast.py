"""What a fault in each node would reach."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from aimsgraph.model.blast import BlastRadius
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.routes.parameters import Day

router = APIRouter(route_class=Declared, tags=["lineage"], dependencies=[may("read")])


@router.get("/blast-radius")
def blast_radius(
    graph: GraphDependency,
    direction: Literal["up", "down"] = "down",
    rows: Annotated[int, Query(ge=1, le=1000, description="How many nodes to name.")] = 25,
    threats: bool = False,
    day: Day = None,
) -> BlastRadius:
    """Name the nodes that reach the most others; the JSON is that of `aimsgraph blast-radius --json`."""
    return graph.blast_radius(direction=direction, rows=rows, threats=threats, date=day)
