"""Where a store is: a folder, a server at an address or described by a file, or the memory of this process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, overload

from aimsgraph.errors import UsageError
from aimsgraph.store import folder, upkeep, writer
from aimsgraph.store.embedded import EmbeddedView, open_view
from aimsgraph.store.endpoint import Endpoint, is_address
from aimsgraph.store.history import head_of, recorded
from aimsgraph.store.memory_store import Memory, open_memory_past
from aimsgraph.store.memory_writer import MemoryWriter, open_memory_writer
from aimsgraph.store.past import open_past
from aimsgraph.store.remote import UNVERSIONED, RemoteView, open_remote
from aimsgraph.store.remote_history import head_at, records_at
from aimsgraph.store.remote_manifest import check_format, make_manifest, manifest_at
from aimsgraph.store.remote_past import open_remote_past
from aimsgraph.store.remote_trial import remote_trial
from aimsgraph.store.remote_writer import RemoteWriter, open_remote_writer, turn
from aimsgraph.store.server import Server
from aimsgraph.store.server_file import read_server

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.archive import Place
    from aimsgraph.store.folder import Manifest
    from aimsgraph.store.protocol import View, Writer


@overload
def place(named: str | Path) -> Path | Endpoint: ...
@overload
def place(named: str | Path | Memory) -> Place: ...
def place(named: str | Path | Memory) -> Place:
    """Return the folder or the server that a path or an address names; a file that ends in .toml describes a server.

    A memory is its own name.

    :raises ServerFileError: such a file has faults.
    """
    if isinstance(named, Memory):
        return named
    if is_address(named):
        return Endpoint(str(named))
    path = Path(named)
    return read_server(path) if path.suffix == ".toml" and not path.is_dir() else path


def open_place(where: Place, as_of: str | None = None) -> View:
    """Look at the store as it is now, or as it was: see :func:`aimsgraph.store.moment.named`.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: there is no store that can be read.
    :raises UsageError: the name of the moment fits no changeset, or several.
    :raises StoreAlteredError: the history that leads there was altered.
    """
    if isinstance(where, Memory):
        return where.view() if as_of is None else open_memory_past(where, as_of)
    if as_of is not None:
        return open_remote_past(where, as_of) if isinstance(where, Endpoint) else open_past(where, as_of)
    return open_remote(where) if isinstance(where, Endpoint) else open_view(where)


@overload
def open_writer(where: Path, *, patience: float = ...) -> AbstractContextManager[writer.Writer]: ...
@overload
def open_writer(where: Endpoint, *, patience: float = ...) -> AbstractContextManager[RemoteWriter]: ...
@overload
def open_writer(
    where: Path | Endpoint, *, patience: float = ...
) -> AbstractContextManager[writer.Writer | RemoteWriter]: ...
@overload
def open_writer(where: Memory, *, patience: float = ...) -> AbstractContextManager[MemoryWriter]: ...
@overload
def open_writer(where: Place, *, patience: float = ...) -> AbstractContextManager[Writer]: ...
def open_writer(where: Place, *, patience: float = 0.0) -> AbstractContextManager[Writer]:
    """Open the store for writing, for the length of a ``with`` block.

    While another writer is at work in a folder it is waited for ``patience`` seconds; a server has its own patience.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: it cannot be written.
    :raises StoreLockedError: another writer is at work; on a server, for longer than one waits for one's turn.
    """
    if isinstance(where, Memory):
        return open_memory_writer(where)
    return (
        open_remote_writer(where)
        if isinstance(where, Endpoint)
        else writer.open_writer(where, patience=patience)
    )


def create(where: Place, *, now: datetime, evidence_root: Path | None = None) -> None:
    """Make an empty store in a new (or empty) folder, on a server whose default graph is empty, or in memory.

    A folder remembers an ``evidence_root`` beside it relative to it, so that both can be moved together.

    :raises StoreExistsError: something stands there already.
    :raises StoreUnusableError: the folder or the server cannot be written.
    """
    if isinstance(where, Path):
        folder.create(where, now=now, evidence_root=evidence_root)
        return
    if isinstance(where, Memory):
        where.create(now=now, evidence_root=evidence_root)
        return
    with turn(where):
        make_manifest(Server(where), now=now, evidence_root=evidence_root)


def trial(where: Place, view: View | None = None) -> AbstractContextManager[Path]:
    """Make, for the length of a ``with`` block, a store in a folder that begins as this one and is thrown away.

    It begins as in ``view`` where one is given, else as now. It has no patches of what was before.

    :raises UsageError: the store is in memory.
    :raises StoreUnusableError: it cannot be copied.
    :raises StoreMovedError: a server holds another state than the view shows.
    :raises LimitExceededError: a server holds too much.
    """
    if isinstance(where, Endpoint):
        shown = None if view is None or view.snapshot == UNVERSIONED else view.snapshot
        return remote_trial(where, shown)
    return upkeep.trial(folder_at(where), view if isinstance(view, EmbeddedView) else None)


def manifest(where: Place) -> Manifest:
    """Read what a store says of itself.

    :raises StoreNotFoundError: there is no store; a server may still be read.
    :raises StoreTooNewError: a later version of aimsgraph wrote it.
    :raises StoreUnusableError: the manifest is damaged or may not be read.
    """
    if isinstance(where, Memory):
        return where.manifest
    return check_format(Server(where)) if isinstance(where, Endpoint) else folder.manifest(where)


def evidence_root(where: Place) -> Path | None:
    """Return the folder to which the locations of evidence are relative, where the store remembers one."""
    if not isinstance(where, Endpoint):
        return manifest(where).evidence_root
    found = manifest_at(Server(where))
    return found.evidence_root if found is not None else None


def changesets(view: View) -> list[Changeset]:
    """Return every changeset up to the view's snapshot, oldest first.

    :raises UsageError: the view is not that of a store.
    """
    if isinstance(view, RemoteView):
        return [changeset for changeset, _ in recorded(records_at(Server(view.endpoint)))]
    if not isinstance(view, EmbeddedView):
        raise UsageError("Only a store has a history that can be read.")
    return [changeset for changeset, _ in recorded(view.store)]


def newest_number(view: View) -> int:
    """Return the number of the changeset that a view shows; of a server's, that which a trial of it has.

    :raises UsageError: the view is not that of a store.
    """
    if isinstance(view, RemoteView):
        return head_at(Server(view.endpoint))[0]
    if not isinstance(view, EmbeddedView):
        raise UsageError("Only a store has a history that can be read.")
    return head_of(view.store)[0]


def folder_at(where: Place) -> Path:
    """Return the folder of a store.

    :raises UsageError: it is on a server, or in memory.
    """
    if isinstance(where, Memory):
        raise UsageError(
            "A store in memory has no folder.",
            hint='Keep it in one first: aimsgraph.restore(graph.place, "aims.store").',
        )
    if isinstance(where, Endpoint):
        raise UsageError("A store on a server has no folder.", hint="Name one with --store PATH.")
    return where
