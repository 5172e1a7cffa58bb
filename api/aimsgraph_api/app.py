"""The application: its routes, its errors, and which hosts it answers to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

from aimsgraph_api import problems
from aimsgraph_api.access_log import AccessLog, RequestLog
from aimsgraph_api.hosts import Hosts
from aimsgraph_api.protocol import MESSAGE
from aimsgraph_api.recognition import Doorkeeper, Recognition
from aimsgraph_api.routes import AT_THE_ROOT, ROUTERS
from aimsgraph_api.session import Session

if TYPE_CHECKING:
    from aimsgraph_api.settings import Settings


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """End what the application has started when it ends."""
    yield
    await run_in_threadpool(app.state.session.close)


def create_app(settings: Settings) -> FastAPI:
    """Make the application for a store.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: when there is no store that can be read.
    :raises AccessFileError: when the access file cannot be read, or has faults.
    """
    app = FastAPI(
        title="aimsgraph",
        version=metadata.version("aimsgraph"),
        summary="Risk and traceability over the knowledge graph of an AI management system, read-only.",
        docs_url=None,  # the stock page loads its scripts from elsewhere; a page of our own may follow
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=_life,
    )
    app.state.session = Session(settings)
    app.state.recognition = Recognition(settings)
    app.state.recognition.warn_of_strangers(app.state.session.graph().view().graphs())
    app.add_middleware(Doorkeeper, recognition=app.state.recognition)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),  # credentials are keys in a header, which pages must know
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "If-None-Match", MESSAGE, "Prefer"],
            expose_headers=["ETag", "Location"],
        )
    app.add_middleware(Hosts, names=settings.hosts, origins=settings.origins)
    if settings.access_log is not None:
        app.add_middleware(AccessLog, log=RequestLog(settings.access_log, texts=settings.log_queries))
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    for router in AT_THE_ROOT:
        app.include_router(router)
    return app
