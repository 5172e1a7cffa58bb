"""What the routes share: the store's folder, and the newest validation report."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

import aimsgraph
from aimsgraph.directory import Directories
from aimsgraph.engine import Graph
from aimsgraph.errors import NotPermittedError
from aimsgraph.projections import Projections
from aimsgraph.store import UNVERSIONED

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.model.access import Principal
    from aimsgraph.model.finding import Validation
    from aimsgraph_api.settings import Settings


class Session:
    """Opens the store anew for each request, so that each sees the newest committed state.

    Validation takes seconds and depends on nothing but the snapshot and the day: the newest report is kept.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._report: tuple[str, date, Validation] | None = None
        self._projections = Projections()
        self._directories = Directories()
        self._lock = Lock()
        self.writing = Lock()
        self.graph()  # fails here, not at the first request

    def graph(self, asking: Principal | None = None, as_of: str | None = None) -> Graph:
        """Open the newest committed state, or an earlier one, as far as whoever asks may see it (None: all of it)."""
        if asking is not None and asking.graphs is not None:
            raise NotPermittedError("This server cannot yet show a part of its graphs only.")
        graph = aimsgraph.open(self.settings.store, as_of=as_of)
        if graph.view().snapshot != UNVERSIONED:
            graph.projections = self._projections
            graph.directories = self._directories
        return graph

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

    def newest_report(self) -> Validation | None:
        """Return the report that was asked for last, where there is one."""
        return self._report[2] if self._report is not None else None


def session(request: Request) -> Session:
    """Return the session of the application."""
    found = request.app.state.session
    assert isinstance(found, Session)  # noqa: S101 - the application is made in one place
    return found


SessionDependency = Annotated[Session, Depends(session)]
