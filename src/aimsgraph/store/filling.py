"""One changeset of any length in an empty graph: its lines go through, and are never held at once."""

from __future__ import annotations

import hashlib
from contextlib import closing, suppress
from itertools import islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.store.history import changeset_of
from aimsgraph.store.packs import PatchWriter
from aimsgraph.store.transaction import LARGE, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.change import Change

_ADDED: Final = b"A "
_NEXT: Final = b"\n" + _ADDED
#: So many lines are worked on at a time.
_LINES: Final = 20_000


class Filling:
    """Writes the patch of a changeset, and beside it a file with what the engine loads: the lines, and their union."""

    def __init__(self, folder: Path, number: int, lines: Iterable[bytes], graph: str) -> None:
        self._number = number
        self._place = folder / f"fill-{number:08d}.tmp"
        self._file = self._place.open("wb")
        self._count = 0
        sha256 = hashlib.sha256()
        patches = PatchWriter(folder, number)
        end = f" {ox.NamedNode(graph)} .\n".encode()
        try:
            with closing(patches.stream(self._parts(iter(lines)))) as stream:
                for part in stream:
                    sha256.update(part)
                    # A line's end is never within a literal, where it is written as an escape.
                    text = part[2:].replace(_NEXT, b"\n")
                    self._file.write(text)
                    self._file.write(text.replace(end, b" .\n"))
            patches.close()
        except BaseException:
            self.close()
            raise
        self.sha256 = sha256.hexdigest()

    def _parts(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        while some := list(islice(lines, _LINES)):
            self._count += len(some)
            yield _ADDED + _ADDED.join(some)

    def changeset(self, change: Change, parent: str | None, now: datetime) -> Changeset | None:
        """Return the changeset, or None where there are no lines."""
        if not self._count:
            return None
        return changeset_of(change, self._number, parent, now, self._count, 0, self.sha256)

    def load(self, store: ox.Store, records: Iterator[ox.Quad], close: Callable[[], None]) -> None:
        """Have the engine load all of it and the records, in one step, so that it is on the disk when this returns.

        :raises OSError: the disk is full or the folder cannot be written.
        """
        self._file.write(ox.serialize(records, format=ox.RdfFormat.N_QUADS) or b"")
        self._file.close()  # Windows lets nobody else open it before
        close()
        # The text was written here from what a parser had read: the engine need not look whether it is right.
        store.bulk_load(path=self._place, format=ox.RdfFormat.N_QUADS, lenient=True)
        store.flush()
        if self._count >= LARGE:
            tidy(store)

    def close(self) -> None:
        """Remove the file."""
        with suppress(OSError):  # what it still held finds no room
            self._file.close()
        self._place.unlink(missing_ok=True)
