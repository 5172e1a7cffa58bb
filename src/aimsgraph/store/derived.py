"""What was worked out of the newest state of a store and is kept in its folder ``kept/``, for the next start.

Nothing is lost when the folder is removed. What lies in it is written by whoever may write the store, and is no part of
its history.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.folder import CHANGESETS
from aimsgraph.store.history import head_of
from aimsgraph.store.packs import newest
from aimsgraph.store.still import is_writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from aimsgraph.store.protocol import View

try:
    import fcntl
except ImportError:  # without such locks nothing is kept
    fcntl = None  # type: ignore[assignment]

DERIVED: Final = "kept"
#: Nothing larger is kept, in bytes, nor anything that would leave less than so many times its size on the disk.
_LARGEST: Final = 4 << 30
_ROOM: Final = 3


def is_newest(path: Path, view: View) -> bool:
    """Say whether a view shows the newest state of the store in folder ``path``, and all of it."""
    # A view of another kind, or without a place on the disk, may show a part under the same snapshot.
    if type(view) is not EmbeddedView or view.location is None:
        return False
    with suppress(OSError):
        return head_of(view.store)[0] == newest(path / CHANGESETS)
    return False


@contextmanager
def derived(path: Path, name: str) -> Iterator[BinaryIO | None]:
    """Open what is kept under a name, for the length of a ``with`` block; give None where there is nothing."""
    try:
        file = (path / DERIVED / name).open("rb")
    except OSError:
        yield None
        return
    with file:
        yield file


def keep(path: Path, name: str, size: int, write: Callable[[BinaryIO], None]) -> bool:
    """Keep what ``write`` writes, some ``size`` bytes, under a name, in the place of what was; say whether it is kept.

    It is not where the folder may not be written, the disk has little room, or another process is doing so. Whoever
    reads meanwhile reads the former whole.
    """
    folder = path / DERIVED
    if fcntl is None or not is_writable(folder):
        return False
    try:
        if size > _LARGEST or shutil.disk_usage(folder).free < size * (1 + _ROOM):
            return False
        # One draft, that of a killed writer too, which the next one overwrites: no more than two files ever lie here.
        draft = folder / f".{name}"
        with os.fdopen(
            os.open(draft, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666), "r+b"
        ) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(file.fileno()), draft.stat(follow_symlinks=False)):
                return False  # another process has finished it since it was opened
            file.truncate()
            write(file)
            file.flush()
            draft.replace(folder / name)
    except OSError:
        return False
    # What a power cut leaves of it is found out by those who read it, so that nobody waits for the disk here.
    return True
