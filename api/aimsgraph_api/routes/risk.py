"""How likely risks come true, what they cost, and whether they may stay."""

from typing import Annotated

from fastapi import APIRouter, Query

from aimsgraph.model.risk import By, Risks
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.routes.parameters import Day

router = APIRouter(route_class=Declared, tags=["risk"], dependencies=[may("read")])


@router.get("/risk")
def risk(
    graph: GraphDependency,
    node: Annotated[
        list[str], Query(description="A risk, area, owner or thing in reach; repeatable; none: all.")
    ] = [],  # noqa: B006 - FastAPI copies it
    by: Annotated[By, Query(description="How to put the risks together.")] = "risk",
    day: Day = None,
) -> Risks:
    """Assess risks within a year; the JSON is that of `aimsgraph risk --json`."""
    return graph.risks(*node, by=by, date=day)
