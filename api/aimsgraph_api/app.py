"""The application: its routes, its errors, and which hosts it answers to."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from aimsgraph import query
from aimsgraph_api import problems
from aimsgraph_api.protocol import MESSAGE
from aimsgraph_api.routes import AT_THE_ROOT, ROUTERS
from aimsgraph_api.routes.questions import questions
from aimsgraph_api.session import Session

if TYPE_CHECKING:
    from aimsgraph_api.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Make the application for a store.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: when there is no store that can be read.
    :raises QueryInvalidError, InputNotReadableError: when the folders of saved questions have faults.
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
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),  # credentials are keys in a header, which pages must know
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "If-None-Match", MESSAGE, "Prefer"],
            expose_headers=["ETag", "Location"],
        )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts))
    problems.install(app)
    for router in (*ROUTERS, questions(query.catalogue(settings.queries))):
        app.include_router(router, prefix="/api/v1")
    for router in AT_THE_ROOT:
        app.include_router(router)
    return app
