"""A picture of the dependencies around a node, or of what it would hurt."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from aimsgraph.model.lineage import Direction
from aimsgraph.render.diagram import Collapse, Format
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.routes.narrowing import FiltersDependency
from aimsgraph_api.routes.parameters import Day, Dimension, Node

router = APIRouter(route_class=Declared, tags=["diagram"], dependencies=[may("read")])

MEDIA_TYPES: dict[Format, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "dot": "text/vnd.graphviz",
    "mermaid": "text/plain; charset=utf-8",
    "graphml": "application/graphml+xml",
    "cytoscape": "application/json",
}


@router.get(
    "/diagram",
    response_class=Response,
    responses={200: {"content": {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()}}},
)
def diagram(
    graph: GraphDependency,
    node: Node,
    filters: FiltersDependency,
    direction: Direction = "both",
    hops: Annotated[int | None, Query(ge=1, description="At most this many hops.")] = None,
    threats: bool = False,
    impact: Annotated[bool, Query(description="Draw what the node would hurt, with probabilities.")] = False,
    dimension: Dimension = None,
    collapse: Annotated[
        Collapse | None,
        Query(description="One box per type, per AI system or per node (default: per type above 300 nodes)."),
    ] = None,
    day: Day = None,
    format: Format = "svg",
) -> Response:
    """Draw the dependencies around a node, or what it would hurt."""
    picture = graph.diagram(
        node, direction=direction, hops=hops, threats=threats, filters=filters, impact=impact,
        dimension=dimension, collapse=collapse, date=day,
    )  # fmt: skip
    return Response(picture.render(format), media_type=MEDIA_TYPES[format])
