"""The process that does a job: started, listened to, and killed when it must."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

from aimsgraph.errors import JobEndedError, LimitExceededError, TimeLimitError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph_api.jobs.job import Job


class Process:
    """One process for one job. Killing it at any moment is safe: the store has the whole of a write, or nothing."""

    def __init__(self, job: Job, store: str, *, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self._slow = False
        self._request = {
            "kind": job.kind, "words": job.words, "store": store, "folder": str(job.folder),
            "seconds": seconds, "memory": memory,
        }  # fmt: skip
        self._complaints = (job.folder / "complaints").open("w+b")
        self._process = subprocess.Popen(
            # Safe path: the folder it works in holds files with names that others have chosen.
            [sys.executable, "-P", "-m", "aimsgraph_api.jobs.work"],
            cwd=job.folder / "files",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
        )

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def run(self, report: Callable[[float | None, str], None]) -> dict[str, Any]:
        """Hand it the job, listen until it ends, and return its last word; no process is left behind.

        :raises TimeLimitError, LimitExceededError, JobEndedError: it ended without one.
        """
        clock = threading.Timer(self._seconds, self._time_is_up)
        clock.daemon = True
        clock.start()
        try:
            last = self._listen(report)
        finally:
            clock.cancel()
            self.kill()
            status = self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._complaints.close()
        if last is not None:
            return last
        if self._slow:
            raise TimeLimitError(
                f"The work took longer than {self._seconds:g} seconds and was stopped.",
                hint="Ask for less at once.",
            )
        if status in (-6, 77):
            raise LimitExceededError(
                "The work needed more memory than it may take.", hint="Give it less at once."
            )
        raise JobEndedError(
            f"The process that did the work was ended from outside (status {status}).",
            hint="Look whether it was done (GET /api/v1/history), and ask again.",
        )

    def _time_is_up(self) -> None:
        self._slow = True
        self.kill()

    def _listen(self, report: Callable[[float | None, str], None]) -> dict[str, Any] | None:
        assert self._process.stdin is not None  # noqa: S101 - both are pipes, see above
        assert self._process.stdout is not None  # noqa: S101
        try:
            # The pipe stays open: when it closes the server is gone, and the process ends itself.
            self._process.stdin.write(json.dumps(self._request).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return None
        for line in self._process.stdout:
            if not line.endswith(b"\n"):
                break  # killed in the middle of a line
            said: dict[str, Any] = json.loads(line)
            if "progress" not in said:
                return said
            report(said["progress"], str(said["message"]))
        return None
