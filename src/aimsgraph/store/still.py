"""A still picture of a database, which stays whole while a writer goes on.

RocksDB opens most of its files when they are first read, and a writer deletes files that it has merged into
others. A reader of the folder itself can therefore fail long after it was opened. So a reader gets a folder of
its own below ``views/``, with hard links to the files that never change and copies of the few small ones that do.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO

try:
    import fcntl
except ImportError:  # Windows does not let a writer delete what a reader has open, and has no such locks
    fcntl = None  # type: ignore[assignment]

VIEWS: Final = "views"
DATABASE: Final = "db"
_LOCK: Final = "lock"
#: What systems say of a disk, or a share of it, that is full.
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
#: What systems say where files cannot be shared by links, beside that it is not permitted.
_NO_LINKS: Final = frozenset({errno.EXDEV, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
_ATTEMPTS: Final = 200
_PAUSE: Final = 0.01
#: After so many seconds a folder in which nobody ever took the lock was left by a crash.
_ABANDONED: Final = 3600


class Still:
    """An open read-only database, and the folder it lies in as ``db``; removed when nothing refers to it."""

    def __init__(self, store: ox.Store, location: Path, lock: FileIO | None = None) -> None:
        self.store = store
        self.location = location
        if lock is not None:
            weakref.finalize(self, _remove, location, lock)


def take(path: Path, views: Path | None = None) -> Still:
    """Open the database in the folder ``path/db`` as it is now; the picture lies below ``views`` (``path/views``).

    Where no picture can be made (another file system, no permission, a full disk) the folder itself is opened: good
    while nobody writes.

    :raises OSError, RuntimeError, ValueError: the database is damaged or may not be read.
    """
    made = _place(views or path / VIEWS) if fcntl is not None else None
    if made is None:
        return Still(ox.Store.read_only(str(path / DATABASE)), path)
    place, lock = made
    try:
        _copy(path / DATABASE, place / DATABASE, os.link)
        return Still(ox.Store.read_only(str(place / DATABASE)), place, lock)
    except BaseException as error:
        _remove(place, lock)
        if isinstance(error, PermissionError) or (isinstance(error, OSError) and error.errno in _FULL):
            return Still(ox.Store.read_only(str(path / DATABASE)), path)
        raise


def mark(path: Path) -> frozenset[tuple[str, int, int]]:
    """Return what of the database in the folder ``path/db`` is never the same again after a commit.

    Each commit makes the log of transactions longer, or begins another file; a look takes less than a tenth of a
    millisecond.

    :raises OSError: there is no database.
    """
    found = []
    with os.scandir(path / DATABASE) as entries:
        for entry in entries:
            if not entry.name.startswith("LOG"):
                with suppress(FileNotFoundError):
                    status = entry.stat()
                    found.append((entry.name, status.st_size, status.st_mtime_ns))
    return frozenset(found)


def copy_database(source: Path, target: Path) -> None:
    """Make a database of its own that shares the large files of another, which never change, where links can be made.

    :raises OSError: the other did not stand still, or the disk is full.
    """
    try:
        _copy(source, target, os.link)
    except PermissionError:
        _copy(source, target, shutil.copyfile)


def _copy(source: Path, target: Path, share: Callable[[Path, Path], object]) -> None:
    """Do so, sharing each of the large files in this way.

    :raises PermissionError: no links can be made.
    """
    for _ in range(_ATTEMPTS):
        if _copied(source, target, share):
            return
        time.sleep(_PAUSE)
    raise OSError(f"{source} did not stand still for {_ATTEMPTS * _PAUSE:g} seconds")


def is_writable(folder: Path) -> bool:
    """Say whether something can be put into a folder, which is made if need be."""
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return folder.is_dir() and os.access(folder, os.W_OK)


def sweep(views: Path) -> None:
    """Remove the folders of readers that ended without doing so themselves."""
    for place in views.iterdir():
        try:
            with (place / _LOCK).open("rb", buffering=0) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(place, ignore_errors=True)
        except FileNotFoundError:
            with suppress(FileNotFoundError):  # its reader has removed it
                if time.time() - place.stat().st_mtime > _ABANDONED:
                    shutil.rmtree(place, ignore_errors=True)
        except OSError:  # its reader is alive
            continue


def _place(views: Path) -> tuple[Path, FileIO] | None:
    """Make a folder whose lock this process holds, or return None where that cannot be done."""
    try:
        views.mkdir(exist_ok=True)
        sweep(views)
        for _ in range(_ATTEMPTS):
            place = Path(tempfile.mkdtemp(dir=views))
            lock = (place / _LOCK).open("wb", buffering=0)
            if _is_locked(lock) and (place / _LOCK).exists():
                return place, lock
            # Another reader has swept it away before the lock was taken.
            lock.close()
    except OSError:
        return None
    return None


def _is_locked(lock: FileIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _copied(source: Path, target: Path, share: Callable[[Path, Path], object]) -> bool:
    """Fill ``target``, and say whether the database stood still meanwhile."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    before = _state(source)
    try:
        for name in sorted(before):
            if name.endswith((".sst", ".blob")):
                share(source / name, target / name)
            elif not name.startswith(("LOG", "LOCK")):  # LOG is a diary for people, LOCK the writer's
                shutil.copyfile(source / name, target / name)
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno in _NO_LINKS:
            raise PermissionError(error.errno, "No links can be made", str(target)) from error
        raise
    return before == _state(source)


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what of the files must not change while they are copied.

    That does not hold of the length of the log of transactions: of one that is written meanwhile the copy has the
    beginning, and the engine leaves out what it finds cut short at the end.
    """
    found: dict[str, tuple[int, int]] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("LOG"):
                continue
            try:
                status = entry.stat()
            except FileNotFoundError:
                continue
            log = entry.name.endswith(".log")
            found[entry.name] = (0, 0) if log else (status.st_size, status.st_mtime_ns)
    return found


def _remove(place: Path, lock: FileIO) -> None:
    shutil.rmtree(place, ignore_errors=True)
    lock.close()
