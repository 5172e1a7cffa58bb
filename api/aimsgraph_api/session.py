"""What the routes share: the store's folder, and the newest validation report."""

from __future__ import annotations

import weakref
from threading import Lock
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from aimsgraph.engine import Graph
from aimsgraph.errors import NotPermittedError
from aimsgraph.projections import Projections
from aimsgraph.query.pool import Pool
from aimsgraph.store import UNVERSIONED
from aimsgraph_api.newest import Newest

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.model.access import Principal
    from aimsgraph.model.finding import Validation
    from aimsgraph_api.settings import Settings


class Session:
    """Gives each request the newest committed state, and the processes that answer questions about it.

    Validation takes seconds and depends on nothing but the snapshot and the day: the newest report is kept.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._report: tuple[str, date, Validation] | None = None
        self._projections = Projections()
        self._lock = Lock()
        self._newest = Newest(settings.store)
        self.pool = Pool(workers=settings.workers, waiting=settings.waiting, limits=settings.limits)
        weakref.finalize(self, self.pool.close)  # where nobody says close
        self.graph()  # fails here, not at the first request

    def graph(self, asking: Principal | None = None, as_of: str | None = None) -> Graph:
        """Open the newest committed state, or an earlier one, as far as whoever asks may see it (None: all of it)."""
        if asking is not None and asking.graphs is not None:
            raise NotPermittedError("This server cannot yet show a part of its graphs only.")
        graph = self._newest.graph(as_of)
        if graph.view().snapshot != UNVERSIONED:
            graph.projections = self._projections
        return graph

    def close(self) -> None:
        """End the processes that answer questions."""
        self.pool.close()

    def validation(
        self, day: date | None, asking: Principal | None = None, as_of: str | None = None
    ) -> Validation:
        """Return the report for a state as on ``day``; one request computes it, others wait."""
        graph = self.graph(asking, as_of)
        today = graph.today(day)
        with self._lock:
            snapshot = graph.view().snapshot
            if self._report is None or snapshot == UNVERSIONED or self._report[:2] != (snapshot, today):
                self._report = (snapshot, today, graph.validate(date=today))
            return self._report[2]


def session(request: Request) -> Session:
    """Return the session of the application."""
    found = request.app.state.session
    assert isinstance(found, Session)  # noqa: S101 - the application is made in one place
    return found


SessionDependency = Annotated[Session, Depends(session)]
