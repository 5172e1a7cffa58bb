"""The earlier states that a store keeps in its folder ``past/``, each under the beginning of the hash of its head."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreAlteredError
from aimsgraph.store.still import VIEWS, Still, take

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PAST: Final = "past"
_DIGITS: Final = 32
#: A state that goes away while it is opened may be there again at once, made by another process.
_ATTEMPTS: Final = 3
#: What the engine and the system raise for a state that is damaged or may not be read.
UNREADABLE: Final = (OSError, RuntimeError, ValueError, StoreAlteredError)


def place_of(path: Path, head: str) -> Path:
    """Return where the store in folder ``path`` keeps the state with a head."""
    return path / PAST / head.removeprefix("sha256:")[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Kept:
    """An earlier state that is kept in the store in folder ``path``."""

    path: Path
    place: Path

    @property
    def name(self) -> str:
        """Where it lies in the folder of the store."""
        return f"{PAST}/{self.place.name}"

    def opened(self) -> Still | None:
        """Open it, or return None where it has gone meanwhile: states that nobody asks for make room for others.

        :raises OSError, RuntimeError, ValueError: it is damaged or may not be read.
        """
        for _ in range(_ATTEMPTS):
            try:
                return take(self.place, self.path / VIEWS)
            except UNREADABLE:
                if not self.place.exists():
                    return None
        return take(self.place, self.path / VIEWS)


def kept_states(path: Path, heads: Iterable[str]) -> dict[str, Kept]:
    """Return those of the states with these heads that are kept; nobody is ever shown what lies there beside them.

    :raises OSError: the folder may not be read.
    """
    names: set[str] = set()
    with suppress(FileNotFoundError, NotADirectoryError):
        names.update(place.name for place in (path / PAST).iterdir())
    places = {head: place_of(path, head) for head in heads}
    return {head: Kept(path, place) for head, place in places.items() if place.name in names}
