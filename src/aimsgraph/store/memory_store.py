"""A store in memory: the same changesets, hashes and history as in a folder, and gone with the process."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakSet

import pyoxigraph as ox

from aimsgraph.errors import (
    StoreAlteredError,
    StoreExistsError,
    StoreLockedError,
    StoreNotFoundError,
)
from aimsgraph.store.aside import database_aside
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.folder import FORMAT, Manifest, program_version
from aimsgraph.store.history import EMPTY, recorded
from aimsgraph.store.moment import named
from aimsgraph.store.packs import checked
from aimsgraph.store.past import from_nothing
from aimsgraph.store.patch import net
from aimsgraph.store.transaction import transact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from aimsgraph.store.change import Pending
    from aimsgraph.store.kept import Kept
    from aimsgraph.store.recording import Recording

    Progress = Callable[[int, int], None]


class Memory:
    """A place for one store in this process: what a folder has in files. It is empty until a store is made in it.

    Who looks at it sees what was committed by then, and goes on to see that: when something is written while somebody
    looks, it is written to a copy, which takes 2 to 4 µs for each quad.
    """

    name = "memory"

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Be as one in which no store was ever made."""
        self.store = ox.Store()
        self.patches: list[bytes] = []
        self.number, self.head = 0, EMPTY
        self._manifest: Manifest | None = None
        #: Held while what belongs together is read or written.
        self._whole = threading.Lock()
        self._readers: WeakSet[EmbeddedView] = WeakSet()
        self._writers: WeakSet[EmbeddedView] = WeakSet()

    def __str__(self) -> str:
        """Write it as messages name it."""
        return self.name

    def create(self, *, now: datetime, evidence_root: Path | None = None) -> None:
        """Make an empty store.

        :raises StoreExistsError: there is one already.
        """
        if self._manifest is not None:
            raise StoreExistsError(
                "There is a store in this memory already.", hint="Make another Memory for another one."
            )
        self._manifest = Manifest(FORMAT, now, program_version(), evidence_root)

    @property
    def manifest(self) -> Manifest:
        """What the store says of itself.

        :raises StoreNotFoundError: none was made.
        """
        if self._manifest is None:
            raise StoreNotFoundError(
                "There is no store in this memory.", hint="Make one with aimsgraph.in_memory()."
            )
        return self._manifest

    def view(self) -> EmbeddedView:
        """Look at the store as it is now; later writes don't show.

        :raises StoreNotFoundError: none was made.
        """
        _ = self.manifest
        with self._whole:
            view = EmbeddedView(self.store, self.head)
            self._readers.add(view)
        return view

    @contextmanager
    def copied(self) -> Iterator[EmbeddedView]:
        """Look, for the length of a ``with`` block, at a copy of the store in a folder, where other processes find it.

        :raises StoreNotFoundError: none was made.
        """
        now = self.view()
        snapshot = now.snapshot
        with database_aside("memory") as (folder, copy):
            copy.bulk_extend(now.store)
            del now  # while somebody looks, a write goes to another copy
            yield EmbeddedView(copy, snapshot, folder)

    def latest(self) -> EmbeddedView:
        """Return a view of the store that shows later writes too."""
        with self._whole:
            view = EmbeddedView(self.store, self.head)
            self._writers.add(view)
        return view

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be the only writer for the length of a ``with`` block.

        :raises StoreNotFoundError: there is no store.
        :raises StoreLockedError: another writer is at work.
        """
        _ = self.manifest
        if not self._writing.acquire(blocking=False):
            raise StoreLockedError(
                "Another writer is at work on the store in memory.",
                hint="Wait until it is done, or have threads share one: they take turns.",
            )
        try:
            yield
        finally:
            self._writing.release()

    def write(
        self,
        pending: Pending,
        recording: Recording,
        patches: list[bytes],
        progress: Progress | None,
        close: Callable[[], None],
    ) -> None:
        """Write what is pending, the records and the patches of new changesets, all or nothing."""
        with self._whole:
            if self._readers:
                self._part_from_readers()
            transact(self.store, pending, recording.records, progress, close)
            self.patches += patches
            self.number, self.head = recording.number, recording.head

    def _part_from_readers(self) -> None:
        copy = ox.Store()
        copy.bulk_extend(iter(self.store))
        self.store = copy
        self._readers = WeakSet()
        for view in self._writers:
            view.store = copy


class MemoryArchive:
    """The archive of a store in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @cached_property
    def view(self) -> EmbeddedView:
        """A view of the store as it was when first asked."""
        return self._memory.view()

    def records(self) -> ox.Store:
        """Return the store as it was when first asked."""
        return self.view.store

    def content(self) -> ox.Store:
        """Return the same store."""
        return self.records()

    def patch(self, number: int, sha256: str | None = None) -> bytes:
        """Return the text of the patch of a changeset."""
        known = self._memory.patches[number - 1 : number]
        if not known:
            raise StoreAlteredError(f"The patch of changeset {number} is missing.")
        return checked(known[0], number, sha256)

    def kept(self, _heads: Iterable[str], /) -> dict[str, Kept]:
        """Return none: what was is made anew for each who looks."""
        return {}

    def newest(self) -> int:
        """Return the number of the newest changeset."""
        return self._memory.number

    def layout(self) -> int:
        """Return the format of the store, as its manifest says."""
        return self._memory.manifest.format


def open_memory_past(memory: Memory, name: str) -> EmbeddedView:
    """Look at a store in memory as it was, named as :func:`aimsgraph.store.moment.named` says.

    :raises UsageError: the name fits no changeset, or several.
    :raises StoreAlteredError: a patch is missing, or is not the one that was written.
    """
    archive = MemoryArchive(memory)
    chain = recorded(archive.records())
    number, hash_ = named([changeset for changeset, _ in chain], name)
    if number == len(chain):
        return archive.view
    earlier = chain[:number]
    return EmbeddedView(from_nothing(ox.Store(), net(archive.patch, earlier), earlier), hash_)
