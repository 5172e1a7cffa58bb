"""What the routes share: the store's folder, and the newest validation report."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query, Request

import aimsgraph
from aimsgraph.engine import Graph
from aimsgraph.projections import Projections
from aimsgraph.store import UNVERSIONED

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.model.finding import Validation


AsOf = Annotated[
    str | None,
    Query(
        description="See the store as it was: at the end of a day (2026-03-03), at an instant (2026-03-03T12:00Z), "
        "or after a changeset (its number, or the start of its hash)."
    ),
]


class Session:
    """Opens the store anew for each request, so that each sees the newest committed state.

    Validation takes seconds and depends on nothing but the snapshot and the day: the newest report is kept.
    """

    def __init__(self, store: Path | str) -> None:
        self.store = store
        self._report: tuple[str, date, Validation] | None = None
        self._projections = Projections()
        self._lock = Lock()
        self.graph()  # fails here, not at the first request

    def graph(self, as_of: str | None = None) -> Graph:
        """Open the newest committed state, or an earlier one."""
        graph = aimsgraph.open(self.store, as_of=as_of)
        if graph.view().snapshot != UNVERSIONED:
            graph.projections = self._projections
        return graph

    def validation(self, day: date | None, as_of: str | None = None) -> Validation:
        """Return the report for a state as on ``day``; one request computes it, others wait."""
        graph = self.graph(as_of)
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


def graph(request: Request, as_of: AsOf = None) -> Graph:
    """Return the graph as it stands now, or as it was."""
    return session(request).graph(as_of)


SessionDependency = Annotated[Session, Depends(session)]
GraphDependency = Annotated[Graph, Depends(graph)]
