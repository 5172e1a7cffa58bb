"""What is missing, and how complete each area is."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from aimsgraph.model.finding import Validation
from aimsgraph.place import page_of
from aimsgraph.validate import place_of
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency, MomentDependency
from aimsgraph_api.pages import Cursor, link_next
from aimsgraph_api.routes.parameters import Day
from aimsgraph_api.session import SessionDependency

router = APIRouter(route_class=Declared, tags=["validation"], dependencies=[may("read")])


@router.get("/validation")
def validation(
    request: Request,
    response: Response,
    _graph: GraphDependency,  # before all else: who has the report already is told so
    session: SessionDependency,
    asking: PrincipalDependency,
    as_of: MomentDependency,
    day: Day = None,
    limit: Annotated[
        int | None, Query(ge=1, le=10_000, description="At most so many findings; none: all of them.")
    ] = None,
    cursor: Cursor = None,
) -> Validation:
    """Validate the newest state, or an earlier one; the JSON is that of `aimsgraph validate --json`.

    With a limit, or a cursor, `findings` are a page; the counts are always those of all of them.
    """
    report = session.validation(day, asking, as_of)
    findings, following = page_of(
        report.findings,
        lambda one: place_of(one)[:5],
        "findings",
        limit=limit,
        after=cursor,
        kinds=(int, str, str, str, str),
    )
    link_next(request, response, following)
    return report.model_copy(update={"findings": tuple(findings)})
