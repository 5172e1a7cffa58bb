"""One piece of work: what it is, how far it is, and what came of it."""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from aimsgraph.model.node import Value

if TYPE_CHECKING:
    from pathlib import Path

State = Literal["waiting", "running", "done", "failed", "cancelled"]
Kind = Literal["import", "check", "what-if", "validation", "report", "export", "verification", "compaction"]
#: So many events are kept for those who come back.
_EVENTS: Final = 500


class JobStatus(Value):
    """How far a job is: ``progress`` from 0 to 1 (null while that is unknown), and what it is at.

    Times are UTC. ``result`` is the link to the result of one that is done, ``problem`` the problem details of one that
    failed.
    """

    id: str
    kind: Kind
    state: State
    progress: float | None
    message: str
    owner: str
    created: datetime
    started: datetime | None
    ended: datetime | None
    result: str | None
    problem: dict[str, Any] | None


class JobList(Value):
    """Jobs, newest first."""

    jobs: tuple[JobStatus, ...]


@dataclass(slots=True)
class Job:
    """A job on the board; ``folder`` is its own, with the files it was given in ``files`` and its result."""

    kind: Kind
    words: dict[str, Any]
    owner: str
    folder: Path
    id: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    state: State = "waiting"
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

    def end(self, state: State, message: str, problem: dict[str, Any] | None = None) -> None:
        """Say what became of it, once and for all."""
        self.state, self.message, self.problem = state, message, problem
        self.ended = datetime.now(UTC)
        self.tell()
