"""Answers with what comes of a job: at once when it is done soon, or with the way to it (RFC 7240)."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Final

from fastapi.responses import FileResponse, JSONResponse, Response

from aimsgraph.errors import NoResultError
from aimsgraph_api.preconditions import tag
from aimsgraph_api.problems import answer_of

if TYPE_CHECKING:
    from fastapi import Request

    from aimsgraph_api.jobs.board import Jobs
    from aimsgraph_api.jobs.job import Job

_PAUSE: Final = 0.05
_WAIT: Final = re.compile(r"\bwait\s*=\s*(\d{1,6})\b")


async def answered(request: Request, jobs: Jobs, job: Job) -> Response:
    """Wait for a job and answer with its result, or answer where it will be, as the request prefers.

    A client that leaves meanwhile has its job cancelled; one that preferred not to wait has not.
    """
    prefer = request.headers.get("prefer", "").lower()
    later = "respond-async" in prefer
    found = _WAIT.search(prefer)
    until = time.monotonic() + (float(found[1]) if found else 0.0)
    while not job.over and (not later or time.monotonic() < until):
        await asyncio.sleep(_PAUSE)
        if not later and await request.is_disconnected():
            jobs.cancel(job)
    if job.over:
        return result_of(job, last=not later and jobs)
    headers = {
        "Location": f"/api/v1/jobs/{job.id}", "Preference-Applied": "respond-async", "Retry-After": "1",
    }  # fmt: skip
    return JSONResponse(job.status().model_dump(mode="json"), 202, headers=headers)


def result_of(job: Job, *, last: Jobs | bool = False) -> Response:
    """Return the answer that a job which is over comes to; with the board it is forgotten there.

    :raises NoResultError: it has none, or not yet.
    """
    if job.problem is not None:
        return answer_of(job.problem)
    if job.state != "done" or job.result is None:
        raise NoResultError(f"The job is {job.state}: it has no result.", hint="Follow it until it is done.")
    headers = {"ETag": tag(job.snapshot)} if job.snapshot and job.kind == "import" else {}
    if last and last is not True and job.media_type == "application/json":
        content = job.result.read_bytes()
        last.cancel(job)
        return Response(content, media_type=job.media_type, headers=headers)
    return FileResponse(job.result, media_type=job.media_type, filename=job.filename, headers=headers)
