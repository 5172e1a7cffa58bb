"""Ctrl-C while a transaction commits."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


@contextlib.contextmanager
def commit_shield() -> Iterator[Callable[[], None]]:
    """Yield a function after whose call Ctrl-C comes too late: the write is finished, and answered for.

    Before the call Ctrl-C raises KeyboardInterrupt as ever and nothing is written. Python cannot tell the
    engine to give up a commit, and an interrupt told after it would say that nothing was written when it was.
    Only the main thread gets signals, so elsewhere this does nothing.
    """
    before = signal.getsignal(signal.SIGINT)
    shielded = threading.current_thread() is threading.main_thread() and callable(before)

    def too_late(_number: int, _frame: FrameType | None) -> None:
        return None

    def close() -> None:
        if shielded:
            signal.signal(signal.SIGINT, too_late)

    try:
        yield close
    finally:
        if shielded:
            signal.signal(signal.SIGINT, before)
