"""Whether the server can answer."""

from importlib import metadata

from fastapi import APIRouter

from aimsgraph.model.node import Value
from aimsgraph_api.session import SessionDependency

router = APIRouter(tags=["health"])


class Health(Value):
    """The server's version and the state that it answers from: its snapshot and number of triples."""

    status: str
    version: str
    snapshot: str
    triples: int


@router.get("/health")
def health(kept: SessionDependency) -> Health:
    """Say that the server can answer, and from which state."""
    view = kept.graph().view()
    return Health(
        status="ok", version=metadata.version("aimsgraph"), snapshot=view.snapshot, triples=view.count()
    )
