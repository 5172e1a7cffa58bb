"""The writer of a store in memory: the same changesets as in a folder, each commit in one transaction."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aimsgraph.errors import UsageError
from aimsgraph.store.applying import Applying
from aimsgraph.store.change import Pending
from aimsgraph.store.ground import Whole
from aimsgraph.store.history import made_from
from aimsgraph.store.inference import following, inference
from aimsgraph.store.interrupt import commit_shield
from aimsgraph.store.recording import Recording, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.change import Change
    from aimsgraph.store.embedded import EmbeddedView
    from aimsgraph.store.ground import Ground
    from aimsgraph.store.memory_store import Memory

    Progress = Callable[[int, int], None]


@contextmanager
def open_memory_writer(memory: Memory) -> Iterator[MemoryWriter]:
    """Open a store in memory for writing, for the length of a ``with`` block.

    :raises StoreNotFoundError: there is no store.
    :raises StoreLockedError: another writer is at work.
    """
    with memory.turn():
        writer = MemoryWriter(memory)
        try:
            yield writer
        finally:
            writer.close()


class MemoryWriter(Applying):
    """Writes changesets to a store in memory. One exists at a time; threads that share it take turns."""

    def __init__(self, memory: Memory) -> None:
        self._memory: Memory | None = memory
        self._head = memory.head
        self._turn = threading.RLock()

    @property
    def head(self) -> str:
        """The hash of the newest changeset."""
        return self._head

    def view(self) -> EmbeddedView:
        """Return a view of what is committed, which shows later writes too."""
        return self._opened().latest()

    @contextmanager
    def ground(
        self,
        *,
        most: int | None = None,  # noqa: ARG002 - it limits what a server is asked for
        seconds: float | None = None,  # noqa: ARG002 - likewise
    ) -> Iterator[Ground]:
        """Give the store as it is now; it is here as a whole, whatever the limits."""
        with self._opened().copied() as view:
            yield Whole(view)

    def made_from(self) -> dict[str, str]:
        """Return for each graph the SHA-256 of the source that it was last written from."""
        return made_from(self._opened().store)

    def close(self) -> None:
        """Write no more."""
        self._memory = None

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

        It is as with :meth:`aimsgraph.store.writer.Writer.commit`, but for the disk.

        :raises StoreMovedError: the head is not the expected one any more; nothing was written.
        :raises InferenceFailedError: the changes are written, and not what follows from them.
        """
        with self._turn, commit_shield() as close:
            memory = self._opened()
            if expected is not None and expected != memory.head:
                raise moved()
            made = self._commit(memory, changes, now, progress, close)
            if infer:
                with following(memory.head):
                    follows = inference(memory.store)
                    if follows is not None:
                        self._commit(memory, [follows], now, None, close)
            return made

    def _commit(
        self,
        memory: Memory,
        changes: Sequence[Change],
        now: datetime,
        progress: Progress | None,
        close: Callable[[], None],
    ) -> list[Changeset | None]:
        pending = Pending(memory.store)
        patches: list[bytes] = []
        recording = Recording(pending, memory.number, memory.head, lambda _, text: patches.append(text))
        made = [recording.take(change, now) for change in changes]
        if patches:
            memory.write(pending, recording, patches, progress, close)
            self._head = memory.head
        return made

    def _opened(self) -> Memory:
        if self._memory is None:
            raise UsageError("This writer is closed.")
        return self._memory
