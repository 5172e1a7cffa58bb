"""The application: its routes, its errors, and which hosts it answers to."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from aimsgraph import query
from aimsgraph_api import problems
from aimsgraph_api.arrivals import Arrivals
from aimsgraph_api.bodies import Bodies
from aimsgraph_api.freshness import Freshness
from aimsgraph_api.metrics import Metrics
from aimsgraph_api.openapi import document
from aimsgraph_api.protocol import MESSAGE
from aimsgraph_api.readiness import Readiness
from aimsgraph_api.routes import CALCULATING, ROOT_ROUTERS, ROUTERS
from aimsgraph_api.routes.questions import questions
from aimsgraph_api.session import Session
from aimsgraph_api.turns import TURN, Turns

if TYPE_CHECKING:
    from aimsgraph_api.settings import Settings

_DESCRIPTION: Final = (
    "Answers are the JSON of the commands. Nodes are named by IRI, CURIE or unique label. Long lists come in pages; "
    "`next`, or the Link header, leads on. Answers carry an ETag: ask with If-None-Match, and an answer that "
    "would be the same is not computed. Errors are problem details (RFC 9457) with a stable code."
)


def create_app(settings: Settings) -> FastAPI:
    """Make the application for a store.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: when there is no store that can be read.
    :raises QueryInvalidError, InputNotReadableError: when the folders of saved questions have faults.
    """
    app = FastAPI(
        title="aimsgraph API v1",
        version=metadata.version("aimsgraph"),
        summary="Risk and traceability over the knowledge graph of an AI management system.",
        description=_DESCRIPTION,
        docs_url=None,  # the stock page loads its scripts from elsewhere
        redoc_url=None,
        openapi_url=None,  # a route of its own, for who may read
    )
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    app.state.session = Session(settings)
    app.state.turns, app.state.metrics, app.state.readiness = Turns(settings), Metrics(), Readiness()
    app.state.readiness.checks["store"] = app.state.session.graph
    # Each stands around those before it.
    app.add_middleware(Freshness)
    app.add_middleware(Bodies, largest=settings.largest)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),  # credentials are keys in a header, which pages must know
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "If-None-Match", MESSAGE, "Prefer"],
            expose_headers=["ETag", "Location"],
        )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts))
    app.add_middleware(Arrivals, metrics=app.state.metrics)
    problems.install(app)
    for router in (*ROUTERS, questions(query.catalogue(settings.queries))):
        app.include_router(router, prefix="/api/v1", dependencies=[TURN] if router in CALCULATING else [])
    for router in ROOT_ROUTERS:
        app.include_router(router)
    return app
