"""Where a store is: a folder, or a server at an address or described by a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aimsgraph.errors import UsageError
from aimsgraph.store.embedded import open_view
from aimsgraph.store.endpoint import Endpoint, is_address
from aimsgraph.store.remote import open_remote
from aimsgraph.store.server_file import read_server

if TYPE_CHECKING:
    from aimsgraph.store.protocol import View


def place(named: str | Path) -> Path | Endpoint:
    """Return the folder or the server that a path or an address names; a file that ends in .toml describes a server.

    :raises ServerFileError: such a file has faults.
    """
    if is_address(named):
        return Endpoint(str(named))
    path = Path(named)
    return read_server(path) if path.suffix == ".toml" and not path.is_dir() else path


def open_place(where: Path | Endpoint) -> View:
    """Look at the store as it is now.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: there is no store that can be read.
    """
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
