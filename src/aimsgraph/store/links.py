"""The statements of some properties between IRIs as numbers: many at once, without an object for each."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

from aimsgraph.errors import StoreAlteredError
from aimsgraph.store.aside import room_aside
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.patched_links import PatchedLinks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from aimsgraph.store.protocol import View

Numbers = npt.NDArray[np.int32]

#: With more statements than this the engine writes them to files, in two threads, while they are being read.
MANY: Final = 100_000
_THREADS: Final = 2
_IRIS: Final = "FILTER(ISIRI(?o))"
#: Bytes read at once.
_PORTION: Final = 1 << 20
#: Seconds to wait for the engine to write more.
_PAUSE: Final = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Statements between IRIs: ``names[subject[i]] predicates[predicate[i]] names[object[i]]``.

    ``names`` are IRIs in UTF-8, in no particular order, and some may stand in no statement.
    """

    names: list[bytes]
    predicates: tuple[str, ...]
    subject: Numbers
    predicate: Numbers
    object: Numbers


def links(view: View, predicates: Iterable[str]) -> Links:
    """Read every statement with one of the properties (IRIs) between two IRIs."""
    listed = tuple(dict.fromkeys(predicates))
    cells = _Cells()
    parts: list[tuple[int, Numbers]] = []
    if isinstance(view, EmbeddedView):
        counts = [_count(view.store, predicate) for predicate in listed]
        if sum(counts) > MANY and (told := _told(view, listed, sum(counts))) is not None:
            return told
        for number, portions in _written(view, listed, counts):
            parts += [(number, cells.numbered(portion)) for portion in portions]
    else:
        for number, predicate in enumerate(listed):
            rows = (f"<{s}>\t<{o}>\n" for s, _, o in view.edges([predicate]))
            parts.append((number, cells.numbered("".join(rows).encode())))
    return _joined(cells, parts, listed)


def _told(view: EmbeddedView, predicates: tuple[str, ...], count: int) -> Links | None:
    """Return what the patches of the store say, where they say it sooner; they must come to as many as are stated."""
    patches = PatchedLinks(view, predicates)
    if not patches.is_cheaper(count):
        return None
    cells = _Cells()
    try:
        parts = [
            np.fromiter(map(cells.__getitem__, chain.from_iterable(rows)), np.int32, 3 * len(rows))
            for rows in patches.rows()
        ]
    except (StoreAlteredError, OverflowError):  # whoever verifies the store is told; the database has it all
        return None
    rows = (np.concatenate(parts) if parts else np.zeros(0, np.int32)).reshape(-1, 3)
    number = np.zeros(len(cells), np.int64)
    known = [cells[predicate.encode()] for predicate in predicates if predicate.encode() in cells]
    number[known] = np.arange(len(known))
    size = len(cells)

    def keys(table: Numbers) -> npt.NDArray[np.int64]:
        return (number[table[:, 1]] * size + table[:, 0]) * size + table[:, 2]

    if patches.repeated:
        _, first = np.unique(keys(rows), return_index=True)
        rows = rows[first]
    if gone := [
        [cells[part] for part in row] for row in patches.gone() if all(part in cells for part in row)
    ]:
        rows = rows[~np.isin(keys(rows), keys(np.array(gone, np.int32)))]
    if len(rows) != count and len(rows) != sum(_count(view.store, name, _IRIS) for name in predicates):
        return None
    used = tuple(predicate for predicate in predicates if predicate.encode() in cells)
    subject, kind, object_ = (np.ascontiguousarray(rows[:, at]) for at in range(3))
    return Links(list(cells), used, subject, number[kind].astype(np.int32), object_)


class _Cells(dict[bytes, int]):
    """Numbers the cells of a table in the order in which they come."""

    def __missing__(self, cell: bytes) -> int:
        number = self[cell] = len(self)
        return number

    def numbered(self, lines: bytes) -> Numbers:
        """Return the numbers of the cells of whole lines, one after the other."""
        cells = lines.replace(b"\n", b"\t").split(b"\t")
        return np.fromiter(map(self.__getitem__, cells[:-1]), np.int32, len(cells) - 1)


