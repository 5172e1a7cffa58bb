"""Whether anybody still waits for what is calculated, so that a long calculation can be left off when nobody does."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final


class LeftOffError(Exception):
    """Whoever asked has gone, and the calculation was left off; there is nobody to tell."""


class Asker:
    """Somebody who waits for an answer, until they have gone."""

    __slots__ = ("has_gone",)

    def __init__(self) -> None:
        self.has_gone = False


_WAITS: Final[ContextVar[Asker | None]] = ContextVar("waits", default=None)


def calculate_for(asker: Asker) -> None:
    """From now on, and in threads that are begun from here, calculate for somebody who may go."""
    _WAITS.set(asker)


def go_on() -> None:
    """Go on with a calculation; long loops ask this where what they hold is theirs alone, and no other waits for it.

    :raises LeftOffError: nobody waits for it any more.
    """
    asker = _WAITS.get()
    if asker is not None and asker.has_gone:
        raise LeftOffError
