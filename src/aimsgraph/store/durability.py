"""How what the engine has written gets to the disk, so that a power cut cannot take it back.

The engine appends each transaction to its write-ahead log (``db/*.log``) before it answers, and reads the log again
when it is opened, but leaves it to the system when that reaches the disk. To wait for the log takes one write;
``flush()`` instead writes a sorted file for each index that the transaction touched (here eleven).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from aimsgraph.store.packs import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

#: From so many quads on the log is made into sorted files: who opens the database goes through the log first.
MANY: Final = 5_000


class Durability:
    """Brings what is written to the open database in a folder to the disk."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._waiting = 0

    def persist(self, store: ox.Store, quads: int) -> None:
        """Have all that was written on the disk when this returns, the last ``quads`` of it by now in the log alone.

        :raises OSError: the disk is full or the folder cannot be written.
        """
        self._waiting += quads
        try:
            logged = self._waiting < MANY and self._sync_log()
        except OSError:
            # The system takes what it failed to write for written: only what is written anew is sure to be there.
            self._waiting = MANY
            raise
        if not logged:
            self.flush(store)

    def flush(self, store: ox.Store) -> None:
        """Leave nothing in the log that is not in sorted files on the disk.

        :raises OSError: the disk is full or the folder cannot be written.
        """
        if self._waiting:
            store.flush()
            self._waiting = 0

    def _sync_log(self) -> bool:
        """Have the log on the disk; say whether there is one: an engine that keeps none has to flush."""
        found = False
        for place in self._database.glob("*.log"):
            try:
                with place.open("rb+") as file:
                    os.fsync(file.fileno())
                    found = True
            except FileNotFoundError:
                continue  # the engine has just made it into sorted files, which it puts on the disk itself
        sync_folder(self._database)
        return found
