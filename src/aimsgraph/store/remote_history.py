"""The history of a store on a server: its newest changeset, and its records copied for the code that reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreAlteredError
from aimsgraph.store.history import EMPTY, HASH, NUMBER, SOURCED, made_from
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from aimsgraph.store.server import Server

_HISTORY: Final = ox.NamedNode(HISTORY_GRAPH)


def head_at(server: Server) -> tuple[int, str]:
    """Return the number and the hash of the newest changeset; 0 and a fixed hash when there is none.

    :raises StoreAlteredError: a record is missing, or two writers wrote the same number.
    """
    (row,) = server.rows(
        "SELECT (COUNT(*) AS ?count) (MAX(?n) AS ?newest) "
        f"WHERE {{ GRAPH {_HISTORY} {{ ?changeset <{NUMBER}> ?n }} }}"
    )
    count = int(str(row["count"]))
    if count == 0:
        return 0, EMPTY
    newest = int(str(row["newest"]))
    found = hashes_of(server, newest - 1).get(newest, set())
    if newest != count or len(found) != 1:
        raise StoreAlteredError(
            f"The history at {server.endpoint} is not one chain: it counts {count} changesets, the newest is number "
            f"{newest}, and {len(found)} changesets have that number.",
            hint="Nothing can be written until it is put right. What is wrong says: aimsgraph verify",
        )
    return newest, found.pop()


def hashes_of(server: Server, after: int) -> dict[int, set[str]]:
    """Return the hashes of the changesets with a number above ``after``: one each, unless the history has two ends."""
    found: dict[int, set[str]] = {}
    for row in server.rows(
        f"SELECT ?n ?hash WHERE {{ GRAPH {_HISTORY} {{ ?changeset <{NUMBER}> ?n ; <{HASH}> ?hash }} "
        f"FILTER(?n > {after}) }}"
    ):
        found.setdefault(int(str(row["n"])), set()).add(str(row["hash"]))
    return found


def records_at(server: Server) -> ox.Store:
    """Copy the history graph to a store in memory."""
    copy = ox.Store()
    copy.bulk_extend(server.content(_HISTORY))
    return copy


def sources_at(server: Server) -> dict[str, str]:
    """Return for each graph the SHA-256 of the source that it was last written from."""
    graph, number, source = (f"<{prop}>" for prop in SOURCED)
    fields = f"?changeset {graph} ?graph ; {number} ?number ; {source} ?source"
    copy = ox.Store()
    copy.extend(
        ox.Quad(triple.subject, triple.predicate, triple.object, _HISTORY)
        for triple in server.construct(
            f"CONSTRUCT {{ {fields} }} WHERE {{ GRAPH {_HISTORY} {{ {fields} }} }}"
        )
    )
    return made_from(copy)
