"""What the routes share: the states of the store that are open, and the newest validation reports."""

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
from aimsgraph_api.reports import Reports

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from aimsgraph.model.access import Principal
    from aimsgraph.model.finding import Validation
    from aimsgraph_api.settings import Settings


_Kept = tuple[Newest, Projections, Directories]
#: Seconds for which a write waits for those before it.
PATIENCE: Final = 10.0


class Session:
    """Gives each request the newest committed state, and the processes that answer questions about it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._reports = Reports()
        self._lock = Lock()
        self._opened: dict[str, _Kept] = {}
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
        kept = self._kept(self.settings.store if graphs is None else self._parts.of(graphs))
        return _equipped(kept[0].graph(as_of), kept)

    def at_hand(self, asking: Principal, as_of: str | None = None) -> Graph | None:
        """Return what :meth:`graph` would, if it is open already; this waits for nothing."""
        if asking.graphs is not None:
            return None
        kept = self._kept(self.settings.store)
        found = kept[0].at_hand(as_of)
        return None if found is None else _equipped(found, kept)

    def _kept(self, where: Path | str) -> _Kept:
        with self._lock:
            found = self._opened.get(str(where))
            if found is None:
                found = self._opened[str(where)] = Newest(where), Projections(), Directories()
            return found

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
        part = asking.graphs if asking is not None else None
        report = self._reports.of(graph, graph.today(day), part=part)
        if as_of is None and part is None:
            self.newest_report = report
        return report


def _equipped(graph: Graph, kept: _Kept) -> Graph:
    graph.patience = PATIENCE
    if graph.view().snapshot != UNVERSIONED:
        _, graph.projections, graph.directories = kept
    return graph


def session(request: Request) -> Session:
    """Return the session of the application."""
    found = request.app.state.session
    assert isinstance(found, Session)  # noqa: S101 - the application is made in one place
    return found


async def at_once(request: Request) -> Session:
    """Return the same within the event loop: a thread for it took a fifth of a cheap question."""
    return session(request)


SessionDependency = Annotated[Session, Depends(at_once)]
