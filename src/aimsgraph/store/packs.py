r"""The files that hold the patches: one patch a file, or many small ones in a pack.

``NNNNNNNN.patch.gz`` is the patch of one changeset; ``NNNNNNNN-NNNNNNNN.patches.gz`` holds those of all changesets from
the first number to the second, each between the lines ``TX .`` and ``TC .`` of RDF Patch. All are gzipped without a
time stamp; ``zcat`` shows them.

A file is written beside its place, synced, and renamed there. A file whose changesets were never committed is left by
a crash: it begins behind the newest changeset, and is swept by the next writer.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreAlteredError
from aimsgraph.store.patch import digest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

#: A patch longer than this, in bytes, has a file of its own; a pack is not made longer than ``PACK``.
LARGE: Final = 1 << 18
PACK: Final = 1 << 23
_NAME: Final = re.compile(r"(\d{8,})(?:-(\d{8,}))?\.patch(?:es)?\.gz")
_BEGIN: Final = b"TX .\n"
_END: Final = b"TC .\n"
#: Speed of compression: 5 takes a third of the time of 9 and makes files a few per cent larger.
_LEVEL: Final = 5
Span = tuple[int, int]


class PatchWriter:
    """Writes the patches of the changesets from number ``first`` on; all are on the disk when :meth:`close` returns."""

    def __init__(self, folder: Path, first: int) -> None:
        self._folder, self._first = folder, first
        self._waiting: list[bytes] = []
        self._size = 0
        self._wrote = False

    def add(self, text: bytes) -> None:
        """Take the next patch; small ones are kept until there are enough for a pack.

        :raises OSError: when the disk is full or the folder cannot be written.
        """
        if len(text) > LARGE or self._size + len(text) > PACK:
            self._write()
        self._waiting.append(text)
        self._size += len(text)
        if len(text) > LARGE:
            self._write()

    def stream(self, parts: Iterable[bytes]) -> Generator[bytes]:
        """Take the parts of a patch too long to be held, each with its end, and pass them on as they are written.

        Each is compressed while the next one is made.

        :raises OSError: when the disk is full or the folder cannot be written.
        """
        self._write()
        place = self._folder / _name(self._first, self._first)
        draft = place.with_suffix(".tmp")
        with draft.open("wb") as file:
            with (
                gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0, filename="") as packed,
                ThreadPoolExecutor(1) as behind,
            ):
                for part in parts:
                    writing = behind.submit(packed.write, part)
                    yield part
                    writing.result()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
        self._first, self._wrote = self._first + 1, True

    def close(self) -> None:
        """Write what is left, and have the names of the files on the disk too.

        :raises OSError: when the disk is full or the folder cannot be written.
        """
        self._write()
        if self._wrote:
            sync_folder(self._folder)

    def _write(self) -> None:
        if self._waiting:
            _write(self._folder, self._first, self._waiting)
            self._first, self._waiting, self._wrote = self._first + len(self._waiting), [], True
            self._size = 0


def read_patch(folder: Path, number: int, sha256: str | None = None) -> bytes:
    """Return the text of a patch, which must have a SHA-256 where one is given.

    :raises StoreAlteredError: when the file is missing or damaged, or the patch is another one.
    """
    return checked(_read(folder, number), number, sha256)


def checked(text: bytes, number: int, sha256: str | None) -> bytes:
    """Return the text of a patch, which must have a SHA-256 where one is given.

    :raises StoreAlteredError: it is the text of another.
    """
    if sha256 is not None and digest(text) != sha256:
        raise StoreAlteredError(f"The patch of changeset {number} is not the one that was written.")
    return text


def _read(folder: Path, number: int) -> bytes:
    try:
        try:
            return _found(folder, number)
        except FileNotFoundError:  # it may have been joined to others this moment
            _packs.cache_clear()
            return _found(folder, number)
    except FileNotFoundError:
        raise StoreAlteredError(f"The patch of changeset {number} is missing.") from None
    except (OSError, EOFError, ValueError, IndexError, zlib.error) as error:
        raise StoreAlteredError(f"The patch of changeset {number} is damaged ({error}).") from error


def _found(folder: Path, number: int) -> bytes:
    try:
        return gzip.decompress((folder / _name(number, number)).read_bytes())
    except FileNotFoundError:
        place, first = _pack_of(folder, number)
        return _unpacked(place, place.stat().st_mtime_ns)[number - first]


def newest(folder: Path) -> int:
    """Return the number of the newest patch, 0 without any; its changeset may yet fail."""
    return max((last for _, last in spans(folder)), default=0)


def spans(folder: Path) -> dict[Span, Path]:
    """Return the first and last number of the changesets in each file, in order."""
    found: dict[Span, Path] = {}
    for place in sorted(folder.iterdir()):
        if name := _NAME.fullmatch(place.name):
            found[int(name[1]), int(name[2] or name[1])] = place
    return dict(sorted(found.items()))


def sweep_patches(folder: Path, head: int) -> None:
    """Remove what a crash left: drafts, and patches of changesets later than ``head``, which were never committed."""
    for (first, _), place in spans(folder).items():
        if first > head:
            place.unlink(missing_ok=True)
    for draft in folder.glob("*.tmp"):
        draft.unlink(missing_ok=True)


def pack(folder: Path) -> int:
    """Join neighbouring files with small patches into packs, and return how many files there are fewer.

    Killed at any moment it leaves each patch in one file at least: a pack is whole before what it holds goes.
    """
    before = len(spans(folder))
    _drop_doubles(folder)
    for run in list(_runs(folder)):
        texts = [read_patch(folder, number) for first, last in run for number in range(first, last + 1)]
        places = [folder / _name(*span) for span in run]
        made = _write(folder, run[0][0], texts)
        sync_folder(folder)
        for place in places:
            if place != made:
                place.unlink()
    sync_folder(folder)
    return before - len(spans(folder))


def sync_tree(folder: Path) -> None:
    """Have a folder on the disk with all that is in it.

    :raises OSError: the disk is full or the folder cannot be written.
    """
    for place in [*folder.rglob("*"), folder]:
        if place.is_dir():
            sync_folder(place)
            continue
        with place.open("rb+") as file:
            os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk too; on Windows the system sees to that itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _runs(folder: Path) -> Iterator[list[Span]]:
    """Yield neighbours that go into one pack."""
    run: list[Span] = []
    size = 0
    for span, place in spans(folder).items():
        # A file's length before it was compressed is not known cheaply: text such as this shrinks to a tenth or less.
        length = place.stat().st_size * 10
        if run and (span[0] != run[-1][1] + 1 or size + length > PACK or length > LARGE):
            yield from [run] if len(run) > 1 else []
            run, size = [], 0
        if length <= LARGE or span[0] != span[1]:
            run.append(span)
            size += length
    yield from [run] if len(run) > 1 else []


def _drop_doubles(folder: Path) -> None:
    """Remove files whose patches stand in a pack as well: what was killed while it packed left them."""
    last = 0
    # Of files that begin alike the longest comes first, and what it holds follows at once.
    for span in sorted(spans(folder), key=lambda span: (span[0], -span[1])):
        if span[1] <= last:
            (folder / _name(*span)).unlink()
        last = max(last, span[1])


def _pack_of(folder: Path, number: int) -> tuple[Path, int]:
    for place, first, last in _packs(folder, folder.stat().st_mtime_ns):
        if first <= number <= last:
            return place, first
    raise FileNotFoundError(number)


@lru_cache(maxsize=8)
def _packs(folder: Path, _changed: int) -> list[tuple[Path, int, int]]:
    return [(place, *span) for span, place in spans(folder).items() if span[0] != span[1]]


@lru_cache(maxsize=4)
def _unpacked(place: Path, _changed: int) -> list[bytes]:
    text = gzip.decompress(place.read_bytes())
    # The lines of a patch begin with A or D, so that no quad looks like a mark.
    marks = [0, *(found.end() for found in re.finditer(rb"^TC \.\n", text, re.MULTILINE))]
    parts = [text[start:end] for start, end in pairwise(marks)]
    if marks[-1] != len(text) or not all(part.startswith(_BEGIN) for part in parts):
        raise ValueError("it is no pack of patches")
    return [part[len(_BEGIN) : -len(_END)] for part in parts]


def _write(folder: Path, first: int, texts: list[bytes]) -> Path:
    place = folder / _name(first, first + len(texts) - 1)
    draft = place.with_suffix(".tmp")
    whole = texts[0] if len(texts) == 1 else b"".join(_BEGIN + text + _END for text in texts)
    with draft.open("wb") as file:
        file.write(gzip.compress(whole, compresslevel=_LEVEL, mtime=0))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
    return place


def _name(first: int, last: int) -> str:
    return f"{first:08d}.patch.gz" if first == last else f"{first:08d}-{last:08d}.patches.gz"
