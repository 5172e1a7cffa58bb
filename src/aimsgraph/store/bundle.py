"""A bundle: one file that holds content and history of a store, and can be checked without it and without aimsgraph.

Its form, and how it is checked, is in ``aimsgraph/bundle_check.py``, of which each bundle has a copy.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aimsgraph import bundle_check
from aimsgraph.bundle_check import UnreadableError, canonical
from aimsgraph.errors import InputNotReadableError, OutputNotWritableError
from aimsgraph.model.proof import WrittenBundle
from aimsgraph.store.archive import archive_of
from aimsgraph.store.comparison import sources_of
from aimsgraph.store.heads import heads_in, verification
from aimsgraph.store.history import EMPTY, record_of, recorded
from aimsgraph.store.key import read_public_keys
from aimsgraph.store.patch import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aimsgraph.bundle_check import Head
    from aimsgraph.model.changeset import Changeset, Verification
    from aimsgraph.store.archive import Archive, Place

#: Parts have no time of their own, so that equal stores make equal bundles.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_README: Final = b"""What an AI management system stated, and the whole history of it, exported by aimsgraph.

  content.nq       what it states now: N-Quads, sorted
  history.jsonl    one record per changeset: who, when, why, from which source, and the chain of hashes
  patches/N.patch  what changeset N added (A) and removed (D)
  heads.jsonl      heads that were noted earlier, if there are any
  manifest.json    size and SHA-256 of every other part
  bundle_check.py  checks a bundle: python bundle_check.py BUNDLE.zip

Take bundle_check.py from aimsgraph itself, not from here, when you do not trust who made the bundle; and compare the
head that it prints with one that was noted elsewhere: a history can be written anew as a whole.
"""


def write_bundle(place: Place, target: Path, heads: Sequence[Path] = ()) -> WrittenBundle:
    """Write the content and history of a store, and the heads in the files named, to one file.

    The same store and heads make the same parts, and with the same zlib the same bytes.

    :raises StoreAlteredError: a patch is missing or damaged.
    :raises InputNotReadableError: a file of heads holds something else.
    :raises OutputNotWritableError: the file cannot be written.
    """
    archive = archive_of(place)
    content = archive.content()
    chain = recorded(content)
    known = heads_in(heads)
    lines = lines_of(sources_of(content))
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(draft, "w") as file:
            _fill(file, archive, chain, lines, known)
        draft.replace(target)
        size = target.stat().st_size
    except OSError as error:
        raise OutputNotWritableError(
            f"{target} could not be written: {error.strerror or error}.",
            hint="Name a file in a folder that exists and that you may write to.",
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return WrittenBundle(
        path=str(target),
        bytes=size,
        changesets=len(chain),
        statements=len(lines),
        head=chain[-1][0].hash if chain else EMPTY,
        heads=len(known),
    )


def _fill(
    file: zipfile.ZipFile,
    archive: Archive,
    chain: list[tuple[Changeset, str]],
    lines: list[bytes],
    heads: list[Head],
) -> None:
    files: dict[str, object] = {}

    def add(name: str, text: bytes) -> None:
        part = zipfile.ZipInfo(name, _NO_TIME)
        part.create_system, part.external_attr = 3, 0o644 << 16  # the same on every system
        part.compress_type = zipfile.ZIP_DEFLATED
        file.writestr(part, text)
        files[name] = {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}

    add("README.txt", _README)
    add("bundle_check.py", Path(bundle_check.__file__).read_bytes())
    add("history.jsonl", _lines(record_of(one, patch) | {"hash": one.hash} for one, patch in chain))
    for changeset, _ in chain:
        add(f"patches/{changeset.number}.patch", archive.patch(changeset.number))
    add("content.nq", b"".join(line + b"\n" for line in lines))
    if heads:
        add("heads.jsonl", _lines(heads))
    head = chain[-1][0].hash if chain else EMPTY
    manifest = {"bundle": 1, "changesets": len(chain), "files": dict(files), "head": head}
    add("manifest.json", canonical(manifest) + b"\n")


def _lines(objects: Iterable[object]) -> bytes:
    return b"".join(canonical(one) + b"\n" for one in objects)


def verify_bundle(
    path: str | Path, *, heads: Sequence[str | Path] = (), public_keys: Sequence[str | Path] = ()
) -> Verification:
    """Check a bundle, against the heads in it and in other files; each must be signed when public keys are given.

    :raises InputNotReadableError: something is no bundle, no file of heads or no key.
    """
    if Path(path).is_dir():
        raise InputNotReadableError(f"{path} is a folder, not a bundle.", hint="Name a store with --store.")
    known, keys = heads_in(map(Path, heads)), read_public_keys(map(Path, public_keys))
    try:
        return verification(bundle_check.check(Path(path), known, keys))
    except UnreadableError as error:
        raise InputNotReadableError(
            str(error), hint="A bundle is written by: aimsgraph bundle FILE.zip"
        ) from None
