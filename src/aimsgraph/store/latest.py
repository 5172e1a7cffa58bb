"""The newest state of a store, kept open from one question to the next, and opened anew when there is a newer one."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.folder import CHANGESETS
from aimsgraph.store.history import head_of
from aimsgraph.store.packs import newest
from aimsgraph.store.place import open_place
from aimsgraph.store.still import DATABASE

if TYPE_CHECKING:
    from aimsgraph.store.archive import Place
    from aimsgraph.store.protocol import View

#: A file of the database that each writer, and whoever puts another folder in the place of this one, makes anew.
_MARK: Final = "CURRENT"


class Latest:
    """Opens a place for many readers; several threads may ask. Of a server or a memory each look is a new one."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._lock = Lock()
        self._seen: tuple[object, ...] | None = None
        self._view: View | None = None

    def view(self) -> View:
        """Return a look at the newest committed state.

        :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: there is no store that can be read.
        """
        if not isinstance(self.place, Path):
            return open_place(self.place)
        with self._lock:
            signs = _signs(self.place)
            if self._view is None or signs is None or signs != self._seen:
                self._view = None  # so that two are not open at once
                self._view = open_place(self.place)
                # A patch is there before its changeset is: while it is pending, each look is a new one.
                self._seen = signs if signs is not None and signs[0] == _number(self._view) else None
            return self._view


def _signs(path: Path) -> tuple[object, ...] | None:
    """Return what tells, in a fraction of a millisecond, that a store is as it was; None when that cannot be seen."""
    try:
        mark = (path / DATABASE / _MARK).stat()
        return newest(path / CHANGESETS), mark.st_ino, mark.st_mtime_ns, mark.st_dev
    except OSError:
        return None


def _number(view: View) -> int | None:
    return head_of(view.store)[0] if isinstance(view, EmbeddedView) else None
