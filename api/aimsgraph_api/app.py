"""The application: its routes, its errors, and which hosts it answers to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

from aimsgraph import query
from aimsgraph_api import problems
from aimsgraph_api.access_log import AccessLog, RequestLog
from aimsgraph_api.arrivals import Arrivals
from aimsgraph_api.bodies import Bodies
from aimsgraph_api.freshness import Freshness
from aimsgraph_api.hosts import Hosts
from aimsgraph_api.jobs.board import Jobs
from aimsgraph_api.metrics import Metrics
from aimsgraph_api.openapi import document
from aimsgraph_api.protocol import MESSAGE
from aimsgraph_api.readiness import Readiness
from aimsgraph_api.recognition import Doorkeeper, Recognition
from aimsgraph_api.routes import AT_THE_ROOT, CALCULATING, ROUTERS
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


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """End what the application has started when it ends."""
    yield
    await run_in_threadpool(app.state.jobs.close)
    await run_in_threadpool(app.state.session.close)


def create_app(settings: Settings) -> FastAPI:
    """Make the application for a store.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: when there is no store that can be read.
    :raises AccessFileError: when the access file cannot be read, or has faults.
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
        lifespan=_life,
    )
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    app.state.session = Session(settings)
    app.state.jobs = Jobs(settings.store, settings.jobs)
    app.state.recognition = Recognition(settings)
    app.state.recognition.warn_of_strangers(app.state.session.graph().view().graphs())
    app.state.turns, app.state.metrics, app.state.readiness = Turns(settings), Metrics(), Readiness()
    app.state.readiness.checks["store"] = app.state.session.graph
    app.state.readiness.checks["workers"] = app.state.session.check_workers
    _surround(app, settings)
    problems.install(app)
    # A request is held against one route after the other: what is asked most often stands in front.
    for router in AT_THE_ROOT:
        app.include_router(router)
    app.include_router(questions(query.catalogue(settings.queries)), prefix="/api/v1")
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1", dependencies=[TURN] if router in CALCULATING else [])
    return app


def _surround(app: FastAPI, settings: Settings) -> None:
    """Put around the routes what concerns all of them; each stands around those before it."""
    app.add_middleware(Freshness)
    app.add_middleware(Bodies, largest=settings.largest)
    app.add_middleware(Doorkeeper, recognition=app.state.recognition)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),  # credentials are keys in a header, which pages must know
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "If-None-Match", MESSAGE, "Prefer"],
            expose_headers=["ETag", "Location", "Link"],
        )
    app.add_middleware(Hosts, names=settings.hosts, origins=settings.origins)
    app.add_middleware(Arrivals, metrics=app.state.metrics)
    if settings.access_log is not None:
        app.add_middleware(AccessLog, log=RequestLog(settings.access_log, texts=settings.log_queries))
