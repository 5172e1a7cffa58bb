"""An earlier state of a store, made from the present one by undoing its patches, or from nothing by doing them again.

Whichever of the two is less work is done, on a copy that shares its large files with the store; it is then kept in the
folder ``past/``, so that the next question about the same state finds it there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreUnusableError
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.folder import CHANGESETS, open_for_reading
from aimsgraph.store.history import forget, head_of, quads_of, recorded
from aimsgraph.store.kept import UNREADABLE, place_of
from aimsgraph.store.moment import named
from aimsgraph.store.packs import read_patch
from aimsgraph.store.patch import net, quads_in
from aimsgraph.store.playing import in_union, play
from aimsgraph.store.still import DATABASE, VIEWS, Still, copy_database, is_writable, take

if TYPE_CHECKING:
    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.patch import Replay

#: So many earlier states are kept; the one that was not asked for the longest goes first.
KEPT: Final = 4
_DRAFT: Final = "."
#: After so many seconds a draft was left by a crash.
_ABANDONED: Final = 3600
Chain = list[tuple["Changeset", str]]


def open_past(path: Path, name: str) -> EmbeddedView:
    """Look at a store as it was, named as :func:`aimsgraph.store.moment.named` says.

    :raises UsageError: the name fits no changeset, or several.
    :raises StoreAlteredError: a patch that has to be undone or done is not the one that was written.
    :raises StoreNotFoundError, StoreUnusableError: there is no store that can be read.
    """
    now = open_for_reading(path)
    chain = recorded(now.store)
    number, hash_ = named([changeset for changeset, _ in chain], name)
    if number == len(chain):
        return EmbeddedView(now.store, hash_, now.location, now)
    try:
        place = place_of(path, hash_)
        make = _keep if is_writable(place.parent) else _aside
        then = _kept(place, path / VIEWS, (number, hash_)) or make(place, path, now, chain, number)
    except OSError as error:
        raise StoreUnusableError(
            f"The state of the store at {path} as of {name} could not be made: {error.strerror or error}.",
            hint="Check the space on the disk and the folder's permissions.",
        ) from error
    return EmbeddedView(then.store, hash_, then.location, then)


def _kept(place: Path, views: Path, head: tuple[int, str]) -> Still | None:
    """Open a state that was made before; None where there is none, or one that is damaged or being taken away."""
    if not place.exists():
        return None
    try:
        with suppress(PermissionError):  # whoever may not write does not say what is to be kept
            os.utime(place)
        then = take(place, views)
        if head_of(then.store) == head:
            return then
    except UNREADABLE:
        pass
    _drop(place)
    return None


def _keep(place: Path, path: Path, now: Still, chain: Chain, number: int) -> Still:
    with tempfile.TemporaryDirectory(prefix=_DRAFT, dir=place.parent, ignore_cleanup_errors=True) as folder:
        draft = Path(folder)
        draft.chmod(place.parent.stat().st_mode & 0o777)
        _make(draft, path / CHANGESETS, now, chain, number)
        # Opened before others see it, who may soon need the room for other states.
        then = take(draft, path / VIEWS)
        if then.location != draft:
            with suppress(OSError):  # another process was quicker
                draft.rename(place)
        else:
            del then
            draft.rename(place)
            then = take(place, path / VIEWS)
    _forget_oldest(place.parent)
    return then


def _aside(_place: Path, path: Path, now: Still, chain: Chain, number: int) -> Still:
    """Make a state that only its view has, where the store may be read and not written."""
    folder = Path(tempfile.mkdtemp(prefix="aimsgraph-"))
    try:
        _make(folder, path / CHANGESETS, now, chain, number)
        then = Still(ox.Store.read_only(str(folder / DATABASE)), folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(then, shutil.rmtree, folder, ignore_errors=True)
    return then


def _make(draft: Path, patches: Path, now: Still, chain: Chain, number: int) -> None:
    """Fill a folder with the database of a state, from the present one or from nothing, whichever is less work."""
    later, earlier = chain[number:], chain[:number]
    patch = partial(read_patch, patches)
    if _work(later) <= _work(earlier):
        copy_database(now.location / DATABASE, draft / DATABASE)
        store = ox.Store(draft / DATABASE)
        undone = net(patch, later)
        play(store, removed=quads_in(undone.added), added=quads_in(undone.removed))
        forget(store, number)
    else:
        store = from_nothing(ox.Store(draft / DATABASE), net(patch, earlier), earlier)
    store.flush()


def from_nothing(store: ox.Store, replay: Replay, chain: Chain) -> ox.Store:
    """Fill an empty database with what changesets come to, the union of it, and their records, and return it.

    :raises OSError: the disk is full or the folder cannot be written.
    """
    quads = quads_in(replay.added)
    store.bulk_extend(quads)
    store.bulk_extend(map(in_union, quads))
    store.bulk_extend(quad for changeset, patch in chain for quad in quads_of(changeset, patch))
    return store


def _work(chain: Chain) -> int:
    return sum(changeset.added + changeset.removed for changeset, _ in chain)


def _forget_oldest(folder: Path) -> None:
    aged: list[tuple[float, Path]] = []
    for place in folder.iterdir():
        with suppress(FileNotFoundError):  # another process has forgotten it
            aged.append((place.stat().st_mtime, place))
    states = [place for _, place in sorted(aged) if not place.name.startswith(_DRAFT)]
    for place in states[:-KEPT]:
        _drop(place)
    for age, place in aged:
        if place not in states and time() - age > _ABANDONED:
            shutil.rmtree(place, ignore_errors=True)


def _drop(place: Path) -> None:
    """Take a state away at once, so that being killed meanwhile leaves no half of it in its place."""
    with (
        suppress(OSError),
        tempfile.TemporaryDirectory(prefix=_DRAFT, dir=place.parent, ignore_cleanup_errors=True) as folder,
    ):
        place.rename(Path(folder) / place.name)
