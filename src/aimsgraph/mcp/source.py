"""Where the answers come from: a store that is at hand, or a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from aimsgraph.model.access import Permission
    from aimsgraph.model.finding import Validation
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Direction, Lineage
    from aimsgraph.model.node import NodePage
    from aimsgraph.model.question import Catalogue, SavedQuery
    from aimsgraph.model.sheet import NodeSheet
    from aimsgraph.model.trace import Trace

    #: SPARQL 1.1 Query Results JSON, or ``{"turtle": …}``.
    Rows = dict[str, Any]

#: What the ontology says of its words, the classes first.
TERMS = """
PREFIX aims: <https://w3id.org/aimsgraph/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term ?kind ?definition (GROUP_CONCAT(DISTINCT STR(?domain); SEPARATOR=" ") AS ?domains)
       (GROUP_CONCAT(DISTINCT STR(?range); SEPARATOR=" ") AS ?ranges) WHERE {
  VALUES (?class ?kind) { (owl:Class "class") (owl:ObjectProperty "property") (owl:DatatypeProperty "property") }
  ?term a ?class ; skos:definition ?definition
  FILTER(STRSTARTS(STR(?term), STR(aims:)))
  OPTIONAL { ?term schema:domainIncludes ?domain }
  OPTIONAL { ?term schema:rangeIncludes ?range }
} GROUP BY ?term ?kind ?definition ORDER BY ?kind ?term
"""


class Source(Protocol):
    """Answers what the tools ask, as far as the role goes."""

    def may(self, permission: Permission) -> bool:
        """Say whether a tool that needs a permission has any use here."""

    def at(self, moment: str) -> Self:
        """Return the same as it was.

        :raises NotPermittedError: the role does not permit looking back.
        """

    def search(self, text: str, type: str | None, limit: int) -> NodePage:
        """Find nodes by words."""

    def describe(self, node: str, after: str | None) -> NodeSheet:
        """Return all that is said of a node."""

    def questions(self, persona: str | None, area: str | None, text: str | None) -> Catalogue:
        """List saved questions."""

    def question(self, name: str) -> SavedQuery:
        """Return a saved question."""

    def ask(self, name: str, parameters: Mapping[str, str]) -> Rows:
        """Answer a saved question."""

    def sparql(self, text: str) -> Rows:
        """Answer a query."""

    def terms(self) -> Rows:
        """Return the words of the ontology, by the query ``TERMS``."""

    def lineage(
        self, node: str, direction: Direction, hops: int | None, types: list[str], day: date | None
    ) -> Lineage:
        """Say what a node comes from, or what comes from it."""

    def impact(self, nodes: list[str], hops: int | None, dimension: str | None, day: date | None) -> Impact:
        """Say what nodes, were they bad, would hurt."""

    def trace(self, node: str, day: date | None) -> Trace:
        """Follow a node to its evidence."""

    def validate(self, day: date | None) -> Validation:
        """Say what is missing."""
