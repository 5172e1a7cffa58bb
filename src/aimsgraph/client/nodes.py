"""The nodes of a server's graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from aimsgraph.client.routes import API, Routes, told
from aimsgraph.model.node import NodePage
from aimsgraph.model.sheet import NodeSheet

if TYPE_CHECKING:
    from datetime import date as Day  # noqa: N812 - `date` is the name of the parameter
    from typing import Unpack

    from aimsgraph.model.node import Narrowing, NodeRef

#: So many nodes a server lists at a time.
_MOST: Final = 1000


class Nodes(Routes):
    """Lists and finds nodes: of a class, in an area, of an owner, with a status, with words in what is said of them."""

    def nodes(self, *, limit: int = 100, **wanted: Unpack[Narrowing]) -> list[NodeRef]:
        """List nodes as :meth:`node_page` does, at most ``limit`` of them, from as many pages as it takes."""
        found: list[NodeRef] = []
        after: str | None = None
        while len(found) < limit:
            page = self.node_page(limit=min(limit - len(found), _MOST), after=after, **wanted)
            found += page.nodes
            after = page.next
            if after is None:
                break
        return found

    def node_page(
        self, *, limit: int = 50, after: str | None = None, **wanted: Unpack[Narrowing]
    ) -> NodePage:
        """List a page of nodes, narrowed by ``type``, ``text``, ``area``, ``owner`` and ``status``.

        ``after`` is the ``next`` of the page before.
        """
        return self._get(NodePage, "nodes", limit=limit, cursor=after, **wanted)

    def search(self, text: str, *, type: str | None = None, limit: int = 20) -> list[NodeRef]:
        """Find nodes by words, the best fitting first."""
        return self.nodes(text=text, type=type, limit=limit)

    def node(
        self, node: str, *, limit: int = 100, after: str | None = None, findings: bool = False, date: Day | None = None
    ) -> NodeSheet:  # fmt: skip
        """Say all of one node: what it is, what is stated of it, what refers to it, and on request its findings.

        :raises NodeNotFoundError, NodeAmbiguousError: the name fits none, or several.
        """
        words = told(as_of=self._moment, limit=limit, cursor=after, findings=findings, date=date)
        response = self._connection.get(f"{API}nodes/{quote(node, safe='')}", words)
        return self._read(NodeSheet, response, without=("links",))
