"""The request that is being answered: its name, for problems and the log, and what came of it, for the counts."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(slots=True)
class Named:
    """The name of a request, and the code of the problem that it was answered with."""

    name: str
    problem: str | None = None


#: None outside of a request; threads that work for one see it too.
REQUEST: Final[ContextVar[Named | None]] = ContextVar("request", default=None)
