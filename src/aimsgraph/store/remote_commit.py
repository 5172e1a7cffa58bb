"""What a commit does to a server, and the one update that does all of it, if the head is still the expected one."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreUnusableError
from aimsgraph.store.history import HASH, NUMBER, node_of
from aimsgraph.store.terms import normalised
from aimsgraph.store.transaction import data_block
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aimsgraph.store.remote_lock import Ticket
    from aimsgraph.store.server import Server

#: Up to so many quads are written out in the update itself; more are staged first.
INLINE: Final = 2000
_UNKEPT: Final = "Nothing was written. Keep such values as texts, or the store elsewhere (docs/servers.md)."


@dataclass(slots=True)
class Write:
    """The quads of one commit.

    ``added`` and ``removed`` are content; ``lost`` leaves the union, written out in the default graph; ``kept`` is
    what the store keeps for itself: records and patches.
    """

    added: list[ox.Quad]
    removed: list[ox.Quad]
    lost: list[ox.Quad] = field(default_factory=list)
    kept: list[ox.Quad] = field(default_factory=list)
    writes_union: bool = True

    @property
    def is_small(self) -> bool:
        """Whether it can be written out in one update."""
        return len(self) <= INLINE

    def __len__(self) -> int:
        return (1 + self.writes_union) * len(self.added) + len(self.removed) + len(self.lost) + len(self.kept)


def expected_head(number: int, head: str) -> str:
    """Return the pattern that matches once while a changeset is the newest one (number 0: while there is none)."""
    if number == 0:
        return f"FILTER NOT EXISTS {{ GRAPH <{HISTORY_GRAPH}> {{ ?any <{NUMBER}> ?number }} }}"
    return (
        f'GRAPH <{HISTORY_GRAPH}> {{ {node_of(number)} <{HASH}> ?head FILTER(STR(?head) = "{head}") }} '
        f"FILTER NOT EXISTS {{ GRAPH <{HISTORY_GRAPH}> {{ {node_of(number + 1)} ?p ?o }} }}"
    )


def small_update(write: Write, condition: str) -> str:
    """Write out a commit of few quads as one update."""
    union = (ox.Quad(quad.subject, quad.predicate, quad.object) for quad in write.added)
    gone = data_block(chain(write.removed, write.lost))
    new = data_block(chain(write.added, union if write.writes_union else (), write.kept))
    delete = f"DELETE {{\n{gone}}} " if gone else ""
    return f"{delete}INSERT {{\n{new}}} WHERE {{ {condition} }}"


def staged_update(
    write: Write,
    condition: str,
    server: Server,
    ticket: Ticket,
    progress: Callable[[int, int], None] | None = None,
) -> str:
    """Bring a commit of many quads to staging graphs of the ticket, and return the update that moves them.

    :raises StoreUnusableError: the server did not take all of it.
    """
    staging = _Staging(server, ticket, len(write), progress)
    for graph, quads in _by_graph(write.added).items():
        staging.bring(quads, "a", graph)
    for graph, quads in _by_graph(write.kept).items():
        staging.bring(quads, "k", graph)
    for graph, quads in _by_graph(write.removed).items():
        staging.bring(quads, "r", graph)
    if write.lost:
        staging.bring(write.lost, "l", None)
    union = " ?as ?ap ?ao ." if write.writes_union else ""
    lost = " ?ls ?lp ?lo ." if write.writes_union else ""
    return (
        f"DELETE {{ GRAPH ?rg {{ ?rs ?rp ?ro }}{lost} }} "
        f"INSERT {{ GRAPH ?ag {{ ?as ?ap ?ao }} GRAPH ?kg {{ ?ks ?kp ?ko }}{union} }} "
        f"WHERE {{ {{ SELECT ?head WHERE {{ {condition} }} }} {{ {' UNION '.join(staging.branches)} }} }}"
    )


class _Staging:
    """Graphs on the server where quads wait for the update that moves them."""

    def __init__(
        self,
        server: Server,
        ticket: Ticket,
        total: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.branches: list[str] = []
        self._server, self._ticket = server, ticket
        self._total, self._done, self._progress = total, 0, progress

    def bring(self, quads: list[ox.Quad], kind: str, target: ox.NamedNode | None) -> None:
        graph = self._ticket.staging()
        self._server.add(graph, self._told(quads))
        if (came := self._server.count(graph)) != len(quads):
            raise StoreUnusableError(
                f"The server at {self._server.endpoint} was sent {len(quads)} triples and holds {came} of them.",
                hint="Nothing was written. See the server's log; it may have a limit.",
            )
        if self._server.profile.staged:
            self._compare(graph, quads)
        place = f" BIND({target} AS ?{kind}g)" if target is not None else ""
        self.branches.append(f"{{ GRAPH {graph} {{ ?{kind}s ?{kind}p ?{kind}o }}{place} }}")

    def _compare(self, graph: ox.NamedNode, quads: list[ox.Quad]) -> None:
        """Make sure that the server holds what it was sent, and not something like it."""
        held = {quad.triple for quad in self._server.content(graph)}
        for quad in normalised(quads):
            if quad.triple not in held:
                raise StoreUnusableError(
                    f"The server at {self._server.endpoint} does not keep this as it was sent: {quad.triple}",
                    hint=_UNKEPT,
                )

    def _told(self, quads: Iterable[ox.Quad]) -> Iterable[ox.Triple]:
        for quad in normalised(quads):
            if self._progress is not None and self._done % 10_000 == 0:
                self._progress(min(self._done, self._total), self._total)
            self._done += 1
            yield quad.triple


def _by_graph(quads: Iterable[ox.Quad]) -> dict[ox.NamedNode, list[ox.Quad]]:
    found: dict[ox.NamedNode, list[ox.Quad]] = {}
    for quad in quads:
        found.setdefault(quad.graph_name, []).append(quad)  # type: ignore[arg-type]
    return found
