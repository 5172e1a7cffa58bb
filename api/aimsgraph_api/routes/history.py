"""What was changed, when and by whom."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from aimsgraph.model.changeset import Difference, History
from aimsgraph.place import page_of
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.pages import Cursor, link_next

router = APIRouter(route_class=Declared, tags=["history"], dependencies=[may("history")])

Moment = Annotated[
    str, Query(description="A changeset's number or the start of its hash, a day, an instant, or head.")
]


@router.get("/history")
def history(
    request: Request,
    response: Response,
    graph: GraphDependency,
    source: Annotated[str | None, Query(description="Only changes of this source.")] = None,
    author: Annotated[str | None, Query(description="Only changes by this person.")] = None,
    node: Annotated[str | None, Query(description="Only changes of what is said of this node.")] = None,
    limit: Annotated[int, Query(ge=1, le=10_000, description="At most so many changesets.")] = 1000,
    cursor: Cursor = None,
) -> History:
    """List the changesets, oldest first, a page at a time; the JSON is that of `aimsgraph log --json`."""
    found = graph.log(source=source, author=author, node=node)
    page, following = page_of(
        found, lambda one: (one.number,), (source, author, node), limit=limit, after=cursor, kinds=(int,)
    )
    link_next(request, response, following)
    return History(changesets=tuple(page))


@router.get("/history/difference")
def difference(graph: GraphDependency, older: Moment, newer: Moment = "head") -> Difference:
    """Say what changed between two states; the JSON is that of `aimsgraph diff --json`."""
    return graph.diff(older, newer)
