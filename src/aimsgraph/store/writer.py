"""The one writer of a store: every write is a changeset, in one transaction with its record."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreUnusableError, UsageError
from aimsgraph.model.changeset import Changeset
from aimsgraph.store.change import Change, Pending
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.folder import CHANGESETS, open_for_writing
from aimsgraph.store.history import chained, head_of, quads_of
from aimsgraph.store.inference import inference
from aimsgraph.store.interrupt import commit_shield
from aimsgraph.store.patch import digest, patch_file, patch_text, write_patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

#: From this many new quads on, Oxigraph's bulk loader takes less time and memory than a plain transaction.
BULK: Final = 50_000
#: From this many on the files are put in order afterwards: that takes seconds, and every later question a third less.
LARGE: Final = 500_000


@contextmanager
def open_writer(path: Path) -> Iterator[Writer]:
    """Open the store in folder ``path`` for writing, for the length of a ``with`` block.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: it cannot be written.
    :raises StoreLockedError: another writer is at work.
    """
    writer = Writer(path, open_for_writing(path))
    try:
        yield writer
    finally:
        writer.close()


class Writer:
    """Writes changesets. One exists at a time per store; threads that share it take turns."""

    def __init__(self, path: Path, store: ox.Store) -> None:
        self.path = path
        self._store: ox.Store | None = store
        self._turn = threading.RLock()
        self._number, self._head = head_of(store)

    @property
    def head(self) -> str:
        """The hash of the newest changeset."""
        return self._head

    def view(self) -> EmbeddedView:
        """Return a view of what is committed; unlike other views it shows later writes, and it keeps the lock."""
        return EmbeddedView(self._opened(), self._head, self.path)

    def close(self) -> None:
        """Give up the lock. The engine releases it when nothing refers to its store any more."""
        self._store = None

    def apply(
        self,
        added: Iterable[ox.Quad],
        removed: Iterable[ox.Quad] = (),
        *,
        graph: str,
        author: str,
        message: str,
        now: datetime,
        source: str | None = None,
        source_sha256: str | None = None,
    ) -> Changeset | None:
        """Add and remove quads; quads without a graph belong to ``graph``.

        Return the changeset, or None when everything was so already.
        """
        change = Change(graph, author, message, added, removed, False, source, source_sha256)
        return self.commit([change], now=now)[0]

    def replace(
        self,
        graph: str,
        quads: Iterable[ox.Quad],
        *,
        author: str,
        message: str,
        now: datetime,
        source: str | None = None,
        source_sha256: str | None = None,
    ) -> Changeset | None:
        """Let the named graph hold these quads and no others; quads of other graphs are added there.

        Return the changeset with the difference, or None when there is none.
        """
        change = Change(graph, author, message, quads, (), True, source, source_sha256)
        return self.commit([change], now=now)[0]

    def commit(
        self,
        changes: Sequence[Change],
        *,
        now: datetime,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Changeset | None]:
        """Write several changes, each its own changeset, in one transaction: all of them or none.

        Return one changeset per change, None for those that change nothing. When this returns, the data and
        its record are on the disk. ``progress`` is told quads written and quads in all.

        What follows from the changes by the rules is then written as one changeset more, in a transaction of its
        own; if that is cut short, the next commit makes up for it.

        :raises StoreUnusableError: the disk is full or the folder cannot be written; nothing was written.
        """
        with self._turn, commit_shield() as close:
            made = self._commit(changes, now, progress, close)
            follows = inference(self._opened())
            if follows is not None:
                self._commit([follows], now, None, close)
            return made

    def _commit(
        self,
        changes: Sequence[Change],
        now: datetime,
        progress: Callable[[int, int], None] | None,
        close: Callable[[], None],
    ) -> list[Changeset | None]:
        store = self._opened()
        pending = Pending(store)
        made: list[Changeset | None] = []
        records: list[ox.Quad] = []
        number, head = self._number, self._head
        try:
            for change in changes:
                added, removed = pending.take(change)
                if not added and not removed:
                    made.append(None)
                    continue
                text = patch_text(added, removed)
                patch = digest(text)
                write_patch(self.path / CHANGESETS, number + 1, text)
                draft = Changeset(
                    number=number + 1,
                    hash="",
                    parent=head if number else None,
                    author=change.author,
                    time=now,
                    message=change.message,
                    source=change.source,
                    source_sha256=change.source_sha256,
                    graph=change.graph,
                    added=len(added),
                    removed=len(removed),
                )
                changeset = draft.model_copy(update={"hash": chained(draft, patch)})
                records.extend(quads_of(changeset, patch))
                made.append(changeset)
                number, head = changeset.number, changeset.hash
            if records:
                _transact(store, pending, records, progress, close)
        except OSError as error:
            self._recover(store, number)
            raise StoreUnusableError(
                f"The store at {self.path} could not be written: {error.strerror or error}.",
                hint="Check the space on the disk and the folder's permissions.",
            ) from error
        except BaseException:
            self._recover(store, number)
            raise
        self._number, self._head = number, head
        return made

    def _opened(self) -> ox.Store:
        if self._store is None:
            raise UsageError("This writer is closed.")
        return self._store

    def _recover(self, store: ox.Store, last: int) -> None:
        """Take away the patches of what was not committed; believe the history about what was."""
        self._number, self._head = head_of(store)
        for number in range(self._number + 1, last + 2):
            patch_file(self.path / CHANGESETS, number).unlink(missing_ok=True)


def _transact(
    store: ox.Store,
    pending: Pending,
    records: list[ox.Quad],
    progress: Callable[[int, int], None] | None,
    close: Callable[[], None],
) -> None:
    lost = list(pending.union_removed())
    if pending.removed:
        # Only SPARQL Update removes and adds in one transaction.
        gone = _data(chain(pending.removed, lost))
        new = _data(chain(pending.added, pending.union_added(), records))
        close()
        store.update(f"DELETE DATA {{\n{gone}}} ;\nINSERT DATA {{\n{new}}}")
    else:
        new_quads = _told(chain(pending.added, pending.union_added(), records), pending, progress, close)
        if len(pending.added) < BULK:
            store.extend(new_quads)
        else:
            store.bulk_extend(new_quads)
    store.flush()
    if len(pending.added) >= LARGE:
        store.optimize()


def _told(
    quads: Iterable[ox.Quad],
    pending: Pending,
    progress: Callable[[int, int], None] | None,
    close: Callable[[], None],
) -> Iterator[ox.Quad]:
    total = 2 * len(pending.added)
    for count, quad in enumerate(quads):
        if progress is not None and count % 10_000 == 0:
            progress(min(count, total), total)
        yield quad
    close()


def _data(quads: Iterable[ox.Quad]) -> str:
    """Write quads as the body of a SPARQL DATA block."""
    lines: list[str] = []
    for quad in quads:
        triple = f"{quad.subject} {quad.predicate} {quad.object}"
        graph = quad.graph_name
        lines.append(
            f"{triple} .\n" if isinstance(graph, ox.DefaultGraph) else f"GRAPH {graph} {{ {triple} }}\n"
        )
    return "".join(lines)
