"""The nodes of the graph."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from aimsgraph.model.node import NodePage
from aimsgraph.model.sheet import NodeSheet
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency, MomentDependency
from aimsgraph_api.pages import Cursor, link_next
from aimsgraph_api.routes.parameters import Day
from aimsgraph_api.session import SessionDependency

router = APIRouter(route_class=Declared, tags=["nodes"], dependencies=[may("read")])


class LinkedSheet(NodeSheet):
    """A node whole, and where what is asked of it most is answered."""

    links: dict[str, str]


@router.get("/nodes")
def nodes(
    request: Request,
    response: Response,
    graph: GraphDependency,
    type: Annotated[
        str | None, Query(description="Only nodes of this class, such as aims:Risk, or one below it.")
    ] = None,
    text: Annotated[
        str | None,
        Query(description="Only nodes with these words, or words that begin so, in labels and descriptions."),
    ] = None,
    area: Annotated[str | None, Query(description="Only nodes in this control area.")] = None,
    owner: Annotated[str | None, Query(description="Only nodes of this owner.")] = None,
    status: Annotated[
        str | None, Query(description="Only nodes with this implementation status or lifecycle stage.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    cursor: Cursor = None,
) -> NodePage:
    """List nodes by IRI, or the best fitting first; the JSON is that of `aimsgraph nodes --json`."""
    page = graph.node_page(
        type=type, text=text, area=area, owner=owner, status=status, limit=limit, after=cursor
    )
    link_next(request, response, page.next)
    return page


@router.get("/nodes/{node:path}")
def node(
    request: Request,
    response: Response,
    graph: GraphDependency,
    kept: SessionDependency,
    asking: PrincipalDependency,
    as_of: MomentDependency,
    node: Annotated[str, Path(description="The node's IRI, CURIE or unique label, percent-encoded.")],
    findings: Annotated[
        bool, Query(description="With the findings about it; the first to ask waits for a whole validation.")
    ] = False,
    limit: Annotated[int, Query(ge=1, le=1000, description="At most so many statements.")] = 100,
    cursor: Cursor = None,
    day: Day = None,
) -> LinkedSheet:
    """Tell all of one node: names, owners, areas, and the statements about it, a page at a time."""
    sheet = graph.node(node, limit=limit, after=cursor)
    link_next(request, response, sheet.next)
    if findings:
        report = kept.validation(day, asking, as_of)
        about = tuple(one for one in report.findings if one.focus == sheet.id)
        sheet = sheet.model_copy(update={"findings": about})
    return LinkedSheet(
        **{name: getattr(sheet, name) for name in NodeSheet.model_fields}, links=_links(sheet.id)
    )


def _links(iri: str) -> dict[str, str]:
    asked = urlencode({"node": iri})
    routes = ("lineage", "impact", "trace", "diagram", "history")
    return {"self": f"/api/v1/nodes/{quote(iri, safe='')}"} | {
        name: f"/api/v1/{name}?{asked}" for name in routes
    }
