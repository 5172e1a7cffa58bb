"""Where the contract of writers is tested: each kind of place, and what cannot be written there.

A server is started once for all tests of a module that ask for it, and emptied for each. To add one: a line in
``servers.SERVERS``, and in ``REFUSED`` the literals that it does not keep, each with the reason.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from aimsgraph.store import Memory
from aimsgraph.store.remote import GRAPHS
from aimsgraph.store.server import Server
from tests.contract.servers import SERVERS, started

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.store import Endpoint, Place

#: The kinds of places.
PLACES: Final = ("embedded", "memory", *SERVERS)
#: Name of a kind of place → name of a literal that it does not keep, so that it is not written, and why.
REFUSED: Final[dict[str, dict[str, str]]] = {
    "virtuoso": {
        "thirty digits": "it has no whole numbers of more than 64 bits",
        "a long decimal": "it rounds decimals to 15 digits",
        "days": "it gives back another text for days and hours",
        "months": "it gives back another text for months",
    }
}


class Places:
    """Gives empty places of each kind; its servers run until it is closed."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self._servers: dict[str, Endpoint] = {}

    def empty(self, kind: str, folder: Path) -> Place:
        """Return a place with nothing in it; the test skips where its server is not installed."""
        if kind == "embedded":
            return folder / "aims.store"
        if kind == "memory":
            return Memory()
        if kind not in self._servers:
            self._servers[kind] = self._running.enter_context(started(kind))
        clear(self._servers[kind])
        return self._servers[kind]

    def close(self) -> None:
        """End the servers."""
        self._running.close()


def clear(endpoint: Endpoint) -> None:
    """Remove all that a server holds, but for graphs of its own."""
    server = Server(endpoint)
    for row in server.rows(GRAPHS):
        if not str(row["g"]).startswith(endpoint.kind().own_graphs):
            server.repeat(f"DROP SILENT GRAPH <{row['g']}>")
    if endpoint.kind().default_graph != "union":
        server.repeat("DROP SILENT DEFAULT")
