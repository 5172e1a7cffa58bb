"""The states that a store went through, one changeset after the other, played again in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aimsgraph.store.archive import archive_of
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.history import recorded
from aimsgraph.store.moment import named
from aimsgraph.store.patch import parted, quads_in
from aimsgraph.store.playing import play
from aimsgraph.store.terms import to_rdflib_term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib.term import Identifier

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.archive import Place

Statement = tuple["Identifier", "Identifier", "Identifier"]


@dataclass(frozen=True, slots=True)
class Step:
    """A changeset, and a view of the graph that it is about to change: :meth:`play` applies it."""

    changeset: Changeset
    view: EmbeddedView
    patch: bytes

    def play(self) -> tuple[Statement, ...]:
        """Apply the changeset, and return the statements that the union of all graphs gained or lost."""
        removed, added = parted(self.patch)
        return tuple(map(_statement, play(self.view.store, removed=removed, added=added)))


def steps(place: Place, until: str = "head") -> Iterator[Step]:
    """Yield the changesets of a store, oldest first, each to be played before the next is taken.

    ``until`` names the last of them as :func:`aimsgraph.store.moment.named` says.

    :raises StoreNotFoundError, StoreUnusableError: there is no store that can be read.
    :raises StoreAlteredError: a patch is missing or damaged.
    """
    archive = archive_of(place)
    chain = recorded(archive.records())
    view = EmbeddedView(ox.Store(), "none")
    last, _ = named([changeset for changeset, _ in chain], until)
    for changeset, patch in chain[:last]:
        yield Step(changeset, view, archive.patch(changeset.number, patch))


def touching(place: Place, node: str, known: Iterable[Changeset]) -> list[Changeset]:
    """Return those changesets that added or removed a statement in which a node (an IRI) occurs.

    :raises StoreAlteredError: a patch is missing or damaged.
    """
    archive = archive_of(place)
    return [changeset for changeset in known if _concerns(archive.patch(changeset.number), node)]


def bearing(
    place: Place, known: Iterable[Changeset], fits: Callable[[str, str, str], bool]
) -> list[Changeset]:
    """Return those changesets that added or removed a statement which fits: subject, property and object.

    Each is an IRI; of an object that is a literal there is only the beginning, with its quotation mark.

    :raises StoreAlteredError: a patch is missing or damaged.
    """
    archive = archive_of(place)
    return [
        changeset for changeset in known if any(fits(*one) for one in _links(archive.patch(changeset.number)))
    ]


def _links(patch: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield the statements of a patch, those about statements left out; there is no blank in an IRI."""
    for line in patch.split(b"\n")[:-1]:
        subject, name, value = (part.decode() for part in line[2:].split(b" ", 3)[:3])
        if not subject.startswith("<<"):
            yield subject[1:-1], name[1:-1], value[1:-1] if value.startswith("<") else value


def newest_patch(place: Place) -> int:
    """Return the number of the newest patch of a store, which is cheap enough for every second."""
    return archive_of(place).newest()


def news(place: Place, after: int) -> tuple[int, tuple[Statement, ...]]:
    """Return the number of the newest changeset, and the statements that those later than ``after`` added or removed.

    :raises StoreAlteredError: a patch is missing or damaged.
    """
    archive = archive_of(place)
    numbers = [changeset.number for changeset, _ in recorded(archive.records())]
    return max(numbers, default=0), statements_of(
        archive.patch(number) for number in numbers if number > after
    )


def statements_of(patches: Iterable[bytes]) -> tuple[Statement, ...]:
    """Return the statements that patches add or remove, each once, whatever their graphs."""
    quads = (quad for patch in patches for part in parted(patch) for quad in part)
    return tuple(map(_statement, dict.fromkeys(quad.triple for quad in quads)))


def _concerns(patch: bytes, node: str) -> bool:
    name = f"<{node}>".encode()
    # What stands in a text, or is the name of the source, is not said of the node.
    lines = (line[2:] for line in patch.split(b"\n") if name in line)
    return any(_occurs(node, quad.triple) for line in lines for quad in quads_in([line]))


def _occurs(node: str, triple: ox.Triple) -> bool:
    terms = triple.subject, triple.predicate, triple.object
    return any(
        _occurs(node, term)
        if isinstance(term, ox.Triple)
        else isinstance(term, ox.NamedNode) and term.value == node
        for term in terms
    )


def _statement(triple: ox.Triple) -> Statement:
    return tuple(map(to_rdflib_term, (triple.subject, triple.predicate, triple.object)))  # type: ignore[return-value]
