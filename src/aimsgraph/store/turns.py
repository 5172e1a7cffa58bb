"""The turns of those who want to write to one store from one process: who came first is first."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreLockedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHANGED: Final = threading.Condition()
_WAITING: Final[dict[Path, deque[object]]] = defaultdict(deque)


@contextmanager
def turn(path: Path, patience: float) -> Iterator[float]:
    """Wait at most ``patience`` seconds for one's turn, and yield the seconds that are left; without any nobody waits.

    Other processes know nothing of these turns: whoever has the turn may still find the store locked.

    :raises StoreLockedError: the turn did not come in time.
    """
    if patience <= 0:
        yield 0.0
        return
    place, ticket, until = path.absolute(), object(), time.monotonic() + patience
    with _CHANGED:
        queue = _WAITING[place]
        queue.append(ticket)
        if not _CHANGED.wait_for(lambda: queue[0] is ticket, patience):
            _leave(place, ticket)
            raise StoreLockedError(
                f"Others were writing to the store for {patience:g} seconds.", hint="Try again in a moment."
            )
    try:
        yield max(0.0, until - time.monotonic())
    finally:
        with _CHANGED:
            _leave(place, ticket)
            _CHANGED.notify_all()


def _leave(place: Path, ticket: object) -> None:
    _WAITING[place].remove(ticket)
    if not _WAITING[place]:
        del _WAITING[place]
