"""What is missing, and how complete each area is."""

from fastapi import APIRouter

from aimsgraph.model.finding import Validation
from aimsgraph_api.routes.parameters import Day
from aimsgraph_api.session import AsOf, SessionDependency

router = APIRouter(tags=["validation"])


@router.get("/validation")
def validation(session: SessionDependency, day: Day = None, as_of: AsOf = None) -> Validation:
    """Validate the newest state, or an earlier one; the JSON is that of `aimsgraph validate --json`."""
    return session.validation(day, as_of)