def _joined(cells: _Cells, parts: list[tuple[int, Numbers]], predicates: tuple[str, ...]) -> Links:
    both = [numbers for _, numbers in parts]
    ends = (np.concatenate(both) if both else np.zeros(0, np.int32)).reshape(-1, 2)
    counts = [len(numbers) // 2 for numbers in both]
    predicate = np.repeat(np.array([number for number, _ in parts], np.int32), counts)
    # What is no IRI is a literal, a blank node or a statement; none of them begins as an IRI does.
    is_iri = np.fromiter((cell[:1] == b"<" and cell[1:2] != b"<" for cell in cells), bool, len(cells))
    names = [cell[1:-1] for cell in cells]
    if not is_iri.all():
        kept = is_iri[ends].all(axis=1)
        ends, predicate = ends[kept], predicate[kept]
    return Links(
        names, predicates, np.ascontiguousarray(ends[:, 0]), predicate, np.ascontiguousarray(ends[:, 1])
    )


def _written(
    view: EmbeddedView, predicates: tuple[str, ...], counts: list[int]
) -> Iterator[tuple[int, Iterator[bytes]]]:
    """Yield the number of a property with its statements, portion by portion, as the engine writes them."""
    if sum(counts) <= MANY:
        for number, predicate in enumerate(predicates):
            if counts[number]:
                text = BytesIO()
                _ask(view.store, predicate).serialize(text, format=ox.QueryResultsFormat.TSV)
                yield number, iter([text.getvalue().partition(b"\n")[2]])
        return
    queries = [
        (number, f" OFFSET {first} LIMIT {size}")
        for number, count in enumerate(counts)
        for first, size in _halves(count)
    ]
    with room_aside("links") as folder, ThreadPoolExecutor(_THREADS) as pool:
        # The engine itself writes to a file: handing the text over would let both threads wait for each other.
        places = [folder / str(at) for at in range(len(queries))]
        waiting = [
            pool.submit(_write, view.store, predicates[number], part, place)
            for (number, part), place in zip(queries, places, strict=True)
        ]
        try:
            for (number, _), place, future in zip(queries, places, waiting, strict=True):
                yield number, _followed(place, future.done)
                future.result()
                place.unlink()
        finally:
            for future in waiting:
                future.cancel()


def _count(store: ox.Store, predicate: str, condition: str = "") -> int:
    rows = store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s <{predicate}> ?o {condition} }}")
    return int(next(iter(rows))["n"].value)  # type: ignore[arg-type]


def _halves(count: int) -> list[tuple[int, int]]:
    """Cut a long answer in two: a reader of a still picture finds the rows in the same order each time."""
    if count <= MANY:
        return [(0, count)] if count else []
    return [(0, count // 2), (count // 2, count - count // 2)]


def _ask(store: ox.Store, predicate: str, part: str = "") -> ox.QuerySolutions:
    found = store.query(f"SELECT ?s ?o WHERE {{ ?s <{predicate}> ?o }}{part}")
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - it is a SELECT
    return found


def _write(store: ox.Store, predicate: str, part: str, place: Path) -> None:
    draft = os.fspath(place)
    _ask(store, predicate, part).serialize(draft, format=ox.QueryResultsFormat.TSV)


def _followed(place: Path, is_done: Callable[[], bool]) -> Iterator[bytes]:
    """Yield whole lines of a file that is being written, without its first."""
    while not place.exists() and not is_done():
        time.sleep(_PAUSE)
    if not place.exists():
        return
    rest, first = b"", True
    with place.open("rb", buffering=0) as file:
        while True:
            ended = is_done()
            more = file.read(_PORTION)
            if not more:
                if ended:
                    return
                time.sleep(_PAUSE)
                continue
            whole, found, left = (rest + more).rpartition(b"\n")
            rest = left
            if found and first:
                whole, first = whole.partition(b"\n")[2], False
            if whole:
                yield whole + b"\n"
