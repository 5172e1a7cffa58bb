"""The nodes of the graph."""

from typing import Annotated

from fastapi import APIRouter, Query

from aimsgraph.model.node import NodePage
from aimsgraph_api.access import may
from aimsgraph_api.opened import GraphDependency

router = APIRouter(tags=["nodes"], dependencies=[may("read")])


@router.get("/nodes")
def nodes(
    graph: GraphDependency,
    type: Annotated[str | None, Query(description="Only nodes of this class, such as aims:Risk.")] = None,
    text: Annotated[str | None, Query(description="Only nodes with this text in their label.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    after: Annotated[str | None, Query(description="Only nodes after this IRI, for the next page.")] = None,
) -> NodePage:
    """List nodes by IRI, a page at a time."""
    return NodePage.of(graph.nodes(type=type, text=text, limit=limit + 1, after=after), limit)
