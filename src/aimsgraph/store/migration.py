"""Brings a store of an older format to the present one.

Each step may be cut short and done again: it leaves what is done already as it is, and only then does the manifest name
the next format. What earlier programs read stays where it was until a step is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreUnusableError
from aimsgraph.store.folder import FORMAT, manifest, open_for_writing, set_format
from aimsgraph.store.history import quads_of, recorded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyoxigraph as ox


def open_migrated(path: Path) -> ox.Store:
    """Open the database of a store as its one writer, in the present format.

    :raises StoreLockedError: another writer has it.
    :raises StoreUnusableError: it is damaged or the folder cannot be written.
    """
    store = open_for_writing(path)
    layout = manifest(path).format
    try:
        while layout < FORMAT:
            _STEPS[layout](store)
            layout += 1
            set_format(path, layout)
    except OSError as error:
        raise StoreUnusableError(
            f"The store at {path} could not be brought to format {FORMAT}: {error.strerror or error}.",
            hint="Check the space on the disk and the folder's permissions, and try again: nothing is lost.",
        ) from error
    return store


def _name_agents(store: ox.Store) -> None:
    """Format 2 names the author of each changeset as an agent of PROV, and may keep many patches in one file."""
    store.extend(quad for changeset, patch in recorded(store) for quad in quads_of(changeset, patch))
    store.flush()


#: Format → the step that leads to the next one.
_STEPS: Final[dict[int, Callable[[ox.Store], None]]] = {1: _name_agents}
