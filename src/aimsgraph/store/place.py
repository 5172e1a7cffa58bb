"""Where a store is: a folder, or a server at an address or described by a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, overload

from aimsgraph.errors import UsageError
from aimsgraph.store import folder, upkeep, writer
from aimsgraph.store.embedded import EmbeddedView, open_view
from aimsgraph.store.endpoint import Endpoint, is_address
from aimsgraph.store.history import recorded
from aimsgraph.store.past import open_past
from aimsgraph.store.remote import UNVERSIONED, RemoteView, open_remote
from aimsgraph.store.remote_history import records_at
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
    from aimsgraph.store.folder import Manifest
    from aimsgraph.store.protocol import View


def place(named: str | Path) -> Path | Endpoint:
    """Return the folder or the server that a path or an address names; a file that ends in .toml describes a server.

    :raises ServerFileError: such a file has faults.
    """
    if is_address(named):
        return Endpoint(str(named))
    path = Path(named)
    return read_server(path) if path.suffix == ".toml" and not path.is_dir() else path


def open_place(where: Path | Endpoint, as_of: str | None = None) -> View:
    """Look at the store as it is now, or as it was: see :func:`aimsgraph.store.moment.named`.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: there is no store that can be read.
    :raises UsageError: the name of the moment fits no changeset, or several.
    :raises StoreAlteredError: the history that leads there was altered.
    """
    if as_of is not None:
        return open_remote_past(where, as_of) if isinstance(where, Endpoint) else open_past(where, as_of)
    return open_remote(where) if isinstance(where, Endpoint) else open_view(where)


@overload
def open_writer(where: Path) -> AbstractContextManager[writer.Writer]: ...
@overload
def open_writer(where: Endpoint) -> AbstractContextManager[RemoteWriter]: ...
@overload
def open_writer(where: Path | Endpoint) -> AbstractContextManager[writer.Writer | RemoteWriter]: ...
def open_writer(where: Path | Endpoint) -> AbstractContextManager[writer.Writer | RemoteWriter]:
    """Open the store for writing, for the length of a ``with`` block.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: it cannot be written.
    :raises StoreLockedError: another writer is at work; on a server, for longer than one waits for one's turn.
    """
    return open_remote_writer(where) if isinstance(where, Endpoint) else writer.open_writer(where)


def create(where: Path | Endpoint, *, now: datetime, evidence_root: Path | None = None) -> None:
    """Make an empty store in a new (or empty) folder, or on a server whose default graph is empty.

    A folder remembers an ``evidence_root`` beside it relative to it, so that both can be moved together.

    :raises StoreExistsError: something stands there already.
    :raises StoreUnusableError: the folder or the server cannot be written.
    """
    if isinstance(where, Path):
        folder.create(where, now=now, evidence_root=evidence_root)
        return
    with turn(where):
        make_manifest(Server(where), now=now, evidence_root=evidence_root)


def trial(where: Path | Endpoint, view: View | None = None) -> AbstractContextManager[Path]:
    """Make, for the length of a ``with`` block, a store in a folder that begins as this one and is thrown away.

    It begins as in ``view`` where one is given, else as now. It has no patches of what was before.

    :raises StoreUnusableError: it cannot be copied.
    :raises StoreMovedError: a server holds another state than the view shows.
    :raises LimitExceededError: a server holds too much.
    """
    if isinstance(where, Endpoint):
        shown = None if view is None or view.snapshot == UNVERSIONED else view.snapshot
        return remote_trial(where, shown)
    return upkeep.trial(where, view if isinstance(view, EmbeddedView) else None)


def manifest(where: Path | Endpoint) -> Manifest:
    """Read what a store says of itself.

    :raises StoreNotFoundError: there is no store; a server may still be read.
    :raises StoreTooNewError: a later version of aimsgraph wrote it.
    :raises StoreUnusableError: the manifest is damaged or may not be read.
    """
    return check_format(Server(where)) if isinstance(where, Endpoint) else folder.manifest(where)


def evidence_root(where: Path | Endpoint) -> Path | None:
    """Return the folder to which the locations of evidence are relative, where the store remembers one."""
    if isinstance(where, Path):
        return folder.manifest(where).evidence_root
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


def folder_at(where: Path | Endpoint) -> Path:
    """Return the folder of a store.

    :raises UsageError: it is on a server.
    """
    if isinstance(where, Endpoint):
        raise UsageError(
            f"The store at {where} is on a server: it has no folder.", hint="Name one with --store PATH."
        )
    return where
