"""Heads noted in a file that is kept elsewhere, and what comparing a history with them comes to.

A chain of hashes alone cannot show that somebody wrote the whole history anew. It shows in that the changesets no
longer have the hashes that were noted. The file has one JSON object a line; what is signed is the text that
:func:`aimsgraph.bundle_check.statement` makes of it.
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

from aimsgraph.bundle_check import FIELDS, Report, UnreadableError, canonical, compare, read_heads, statement
from aimsgraph.errors import InputNotReadableError, OutputNotWritableError, StoreAlteredError, UsageError
from aimsgraph.model.changeset import Verification
from aimsgraph.model.proof import ComparedHead, Head, NotedHeads
from aimsgraph.store.archive import archive_of
from aimsgraph.store.history import record_of, recorded
from aimsgraph.store.key import base64_of, der_of, fingerprint, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from aimsgraph.bundle_check import Head as Fields
    from aimsgraph.store.archive import Place


def note_heads(
    place: Place,
    file: Path,
    *,
    now: datetime,
    by: str,
    key: Ed25519PrivateKey | None = None,
    every: bool = False,
) -> NotedHeads:
    """Add the newest changeset of a store to a file of heads, or with ``every`` all of them, signed if there is a key.

    :raises StoreAlteredError: the history is no longer the one of the heads that stand in the file already.
    :raises UsageError: the store has no changeset yet, or ``by`` is no text on one line.
    :raises InputNotReadableError, OutputNotWritableError: the file holds something else, or cannot be written.
    """
    if not by or not by.isprintable():
        raise UsageError("Whoever notes a head is named by a text on one line.", hint="Give one with --by.")
    archive = archive_of(place)  # it keeps still what is read
    chain = recorded(archive.records())
    if not chain:
        raise UsageError(f"The store at {place} has no changesets yet.", hint="Load something first.")
    earlier = heads_in([file]) if file.exists() else []
    fault = compare(Report(), earlier, [changeset.hash for changeset, _ in chain], [])
    if fault is not None:
        raise StoreAlteredError(f"Nothing was noted: the history is not the one of {file}. {fault}")
    noted = now.isoformat(timespec="seconds")
    heads = []
    for changeset, patch in chain if every else chain[-1:]:
        time = record_of(changeset, patch)["time"]
        values = (changeset.number, changeset.hash, time, noted, by)
        head = dict(zip(FIELDS, values, strict=True))
        if key is not None:
            signature = base64_of(key.sign(statement(head)))
            head |= {"public_key": base64_of(der_of(key)), "signature": signature}
        heads.append(head)
    _append(file, heads)
    return NotedHeads(path=str(file), heads=tuple(map(Head.model_validate, heads)))


def heads_in(files: Iterable[Path]) -> list[Fields]:
    """Read files of heads.

    :raises InputNotReadableError: one is missing, or holds something else.
    """
    try:
        return [head for file in files for head in read_heads(read_text(file), file.as_posix())]
    except UnreadableError as error:
        raise InputNotReadableError(
            str(error), hint="A file of heads is written by: aimsgraph head note FILE"
        ) from None


def verification(report: Report) -> Verification:
    """Return a report as the answer that commands print."""
    return Verification(
        intact=report.fault is None,
        changesets=report.changesets,
        head=report.head,
        first_difference=report.fault,
        statements=report.statements,
        agreed=report.agreed,
        against=tuple(map(_compared, report.against)),
    )


def _compared(head: Fields) -> ComparedHead:
    fields = {name: value for name, value in head.items() if name not in ("public_key", "signature")}
    try:
        named = fingerprint(base64.b64decode(head["public_key"], validate=True))
    except (KeyError, ValueError):
        named = None
    return ComparedHead(**fields, fingerprint=named)


def _append(file: Path, heads: list[Fields]) -> None:
    text = b"".join(canonical(head) + b"\n" for head in heads)
    try:
        with file.open("ab+") as target:
            if target.tell():
                target.seek(-1, os.SEEK_END)
                text = text if target.read(1) == b"\n" else b"\n" + text
            target.write(text)
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        raise OutputNotWritableError(
            f"{file} could not be written: {error.strerror or error}.",
            hint="Name a file in a folder that exists and that you may write to.",
        ) from error
