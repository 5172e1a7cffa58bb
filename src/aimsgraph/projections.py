"""The dependencies of a graph, kept from one question to the next and brought up to date by what changed meanwhile."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from aimsgraph import kept_dependencies, store, trace

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.store import View

#: So many projections are kept; the one not asked for the longest goes first.
KEPT = 2


class Projections:
    """The newest projections made of one store; several threads may ask for them.

    Large ones of a store in a folder are kept there too, unless ``lasting`` is false.
    """

    def __init__(self, *, lasting: bool = True) -> None:
        self._lasting = lasting
        self._kept: list[trace.Projection] = []
        self._forgotten = 0
        self._making: dict[tuple[str, date], Lock] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def copy(self) -> Projections:
        """Return others that begin with what is kept here, for a store that is soon thrown away.

        What they come to keep or drop is their own.
        """
        found = Projections(lasting=False)
        found._kept = self._kept
        return found

    def forget(self, snapshot: str) -> None:
        """Drop what was made of a snapshot, and do not keep what is being made."""
        with self._lock:
            self._forgotten += 1
            self._kept = [one for one in self._kept if one.snapshot != snapshot]

    def kept(self, snapshot: str, day: date) -> trace.Projection | None:
        """Return the projection of a snapshot as on a day, where it is at hand."""
        found = next((one for one in self._kept if one.snapshot == snapshot and one.holds_on(day)), None)
        return found and found.known_as(snapshot, day)

    def of(self, view: View, place: store.Place, day: date) -> trace.Projection:
        """Return the dependencies of a view: kept ones, brought up to date where that can be done, else read anew.

        Who asks for what another is making waits for that; what is at hand, or of another day, waits for nothing.
        """
        made = (view.snapshot, day)
        with self._lock:
            found, turn = self.kept(*made), self._forgotten
            if found is not None:
                return self._first(found)
            making = self._making.setdefault(made, Lock())
        with making:
            try:
                found = self.kept(*made) or self._renewed(view, place, day) or self._read(view, place, day)
                with self._lock:
                    return self._first(found) if turn == self._forgotten else found
            finally:
                self._making.pop(made, None)

    def _first(self, found: trace.Projection) -> trace.Projection:
        """Put a projection before the others; whoever calls holds the lock."""
        others = (
            one for one in self._kept if one.snapshot != found.snapshot or one.source is not found.source
        )
        self._kept = [found, *others][:KEPT]
        return found

    def _read(self, view: View, place: store.Place, day: date) -> trace.Projection:
        """Return the dependencies from what the folder keeps, else from the statements; then the folder keeps them."""
        found = kept_dependencies.found(view, place, day) if self._lasting else None
        if found is None:
            found = trace.project(view, today=day)
            if self._lasting:
                kept_dependencies.keep(found, view, place)
        return found

    def _renewed(self, view: View, place: store.Place, day: date) -> trace.Projection | None:
        for old in self._kept:
            if not old.holds_on(day):
                continue
            changed = store.changes_since(place, old.snapshot, view, most=trace.MOST_RENEWED)
            new = (
                trace.renewed(view, old.known_as(old.snapshot, day), changed) if changed is not None else None
            )
            if new is not None:
                return new
        return None
