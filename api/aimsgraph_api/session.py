"""What the routes share: the store's folder, and the newest validation report."""

from __future__ import annotations

import asyncio
import weakref
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request

from aimsgraph.directory import Directories
from aimsgraph.engine import Graph
from aimsgraph.projections import Projections
from aimsgraph.query.copies import Copies
from aimsgraph.query.pool import Pool
from aimsgraph.store import UNVERSIONED, parts_of
from aimsgraph_api.newest import Newest

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.model.access import Principal
    from aimsgraph.model.finding import Validation
    from aimsgraph_api.settings import Settings


#: Seconds for which a write waits for those before it.
PATIENCE: Final = 10.0


class Session:
    """Gives each request the newest committed state, and the processes that answer questions about it.

    Validation takes seconds and depends on nothing but the snapshot and the day: the newest report is kept.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._report: tuple[str, date, Validation] | None = None
        self._lock, self._validating = Lock(), Lock()
        self._opened: dict[str, tuple[Newest, Projections, Directories]] = {}
        self.pool = Pool(workers=settings.workers, waiting=settings.waiting, limits=settings.limits)
        weakref.finalize(self, self.pool.close)  # where nobody says close
        self.copies = Copies()
        self.writing = Lock()
        #: The newest report about the whole as it is, for the counts of the server.
        self.newest_report: Validation | None = None
        self.graph()  # fails here, not at the first request
        self._parts = parts_of(settings.store)

    def graph(self, asking: Principal | None = None, as_of: str | None = None) -> Graph:
        """Open the newest committed state, or an earlier one, as far as whoever asks may see it (None: all of it)."""
        graphs = asking.graphs if asking is not None else None
        where = self.settings.store if graphs is None else self._parts.of(graphs)
        with self._lock:
            newest, projections, directories = self._opened.setdefault(
                str(where), (Newest(where), Projections(), Directories())
            )
        graph = newest.graph(as_of)
        graph.patience = PATIENCE
        if graph.view().snapshot != UNVERSIONED:
            graph.projections, graph.directories = projections, directories
        return graph

    def check_workers(self) -> None:
        """Have a process that answers questions answer one.

        :raises AimsgraphError: none does.
        """
        asyncio.run(self.pool.check())

    def close(self) -> None:
        """End the processes that answer questions."""
        self.pool.close()
        self.copies.close()

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
            report = self._report[2]
        if as_of is None and (asking is None or asking.graphs is None):
            self.newest_report = report
        return report


def session(request: Request) -> Session:
    """Return the session of the application."""
    found = request.app.state.session
    assert isinstance(found, Session)  # noqa: S101 - the application is made in one place
    return found


SessionDependency = Annotated[Session, Depends(session)]
