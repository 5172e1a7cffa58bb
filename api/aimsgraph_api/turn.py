"""One write at a time: threads that want to write wait for their turn, but not for ever."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreLockedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph_api.session import Session

#: Seconds that a write waits for those before it.
PATIENCE: Final = 30.0


@contextmanager
def turn(kept: Session) -> Iterator[None]:
    """Be the one who writes, for the length of a block.

    :raises StoreLockedError: those before took too long.
    """
    if not kept.writing.acquire(timeout=PATIENCE):
        raise StoreLockedError("Others are writing to the store.", hint="Try again in a while.")
    try:
        yield
    finally:
        kept.writing.release()
