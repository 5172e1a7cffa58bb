"""What the routes share: the store's folder, and the newest validation report."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from aimsgraph.engine import Graph
from aimsgraph.projections import Projections
from aimsgraph.store import UNVERSIONED, Latest, parts_of, place

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.model.access import Principal
    from aimsgraph.model.finding import Validation
    from aimsgraph_api.settings import Settings


class Session:
    """Opens the store for each request, so that each sees the newest committed state.

    Validation takes seconds and depends on nothing but the snapshot and the day: the newest report is kept.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._report: tuple[str, date, Validation] | None = None
        self._place = place(settings.store)
        self._opened: dict[str, tuple[Latest, Projections]] = {}
        self._lock, self._validating = Lock(), Lock()
        self.graph()  # fails here, not at the first request
        self._parts = parts_of(settings.store)

    def graph(self, asking: Principal | None = None, as_of: str | None = None) -> Graph:
        """Open the newest committed state, or an earlier one, as far as whoever asks may see it (None: all of it)."""
        graphs = asking.graphs if asking is not None else None
        where = self._place if graphs is None else self._parts.of(graphs)
        with self._lock:
            latest, projections = self._opened.setdefault(str(where), (Latest(where), Projections()))
        graph = Graph(where, as_of, latest.view() if as_of is None else None)
        if graph.view().snapshot != UNVERSIONED:
            graph.projections = projections
        return graph

    def validation(
        self, day: date | None, asking: Principal | None = None, as_of: str | None = None
    ) -> Validation:
        """Return the report for a state as on ``day``; one request computes it, others wait."""
        graph = self.graph(asking, as_of)
        today = graph.today(day)
        with self._validating:
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
