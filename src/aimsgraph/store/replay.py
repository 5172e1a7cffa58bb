"""The history of one store done again in another, with the same hashes: out of a bundle, or onto a server and back."""

from __future__ import annotations

import json
import shutil
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from aimsgraph.bundle_check import AlteredError, Bundle, UnreadableError
from aimsgraph.errors import InputNotReadableError, StoreAlteredError
from aimsgraph.model.changeset import Changeset, Copied
from aimsgraph.store.archive import archive_of
from aimsgraph.store.change import Change
from aimsgraph.store.history import EMPTY, recorded, recorded_after
from aimsgraph.store.memory_store import Memory
from aimsgraph.store.patch import parted
from aimsgraph.store.place import create, open_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from aimsgraph.store.archive import Place
    from aimsgraph.store.protocol import Writer


def entries_of(place: Place) -> Iterator[tuple[Changeset, bytes]]:
    """Yield the changesets of a store, oldest first, each with the text of its patch.

    :raises StoreAlteredError: a patch is missing, damaged or another one.
    """
    archive = archive_of(place)
    for changeset, sha256 in recorded(archive.records()):
        yield changeset, archive.patch(changeset.number, sha256)


def entries_after(place: Place, number: int) -> list[tuple[Changeset, bytes]]:
    """Return those later than a number; the patches of the others need not be there.

    :raises StoreAlteredError: a patch is missing, damaged or another one.
    """
    archive = archive_of(place)
    return [
        (changeset, archive.patch(changeset.number, sha256))
        for changeset, sha256 in recorded_after(archive.records(), number)
    ]


def write_again(entries: Iterable[tuple[Changeset, bytes]], writer: Writer, *, expected: str) -> None:
    """Write changesets that were made elsewhere upon the state with the hash ``expected``; each keeps its hash.

    :raises StoreMovedError: that is not the head; nothing was written.
    """
    _do(entries, writer, None, expected)


def entries_in(bundle: Path) -> Iterator[tuple[Changeset, bytes]]:
    """Yield the changesets in a bundle, oldest first, each with the text of its patch.

    :raises StoreAlteredError, InputNotReadableError: it is no bundle, or not whole.
    """
    try:
        parts = Bundle(bundle)
        for line in parts.read("history.jsonl").splitlines():
            record = json.loads(line)
            record.pop("patch")
            changeset = Changeset.model_validate(record)
            yield changeset, parts.read(f"patches/{changeset.number}.patch")
    except AlteredError as error:
        raise StoreAlteredError(str(error)) from None
    except (UnreadableError, ValueError, KeyError) as error:
        raise InputNotReadableError(f"{bundle} is not a bundle that can be read: {error}.") from None


def do_again(
    entries: Iterator[tuple[Changeset, bytes]],
    target: Place,
    *,
    now: datetime,
    evidence_root: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Copied:
    """Make a store at ``target`` and do a history again in it; it is there whole or, but for a server, not at all.

    :raises StoreExistsError: something stands at ``target``.
    :raises StoreAlteredError: a changeset does not come to the hash that it had.
    :raises StoreUnusableError: the folder or the server cannot be written.
    """
    create(target, now=now, evidence_root=evidence_root)
    try:
        with open_writer(target) as writer:
            count, size = _do(entries, writer, progress)
            head = writer.head if count else EMPTY
    except BaseException:
        if isinstance(target, Path):
            shutil.rmtree(target, ignore_errors=True)
        elif isinstance(target, Memory):
            target.clear()
        raise
    return Copied(path=str(target), changesets=count, head=head, bytes=size)


def _do(
    entries: Iterable[tuple[Changeset, bytes]],
    writer: Writer,
    progress: Callable[[int], None] | None,
    expected: str | None = None,
) -> tuple[int, int]:
    count = size = 0
    # What was written together, at one time, is again: each commit waits for the disk.
    for now, together in groupby(entries, key=lambda entry: entry[0].time):
        known: list[Changeset] = []
        changes: list[Change] = []
        for changeset, text in together:
            removed, added = parted(text)
            known.append(changeset)
            size += len(text)
            changes.append(
                Change(
                    changeset.graph,
                    changeset.author,
                    changeset.message,
                    added,
                    removed,
                    False,
                    changeset.source,
                    changeset.source_sha256,
                )
            )
        made = writer.commit(changes, now=now, infer=False, expected=expected)
        for changeset, again in zip(known, made, strict=True):
            if again is None or again.hash != changeset.hash:
                raise StoreAlteredError(
                    f"Changeset {changeset.number} does not come to the hash that it had.",
                    hint="aimsgraph verify names what was altered.",
                )
        count += len(known)
        expected = None if expected is None else known[-1].hash
        if progress is not None:
            progress(count)
    return count, size
