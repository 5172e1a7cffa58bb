"""Whether the server lives, and whether it can answer; who may ask for more than that finds it in the index."""

from typing import Literal

from fastapi import APIRouter, Request

from aimsgraph.model.node import Value
from aimsgraph_api.declared import Declared
from aimsgraph_api.readiness import Readiness

router = APIRouter(route_class=Declared, tags=["server"])


class Health(Value):
    """The server lives."""

    status: Literal["ok"] = "ok"


class Ready(Value):
    """The server can answer."""

    status: Literal["ready"] = "ready"


@router.get("/health")
async def health() -> Health:
    """Say that the server lives; it looks at nothing."""
    return Health()


@router.get("/ready")
async def ready(request: Request) -> Ready:
    """Say that the server can read its store and has its workers; else the answer is 503."""
    checks: Readiness = request.app.state.readiness
    await checks.check()
    return Ready()
