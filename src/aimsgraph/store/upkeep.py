"""Copies of a store: a backup while others write, a trial that is thrown away; and putting its files in order."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from errno import ENOENT
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from aimsgraph.errors import StoreExistsError, StoreUnusableError
from aimsgraph.model.changeset import Compacted, Copied
from aimsgraph.store.embedded import EmbeddedView, open_view
from aimsgraph.store.folder import CHANGESETS, MANIFEST, open_for_reading
from aimsgraph.store.history import head_of
from aimsgraph.store.migration import open_migrated
from aimsgraph.store.packs import PatchWriter, pack, read_patch, spans, sweep_patches, sync_folder, sync_tree
from aimsgraph.store.still import DATABASE, VIEWS, copy_database, is_writable

if TYPE_CHECKING:
    from collections.abc import Iterator

_ATTEMPTS: Final = 5


def back_up(path: Path, target: Path) -> Copied:
    """Copy a store, as it is now, to the new folder ``target``; others may read and write meanwhile.

    The copy is a store of its own: it can be opened where it is, or copied back. It is there whole or not at all, and
    on the disk when this returns.

    :raises StoreExistsError: something stands at ``target``.
    :raises StoreUnusableError: the disk is full, or a folder cannot be read or written.
    """
    if target.exists():
        raise _taken(target)
    now = open_for_reading(path)
    number, head = head_of(now.store)
    draft = target.parent / f".{target.name}.{uuid4().hex}"
    try:
        draft.mkdir(parents=True)
        shutil.copytree(
            now.location / DATABASE, draft / DATABASE, ignore=shutil.ignore_patterns("LOCK", "LOG*")
        )
        (draft / CHANGESETS).mkdir()
        _copy_patches(path / CHANGESETS, draft / CHANGESETS, number)
        shutil.copyfile(path / MANIFEST, draft / MANIFEST)
        sync_tree(draft)
        draft.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        if target.exists():  # another backup to the same folder was quicker
            raise _taken(target) from error
        # Of a folder that is copied each file that was not is told: the first says enough.
        reason = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror or error
        raise StoreUnusableError(
            f"The store at {path} could not be copied to {target}: {reason}.",
            hint="Check the space on the disk and the folder's permissions.",
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Copied(path=str(target), changesets=number, head=head, bytes=_size(target))


def _taken(target: Path) -> StoreExistsError:
    return StoreExistsError(
        f"There is something at {target} already.", hint="Name a folder that does not exist yet."
    )


def _copy_patches(source: Path, target: Path, head: int) -> None:
    """Copy the patches up to that of the changeset ``head``; their files may be joined meanwhile, and are then new."""
    for attempt in range(_ATTEMPTS):
        try:
            for (first, last), place in spans(source).items():
                if last <= head:
                    shutil.copyfile(place, target / place.name)
                elif first <= head:
                    kept = PatchWriter(target, first)
                    for number in range(first, head + 1):
                        kept.add(read_patch(source, number))
                    kept.close()
            _check_whole(target, head)
        except FileNotFoundError:
            if attempt + 1 == _ATTEMPTS:
                raise
            for place in target.iterdir():
                place.unlink()
        else:
            return


def _check_whole(folder: Path, head: int) -> None:
    """Make sure that a list of files made while some were joined names one for each patch.

    :raises FileNotFoundError: it does not.
    """
    last = 0
    for first, end in spans(folder):
        if first > last + 1:
            break
        last = max(last, end)
    if last < head:
        raise FileNotFoundError(ENOENT, f"The patch of changeset {last + 1} is missing")


@contextmanager
def trial(path: Path, view: EmbeddedView | None = None) -> Iterator[Path]:
    """Make, for the length of a ``with`` block, a store that begins as this one is and is thrown away.

    It begins as in ``view`` where one is given, else as now. It shares the large files of this one, and has no patches
    of what was before.

    :raises StoreUnusableError: the disk is full, or the folder cannot be written.
    """
    now = view or open_view(path)
    with ExitStack() as stack:
        try:
            home = path / VIEWS if is_writable(path / VIEWS) else None
            folder = tempfile.TemporaryDirectory(dir=home, ignore_cleanup_errors=True)
            place = Path(stack.enter_context(folder))
            copy_database((now.location or path) / DATABASE, place / DATABASE)
            (place / CHANGESETS).mkdir()
            (place / VIEWS).mkdir()
            shutil.copyfile(path / MANIFEST, place / MANIFEST)
        except OSError as error:
            raise StoreUnusableError(
                f"No trial can be made of the store at {path}: {error.strerror or error}.",
                hint="Check the space on the disk and the folder's permissions.",
            ) from error
        yield place


def compact(path: Path) -> Compacted:
    """Join small files of patches, and put those of the database in order.

    :raises StoreLockedError: another process is writing.
    :raises StoreUnusableError: the disk is full, or the folder cannot be written.
    """
    before = _size(path)
    store = open_migrated(path)
    try:
        # What a crash left would otherwise go into a pack, where no writer can take it away any more.
        sweep_patches(path / CHANGESETS, head_of(store)[0])
        joined = pack(path / CHANGESETS)
        store.optimize()
        store.flush()
    except OSError as error:
        raise StoreUnusableError(
            f"The files of the store at {path} could not be put in order: {error.strerror or error}.",
            hint="Check the space on the disk and the folder's permissions: nothing is lost.",
        ) from error
    return Compacted(joined=joined, bytes_before=before, bytes_after=_size(path))


def _size(path: Path) -> int:
    """Return the bytes of a store: what readers have in their own folders is left out."""
    size = 0
    for place in (place for part in (DATABASE, CHANGESETS) for place in (path / part).rglob("*")):
        with suppress(FileNotFoundError):  # the engine puts its files in order by itself
            size += place.stat().st_size if place.is_file() else 0
    return size
