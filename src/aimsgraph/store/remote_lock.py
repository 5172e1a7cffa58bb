"""One writer at a time on a server, by tickets as in a bakery.

SPARQL has no lock, and some servers (Oxigraph) lose updates that run at the same time, so that not even a check within
the update keeps two writers apart. Lamport's bakery needs nothing but single statements that are written and read
whole: each writer writes only its own ticket. It says that it is entering, takes the number after the highest one that
it sees, and waits until nobody enters and nobody has a lower number.
L. Lamport, A new solution of Dijkstra's concurrent programming problem, CACM 17 (8), 1974.

A ticket is good for its lease, counted by the server's clock since its owner was last seen; its owner is seen again
four times in that span. One whose owner died is passed over when the lease is up, and cleared away, with all that its
owner left behind, by the next who gets in.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreLockedError, StoreUnusableError
from aimsgraph.store.reserved import STAGING, STORE, TICKETS_GRAPH
from aimsgraph.store.server import Server
from aimsgraph.vocab import GRAPH

if TYPE_CHECKING:
    from aimsgraph.store.endpoint import Endpoint
    from aimsgraph.store.protocol import Row

#: Seconds for which a ticket is good after its owner was seen.
LEASE: Final = 60.0
#: Seconds to wait for others before giving up.
PATIENCE: Final = 120.0
#: Seconds between two looks at the tickets.
_PAUSE: Final = 0.05
#: So many looks until the tickets have to be seen whole, and so many columns they are seen in.
_READS: Final = 40
_COLUMNS: Final = 4
#: The owner itself stops relying on its ticket after this part of the lease.
_SAFE: Final = 0.75
_SEEN, _LEASE, _STATE, _NUMBER, _OWNER, _STAGES = (
    f"<{STORE}{name}>" for name in ("seen", "lease", "state", "number", "owner", "stages")
)


@dataclass(frozen=True, slots=True)
class Other:
    """The ticket of somebody else, as it was read."""

    node: str
    entering: bool
    number: int | None
    alive: bool
    owner: str
    stages: tuple[str, ...]


class Ticket:
    """The right to write to a server: taken with :meth:`take`, checked within each update, and given back."""

    def __init__(self, endpoint: Endpoint, *, lease: float | None = None) -> None:
        self.token = uuid.uuid4().hex
        self.node = f"{GRAPH}ticket/{self.token}"
        self.number = 0
        self._endpoint = endpoint
        self._server = Server(endpoint)
        self._usual = self._lease = LEASE if lease is None else lease
        self._talk = threading.Lock()
        self._over = threading.Event()
        self._renewed = time.monotonic()
        self._count = 0
        self._staged: set[str] = set()
        self._left = False

    def take(self, *, patience: float | None = None) -> tuple[Other, ...]:
        """Wait for the turn, and return the tickets of the dead, whose owners left things behind.

        :raises StoreLockedError: others write for longer than ``patience`` seconds.
        """
        until = time.monotonic() + (PATIENCE if patience is None else patience)
        self._enter()
        threading.Thread(target=self._keep, daemon=True).start()
        try:
            while True:
                others = self._others()
                before = [other for other in others if other.alive and self._goes_first(other)]
                if not before:
                    return tuple(other for other in others if not other.alive)
                if time.monotonic() > until:
                    raise StoreLockedError(
                        f"Another process is writing to the store at {self._endpoint}: {before[0].owner}.",
                        hint="Wait until it is done.",
                    )
                time.sleep(_PAUSE)
        except BaseException:
            self.give_back()
            raise

    def _goes_first(self, other: Other) -> bool:
        if other.entering:
            return True
        return other.number is not None and (other.number, other.node) < (self.number, self.node)

    def condition(self) -> str:
        """Return the pattern that matches, in one way, while this ticket is good."""
        return f"GRAPH <{TICKETS_GRAPH}> {{ <{self.node}> {_NUMBER} {self.number} ; {_OWNER} {_me()} }}"

    def check(self) -> None:
        """Make sure that the lease is not up, before relying on it.

        :raises StoreLockedError: this process was held up for so long that another may write by now.
        """
        if time.monotonic() - self._renewed > self._lease * _SAFE:
            self._renew()
        if not self._server_says_good():
            raise StoreLockedError(
                f"This process was held up, and lost its turn to write to the store at {self._endpoint}.",
                hint="Nothing was written. Try again.",
            )

    def _server_says_good(self) -> bool:
        with self._talk:
            return self._server.ask(f"ASK {{ {self.condition()} }}")

    def extend(self, seconds: float) -> None:
        """Make the lease so much longer than usual, for a write that the server goes on with when this process dies."""
        self._lease = self._usual + seconds
        self._renew()

    def staging(self) -> ox.NamedNode:
        """Return the name of a new staging graph, noted on the ticket so that it is swept if its owner dies."""
        self._count += 1
        graph = ox.NamedNode(f"{STAGING}{self.token}/{self._count}")
        self._staged.add(graph.value)
        self._tell(f"INSERT DATA {{ GRAPH <{TICKETS_GRAPH}> {{ <{self.node}> {_STAGES} {graph} }} }}")
        return graph

    def clear(self) -> None:
        """Remove the staging graphs; what the server does not remove now is left to the sweep of a later writer."""
        with contextlib.suppress(StoreUnusableError):
            for graph in sorted(self._staged):
                self._drop(graph)
                self._staged.discard(graph)

    def sweep(self, dead: Other) -> None:
        """Clear away what a dead owner left behind, its ticket last."""
        for graph in dead.stages:
            self._drop(graph)
        self._forget(dead.node)

    def _drop(self, graph: str) -> None:
        self._tell(f"DROP SILENT GRAPH <{graph}>")

    def leave(self) -> None:
        """Have the ticket stand until its lease is up, when it is not known what the server still does in its name."""
        self._left = True

    def give_back(self) -> None:
        """Let the next one in. When the server cannot be told, the lease has to end by itself."""
        self._over.set()
        self.clear()
        if self._staged or self._left:
            return
        with contextlib.suppress(StoreUnusableError):
            self._forget(self.node)

    def _forget(self, node: str) -> None:
        pattern = f"GRAPH <{TICKETS_GRAPH}> {{ <{node}> ?p ?o }}"
        self._tell(f"DELETE {{ {pattern} }} WHERE {{ {pattern} }}")

    def _enter(self) -> None:
        mine = f"GRAPH <{TICKETS_GRAPH}> {{ <{self.node}>"
        self._tell(
            f'INSERT {{ {mine} {_SEEN} ?now ; {_LEASE} "{self._lease:g}" ; {_OWNER} {_me()} ; {_STATE} "entering" '
            "} } WHERE { BIND(NOW() AS ?now) }"
        )
        self.number = 1 + max((other.number or 0 for other in self._others()), default=0)
        self._tell(
            f'INSERT DATA {{ {mine} {_NUMBER} {self.number} }} }} ; DELETE DATA {{ {mine} {_STATE} "entering" }} }}'
        )

    def _renew(self) -> None:
        mine = f"GRAPH <{TICKETS_GRAPH}> {{ <{self.node}>"
        asked = time.monotonic()
        self._tell(
            f"DELETE {{ {mine} {_SEEN} ?seen ; {_LEASE} ?lease }} }} "
            f'INSERT {{ {mine} {_SEEN} ?now ; {_LEASE} "{self._lease:g}" }} }} '
            f"WHERE {{ {mine} {_SEEN} ?seen ; {_LEASE} ?lease }} BIND(NOW() AS ?now) }}"
        )
        self._renewed = asked

    def _keep(self) -> None:
        while not self._over.wait(self._usual / 4):
            with contextlib.suppress(StoreUnusableError):
                self._renew()

    def _tell(self, update: str) -> None:
        with self._talk:
            self._server.repeat(update)

    def _tickets(self) -> list[Row]:
        """Return what stands in the graph of tickets, read until it is whole.

        Virtuoso shows a statement that another writer is changing this moment as a row without its value.
        """
        query = f"SELECT ?t ?p ?o ?now WHERE {{ GRAPH <{TICKETS_GRAPH}> {{ ?t ?p ?o }} BIND(NOW() AS ?now) }}"
        for _ in range(_READS):
            with self._talk:
                rows = self._server.rows(query)
            if all(len(row) == _COLUMNS for row in rows):
                return rows
            time.sleep(_PAUSE)
        raise self._endpoint.unusable(
            "it does not show whole the tickets of those who write",
            "Wait until fewer write at once, and try again.",
        )

    def _others(self) -> list[Other]:
        rows = self._tickets()
        tickets: dict[str, dict[str, list[str]]] = {}
        for row in rows:
            if str(row["t"]) != self.node:
                words = tickets.setdefault(str(row["t"]), {})
                words.setdefault(f"<{row['p']}>", []).append(str(row["o"]))
        return [_other(node, words, str(rows[0]["now"])) for node, words in sorted(tickets.items())]


def _other(node: str, words: dict[str, list[str]], now: str) -> Other:
    seen = max((datetime.fromisoformat(when) for when in words.get(_SEEN, ())), default=None)
    lease = max((float(text) for text in words.get(_LEASE, ())), default=0.0)
    return Other(
        node=node,
        entering=_STATE in words,
        number=max((int(text) for text in words.get(_NUMBER, ())), default=None),
        alive=seen is not None and (datetime.fromisoformat(now) - seen).total_seconds() <= lease,
        owner=words.get(_OWNER, ["one that does not say who it is"])[0],
        stages=tuple(words.get(_STAGES, ())),
    )


def _me() -> str:
    return str(ox.Literal(f"process {os.getpid()} on {socket.gethostname()}"))
