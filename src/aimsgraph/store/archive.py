"""The history of a store and its patches, for those who read it: in a folder, on a server or in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import pyoxigraph as ox

from aimsgraph.store.endpoint import Endpoint
from aimsgraph.store.folder import CHANGESETS, FORMAT, manifest, open_for_reading
from aimsgraph.store.kept import kept_states
from aimsgraph.store.memory_store import Memory, MemoryArchive
from aimsgraph.store.packs import checked, newest, read_patch
from aimsgraph.store.remote_history import head_at, records_at
from aimsgraph.store.remote_manifest import manifest_at, union_by_itself
from aimsgraph.store.remote_patch import read_parts
from aimsgraph.store.server import Server
from aimsgraph.vocab import GRAPH, HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aimsgraph.store.kept import Kept
    from aimsgraph.store.still import Still

_DEFAULT: Final = ox.DefaultGraph()


class Archive(Protocol):
    """What a store remembers, and what it holds."""

    def records(self) -> ox.Store:
        """Return a store in whose history graph all records are."""

    def content(self) -> ox.Store:
        """Return a store with all that is in this one: history, named graphs and their union."""

    def patch(self, number: int, sha256: str | None = None) -> bytes:
        """Return the text of the patch of a changeset, which must have a SHA-256 where one is given.

        :raises StoreAlteredError: it is missing or damaged, or another one.
        """

    def kept(self, heads: Iterable[str], /) -> dict[str, Kept]:
        """Return those of the earlier states with these heads that are kept to be looked at again.

        :raises OSError: they may not be read.
        """

    def newest(self) -> int:
        """Return the number of the newest patch, found cheaply; its changeset may yet fail."""

    def layout(self) -> int:
        """Return the format of the store."""


#: Where a store is: a folder, a server, or the memory of this process.
Place: TypeAlias = "Path | Endpoint | Memory"


def archive_of(place: Place) -> Archive:
    """Return the archive of a store."""
    if isinstance(place, Memory):
        return MemoryArchive(place)
    return ServerArchive(place) if isinstance(place, Endpoint) else FolderArchive(place)


class FolderArchive:
    """The archive of a store in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._still: Still | None = None

    def records(self) -> ox.Store:
        """Return the store, opened for reading as it was when first asked."""
        if self._still is None:
            self._still = open_for_reading(self._path)
        return self._still.store

    def content(self) -> ox.Store:
        """Return the same store."""
        return self.records()

    def patch(self, number: int, sha256: str | None = None) -> bytes:
        """Return the text of the patch of a changeset."""
        return read_patch(self._path / CHANGESETS, number, sha256)

    def kept(self, heads: Iterable[str], /) -> dict[str, Kept]:
        """Return those of the states with these heads that lie in the folder."""
        return kept_states(self._path, heads)

    def newest(self) -> int:
        """Return the number of the newest patch: a look at the names of files."""
        return newest(self._path / CHANGESETS)

    def layout(self) -> int:
        """Return the format of the store, as its manifest says."""
        return manifest(self._path).format


class ServerArchive:
    """The archive of a store on a server."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._server = Server(endpoint)
        self._records: ox.Store | None = None

    def records(self) -> ox.Store:
        """Return a copy of the history."""
        if self._records is None:
            self._records = records_at(self._server)
        return self._records

    def content(self) -> ox.Store:
        """Return a copy of all that is on the server, in memory; where it makes the union by itself, so does the copy.

        There, graphs that no patch names are the server's own, as Virtuoso has some, unless their names are ours.
        """
        copy = ox.Store()
        makes_union = union_by_itself(self._server)
        known = self._named() if makes_union else set()
        for graph in self._server.view.graphs():
            if graph != HISTORY_GRAPH and (not makes_union or graph in known or graph.startswith(GRAPH)):
                copy.bulk_extend(self._server.content(ox.NamedNode(graph)))
        if makes_union:
            copy.bulk_extend([ox.Quad(quad.subject, quad.predicate, quad.object) for quad in copy])
        else:
            copy.bulk_extend(self._server.content(_DEFAULT))
        copy.bulk_extend(iter(self.records()))
        return copy

    def _named(self) -> set[str]:
        """Return the graphs that patches name."""
        found: set[bytes] = set()
        for number in range(1, self.newest() + 1):
            found.update(line.rsplit(b" ", 2)[1] for line in self.patch(number).split(b"\n")[:-1])
        return {graph[1:-1].decode() for graph in found}

    def patch(self, number: int, sha256: str | None = None) -> bytes:
        """Return the text of the patch of a changeset."""
        return checked(read_parts(self._server, number), number, sha256)

    def kept(self, _heads: Iterable[str], /) -> dict[str, Kept]:
        """Return none: what was on a server is made anew for each who looks, on his machine."""
        return {}

    def newest(self) -> int:
        """Return the number of the newest changeset."""
        return head_at(self._server)[0]

    def layout(self) -> int:
        """Return the format of the store, as its manifest says; that of this program for a copy without one."""
        found = manifest_at(self._server)
        return FORMAT if found is None else found.format
