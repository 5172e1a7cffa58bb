"""What nodes, were they bad, would hurt."""

from typing import Annotated

from fastapi import APIRouter, Query

from aimsgraph.model.impact import Impact
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.routes.parameters import Day, Dimension, Hops

router = APIRouter(route_class=Declared, tags=["impact"], dependencies=[may("read")])


@router.get("/impact")
def impact(
    graph: GraphDependency,
    node: Annotated[
        list[str], Query(min_length=1, description="An IRI, CURIE or unique label; may be repeated.")
    ],
    hops: Hops = None,
    dimension: Dimension = None,
    day: Day = None,
) -> Impact:
    """Say what the nodes would hurt, and how likely; the JSON is that of `aimsgraph impact --json`."""
    return graph.impact(*node, hops=hops, dimension=dimension, date=day)
