"""Where a store is: a folder, or a server at an address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aimsgraph.errors import UsageError
from aimsgraph.store.embedded import open_view
from aimsgraph.store.endpoint import Endpoint, is_address
from aimsgraph.store.past import open_past
from aimsgraph.store.remote import open_remote

if TYPE_CHECKING:
    from aimsgraph.store.protocol import View


def place(named: str | Path) -> Path | Endpoint:
    """Return the folder or the server that a path or an address names."""
    return Endpoint(str(named)) if is_address(named) else Path(named)


def open_place(where: Path | Endpoint, as_of: str | None = None) -> View:
    """Look at the store as it is now, or as it was: see :func:`aimsgraph.store.moment.named`.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: there is no store that can be read.
    :raises UsageError: the name of the moment fits no changeset or several, or the store is on a server.
    :raises StoreAlteredError: the history that leads there was altered.
    """
    if as_of is not None:
        return open_past(folder_at(where), as_of)
    return open_remote(where) if isinstance(where, Endpoint) else open_view(where)


def folder_at(where: Path | Endpoint) -> Path:
    """Return the folder of a store.

    :raises UsageError: it is on a server, which is only read.
    """
    if isinstance(where, Endpoint):
        raise UsageError(
            f"The server at {where} can only be read: changes and their history need a store in a folder.",
            hint="Name one with --store PATH, and load what it holds into the server.",
        )
    return where
