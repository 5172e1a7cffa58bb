"""Copies of what a server holds, which questions about the same state share."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

import pyoxigraph

from aimsgraph.query.database import database
from aimsgraph.store.remote import UNVERSIONED, RemoteView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aimsgraph.store.protocol import View

#: So many copies are kept, those in use aside.
_KEPT: Final = 4
#: A state, and the named graphs that are in the copy beside the union.
Key = tuple[str, frozenset[str]]


@dataclass(slots=True)
class _Copy:
    """A copy as a database that stands still, and how many are asking it."""

    folder: tempfile.TemporaryDirectory[str] | None = None
    users: int = 0
    making: Lock = field(default_factory=Lock)

    def made(self, view: View, graphs: Sequence[str]) -> str:
        with self.making:  # who wants what another is copying waits for it
            if self.folder is None:
                folder = tempfile.TemporaryDirectory(prefix="aimsgraph-", ignore_cleanup_errors=True)
                with database(view, graphs) as place:
                    store = pyoxigraph.Store(folder.name)
                    store.bulk_load(path=place["data"], format=pyoxigraph.RdfFormat.N_QUADS)
                    store.flush()
                self.folder = folder
            return self.folder.name


class Copies:
    """Gives a place to questions as :func:`aimsgraph.query.database` does; each state of a server is copied once.

    A server that keeps no history of ours is copied for each question: nothing tells whether it has changed.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, _Copy] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def place(self, view: View, graphs: Sequence[str] = ()) -> Iterator[dict[str, str]]:
        """Give the place of a view for the length of a block."""
        if not isinstance(view, RemoteView) or view.snapshot == UNVERSIONED:
            with database(view, graphs) as place:
                yield place
            return
        key = view.snapshot, frozenset(graphs)
        with self._lock:
            copy = self._kept.setdefault(key, _Copy())
            self._kept.move_to_end(key)
            copy.users += 1
        try:
            yield {"database": copy.made(view, graphs), "state": view.snapshot}
        finally:
            with self._lock:
                copy.users -= 1
                self._sweep()

    def close(self) -> None:
        """Take away those that nobody asks; the rest go when they have been answered."""
        with self._lock:
            self._sweep(0)

    def _sweep(self, most: int = _KEPT) -> None:
        idle = [key for key, copy in self._kept.items() if not copy.users]
        for key in idle[: max(0, len(self._kept) - most)]:
            folder = self._kept.pop(key).folder
            if folder is not None:
                folder.cleanup()
