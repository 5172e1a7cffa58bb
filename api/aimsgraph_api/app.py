"""The application: its routes, its errors, and which hosts it answers to."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from aimsgraph_api import problems
from aimsgraph_api.routes import ROUTERS
from aimsgraph_api.session import Session

if TYPE_CHECKING:
    from pathlib import Path

#: The names by which this machine calls itself; any other Host header is a page elsewhere that tries to reach
#: the server through the reader's browser.
LOCAL_HOSTS = ["127.0.0.1", "localhost"]


def create_app(store: Path | str) -> FastAPI:
    """Make the application for the store in folder ``store``.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: when there is no store that can be read.
    """
    app = FastAPI(
        title="aimsgraph",
        version=metadata.version("aimsgraph"),
        summary="Risk and traceability over the knowledge graph of an AI management system, read-only.",
        docs_url=None,  # the stock page loads its scripts from elsewhere; a page of our own may follow
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.session = Session(store)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=LOCAL_HOSTS)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    return app
