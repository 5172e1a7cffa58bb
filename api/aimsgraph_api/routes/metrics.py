"""What the server counts of itself."""

from fastapi import APIRouter, Request, Response

from aimsgraph_api.access import may
from aimsgraph_api.metrics import MEDIA_TYPE, Metrics
from aimsgraph_api.session import SessionDependency
from aimsgraph_api.turns import Turns

router = APIRouter(tags=["server"], dependencies=[may("administer")])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request, kept: SessionDependency) -> Response:
    """Give the counts in the text format of Prometheus."""
    counts: Metrics = request.app.state.metrics
    turns: Turns = request.app.state.turns
    counts.calculations(running=turns.running, waiting=turns.waiting)
    extent = kept.graph().extent()
    counts.store(head=extent.changesets, statements=extent.statements)
    if (report := kept.newest_report()) is not None:
        counts.validated(report)
    return Response(counts.text(), media_type=MEDIA_TYPE)
