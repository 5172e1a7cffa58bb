"""What is missing, and how complete each area is."""

from fastapi import APIRouter

from aimsgraph.model.finding import Validation
from aimsgraph_api.routes.parameters import Day
from aimsgraph_api.session import SessionDependency

router = APIRouter(tags=["validation"])


@router.get("/validation")
def validation(session: SessionDependency, day: Day = None) -> Validation:
    """Validate the newest state; the JSON is that of `aimsgraph validate --json`."""
    return session.validation(day)
