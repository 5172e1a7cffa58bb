"""Long work of a server, followed from here."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from aimsgraph.client.problem import error_of
from aimsgraph.client.routes import API, Routes
from aimsgraph.errors import TimeLimitError
from aimsgraph.model.job import JobList, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds between two looks: the first, and the longest.
_PAUSES: Final = (0.1, 2.0)


class Jobs(Routes):
    """The jobs that whoever the key stands for has started; of everybody for who may administer."""

    def jobs(self) -> tuple[JobStatus, ...]:
        """List the jobs, newest first."""
        return self._get(JobList, "jobs").jobs

    def job(self, id: str) -> JobStatus:
        """Say how far a job is.

        :raises JobNotFoundError: it is over and forgotten, of somebody else, or the server was started anew.
        """
        return self._get(JobStatus, f"jobs/{quote(id, safe='')}")

    def wait(
        self, id: str, *, seconds: float | None = None, progress: Callable[[JobStatus], object] | None = None
    ) -> JobStatus:
        """Wait until a job is over, up to so many seconds, and return how it ended; ``progress`` is told each look.

        :raises AimsgraphError: the problem that the job failed with.
        :raises TimeLimitError: it is not over yet.
        """
        until = None if seconds is None else time.monotonic() + seconds
        pause, longest = _PAUSES
        while not (found := self.job(id)).over:
            if progress is not None:
                progress(found)
            if until is not None and time.monotonic() + pause > until:
                raise TimeLimitError(f"The job is not over: it is {found.message}.", hint="Wait longer.")
            time.sleep(pause)
            pause = min(2 * pause, longest)
        if found.problem is not None:
            raise error_of(found.problem)
        return found

    def result(self, id: str) -> bytes:
        """Return what a job came to, as the request would have been answered that it came from."""
        return self._connection.get(f"{API}jobs/{quote(id, safe='')}/result", accept="*/*").content

    def cancel(self, id: str) -> None:
        """Cancel a job, or forget one that is over; what it has written stays written."""
        self._connection.send("DELETE", f"{API}jobs/{quote(id, safe='')}", headers={})
