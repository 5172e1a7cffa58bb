"""The application: its routes, its errors, and which hosts it answers to."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib import metadata
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.trustedhost import TrustedHostMiddleware

from aimsgraph_api import problems
from aimsgraph_api.jobs.board import Jobs
from aimsgraph_api.routes import ROUTERS
from aimsgraph_api.session import Session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aimsgraph_api.settings import Settings


@asynccontextmanager
async def _alive(app: FastAPI) -> AsyncIterator[None]:
    """Leave nothing behind when the server ends."""
    yield
    await run_in_threadpool(app.state.jobs.close)


def create_app(settings: Settings) -> FastAPI:
    """Make the application for a store.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: when there is no store that can be read.
    """
    app = FastAPI(
        title="aimsgraph",
        version=metadata.version("aimsgraph"),
        summary="Risk and traceability over the knowledge graph of an AI management system, read-only.",
        docs_url=None,  # the stock page loads its scripts from elsewhere; a page of our own may follow
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=_alive,
    )
    app.state.session = Session(settings)
    app.state.jobs = Jobs(settings.store, settings.jobs)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts))
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    return app
