"""The dependencies of a store in a folder, kept there from one process to the next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph import store, trace

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.store import View

#: Fewer edges are read anew as quickly as they are found on the disk.
FEWEST_KEPT: Final = 20_000
#: After so many changed statements what was kept is written anew, so that the next process has less to bring in.
MOST_BEHIND: Final = 500
_NAME: Final = "dependencies"


def found(view: View, place: store.Place, day: date) -> trace.Projection | None:
    """Return the dependencies of the newest state from what is kept, brought up to date; None where that cannot be.

    What is kept is trusted as the database beside it is: whoever can write one can write the other.
    """
    if not isinstance(place, Path) or not store.is_newest(place, view):
        return None
    old = _read(place)
    new, behind = (None, 0) if old is None else _renewed(old, view, place, day)
    if new is not None and behind > MOST_BEHIND:
        keep(new, view, place)
    return new


def keep(projection: trace.Projection, view: View, place: store.Place) -> bool:
    """Keep the dependencies of the newest state where that saves the next process time; say whether they are kept."""
    if not isinstance(place, Path) or len(projection.source) <= FEWEST_KEPT:
        return False
    if not store.is_newest(place, view):
        return False
    return store.keep(place, _NAME, projection.nbytes, lambda file: trace.write(projection, file))


def fault(place: store.Place) -> str | None:
    """Say what is wrong with what is kept, where a question to the newest state would use it."""
    old = _read(place) if isinstance(place, Path) else None
    if old is None:
        return None
    view = store.open_place(place)
    used, _ = _renewed(old, view, place, old.today)
    if used is None or _same(used, trace.project(view, today=old.today)):
        return None
    return (
        f"In {store.DERIVED}/{_NAME}, which is kept to answer more quickly: it has other dependencies than the store. "
        "Remove that folder: it is made anew when it is needed."
    )


def _renewed(
    old: trace.Projection, view: View, place: store.Place, day: date
) -> tuple[trace.Projection | None, int]:
    """Return what is kept, brought up to date if that can be done, and how many statements it was behind."""
    changed = None
    if old.holds_on(day):
        changed = store.changes_since(place, old.snapshot, view, most=trace.MOST_RENEWED)
    if changed is None:
        return None, 0
    return trace.renewed(view, old.known_as(old.snapshot, day), changed), len(changed)


def _read(place: Path) -> trace.Projection | None:
    with store.derived(place, _NAME) as file:
        try:
            return trace.read(file) if file is not None else None
        except OSError:
            return None


def _same(used: trace.Projection, anew: trace.Projection) -> bool:
    arrays = ("source", "target", "kind", "transmission", "basis", "threat")
    few = ("gates", "leaks", "needs", "guards")
    return (
        used.ids == anew.ids
        and used.controls == anew.controls
        and used.kinds == anew.kinds
        and all(np.array_equal(getattr(used, name), getattr(anew, name)) for name in arrays)
        and all(dict(getattr(used, name)) == dict(getattr(anew, name)) for name in few)
        and all(
            np.array_equal(one, other)
            for one, other in zip(
                used.way("up").of(np.arange(used.size)),
                anew.way("up").of(np.arange(anew.size)),
                strict=True,
            )
        )
        and (
            used.lasting is None
            or (anew.lasting is not None and used.lasting.within(anew.lasting) == used.lasting)
        )
    )
