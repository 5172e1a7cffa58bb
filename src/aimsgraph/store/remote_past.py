"""An earlier state of a store on a server: its patches done again in a folder of this machine."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aimsgraph.errors import StoreUnusableError
from aimsgraph.store.archive import archive_of
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.history import recorded
from aimsgraph.store.moment import named
from aimsgraph.store.past import from_nothing
from aimsgraph.store.patch import net
from aimsgraph.store.still import DATABASE

if TYPE_CHECKING:
    from aimsgraph.store.endpoint import Endpoint


def open_remote_past(endpoint: Endpoint, name: str) -> EmbeddedView:
    """Look at a store on a server as it was, named as :func:`aimsgraph.store.moment.named` says.

    All patches up to there are fetched, and the state is made in a folder for temporary files.

    :raises UsageError: the name fits no changeset, or several.
    :raises StoreAlteredError: a patch is missing, or is not the one that was written.
    :raises StoreUnusableError: the server does not answer, or the disk is full.
    """
    archive = archive_of(endpoint)
    chain = recorded(archive.records())
    number, hash_ = named([changeset for changeset, _ in chain], name)
    earlier = chain[:number]
    played = net(archive.patch, earlier)
    folder = Path(tempfile.mkdtemp(prefix="aimsgraph-past-"))
    try:
        store = from_nothing(ox.Store(folder / DATABASE), played, earlier)
        store.flush()
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        raise StoreUnusableError(
            f"The state of the store at {endpoint} as of {name} could not be made: {error.strerror or error}.",
            hint="Check the space in the folder for temporary files (TMPDIR).",
        ) from error
    view = EmbeddedView(store, hash_, folder)
    weakref.finalize(view, shutil.rmtree, folder, ignore_errors=True)
    return view
