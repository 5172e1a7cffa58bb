"""The statements of some properties as the patches of a store tell them, which is quicker than asking its database.

For each term of a row the engine looks into a table on the disk. A patch is text, in the order of its subjects: what is
looked for in it is found as quickly as it can be read. What was once added and never removed is in the union of all
graphs; of what was removed somewhere the database is asked whether it is still stated.
"""

from __future__ import annotations

import hashlib
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreAlteredError
from aimsgraph.store.ends import Ends
from aimsgraph.store.folder import CHANGESETS
from aimsgraph.store.history import PATCH, SIZES, head_of, node_of
from aimsgraph.store.packs import read_patch, spans
from aimsgraph.store.still import VIEWS
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from aimsgraph.store.embedded import EmbeddedView

#: A line of a patch is read in so small a part of the time that the engine needs for a row (measured).
CHEAPER: Final = 8
#: More statements than this, once removed, are not asked about one by one.
_MOST_REMOVED: Final = 100_000
_PORTION: Final = 1 << 22
_PACKED: Final = 1 << 18
#: Has zlib read the head and the end of gzip too.
_GZIP: Final = 31
_HISTORY: Final = ox.NamedNode(HISTORY_GRAPH)


class PatchedLinks:
    """What the patches up to the state of a view say of some properties (IRIs)."""

    def __init__(self, view: EmbeddedView, predicates: Sequence[str]) -> None:
        self._view = view
        self._folder = _patches_of(view)
        self._predicates = tuple(predicates)
        self._number, _ = head_of(view.store)
        self.ends = Ends(self._predicates)
        self._gone: dict[tuple[int, bytes, bytes], None] = {}

    @cached_property
    def lines(self) -> int:
        """How many lines the patches have; 0 where they are not all there."""
        if self._folder is None or not self._is_whole(self._folder):
            return 0
        sizes = (
            quad.object
            for name in SIZES
            for quad in self._view.store.quads_for_pattern(None, ox.NamedNode(name), None, _HISTORY)
        )
        return sum(int(size.value) for size in sizes if isinstance(size, ox.Literal))

    def is_cheaper(self, rows: int) -> bool:
        """Say whether they are read sooner than the engine writes so many rows."""
        return 0 < self.lines <= CHEAPER * rows

    def texts(self) -> Iterator[bytes]:
        """Yield the text of all patches in portions of whole lines; what they remove is noted on the way.

        :raises StoreAlteredError: a patch is missing, or is not the one that was written.
        :raises OverflowError: more was removed than is asked about one by one.
        """
        with ThreadPoolExecutor(1) as ahead:
            texts = self._texts()
            waiting = ahead.submit(next, texts, None)
            while (text := waiting.result()) is not None:
                waiting = ahead.submit(next, texts, None)
                for at, found in self.ends.removed(text):
                    self._gone.update(
                        dict.fromkeys((at, *row) for row in zip(*[iter(found)] * 2, strict=True))
                    )
                    if len(self._gone) > _MOST_REMOVED:
                        raise OverflowError
                yield text

    def gone(self) -> list[tuple[int, bytes, bytes]]:
        """Return what was removed and is stated no more, once all texts were read: property, subject, object."""
        return [row for row in self._gone if self._quad(*row) not in self._view.store]

    def _quad(self, at: int, subject: bytes, object_: bytes) -> ox.Quad:
        return ox.Quad(
            ox.NamedNode(subject.decode()), ox.NamedNode(self._predicates[at]), ox.NamedNode(object_.decode())
        )

    def _is_whole(self, folder: Path) -> bool:
        """Say whether there is a patch for each changeset: a copy that is tried out has none of those before."""
        reached = 0
        for first, last in spans(folder):
            if first > reached + 1:
                return False
            reached = max(reached, last)
        return reached >= self._number

    def _texts(self) -> Iterator[bytes]:
        """Yield the patches of all changesets, each in portions of whole lines."""
        assert self._folder is not None  # noqa: S101 - looked at before anybody asks
        reached = 0
        for (first, last), place in spans(self._folder).items():
            if first > self._number:
                return
            if last <= reached:  # a pack was made of it, and it has not gone away yet
                continue
            if first == last:
                yield from _portions(place, first, self._sha256(first))
            else:
                for number in range(max(first, reached + 1), min(last, self._number) + 1):
                    yield read_patch(self._folder, number, self._sha256(number))
            reached = last

    def _sha256(self, number: int) -> str | None:
        pattern = node_of(number), ox.NamedNode(PATCH), None, _HISTORY
        return next(
            (quad.object.value for quad in self._view.store.quads_for_pattern(*pattern)),  # type: ignore[union-attr]
            None,
        )


def _patches_of(view: EmbeddedView) -> Path | None:
    place = view.location
    if place is None:
        return None
    home = place.parent.parent if place.parent.name == VIEWS else place
    folder = home / CHANGESETS
    return folder if folder.is_dir() else None


def _portions(place: Path, number: int, sha256: str | None) -> Iterator[bytes]:
    """Yield the text of the patch of a changeset, which has a file of its own, in portions of whole lines."""
    digest, rest = hashlib.sha256(), b""
    try:
        for portion in _unpacked(place):
            digest.update(portion)
            whole, end, rest = (rest + portion).rpartition(b"\n")
            if end:
                yield whole + end
    except FileNotFoundError:
        raise StoreAlteredError(f"The patch of changeset {number} is missing.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise StoreAlteredError(f"The patch of changeset {number} is damaged ({error}).") from error
    if rest or (sha256 is not None and digest.hexdigest() != sha256):
        raise StoreAlteredError(f"The patch of changeset {number} is not the one that was written.")


def _unpacked(place: Path) -> Iterator[bytes]:
    """Yield what is in a gzipped file; in large portions, between which alone it keeps other threads waiting."""
    packed = zlib.decompressobj(_GZIP)
    with place.open("rb") as file:
        while more := file.read(_PACKED):
            while more:
                yield packed.decompress(more, _PORTION)
                more = packed.unconsumed_tail
    yield packed.flush()
    if not packed.eof:
        raise EOFError("it ends too early")
