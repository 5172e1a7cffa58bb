"""A store that is at hand: it is asked as the command line asks it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

import aimsgraph
from aimsgraph import query
from aimsgraph.directory import Directories
from aimsgraph.errors import NotPermittedError
from aimsgraph.mcp.source import TERMS
from aimsgraph.projections import Projections
from aimsgraph.store import UNVERSIONED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from rdflib.term import Identifier

    from aimsgraph.engine import Graph
    from aimsgraph.mcp.source import Rows
    from aimsgraph.model.access import Permission, Principal
    from aimsgraph.model.finding import Validation
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Direction, Lineage
    from aimsgraph.model.node import NodePage
    from aimsgraph.model.question import Catalogue, SavedQuery
    from aimsgraph.model.sheet import NodeSheet
    from aimsgraph.model.trace import Trace
    from aimsgraph.query import Limits, Result


class Local:
    """Opens the store anew for each question, so that each sees the newest committed state."""

    def __init__(
        self, store: Path | str, asking: Principal, limits: Limits, queries: Sequence[Path] = ()
    ) -> None:
        self._store, self._asking, self._limits, self._queries = store, asking, limits, tuple(queries)
        self._moment: str | None = None
        self._projections, self._directories = Projections(), Directories()
        self._graph()  # fails here, not at the first question

    def may(self, permission: Permission) -> bool:
        """Say whether the role permits it."""
        return self._asking.may(permission)

    def at(self, moment: str) -> Self:
        """Return the same as it was.

        :raises NotPermittedError: the role does not permit looking back.
        """
        if not self.may("past"):
            raise NotPermittedError(
                f"The role {self._asking.role} does not permit looking back.", hint="Leave out as_of."
            )
        earlier = object.__new__(type(self))
        vars(earlier).update(vars(self), _moment=moment)
        return earlier

    def search(self, text: str, type: str | None, limit: int) -> NodePage:
        """Find nodes by words."""
        return self._graph().node_page(text=text, type=type, limit=limit)

    def describe(self, node: str, after: str | None) -> NodeSheet:
        """Return all that is said of a node."""
        return self._graph().node(node, after=after)

    def questions(self, persona: str | None, area: str | None, text: str | None) -> Catalogue:
        """List saved questions."""
        return query.matching(query.catalogue(self._queries), persona=persona, area=area, text=text)

    def question(self, name: str) -> SavedQuery:
        """Return a saved question."""
        return query.find(name, self._queries)

    def ask(self, name: str, parameters: Mapping[str, str]) -> Rows:
        """Answer a saved question."""
        question, graph = self.question(name), self._graph()
        return self._answered(
            graph, question.text, query.bind(question, parameters, graph.today(), graph.resolve)
        )

    def sparql(self, text: str) -> Rows:
        """Answer a query."""
        return self._answered(self._graph(), text)

    def terms(self) -> Rows:
        """Return the words of the ontology."""
        return self.sparql(TERMS)

    def lineage(
        self, node: str, direction: Direction, hops: int | None, types: list[str], day: date | None
    ) -> Lineage:
        """Say what a node comes from, or what comes from it."""
        graph = self._graph()
        return graph.lineage(
            node, direction=direction, hops=hops, filters=graph.filters(types=types), date=day
        )

    def impact(self, nodes: list[str], hops: int | None, dimension: str | None, day: date | None) -> Impact:
        """Say what nodes, were they bad, would hurt."""
        return self._graph().impact(*nodes, hops=hops, dimension=dimension, date=day)

    def trace(self, node: str, day: date | None) -> Trace:
        """Follow a node to its evidence."""
        return self._graph().trace(node, date=day)

    def validate(self, day: date | None) -> Validation:
        """Say what is missing."""
        return self._graph().validate(date=day)

    def _answered(self, graph: Graph, text: str, terms: Mapping[str, Identifier] | None = None) -> Rows:
        asked = query.read(text)
        seen = query.dataset(
            graph.view(),
            asked.default,
            asked.named,
            reserved=self.may("history"),
            asks_named=asked.asks_named,
        )
        return _rows(query.run(graph.view(), text, bindings=terms, limits=self._limits, graphs=seen))

    def _graph(self) -> Graph:
        graph = aimsgraph.open(self._store, as_of=self._moment)
        if graph.view().snapshot != UNVERSIONED:  # else others may change what is there, and nothing tells
            graph.projections, graph.directories = self._projections, self._directories
        return graph


def _rows(found: Result) -> Rows:
    if found.kind == "triples":
        return {"turtle": found.to_turtle()}
    told: dict[str, Any] = json.loads(found.to_json())
    return told
