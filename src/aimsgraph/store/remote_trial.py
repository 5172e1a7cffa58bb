"""A trial of a store on a server: a copy of it in a folder of this machine, which is thrown away."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreUnusableError
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.excerpt import Excerpt
from aimsgraph.store.folder import create
from aimsgraph.store.recording import moved
from aimsgraph.store.remote_history import head_at
from aimsgraph.store.remote_manifest import check_format
from aimsgraph.store.server import Server
from aimsgraph.store.still import DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.store.endpoint import Endpoint

#: The most statements that are copied.
MOST: Final = 10_000_000


@contextmanager
def remote_trial(endpoint: Endpoint, head: str | None = None) -> Iterator[Path]:
    """Make, for the length of a ``with`` block, a store in a folder that begins as the one on a server is now.

    It has no patches of what was before. ``head`` is the changeset that must be the newest.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: it cannot be copied.
    :raises StoreMovedError: somebody wrote meanwhile, or since ``head``.
    :raises LimitExceededError: it is too large to be copied.
    """
    server = Server(endpoint)
    check_format(server)
    with tempfile.TemporaryDirectory(prefix="aimsgraph-trial-", ignore_cleanup_errors=True) as folder:
        place = Path(folder, "trial.store")
        before = head_at(server)
        create(place, now=datetime.now(UTC))
        try:
            _copy(server, place)
        except OSError as error:
            raise StoreUnusableError(
                f"No trial can be made of the store at {endpoint}: {error.strerror or error}.",
                hint="Check the space in the folder for temporary files (TMPDIR).",
            ) from error
        if head_at(server) != before or head not in (None, before[1]):
            raise moved()
        yield place


def _copy(server: Server, place: Path) -> None:
    copy = ox.Store(place / DATABASE)
    Excerpt(server, EmbeddedView(copy, "none"), MOST).fetch_all(history=True)
    copy.flush()
