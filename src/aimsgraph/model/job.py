"""Long work of a server: what runs, how far it is, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from aimsgraph.model.node import Value

JobKind = Literal[
    "import", "check", "what-if", "validation", "report", "export", "verification", "compaction"
]
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]


class JobStatus(Value):
    """How far a job is: ``progress`` from 0 to 1 (null while that is unknown), and what it is at.

    Times are UTC. ``result`` is the link to the result of one that is done, ``problem`` the problem details of one that
    failed.
    """

    id: str
    kind: JobKind
    state: JobState
    progress: float | None
    message: str
    owner: str
    created: datetime
    started: datetime | None
    ended: datetime | None
    result: str | None
    problem: dict[str, Any] | None

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed", "cancelled")


class JobList(Value):
    """Jobs, newest first."""

    jobs: tuple[JobStatus, ...]
