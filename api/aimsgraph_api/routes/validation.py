"""What is missing, and how complete each area is."""

from fastapi import APIRouter

from aimsgraph.model.finding import Validation
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.opened import MomentDependency
from aimsgraph_api.routes.parameters import Day
from aimsgraph_api.session import SessionDependency

router = APIRouter(tags=["validation"], dependencies=[may("read")])


@router.get("/validation")
def validation(
    session: SessionDependency, asking: PrincipalDependency, as_of: MomentDependency, day: Day = None
) -> Validation:
    """Validate the newest state, or an earlier one; the JSON is that of `aimsgraph validate --json`."""
    return session.validation(day, asking, as_of)
