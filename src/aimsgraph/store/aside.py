"""A database in a folder for temporary files, for as long as something is worked out upon it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aimsgraph.errors import StoreUnusableError
from aimsgraph.store.still import DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def room_aside(what: str, home: Path | None = None) -> Iterator[Path]:
    """Give a new folder, gone after the ``with`` block, in which nothing but what is worked out meanwhile is written.

    :raises StoreUnusableError: there is no room for it.
    """
    try:
        with tempfile.TemporaryDirectory(
            prefix=f"aimsgraph-{what}-", dir=home, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)
    except OSError as error:
        raise StoreUnusableError(
            f"There is no room to work it out: {error.strerror or error}.",
            hint=f"Check the space in {home or 'the folder for temporary files (TMPDIR)'}.",
        ) from error


@contextmanager
def database_aside(what: str) -> Iterator[tuple[Path, ox.Store]]:
    """Give a new database and the folder that holds it as ``db``, both gone after the ``with`` block.

    :raises StoreUnusableError: there is no room for it.
    """
    with room_aside(what) as folder:
        yield folder, ox.Store(folder / DATABASE)
