"""What a draft stands on: the state of a store before it, all of it or as much as is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pyoxigraph as ox

    from aimsgraph.store.change import Pending
    from aimsgraph.store.embedded import EmbeddedView

#: A term, or as a ``str`` the name of a variable.
Part: TypeAlias = "str | ox.NamedNode"
Statement: TypeAlias = "tuple[Part, Part, Part]"


@dataclass(frozen=True, slots=True)
class Sought:
    """Statements that are sought together: none matters where one of the others is not found.

    ``graphs`` are those in which they are looked for, None where any may state them.
    """

    statements: tuple[Statement, ...]
    graphs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pattern looks at: groups of statements.

    ``named`` says whether it looks into named graphs, of which the history is one.
    """

    groups: tuple[Sought, ...]
    named: bool


class Ground(Protocol):
    """The state of a store, of which ``view`` shows what was asked for."""

    view: EmbeddedView
    #: Whether not all is there from the start.
    partial: bool

    def names(self) -> Iterable[str]:
        """Return the IRIs of the graphs that hold something."""

    def holds(self, graph: ox.NamedNode) -> bool:
        """Say whether a graph holds something."""

    def fetch(self, graph: ox.NamedNode) -> None:
        """Have all of a graph."""

    def learn(self, quads: Iterable[ox.Quad]) -> None:
        """Have those of the quads that the store holds."""

    def learn_stated(self, triples: Iterable[ox.Triple]) -> None:
        """Have what states one of the triples, in whichever graph."""

    def learn_union(self, pending: Pending) -> None:
        """Have what else states that which is to be removed."""

    def reach(self, wanted: Wanted, added: Collection[ox.Quad]) -> None:
        """Have all that a pattern looks at, which looks at what was ``added`` since as well."""


class Whole:
    """The ground of a store in a folder: all of it is there."""

    partial = False

    def __init__(self, view: EmbeddedView) -> None:
        self.view = view

    def names(self) -> Iterable[str]:
        """Return the IRIs of the graphs that hold something."""
        return self.view.graphs()

    def holds(self, graph: ox.NamedNode) -> bool:
        """Say whether a graph holds something."""
        return next(self.view.store.quads_for_pattern(None, None, None, graph), None) is not None

    def fetch(self, graph: ox.NamedNode) -> None:
        """Do nothing."""

    def learn(self, quads: Iterable[ox.Quad]) -> None:
        """Do nothing."""

    def learn_stated(self, triples: Iterable[ox.Triple]) -> None:
        """Do nothing."""

    def learn_union(self, pending: Pending) -> None:
        """Do nothing."""

    def reach(self, wanted: Wanted, added: Collection[ox.Quad]) -> None:
        """Do nothing."""
