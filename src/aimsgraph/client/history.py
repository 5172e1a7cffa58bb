"""What was changed in a server's graph, when and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from aimsgraph.client.routes import API, Routes, told
from aimsgraph.model.changeset import Difference, History

if TYPE_CHECKING:
    import requests

    from aimsgraph.model.changeset import Changeset


class Past(Routes):
    """The changesets, and what is different between states."""

    def history(
        self, *, source: str | None = None, author: str | None = None, node: str | None = None
    ) -> History:
        """List the changesets, oldest first: of a source, by an author, or of what is said of a node."""
        found: list[Changeset] = []
        after: str | None = None
        while True:
            words = told(as_of=self._moment, source=source, author=author, node=node, cursor=after)
            response = self._connection.get(f"{API}history", words)
            found += self._read(History, response).changesets
            after = _following(response)
            if after is None:
                return History(changesets=tuple(found))

    def log(
        self, *, source: str | None = None, author: str | None = None, node: str | None = None
    ) -> list[Changeset]:
        """Return the changesets of :meth:`history`, by the name that the engine has for it."""
        return list(self.history(source=source, author=author, node=node).changesets)

    def diff(self, older: str, newer: str = "head") -> Difference:
        """Say what changed between two states."""
        return self._get(Difference, "history/difference", older=older, newer=newer)


def _following(response: requests.Response) -> str | None:
    """Return where the next page begins, by the header Link (RFC 8288)."""
    address = response.links.get("next", {}).get("url", "")
    return next(iter(parse_qs(urlsplit(address).query).get("cursor", ())), None)
