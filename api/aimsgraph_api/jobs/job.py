"""One piece of work: what it is, how far it is, and what came of it."""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.model.job import JobKind, JobState, JobStatus

if TYPE_CHECKING:
    from pathlib import Path

#: So many events are kept for those who come back.
_EVENTS: Final = 500


@dataclass(slots=True)
class Job:
    """A job on the board; ``folder`` is its own, with the files it was given in ``files`` and its result.

    ``since`` is when the key of its ``owner`` was made.
    """

    kind: JobKind
    words: dict[str, Any]
    owner: str
    folder: Path
    since: datetime | None = None
    id: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    state: JobState = "waiting"
    progress: float | None = None
    message: str = "waiting"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: datetime | None = None
    ended: datetime | None = None
    result: Path | None = None
    media_type: str = "application/json"
    filename: str | None = None
    snapshot: str | None = None
    problem: dict[str, Any] | None = None
    size: int = 0
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_EVENTS))
    told: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed", "cancelled")

    def status(self) -> JobStatus:
        """Return how far it is, for those who may know."""
        return JobStatus(
            id=self.id,
            kind=self.kind,
            state=self.state,
            progress=1.0 if self.state == "done" else self.progress,
            message=self.message,
            owner=self.owner,
            created=self.created,
            started=self.started,
            ended=self.ended,
            result=f"/api/v1/jobs/{self.id}/result" if self.state == "done" else None,
            problem=self.problem,
        )

    def tell(self) -> None:
        """Keep its status as an event for those who follow it."""
        self.told += 1
        self.events.append((self.told, self.status().model_dump_json()))

    def end(self, state: JobState, message: str, problem: dict[str, Any] | None = None) -> None:
        """Say what became of it, once and for all."""
        self.state, self.message, self.problem = state, message, problem
        self.ended = datetime.now(UTC)
        self.tell()
