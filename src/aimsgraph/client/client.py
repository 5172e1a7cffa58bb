"""The client: one object for one server, with the methods of the engine's graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from aimsgraph.client.asking import Asking
from aimsgraph.client.connection import Connection
from aimsgraph.client.history import Past
from aimsgraph.client.jobs import Jobs
from aimsgraph.client.nodes import Nodes
from aimsgraph.client.reading import Reading
from aimsgraph.client.writing import Writing

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class Client(Nodes, Reading, Asking, Past, Writing, Jobs):
    """Asks the server at ``url``, as whoever the ``key`` (or token) stands for; threads may share it.

    Questions wait up to ``timeout`` seconds for the server's next bytes, and are asked up to ``tries`` times while it
    is away or busy; writes are sent once. ``kept`` answers are not sent again while they have not changed. ``verify``
    may be a file of certificates to believe. A key goes to this machine or over https only, unless ``plain``.

    :raises UsageError: the address or the key is none.
    """

    def __init__(
        self, url: str, key: str | None = None, *, timeout: float = 60.0, tries: int = 4, kept: int = 0,
        verify: bool | Path = True, plain: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(
            Connection(url, key, timeout=timeout, tries=tries, kept=kept, verify=verify, plain=plain), None
        )

    def __repr__(self) -> str:
        moment = f", as of {self._moment}" if self._moment is not None else ""
        return f"<aimsgraph server at {self._connection.address}{moment}>"

    def at(self, moment: str) -> Self:
        """Return a client that sees what was: at the end of a day, at an instant, or after a changeset."""
        earlier = object.__new__(type(self))
        earlier._connection, earlier._moment = self._connection, moment
        return earlier

    def health(self) -> dict[str, object]:
        """Return what the server says of itself."""
        told: dict[str, object] = self._connection.get("/api/v1/health").json()
        return told

    def close(self) -> None:
        """Give the connections back."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
