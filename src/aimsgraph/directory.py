"""What is kept of a state of the graph in order to list and find its nodes at once."""

from __future__ import annotations

from threading import Lock, RLock
from typing import TYPE_CHECKING, Final

from aimsgraph import store, trace
from aimsgraph.store import UNVERSIONED

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.store import View

#: So many states are kept; the one not asked for the longest goes first.
KEPT: Final = 2
#: So many choices of nodes are kept of each state.
_CHOICES: Final = 32


class Directory:
    """The nodes of one state: those of each choice asked for so far, sorted, and the words said of all of them.

    Each is read when it is first asked for; who asks for what another is reading waits for that.
    """

    def __init__(self, snapshot: str, texts: store.Texts | None = None) -> None:
        self.snapshot = snapshot
        self.texts_at_hand = texts
        self._chosen: dict[object, list[str]] = {}
        self._lock = RLock()

    def chosen(self, choice: object, read: Callable[[], list[str]]) -> list[str]:
        """Return the sorted nodes of a choice, which ``read`` reads."""
        with self._lock:
            found = self._chosen.pop(choice, None)
            if found is None:
                found = read()
            self._chosen[choice] = found  # the newest is the last
            while len(self._chosen) > _CHOICES:
                del self._chosen[next(iter(self._chosen))]
            return found

    def texts(self, view: View) -> store.Texts:
        """Return the words said of the nodes."""
        with self._lock:
            if self.texts_at_hand is None:
                self.texts_at_hand = store.Texts(dict(store.read_texts(view)))
            return self.texts_at_hand


class Directories:
    """The directories of the newest states asked for; several threads, and graphs of one store, may share them."""

    def __init__(self) -> None:
        self._kept: list[Directory] = []
        self._lock = Lock()

    def of(self, view: View, place: store.Place) -> Directory:
        """Return the directory of a view; what cannot be told from another state is not kept."""
        if view.snapshot == UNVERSIONED:
            return Directory(UNVERSIONED)
        with self._lock:
            found = next((one for one in self._kept if one.snapshot == view.snapshot), None)
            if found is None:
                found = self._renewed(view, place) or Directory(view.snapshot)
            self._kept = [found, *(one for one in self._kept if one is not found)][:KEPT]
            return found

    def _renewed(self, view: View, place: store.Place) -> Directory | None:
        """Return a directory whose texts are those of an earlier state, read anew where something was said since."""
        for old in self._kept:
            if old.texts_at_hand is None:
                continue
            changed = store.changes_since(place, old.snapshot, view, most=trace.MOST_RENEWED)
            if changed is not None:
                subjects = {str(subject) for subject, name, _ in changed if str(name) in store.TEXTS}
                return Directory(view.snapshot, old.texts_at_hand.renewed(view, subjects))
        return None
