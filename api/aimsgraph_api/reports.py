"""The validation reports that are kept, so that who asks again does not wait for another one."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

from aimsgraph.store import UNVERSIONED

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.engine import Graph
    from aimsgraph.model.finding import Validation

#: So many are kept; the one not asked for the longest goes first.
KEPT: Final = 16


@dataclass(slots=True)
class _Place:
    """Where one report is kept: of which state, as on which day."""

    snapshot: str | None = None
    day: date | None = None
    report: Validation | None = None
    lock: Lock = field(default_factory=Lock)


class Reports:
    """The newest report of each part of the graphs that is seen by somebody, and that of an earlier state of it.

    A report depends on nothing but the state and the day. One request computes it, others that want the same wait.
    """

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._places: OrderedDict[object, _Place] = OrderedDict()
        self._lock = Lock()

    def of(self, graph: Graph, today: date, *, part: frozenset[str] | None) -> Validation:
        """Return the report on a graph, which shows ``part`` of all graphs (None: all of them)."""
        place = self._place((part, graph.as_of is None))
        with place.lock:
            snapshot = graph.view().snapshot
            known = snapshot != UNVERSIONED and (place.snapshot, place.day) == (snapshot, today)
            if place.report is None or not known:
                place.report = graph.validate(date=today)
                place.snapshot, place.day = snapshot, today
            return place.report

    def _place(self, key: object) -> _Place:
        with self._lock:
            found = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            while len(self._places) > self._most:
                self._places.popitem(last=False)
            return found
