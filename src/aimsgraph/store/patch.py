r"""Patch files: the quads that one changeset added and removed, one per line, sorted.

A line is ``A <subject> <predicate> <object> <graph> .`` for an added quad, ``D …`` for a removed one: RDF Patch
without transaction marks, terms in N-Quads as Oxigraph writes them. Lines are sorted by their bytes and each
occurs once, so a changeset has exactly one text, and the SHA-256 of that text (UTF-8, ``\n`` after each line)
stands in the changeset's hash. Files are gzipped without a time stamp and named by number in eight digits.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aimsgraph.errors import StoreAlteredError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def lines_of(quads: Iterable[ox.Quad]) -> list[bytes]:
    """Return the quads as N-Quads lines without line ends, sorted."""
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    return sorted((text or b"").split(b"\n")[:-1])


def patch_text(added: Iterable[ox.Quad], removed: Iterable[ox.Quad]) -> bytes:
    """Return the canonical text of a patch."""
    lines = [b"A " + line for line in lines_of(added)] + [b"D " + line for line in lines_of(removed)]
    return b"".join(line + b"\n" for line in lines)


def digest(text: bytes) -> str:
    """Return the SHA-256 of a text as lower-case hex."""
    return hashlib.sha256(text).hexdigest()


def patch_file(folder: Path, number: int) -> Path:
    """Return where the patch of changeset ``number`` lies in the folder of patches."""
    return folder / f"{number:08d}.patch.gz"


def write_patch(folder: Path, number: int, text: bytes) -> Path:
    """Write a patch so that it is on the disk, whole, when this returns; one left by a crash is replaced.

    :raises OSError: when the disk is full or the folder cannot be written.
    """
    place = patch_file(folder, number)
    draft = place.with_suffix(".tmp")
    with draft.open("wb") as file:
        file.write(gzip.compress(text, compresslevel=5, mtime=0))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
    if os.name == "posix":  # the name, too, must be on the disk
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return place


def newest(folder: Path) -> int:
    """Return the number of the newest patch in the folder of patches, 0 without any; its changeset may yet fail."""
    return max((int(place.name[:8]) for place in folder.glob("*.patch.gz")), default=0)


def read_patch(folder: Path, number: int) -> bytes:
    """Return the text of a patch.

    :raises StoreAlteredError: when the file is missing or damaged.
    """
    try:
        return gzip.decompress(patch_file(folder, number).read_bytes())
    except FileNotFoundError:
        raise StoreAlteredError(f"The patch of changeset {number} is missing.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise StoreAlteredError(f"The patch of changeset {number} is damaged ({error}).") from error


class Replay:
    """What a sequence of patches adds up to: N-Quads lines added, and lines removed, in the end."""

    def __init__(self) -> None:
        self.added: set[bytes] = set()
        self.removed: set[bytes] = set()

    def apply(self, text: bytes) -> None:
        """Take the next patch into account."""
        for line in text.split(b"\n")[:-1]:
            here, there = (self.added, self.removed) if line.startswith(b"A ") else (self.removed, self.added)
            quad = line[2:]
            if quad in there:
                there.discard(quad)
            else:
                here.add(quad)
