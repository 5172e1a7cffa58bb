"""A picture of the dependencies around a node."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from aimsgraph.model.lineage import Direction
from aimsgraph_api.routes.parameters import Day, Node
from aimsgraph_api.session import GraphDependency

router = APIRouter(tags=["diagram"])

MEDIA_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "dot": "text/vnd.graphviz",
    "mermaid": "text/plain; charset=utf-8",
}


@router.get(
    "/diagram",
    response_class=Response,
    responses={200: {"content": {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()}}},
)
def diagram(
    graph: GraphDependency,
    node: Node,
    direction: Direction = "both",
    hops: Annotated[int | None, Query(ge=1, description="At most this many hops.")] = None,
    threats: bool = False,
    day: Day = None,
    format: Literal["svg", "png", "pdf", "dot", "mermaid"] = "svg",
) -> Response:
    """Draw the dependencies around a node."""
    picture = graph.lineage(node, direction=direction, hops=hops, threats=threats, date=day).diagram()
    return Response(picture.render(format), media_type=MEDIA_TYPES[format])
