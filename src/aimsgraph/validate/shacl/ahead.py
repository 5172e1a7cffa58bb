"""Works on the next of several parts while the results of one are used.

An engine answers outside Python's lock, so that a second core finds the rows of one shape while those of another
become results.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Full, Queue
from threading import Event
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

T = TypeVar("T")
#: How many results wait in one portion, and how many portions of a part at most until they are used.
_PORTION: Final = 1000
_WAITING: Final = 200
#: How long a worker waits, in seconds, before it looks whether anybody still wants its results.
_PATIENCE: Final = 0.1


def in_order(parts: Sequence[Callable[[], Iterable[T]]], workers: int = 2) -> Generator[T, None, None]:
    """Yield the results of the parts one after the other, while ``workers`` threads work ahead a little.

    What a part raises is raised here, after the results that it gave before.
    """
    if len(parts) == 1:  # nothing comes after it to work on
        yield from parts[0]()
        return
    unwanted = Event()
    waiting: list[Queue[list[T] | BaseException | None]] = [Queue(_WAITING) for _ in parts]
    pool = ThreadPoolExecutor(workers, thread_name_prefix="aimsgraph-shape")
    try:
        for part, queue in zip(parts, waiting, strict=True):
            pool.submit(_work, part, queue, unwanted)
        for queue in waiting:
            while (portion := queue.get()) is not None:
                if isinstance(portion, BaseException):
                    raise portion
                yield from portion
    finally:
        unwanted.set()
        pool.shutdown(cancel_futures=True)


def _work(
    part: Callable[[], Iterable[T]], queue: Queue[list[T] | BaseException | None], unwanted: Event
) -> None:
    portion: list[T] = []
    last: BaseException | None = None
    try:
        for result in part():
            portion.append(result)
            if len(portion) == _PORTION:
                if not _put(queue, portion, unwanted):
                    return
                portion = []
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever uses the results
        last = error
    _put(queue, portion, unwanted)
    _put(queue, last, unwanted)


def _put(
    queue: Queue[list[T] | BaseException | None], portion: list[T] | BaseException | None, unwanted: Event
) -> bool:
    """Hand over a portion when there is room for it; say whether it is wanted."""
    while not unwanted.is_set():
        try:
            queue.put(portion, timeout=_PATIENCE)
        except Full:
            continue
        return True
    return False
