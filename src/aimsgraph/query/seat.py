"""The place of a question that is worked on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import asyncio

    from aimsgraph.query.process import Worker


@dataclass(eq=False, slots=True)
class Seat:
    """The place of a question that is worked on.

    ``pinned`` says that its answer is being sent, ``cause`` why its worker was killed: its time was up, or it had to
    make room; ``worked`` for how long its worker had worked before.
    """

    asker: str
    slow: bool
    pinned: bool
    since: float
    worker: Worker | None = None
    worked: float | None = None
    cause: Literal["time", "room"] | None = None
    clocks: list[asyncio.TimerHandle] = field(default_factory=list)

    def stop(self, cause: Literal["time", "room"]) -> None:
        """Kill the worker."""
        self.cause = self.cause or cause
        if self.worker is not None:
            self.worker.kill()
