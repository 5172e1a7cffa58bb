"""The states of a store that are open, so that questions about the same state need not open it each for itself."""

from __future__ import annotations

from collections import OrderedDict
from copy import copy
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

import aimsgraph
from aimsgraph.store import mark, place

if TYPE_CHECKING:
    from aimsgraph.engine import Graph

#: So many states are kept open, the newest one among them.
_OPEN: Final = 4


class Newest:
    """The newest state of a store in a folder, and earlier ones that were asked for, until something is written.

    A state of a server is opened anew each time: nothing here would tell that it has changed.
    """

    def __init__(self, store: Path | str) -> None:
        self._store = store
        self._place = place(store)
        self._mark: object = None
        self._open: OrderedDict[str | None, Graph] = OrderedDict()
        self._opening: dict[str | None, Lock] = {}
        self._lock = Lock()

    def at_hand(self, as_of: str | None = None) -> Graph | None:
        """Return what :meth:`graph` would, if it is open already; this waits for nothing."""
        if not isinstance(self._place, Path):
            return None
        try:
            found = self._kept(mark(self._place), as_of)
        except OSError:
            return None
        return None if found is None else copy(found)

    def graph(self, as_of: str | None = None) -> Graph:
        """Return a graph that shows what was committed by now, or an earlier state.

        :raises AimsgraphError: as :func:`aimsgraph.open` does.
        """
        if not isinstance(self._place, Path):
            return aimsgraph.open(self._store, as_of=as_of)
        try:
            now: object = mark(self._place)
        except OSError:
            now = object()  # opening it will say what is wrong
        with self._lock:
            opening = self._opening.setdefault(as_of, Lock())
        with opening:  # who asks for what another is opening waits for it
            found = self._kept(now, as_of)
            if found is None:
                found = aimsgraph.open(self._store, as_of=as_of)
                self._keep(now, as_of, found)
        return copy(found)

    def _kept(self, now: object, as_of: str | None) -> Graph | None:
        with self._lock:
            if self._mark != now:
                return None
            found = self._open.get(as_of)
            if found is not None:
                self._open.move_to_end(as_of)
            return found

    def _keep(self, now: object, as_of: str | None, found: Graph) -> None:
        with self._lock:
            if self._mark != now:
                self._mark = now
                self._open.clear()
            self._open[as_of] = found
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)
            for name in set(self._opening) - self._open.keys() - {as_of}:
                if not self._opening[name].locked():
                    del self._opening[name]
