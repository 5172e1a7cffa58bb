"""The application: its routes, its errors, and which hosts it answers to."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from fastapi import FastAPI

from aimsgraph_api import problems
from aimsgraph_api.access_log import AccessLog, RequestLog
from aimsgraph_api.hosts import Hosts
from aimsgraph_api.recognition import Doorkeeper, Recognition
from aimsgraph_api.routes import ROUTERS
from aimsgraph_api.session import Session

if TYPE_CHECKING:
    from aimsgraph_api.settings import Settings


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
    )
    app.state.session = Session(settings)
    app.state.recognition = Recognition(settings)
    app.state.recognition.warn_of_strangers(app.state.session.graph().view().graphs())
    app.add_middleware(Doorkeeper, recognition=app.state.recognition)
    app.add_middleware(Hosts, names=settings.hosts, origins=settings.origins)
    if settings.access_log is not None:
        app.add_middleware(AccessLog, log=RequestLog(settings.access_log, texts=settings.log_queries))
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    return app
