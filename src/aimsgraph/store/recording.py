"""Turns changes into changesets: what each comes to, its patch, its place in the chain and its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.errors import StoreMovedError
from aimsgraph.store.history import changeset_of, quads_of
from aimsgraph.store.patch import digest, patch_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pyoxigraph as ox

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.change import Change, Pending


class Recording:
    """The changesets that follow upon the one with ``number`` and the hash ``head``, in any kind of store.

    ``keep`` is given the number and the patch of each; ``records`` are the quads of the history, each once.
    """

    def __init__(
        self, pending: Pending, number: int, head: str, keep: Callable[[int, bytes], object]
    ) -> None:
        self.number, self.head = number, head
        self.records: dict[ox.Quad, None] = {}
        self._pending = pending
        self._keep = keep

    def take(self, change: Change, now: datetime) -> Changeset | None:
        """Return the changeset that a change becomes, or None when everything is so already.

        :raises UsageError: it would write the history, or a blank node.
        """
        added, removed = self._pending.take(change)
        if not added and not removed:
            return None
        text = patch_text(added, removed)
        self._keep(self.number + 1, text)
        patch = digest(text)
        parent = self.head if self.number else None
        made = changeset_of(change, self.number + 1, parent, now, len(added), len(removed), patch)
        self.records.update(dict.fromkeys(quads_of(made, patch)))
        self.number, self.head = made.number, made.hash
        return made


def moved() -> StoreMovedError:
    """Return the error for a write upon a head that is not that of the store any more.

    It does not say where the store is: whoever reads it over HTTP may not know that.
    """
    return StoreMovedError(
        "Somebody else has changed the store meanwhile.",
        hint="Look at it as it is now, and try again.",
    )
