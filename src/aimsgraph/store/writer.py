"""The one writer of a store: every write is a changeset, in one transaction with its record."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreLockedError, UsageError
from aimsgraph.store.applying import Applying
from aimsgraph.store.change import Change, Pending
from aimsgraph.store.durability import Durability
from aimsgraph.store.embedded import EmbeddedView, open_view
from aimsgraph.store.filling import Filling
from aimsgraph.store.folder import CHANGESETS, unwritable
from aimsgraph.store.ground import Whole
from aimsgraph.store.history import head_of, made_from, quads_of
from aimsgraph.store.inference import following, inference
from aimsgraph.store.interrupt import commit_shield
from aimsgraph.store.migration import open_migrated
from aimsgraph.store.packs import PatchWriter, sweep_patches
from aimsgraph.store.recording import Recording, moved
from aimsgraph.store.still import DATABASE
from aimsgraph.store.transaction import transact
from aimsgraph.store.turns import turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.ground import Ground

    Progress = Callable[[int, int], None]

#: Seconds until it is seen again whether another writer is done.
_PAUSE: Final = 0.02


@contextmanager
def open_writer(path: Path, *, patience: float = 0.0) -> Iterator[Writer]:
    """Open the store in folder ``path`` for writing, for the length of a ``with`` block.

    A store of an older format gets the present one. While another writer is at work it is waited for
    ``patience`` seconds; writers of one process that wait come in turn.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: it cannot be written.
    :raises StoreLockedError: another writer is at work.
    """
    with turn(path, patience) as left:
        writer = Writer(path, _waited_for(path, left))
        try:
            yield writer
        finally:
            writer.close()


def _waited_for(path: Path, patience: float) -> ox.Store:
    until = time.monotonic() + patience
    while True:
        try:
            return open_migrated(path)
        except StoreLockedError:
            if time.monotonic() >= until:
                raise
            time.sleep(_PAUSE)


@dataclass(slots=True, eq=False)
class _Request:
    """What one call of ``commit`` wants, and what came of it once it is ``done``."""

    changes: Sequence[Change]
    now: datetime
    progress: Progress | None
    expected: str | None
    infer: bool = True
    made: list[Changeset | None] = field(default_factory=list)
    failed: BaseException | None = None
    done: bool = False

    def fail(self, error: BaseException) -> None:
        """Have the thread that asked for the write told why it was not done, or not all that follows from it."""
        self.failed, self.done = error, True

    def is_read(self) -> bool:
        """Read the quads, which may come only once, to have them for a second try; say whether that went well."""
        try:
            self.changes = [
                replace(change, added=list(change.added), removed=list(change.removed))
                for change in self.changes
            ]
        except BaseException as error:  # it is raised where the write was asked for
            self.fail(error)
            if not isinstance(error, Exception):  # half read, this one cannot be tried by another thread
                raise
        return not self.done


class Writer(Applying):
    """Writes changesets. One exists at a time per store; threads that share it take turns.

    What several threads want to write while one of them is at it goes into one transaction and
    waits once for the disk.
    """

    def __init__(self, path: Path, store: ox.Store) -> None:
        self.path = path
        #: Is put behind the message of every change.
        self.remark = ""
        self._store: ox.Store | None = store
        self._durability = Durability(path / DATABASE)
        self._turn = threading.RLock()
        self._waiting: deque[_Request] = deque()
        self._number, self._head = head_of(store)
        sweep_patches(path / CHANGESETS, self._number)

    @property
    def head(self) -> str:
        """The hash of the newest changeset."""
        return self._head

    def view(self) -> EmbeddedView:
        """Return a view of what is committed; unlike other views it shows later writes, and it keeps the lock."""
        return EmbeddedView(self._opened(), self._head, self.path)

    @contextmanager
    def ground(
        self,
        *,
        most: int | None = None,  # noqa: ARG002 - it limits what a server is asked for
        seconds: float | None = None,  # noqa: ARG002 - likewise
    ) -> Iterator[Ground]:
        """Give the store as it is now; it is here as a whole, whatever the limits."""
        yield Whole(open_view(self.path))

    def made_from(self) -> dict[str, str]:
        """Return for each graph the SHA-256 of the source that it was last written from."""
        return made_from(self._opened())

    def close(self) -> None:
        """Give up the lock. The engine releases it when nothing refers to its store any more."""
        if self._store is not None:
            with suppress(OSError):  # all is on the disk; this spares readers from going through the log
                self._durability.flush(self._store)
        self._store = None

    def commit(
        self,
        changes: Sequence[Change],
        *,
        now: datetime,
        progress: Progress | None = None,
        expected: str | None = None,
        infer: bool = True,
    ) -> list[Changeset | None]:
        """Write several changes, each its own changeset, in one transaction: all of them or none.

        Return one changeset per change, None for those that change nothing. When this returns, the data and
        its record are on the disk. ``progress`` is told quads written and quads in all. With ``expected`` it is
        written only upon that head: what was read there still holds.

        What follows from the changes by the rules is then written as one changeset more, in a transaction of its
        own, unless ``infer`` is off; if that is cut short, the next commit makes up for it.

        :raises StoreMovedError: the head is not the expected one any more; nothing was written.
        :raises StoreUnusableError: the disk is full or the folder cannot be written; it says whether anything was.
        :raises InferenceFailedError: the changes are written, and not what follows from them.
        """
        request = _Request(self._remarked(changes), now, progress, expected, infer)
        self._waiting.append(request)
        self._take_turn(request)
        try:
            if not request.done:
                self._serve(request)
        finally:
            self._turn.release()
        if request.failed is not None:
            raise request.failed
        return request.made

    def fill(self, change: Change, lines: Iterable[bytes], *, now: datetime) -> Changeset | None:
        """Write a source of any length into a graph that holds nothing, as one changeset; memory does not grow with it.

        ``lines`` are those of :func:`aimsgraph.store.bulk.sorted_lines`; ``change`` says all but the quads.

        :raises UsageError: the graph holds something.
        :raises StoreUnusableError: the disk is full or the folder cannot be written; it says whether anything was.
        """
        (change,) = self._remarked([change])
        with self._turn, commit_shield() as close:
            store = self._opened()
            if change.graph is None or self.holds(change.graph):
                raise UsageError(
                    f"The graph {change.graph} is not empty.", hint="Replace its content instead."
                )
            number = self._number
            try:
                with closing(Filling(self.path / CHANGESETS, number + 1, lines, change.graph)) as filling:
                    made = filling.changeset(change, self._head if number else None, now)
                    if made is not None:
                        filling.load(store, quads_of(made, filling.sha256), close)
            except OSError as error:
                self._recover(store)
                raise unwritable(self.path, error, self._number > number) from error
            except BaseException:
                self._recover(store)
                raise
            self._recover(store)
            if made is None:
                return None
            self._follow(now, self._head, close)
        return made

    def holds(self, graph: str) -> bool:
        """Say whether a named graph holds anything."""
        found = self._opened().quads_for_pattern(None, None, None, ox.NamedNode(graph))
        return next(found, None) is not None

    def _remarked(self, changes: Sequence[Change]) -> Sequence[Change]:
        if not self.remark:
            return changes
        return [replace(change, message=f"{change.message} {self.remark}") for change in changes]

    def _take_turn(self, request: _Request) -> None:
        """Wait for the turn; Ctrl-C takes the request back, unless another thread is writing it already."""
        while True:
            try:
                self._turn.acquire()
            except BaseException:
                with suppress(ValueError):
                    self._waiting.remove(request)
                    raise
            else:
                return

    def _serve(self, own: _Request) -> None:
        """Write what is waiting: all of it at once, or, where that fails, one by one."""
        waiting: list[_Request] = []
        with suppress(IndexError):  # one may be taken back meanwhile
            while True:
                waiting.append(self._waiting.popleft())
        if len(waiting) == 1:
            self._together(waiting)
            return
        try:
            self._served(waiting)
        except BaseException:  # this thread is to end, and the others are not
            left = [request for request in waiting if not request.done and request is not own]
            self._waiting.extendleft(reversed(left))
            raise

    def _served(self, waiting: list[_Request]) -> None:
        served = [request for request in waiting if request.is_read()]
        try:
            self._together(served)
        except Exception:  # noqa: BLE001 - one of them is at fault: each is tried, and told, by itself
            for request in (one for one in served if not one.done):
                try:
                    self._together([request])
                except Exception as error:  # noqa: BLE001 - it is raised where the write was asked for
                    request.fail(error)

    def _together(self, requests: list[_Request]) -> None:
        if not requests:
            return
        with commit_shield() as close:
            head = self._commit(requests, close)
            for request in requests:
                request.done = True
            try:
                if any(request.infer for request in requests):
                    self._follow(requests[-1].now, head, close)
            except Exception as error:  # noqa: BLE001 - what they asked for is written, and is not to be tried again
                for request in requests:
                    request.fail(error)

    def _follow(self, now: datetime, head: str, close: Callable[[], None]) -> None:
        """Write what follows from the write that was just done, upon its ``head``."""
        with following(head):
            follows = inference(self._opened())
            if follows is not None:
                self._commit([_Request([follows], now, None, head)], close)

    def _commit(self, requests: list[_Request], close: Callable[[], None]) -> str:
        store = self._opened()
        pending = Pending(store)
        patches = PatchWriter(self.path / CHANGESETS, self._number + 1)
        recording = Recording(pending, self._number, self._head, lambda _, text: patches.add(text))
        records = recording.records
        try:
            for request in requests:
                if request.expected is not None and request.expected != recording.head:
                    raise moved()
                request.made = [recording.take(change, request.now) for change in request.changes]
            patches.close()
            if records:
                progress = requests[0].progress if len(requests) == 1 else None
                transact(store, pending, records, progress, close, self._durability)
        except OSError as error:
            self._recover(store)
            failed = unwritable(self.path, error, bool(records) and self._head == recording.head)
            if self._head == recording.head:  # it is not to be tried again
                for request in requests:
                    request.fail(failed)
            raise failed from error
        except BaseException:
            self._recover(store)
            raise
        self._number, self._head = recording.number, recording.head
        return self._head

    def _opened(self) -> ox.Store:
        if self._store is None:
            raise UsageError("This writer is closed.")
        return self._store

    def _recover(self, store: ox.Store) -> None:
        """Take away the patches of what was not committed; believe the history about what was."""
        self._number, self._head = head_of(store)
        sweep_patches(self.path / CHANGESETS, self._number)
