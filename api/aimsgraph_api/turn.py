"""One write at a time: threads that want to write wait for their turn, but not for ever."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreLockedError
from aimsgraph_api.writable import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.model.access import Principal
    from aimsgraph_api.session import Session

#: Seconds that a write waits for those before it.
PATIENCE: Final = 30.0


@contextmanager
def turn(kept: Session, asking: Principal) -> Iterator[None]:
    """Be the one who writes, for the length of a block.

    :raises NotPermittedError: whoever asks sees a part of the graphs only, and a write may reach all of them.
    :raises StoreLockedError: those before took too long.
    """
    whole(asking)
    if not kept.writing.acquire(timeout=PATIENCE):
        raise StoreLockedError("Others are writing to the store.", hint="Try again in a while.")
    try:
        yield
    finally:
        kept.writing.release()
