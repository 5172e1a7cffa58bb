"""The statements of some properties between IRIs as numbers: many at once, without an object for each."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

from aimsgraph.errors import StoreAlteredError
from aimsgraph.store.aside import room_aside
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.ends import Numbering
from aimsgraph.store.patched_links import PatchedLinks
from aimsgraph.store.second_reader import SecondReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
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
    numbering = Numbering()
    parts: list[tuple[int, Numbers]] = []
    if isinstance(view, EmbeddedView):
        with ThreadPoolExecutor(1) as beside:
            counting = beside.submit(_counts, view.store, listed)
            told = _told(view, listed, counting)
            if told is not None:
                return told
            counts = counting.result()
        for number, portions in _written(view, listed, counts):
            parts += [(number, _cells(numbering, portion)) for portion in portions]
    else:
        for number, predicate in enumerate(listed):
            rows = (f"<{s}>\t<{o}>\n" for s, _, o in view.edges([predicate]))
            parts.append((number, _cells(numbering, "".join(rows).encode())))
    return _joined(numbering, parts, listed)


def _told(view: EmbeddedView, predicates: tuple[str, ...], counting: Future[list[int]]) -> Links | None:
    """Return what the patches of the store say, where they say it sooner; they must come to as many as are stated.

    How many that are is being counted meanwhile.
    """
    stated = tuple(name for name in predicates if _is_stated(view.store, name))
    patches = PatchedLinks(view, stated)
    if patches.lines <= MANY:
        return None
    try:
        read = _read(patches, stated, counting)
    except (
        StoreAlteredError,
        OverflowError,
        OSError,
    ):  # whoever verifies the store is told; the database has it all
        return None
    if read is None:
        return None
    numbering, ends, kind = read
    kept = _once(ends, kind, numbering, patches)
    ends, kind = ends[kept], kind[kept]
    count = sum(counting.result())
    if count <= MANY or not patches.is_cheaper(count):
        return None
    if len(kind) != count and len(kind) != sum(_count(view.store, name, _IRIS) for name in stated):
        return None
    return Links(
        list(numbering), stated, np.ascontiguousarray(ends[:, 0]), kind, np.ascontiguousarray(ends[:, 1])
    )


def _read(
    patches: PatchedLinks, predicates: tuple[str, ...], counting: Future[list[int]]
) -> tuple[Numbering, Numbers, Numbers] | None:
    """Return all names, the ends of each row, and its property; None as soon as the engine is known to be sooner."""
    numbering = Numbering()
    parts: list[tuple[int, Numbers]] = []
    with SecondReader(predicates) as second:
        for text in patches.texts():
            if not second.takes(text):
                parts += [
                    (at, np.asarray(numbering.numbers(found))) for at, found in patches.ends.added(text)
                ]
            if counting.done() and not patches.is_cheaper(sum(counting.result())):
                return None
        parts += second.found(numbering)
    kinds = [np.full(len(numbers) // 2, at, np.int32) for at, numbers in parts]
    none = np.zeros(0, np.int32)
    ends = np.concatenate([numbers for _, numbers in parts] or [none])
    return numbering, ends.reshape(-1, 2), np.concatenate(kinds or [none])


def _once(ends: Numbers, kind: Numbers, numbering: Numbering, patches: PatchedLinks) -> npt.NDArray[np.int64]:
    """Return the rows of what is still stated, each statement once."""
    gone = [(at, *(numbering.get(end, -1) for end in row)) for at, *row in patches.gone()]
    size = len(numbering)
    keys = (kind.astype(np.int64) * size + ends[:, 0]) * size + ends[:, 1]
    _, kept = np.unique(keys, return_index=True)
    left = [(at * size + a) * size + b for at, a, b in gone if a >= 0 and b >= 0]
    stated: npt.NDArray[np.int64] = kept[~np.isin(keys[kept], np.array(left, np.int64))]
    return stated


def _cells(numbering: Numbering, lines: bytes) -> Numbers:
    """Return the numbers of the cells of whole lines, one after the other."""
    return np.asarray(numbering.numbers(lines.replace(b"\n", b"\t").split(b"\t")[:-1]))


def _joined(numbering: Numbering, parts: list[tuple[int, Numbers]], predicates: tuple[str, ...]) -> Links:
    both = [numbers for _, numbers in parts]
    ends = (np.concatenate(both) if both else np.zeros(0, np.int32)).reshape(-1, 2)
    counts = [len(numbers) // 2 for numbers in both]
    predicate = np.repeat(np.array([number for number, _ in parts], np.int32), counts)
    # What is no IRI is a literal, a blank node or a statement; none of them begins as an IRI does.
    is_iri = np.fromiter((cell[:1] == b"<" and cell[1:2] != b"<" for cell in numbering), bool, len(numbering))
    names = [cell[1:-1] for cell in numbering]
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


def _is_stated(store: ox.Store, predicate: str) -> bool:
    found = store.quads_for_pattern(None, ox.NamedNode(predicate), None, ox.DefaultGraph())
    return next(found, None) is not None


def _counts(store: ox.Store, predicates: tuple[str, ...]) -> list[int]:
    return [_count(store, predicate) for predicate in predicates]


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
