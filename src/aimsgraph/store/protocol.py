"""What the rest of the program may ask of a store, whichever engine is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from aimsgraph.store.applying import Applying

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Identifier

    from aimsgraph.store.ground import Ground

Row = dict[str, "Identifier"]


class View(Protocol):
    """A read-only, unchanging look at the graph: the union of all sources and the ontology.

    Queries given to a view are the program's own; what a user wrote goes through ``aimsgraph.query`` instead.
    Terms are rdflib terms; strings are plain literals (never ``"x"^^xsd:string``).
    """

    @property
    def snapshot(self) -> str:
        """The hash of the newest changeset (``sha256:…``), which identifies the content."""

    @property
    def location(self) -> Path | None:
        """A folder whose ``db`` a worker may open while this view lives; None for a store in memory."""

    def select(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> list[Row]:
        """Run a trusted SELECT over the union; unbound variables are absent from a row."""

    def rows(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> Iterator[Row]:
        """Run a trusted SELECT as ``select`` does, and go through its rows one at a time."""

    def ask(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> bool:
        """Run a trusted ASK over the union."""

    def objects(self, subject: str, predicate: str) -> list[Identifier]:
        """Return the objects of ``subject predicate ?``, sorted."""

    def edges(self, predicates: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Yield ``(subject, predicate, object)`` IRIs of every triple with one of the predicates."""

    def count(self) -> int:
        """Return the number of distinct triples in the union."""

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted: sources, ontology, history."""

    def to_rdflib(self, graph: str | None = None) -> Graph:
        """Copy the union (or one named graph) to an rdflib memory graph, literals as rdflib writes them."""


class Writer(Applying, Protocol):
    """The one writer of a store: every write is a changeset with its record, committed whole or not at all."""

    @property
    def head(self) -> str:
        """The hash of the newest changeset."""

    def view(self) -> View:
        """Return a view of what is committed, which shows later writes too."""

    def made_from(self) -> dict[str, str]:
        """Return for each graph the SHA-256 of the source that it was last written from."""

    def ground(
        self, *, most: int | None = None, seconds: float | None = None
    ) -> AbstractContextManager[Ground]:
        """Give the state upon which it would write now; of a server an excerpt, of which the limits hold.

        :raises LimitExceededError, TimeLimitError: in the ``with`` block, when more is looked at.
        """
