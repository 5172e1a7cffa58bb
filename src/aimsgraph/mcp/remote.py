"""A server: it is asked with a key, and decides itself what the key's role may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from aimsgraph.mcp.source import TERMS
from aimsgraph.model.access import PERMITTED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from aimsgraph.client import Answer, Client
    from aimsgraph.mcp.source import Rows
    from aimsgraph.model.access import Permission, Role
    from aimsgraph.model.finding import Validation
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Direction, Lineage
    from aimsgraph.model.node import NodePage
    from aimsgraph.model.question import Catalogue, SavedQuery
    from aimsgraph.model.sheet import NodeSheet
    from aimsgraph.model.trace import Trace


class Remote:
    """Asks a server; with ``role``, no more than this role may, whatever the key's own is."""

    def __init__(self, client: Client, role: Role | None) -> None:
        self._client, self._role = client, role

    def may(self, permission: Permission) -> bool:
        """Say whether the role permits it, as far as it is known here."""
        return self._role is None or permission in PERMITTED[self._role]

    def at(self, moment: str) -> Self:
        """Return the same as it was; the server says whether that is permitted."""
        return type(self)(self._client.at(moment), self._role)

    def search(self, text: str, type: str | None, limit: int) -> NodePage:
        """Find nodes by words."""
        return self._client.node_page(text=text, type=type, limit=limit)

    def describe(self, node: str, after: str | None) -> NodeSheet:
        """Return all that is said of a node."""
        return self._client.node(node, after=after)

    def questions(self, persona: str | None, area: str | None, text: str | None) -> Catalogue:
        """List saved questions."""
        return self._client.questions(persona=persona, area=area, text=text)

    def question(self, name: str) -> SavedQuery:
        """Return a saved question."""
        return self._client.question(name)

    def ask(self, name: str, parameters: Mapping[str, str]) -> Rows:
        """Answer a saved question."""
        return _rows(self._client.ask(name, **parameters))

    def sparql(self, text: str) -> Rows:
        """Answer a query."""
        return _rows(self._client.sparql(text))

    def terms(self) -> Rows:
        """Return the words of the ontology."""
        return self.sparql(TERMS)

    def lineage(
        self, node: str, direction: Direction, hops: int | None, types: list[str], day: date | None
    ) -> Lineage:
        """Say what a node comes from, or what comes from it."""
        return self._client.lineage(node, direction=direction, hops=hops, types=types, date=day)

    def impact(self, nodes: list[str], hops: int | None, dimension: str | None, day: date | None) -> Impact:
        """Say what nodes, were they bad, would hurt."""
        return self._client.impact(*nodes, hops=hops, dimension=dimension, date=day)

    def trace(self, node: str, day: date | None) -> Trace:
        """Follow a node to its evidence."""
        return self._client.trace(node, date=day)

    def validate(self, day: date | None) -> Validation:
        """Say what is missing."""
        return self._client.validate(date=day)


def _rows(found: Answer) -> Rows:
    return {"turtle": found.turtle} if found.kind == "triples" else found.to_json()
