"""Long work: what runs, how far it is, what came of it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse

from aimsgraph.model.job import JobList, JobStatus
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.answering import result_of
from aimsgraph_api.declared import Declared
from aimsgraph_api.jobs.job import Job
from aimsgraph_api.origin import OWN_ORIGIN
from aimsgraph_api.writable import JobsDependency

router = APIRouter(
    route_class=Declared, prefix="/jobs", tags=["jobs"], dependencies=[may("read"), OWN_ORIGIN]
)

#: Seconds between two looks, and between two signs of life where nothing happens.
_PAUSE = 0.1
HEARTBEAT = 15.0


@router.get("")
def listed(board: JobsDependency, asking: PrincipalDependency) -> JobList:
    """List one's own jobs, newest first; all of them for who may administer."""
    return JobList(jobs=tuple(job.status() for job in board.jobs(asking)))


@router.get("/{id}")
def shown(board: JobsDependency, asking: PrincipalDependency, id: str) -> JobStatus:
    """Say how far a job is."""
    return board.job(id, asking).status()


@router.get("/{id}/result", response_class=Response)
def result(board: JobsDependency, asking: PrincipalDependency, id: str) -> Response:
    """Answer as the request would have that the job came from, had it waited."""
    return result_of(board.job(id, asking))


@router.delete("/{id}", status_code=204, response_class=Response)
def cancelled(board: JobsDependency, asking: PrincipalDependency, id: str) -> Response:
    """Cancel a job, or forget one that is over; what it has written stays written."""
    board.cancel(board.job(id, asking))
    return Response(status_code=204)


@router.get(
    "/{id}/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}}
)
async def followed(
    request: Request,
    board: JobsDependency,
    asking: PrincipalDependency,
    id: str,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Follow a job: `progress` events, then one `end`, each with its status; Last-Event-ID goes on behind that one."""
    seen = (
        int(last_event_id) if last_event_id and last_event_id.isdecimal() and len(last_event_id) < 10 else 0
    )
    events = _events(request, board.job(id, asking), seen)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _events(request: Request, job: Job, seen: int) -> AsyncIterator[str]:
    quiet = time.monotonic()
    yield "retry: 2000\n\n"
    while True:
        over = job.over  # before the look, so that the last event is not missed
        for number, text in list(job.events):
            if number > seen:
                seen, quiet = number, time.monotonic()
                kind = "end" if json.loads(text)["ended"] else "progress"
                yield f"id: {number}\nevent: {kind}\ndata: {text}\n\n"
        if over or await request.is_disconnected():
            return
        if time.monotonic() - quiet >= HEARTBEAT:
            quiet = time.monotonic()
            yield ": still at it\n\n"
        await asyncio.sleep(_PAUSE)
