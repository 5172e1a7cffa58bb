"""The nodes of a graph: found by name, listed, told of one by one, and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph import listing, sheet, store
from aimsgraph.record import Record
from aimsgraph.vocab import AIMS, HISTORY_GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, compact

if TYPE_CHECKING:
    from typing import Unpack

    from aimsgraph.directory import Directories
    from aimsgraph.model.node import Narrowing, NodePage, NodeRef
    from aimsgraph.model.sheet import NodeSheet


class Nodes(Record):
    """One store, and the nodes that it tells of."""

    #: What was made of the states read so far in order to list and find nodes; graphs of one store may share it.
    directories: Directories

    def resolve(self, name: str, *, like: str | None = None) -> NodeRef:
        """Return the node that an IRI, CURIE or label names; ``like`` is an example of what is wanted."""
        return store.resolve(self.view(), name, like=like)

    def nodes(
        self, *, limit: int = 100, after: str | None = None, **wanted: Unpack[Narrowing]
    ) -> list[NodeRef]:
        """List nodes as :meth:`node_page` does, at most ``limit`` of them."""
        return list(self.node_page(limit=limit, after=after, **wanted).nodes)

    def node_page(
        self, *, limit: int = 50, after: str | None = None, **wanted: Unpack[Narrowing]
    ) -> NodePage:
        """List nodes of a class, in an area, of an owner, with a status or with words in labels and descriptions.

        They are narrowed by ``type``, ``area``, ``owner``, ``status`` and ``text``; see
        :func:`aimsgraph.listing.listed`. ``after`` is the ``next`` of the page before, or an IRI.
        """
        view = self.view()
        return listing.listed(view, self.directories.of(view, self.place), wanted, limit=limit, after=after)

    def node(self, node: str, *, limit: int = 100, after: str | None = None) -> NodeSheet:
        """Say all of one node: what it is, what is stated of it, and what refers to it; see :func:`sheet.sheet_of`."""
        return sheet.sheet_of(self.view(), self.resolve(node), limit=limit, after=after)

    def counts(self) -> dict[str, int]:
        """Return how many nodes of each class (CURIE) the sources describe, most first."""
        rows = self.view().select(
            "SELECT ?type (COUNT(DISTINCT ?node) AS ?nodes) WHERE { GRAPH ?graph { ?node a ?type } "
            f'FILTER(!STRSTARTS(STR(?graph), "{ONTOLOGY_GRAPH}") && ?graph != <{HISTORY_GRAPH}> '
            f'&& STRSTARTS(STR(?type), "{AIMS}")) }} GROUP BY ?type ORDER BY DESC(?nodes) ?type'
        )
        return {compact(str(row["type"])): int(row["nodes"]) for row in rows}

    def read_as_ours(self) -> dict[str, int]:
        """Return how many nodes each class has by inference alone: what others say, read in our words."""
        rows = self.view().select(
            f"SELECT ?class (COUNT(*) AS ?count) WHERE {{ GRAPH <{INFERRED_GRAPH}> {{ ?node a ?class }} "
            f"FILTER(STRSTARTS(STR(?class), '{AIMS}')) }} GROUP BY ?class ORDER BY ?class"
        )
        return {compact(str(row["class"])): int(str(row["count"])) for row in rows}
