"""The folder of a store: its manifest, its database, its patches, and what can be wrong with them."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pyoxigraph as ox

from aimsgraph.errors import (
    StoreExistsError,
    StoreLockedError,
    StoreNotFoundError,
    StoreTooNewError,
    StoreUnusableError,
)
from aimsgraph.store.packs import sync_folder, sync_tree
from aimsgraph.store.still import DATABASE, Still, take

if TYPE_CHECKING:
    from pathlib import Path

#: The version of the layout that this program reads and writes.
FORMAT: Final = 2
MANIFEST: Final = "aimsgraph.json"
CHANGESETS: Final = "changesets"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store says of itself: layout, birth, the program that made it, and where its evidence lies."""

    format: int
    created: datetime
    aimsgraph: str
    evidence_root: Path | None


def create(path: Path, *, now: datetime, evidence_root: Path | None = None) -> None:
    """Make an empty store in the new (or empty) folder ``path``.

    An ``evidence_root`` beside the store is remembered relative to it, so that both can be moved together.

    :raises StoreExistsError: something stands at ``path`` already.
    :raises StoreUnusableError: the folder cannot be written.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        what = "a store" if (path / MANIFEST).is_file() else "something that is not a store"
        raise StoreExistsError(
            f"There is {what} at {path} already.", hint="Choose another place with --store, or remove it."
        )
    root = None
    if evidence_root is not None:
        home, absolute = path.absolute().parent, evidence_root.absolute()
        root = (absolute.relative_to(home) if absolute.is_relative_to(home) else absolute).as_posix()
    content = {
        "format": FORMAT,
        "created": now.astimezone(UTC).isoformat(),
        "aimsgraph": program_version(),
        "evidence_root": root,
    }
    # Built beside its place and moved there whole: a half-made folder is never taken for a store.
    draft = path.parent / f".{path.name}.{uuid4().hex}"
    try:
        draft.mkdir(parents=True)
        (draft / CHANGESETS).mkdir()
        store = ox.Store(draft / DATABASE)
        store.flush()
        del store
        (draft / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        sync_tree(draft)
        draft.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StoreUnusableError(
            f"No store can be made at {path}: {_reason(error)}.",
            hint="Choose a folder that you may write to with --store.",
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def manifest(path: Path) -> Manifest:
    """Read the manifest of the store in folder ``path``.

    :raises StoreNotFoundError: there is no store.
    :raises StoreTooNewError: a later version of aimsgraph wrote it.
    :raises StoreUnusableError: the manifest is damaged or may not be read.
    """
    hint = f"Make one with: aimsgraph init --store {path}"
    try:
        text = (path / MANIFEST).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        if path.exists():
            raise StoreNotFoundError(
                f"{path} is not a store: it has no {MANIFEST}.",
                hint="Name the folder of a store with --store, or make one elsewhere with: aimsgraph init",
            ) from None
        raise StoreNotFoundError(f"There is no store at {path}.", hint=hint) from None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreUnusableError(f"The store at {path} cannot be read: {_reason(error)}.") from error
    try:
        content = json.loads(text)
        layout = int(content["format"])
        if layout <= FORMAT:
            root = content["evidence_root"]
            return Manifest(
                format=layout,
                created=datetime.fromisoformat(content["created"]),
                aimsgraph=str(content["aimsgraph"]),
                evidence_root=path.absolute().parent / root if root is not None else None,
            )
    except (ValueError, KeyError, TypeError) as error:
        raise StoreUnusableError(
            f"The store at {path} is damaged: {MANIFEST} is not what aimsgraph writes ({error}).",
            hint="Restore it from a backup.",
        ) from error
    raise StoreTooNewError(
        f"The store at {path} has format {layout}; this aimsgraph reads up to format {FORMAT}.",
        hint="Upgrade aimsgraph.",
    )


def set_format(path: Path, layout: int) -> None:
    """Have the manifest say that the store has a format, whole or not at all.

    :raises OSError: the folder cannot be written.
    """
    content = json.loads((path / MANIFEST).read_text(encoding="utf-8")) | {"format": layout}
    draft = path / f".{MANIFEST}.tmp"
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(content, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path / MANIFEST)
    sync_folder(path)


def open_for_writing(path: Path) -> ox.Store:
    """Open the database of a store as its one writer.

    :raises StoreLockedError: another writer has it.
    :raises StoreUnusableError: it is damaged or the folder cannot be written.
    """
    manifest(path)
    if not (path / DATABASE / "CURRENT").is_file():
        raise _damaged(path, "the database is missing")
    if not os.access(path / DATABASE, os.W_OK) or not os.access(path / CHANGESETS, os.W_OK):
        raise StoreUnusableError(
            f"The store at {path} cannot be written.", hint="Check who owns the folder and its permissions."
        )
    try:
        return ox.Store(path / DATABASE)
    except (OSError, RuntimeError, ValueError) as error:
        if "lock" in str(error).lower():
            raise StoreLockedError(
                f"Another process is writing to the store at {path}.", hint="Wait until it is done."
            ) from error
        raise _damaged(path, _reason(error)) from error


def open_for_reading(path: Path) -> Still:
    """Open the database of a store as it is now; what is written later does not show and does no harm.

    :raises StoreUnusableError: it is damaged or may not be read.
    """
    manifest(path)
    if not (path / DATABASE / "CURRENT").is_file():
        raise _damaged(path, "the database is missing")
    try:
        return take(path)
    except (OSError, RuntimeError, ValueError) as error:
        raise _damaged(path, _reason(error)) from error


def unwritable(path: Path, error: OSError, written: bool = False) -> StoreUnusableError:
    """Return the error for a disk that is full or a folder that cannot be written, be it only after the write."""
    if written:
        return StoreUnusableError(
            f"What was to be written stands in the store at {path}, but may not all be on the disk: {_reason(error)}.",
            hint="Make room on the disk, and look whether it is still there with: aimsgraph log",
        )
    return StoreUnusableError(
        f"The store at {path} could not be written: {_reason(error)}.",
        hint="Check the space on the disk and the folder's permissions.",
    )


def _damaged(path: Path, reason: str) -> StoreUnusableError:
    return StoreUnusableError(
        f"The database of the store at {path} cannot be opened: {reason}.",
        hint="Check the space on the disk, and that you may read the folder; if it is damaged, restore a backup.",
    )


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).rstrip(".") or type(error).__name__


def program_version() -> str:
    """Return the version of this program, as manifests name it."""
    try:
        return version("aimsgraph")
    except PackageNotFoundError:  # run from the source folder without installing
        return "unknown"
