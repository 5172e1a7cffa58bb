"""The process that does a job: started, listened to, and killed when it must."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.errors import JobEndedError, LimitExceededError, TimeLimitError
from aimsgraph_api.jobs.work import OUT_OF_MEMORY, do

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph_api.jobs.job import Job

# Processes are forked from one that has the engine loaded and does nothing else, which takes a tenth of the time.
if sys.platform == "win32":
    _CONTEXT = multiprocessing.get_context("spawn")
else:
    _CONTEXT = multiprocessing.get_context("forkserver")
    _CONTEXT.set_forkserver_preload(["aimsgraph_api.jobs.warm"])
#: So often it is tried to start a process.
_ATTEMPTS: Final = 3
#: How a process ends that the engine or the system ends for want of memory.
_NO_MEMORY: Final = (-6, OUT_OF_MEMORY)


class Process:
    """One process for one job. Killing it at any moment is safe: the store has the whole of a write, or nothing."""

    def __init__(self, job: Job, store: str, *, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self._slow = False
        request = {
            "kind": job.kind, "words": job.words, "store": store, "folder": str(job.folder),
            "seconds": seconds, "memory": memory,
        }  # fmt: skip
        for attempt in range(_ATTEMPTS):
            self._ours, theirs = _CONTEXT.Pipe()
            self._process = _CONTEXT.Process(target=do, args=(request, theirs), daemon=True)
            try:
                self._process.start()
                break
            except (EOFError, OSError) as error:  # the one from which it is forked was ended just now
                self._ours.close()
                if attempt == _ATTEMPTS - 1:
                    raise JobEndedError(
                        "No process could be started for the work.", hint="Ask again."
                    ) from error
            finally:
                theirs.close()

    def kill(self) -> None:
        """End it at once."""
        with suppress(ValueError):  # it has just ended by itself
            self._process.kill()

    def run(self, report: Callable[[float | None, str], None]) -> dict[str, Any]:
        """Listen until it ends, and return its last word; no process is left behind.

        :raises TimeLimitError, LimitExceededError, JobEndedError: it ended without one.
        """
        clock = threading.Timer(self._seconds, self._time_is_up)
        clock.daemon = True
        clock.start()
        try:
            last = self._listen(report)
        finally:
            clock.cancel()
            if self._process.is_alive():
                self._process.join(0.2)
                self.kill()
            self._process.join()
            status = self._process.exitcode
            self._process.close()
            self._ours.close()
        if last is not None:
            return last
        if self._slow:
            raise TimeLimitError(
                f"The work took longer than {self._seconds:g} seconds and was stopped.",
                hint="Ask for less at once.",
            )
        if status in _NO_MEMORY:
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
        with suppress(EOFError, OSError):
            while True:
                said: dict[str, Any] = self._ours.recv()
                if "progress" not in said:
                    return said
                report(said["progress"], str(said["message"]))
        return None
