"""The jobs there are: a bounded number that run and wait, and the results of those that are over, for a while."""

from __future__ import annotations

import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aimsgraph.errors import AimsgraphError, JobNotFoundError, JobsFullError, Problem
from aimsgraph_api.jobs.bounds import Bounds
from aimsgraph_api.jobs.home import Home
from aimsgraph_api.jobs.job import Job
from aimsgraph_api.jobs.process import Process
from aimsgraph_api.problems import content_of, details, status_of

if TYPE_CHECKING:
    from aimsgraph.model.access import Principal
    from aimsgraph.model.job import JobKind


class Jobs:
    """Takes jobs and has them done, each in a process of its own, in the order in which they came."""

    def __init__(self, store: Path | str, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._store = str(store.resolve()) if isinstance(store, Path) else store
        self._jobs: dict[str, Job] = {}
        self._processes: dict[str, Process] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(self.bounds.running, "job")
        self._home: Home | None = None
        self._closed = False

    def room(self) -> Path:
        """Make a folder for a job to come, with a folder ``files`` in it."""
        with self._lock:
            if self._home is None:
                self._home = Home()
        folder = Path(tempfile.mkdtemp(dir=self._home.path))
        (folder / "files").mkdir()
        return folder

    def discard(self, folder: Path) -> None:
        """Take away a folder for which no job came."""
        shutil.rmtree(folder, ignore_errors=True)

    def start(
        self, kind: JobKind, words: dict[str, Any], asking: Principal, folder: Path | None = None
    ) -> Job:
        """Take a job; its ``folder`` is taken away with it, or at once when it is not taken.

        :raises JobsFullError: too many run and wait.
        """
        job = Job(kind, words, asking.name, folder or self.room(), asking.since)
        self._sweep()
        with self._lock:
            waiting = [one for one in self._jobs.values() if not one.over]
            own = sum(asking.is_same(one.owner, one.since) for one in waiting)
            full = self._closed or len(waiting) >= self.bounds.most or own >= self.bounds.each
            if not full:
                self._jobs[job.id] = job
                job.tell()
                self._pool.submit(self._run, job)
        if full:
            shutil.rmtree(job.folder, ignore_errors=True)
            raise JobsFullError(
                f"{own} jobs of yours and {len(waiting) - own} of others run or wait; no more are taken now.",
                hint="Try again when one of them is done.",
            )
        return job

    def job(self, id: str, asking: Principal) -> Job:
        """Return a job that is one's own, or anybody's for who may administer.

        :raises JobNotFoundError: there is none, or not for who asks.
        """
        self._sweep()
        found = self._jobs.get(id)
        if found is None or not _is_for(found, asking):
            raise JobNotFoundError(
                "There is no such job of yours.",
                hint="Results are kept for a while only, and a server that was started anew knows of no earlier jobs.",
            )
        return found

    def jobs(self, asking: Principal) -> list[Job]:
        """Return one's own jobs, newest first; all of them for who may administer."""
        self._sweep()
        own = [one for one in list(self._jobs.values()) if _is_for(one, asking)]
        return sorted(own, key=lambda one: one.created, reverse=True)

    def cancel(self, job: Job) -> None:
        """Stop a job, or forget one that is over. What it has written already stays written."""
        with self._lock:
            if job.over:
                self._forget(job)
                return
            job.end("cancelled", "cancelled")
            process = self._processes.get(job.id)
        if process is not None:
            process.kill()

    def close(self) -> None:
        """Stop everything, and leave neither processes nor files behind."""
        self._closed = True
        for job in list(self._jobs.values()):
            if not job.over:
                self.cancel(job)
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._home is not None:
            self._home.close()

    def _run(self, job: Job) -> None:
        try:
            with self._lock:
                if job.over:
                    return
                job.state, job.started, job.message = "running", datetime.now(UTC), "started"
                job.tell()
            process = Process(job, self._store, seconds=self._seconds(job), memory=self.bounds.memory)
            self._keep(job, process)
            last = process.run(lambda progress, text: self._report(job, progress, text))
            self._take(job, last)
        except AimsgraphError as error:
            self._end(job, details(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits for the job must hear of it
            fault = f"The job could not be run: {type(error).__name__}."
            self._end(job, content_of(500, "internal-fault", fault, None, (), ()))
        finally:
            self._processes.pop(job.id, None)
            shutil.rmtree(job.folder / "files", ignore_errors=True)

    def _keep(self, job: Job, process: Process) -> None:
        """Have the process at hand for whoever cancels the job, be it that somebody has done so already."""
        with self._lock:
            self._processes[job.id] = process
            if job.over:
                process.kill()

    def _seconds(self, job: Job) -> float:
        return min(self.bounds.seconds, float(job.words.get("seconds") or self.bounds.seconds))

    def _report(self, job: Job, progress: float | None, text: str) -> None:
        with self._lock:
            if not job.over:
                job.progress, job.message = progress, text
                job.tell()

    def _take(self, job: Job, last: dict[str, Any]) -> None:
        if "code" in last:
            conditional = job.words.get("expected") is not None
            self._end(job, _told(last, conditional=conditional))
            return
        with self._lock:
            if job.over:
                return
            job.result = job.folder / "result"
            job.size = job.result.stat().st_size
            job.media_type, job.filename, job.snapshot = (
                last["media_type"],
                last["filename"],
                last["snapshot"],
            )
            job.end("done", "done")

    def _end(self, job: Job, problem: dict[str, Any]) -> None:
        with self._lock:
            if not job.over:
                job.end("failed", str(problem["detail"]), problem)

    def _sweep(self) -> None:
        """Forget what is over for too long, or takes too much room: the oldest first."""
        with self._lock:
            over = sorted((one for one in self._jobs.values() if one.ended), key=lambda one: str(one.ended))
            size = sum(one.size for one in over)
            now = datetime.now(UTC)
            for number, job in enumerate(over):
                assert job.ended is not None  # noqa: S101 - see above
                late = (now - job.ended).total_seconds() > self.bounds.kept
                if late or size > self.bounds.held or len(over) - number > self.bounds.finished:
                    size -= job.size
                    self._forget(job)

    def _forget(self, job: Job) -> None:
        with suppress(KeyError):
            del self._jobs[job.id]
        shutil.rmtree(job.folder, ignore_errors=True)


def _is_for(job: Job, asking: Principal) -> bool:
    """Say whether a job is somebody's to see: a job looks at the whole, so never for who sees a part of it by now."""
    own = asking.is_same(job.owner, job.since)
    return asking.graphs is None and (own or asking.may("administer"))


def _told(said: dict[str, Any], *, conditional: bool) -> dict[str, Any]:
    """Return the problem details of an error in another process, told as it was there."""
    problems = [Problem(*one) for one in said["problems"]]
    status = status_of(said["code"], conditional=conditional)
    return content_of(status, said["code"], said["message"], said["hint"], problems, said["findings"])
