"""The states that a store went through, one changeset after the other, played again in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.store.archive import archive_of
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.history import recorded
from aimsgraph.store.terms import to_rdflib_term

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Identifier

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.endpoint import Endpoint

Statement = tuple["Identifier", "Identifier", "Identifier"]
_DEFAULT: Final = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Step:
    """A changeset, and a view of the graph that it is about to change: :meth:`play` applies it."""

    changeset: Changeset
    view: EmbeddedView
    patch: bytes

    def play(self) -> tuple[Statement, ...]:
        """Apply the changeset, and return the statements that the union of all graphs gained or lost."""
        return tuple(map(_statement, _play(self.view.store, self.patch)))


def steps(place: Path | Endpoint) -> Iterator[Step]:
    """Yield the changesets of a store, oldest first, each to be played before the next is taken.

    :raises StoreNotFoundError, StoreUnusableError: there is no store that can be read.
    :raises StoreAlteredError: a patch is missing or damaged.
    """
    archive = archive_of(place)
    chain = recorded(archive.records())
    view = EmbeddedView(ox.Store(), "none")
    for changeset, _ in chain:
        yield Step(changeset, view, archive.patch(changeset.number))


def newest_patch(place: Path | Endpoint) -> int:
    """Return the number of the newest patch of a store, which is cheap enough for every second."""
    return archive_of(place).newest()


def news(place: Path | Endpoint, after: int) -> tuple[int, tuple[Statement, ...]]:
    """Return the number of the newest changeset, and the statements that those later than ``after`` added or removed.

    :raises StoreAlteredError: a patch is missing or damaged.
    """
    archive = archive_of(place)
    numbers = [changeset.number for changeset, _ in recorded(archive.records())]
    patches = [archive.patch(number) for number in numbers if number > after]
    quads = (quad for patch in patches for mark in (b"D ", b"A ") for quad in _quads(patch, mark))
    return max(numbers, default=0), tuple(map(_statement, dict.fromkeys(quad.triple for quad in quads)))


def _play(store: ox.Store, patch: bytes) -> list[ox.Triple]:
    """Apply a patch, and return the statements that are new in the union of all graphs, or gone from it."""
    removed, added = _quads(patch, b"D "), _quads(patch, b"A ")
    for quad in removed:
        store.remove(quad)
    store.extend(added)
    gone = [triple for triple in dict.fromkeys(quad.triple for quad in removed) if not _stated(store, triple)]
    new = [
        triple for triple in dict.fromkeys(quad.triple for quad in added) if _in_union(triple) not in store
    ]
    for triple in gone:
        store.remove(_in_union(triple))
    store.extend(map(_in_union, new))
    return [*gone, *new]


def _quads(patch: bytes, mark: bytes) -> list[ox.Quad]:
    lines = [line[2:] for line in patch.split(b"\n")[:-1] if line.startswith(mark)]
    return list(ox.parse(b"\n".join(lines), ox.RdfFormat.N_QUADS))


def _in_union(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object)


def _stated(store: ox.Store, triple: ox.Triple) -> bool:
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(quad.graph_name != _DEFAULT for quad in found)


def _statement(triple: ox.Triple) -> Statement:
    return tuple(map(to_rdflib_term, (triple.subject, triple.predicate, triple.object)))  # type: ignore[return-value]
