"""Work upon the store that takes long: each route makes a job, and waits for it unless told not to."""

import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from aimsgraph.errors import UsageError
from aimsgraph.model.changeset import Compacted, Verification
from aimsgraph.model.finding import Validation
from aimsgraph.model.job import JobStatus
from aimsgraph.validate import Engine, own_profiles
from aimsgraph_api.access import PrincipalDependency, allowed, may
from aimsgraph_api.answering import answered
from aimsgraph_api.declared import Declared
from aimsgraph_api.origin import OWN_ORIGIN
from aimsgraph_api.routes.imports import FILES
from aimsgraph_api.routes.parameters import Day
from aimsgraph_api.sent_files import received
from aimsgraph_api.writable import BoardDependency

router = APIRouter(route_class=Declared, tags=["jobs"], dependencies=[OWN_ORIGIN])
LATER: dict[int | str, dict[str, Any]] = {202: {"model": JobStatus}}

Profile = Annotated[str | None, Query(max_length=100, description="Make the checks of this profile.")]


class ValidationWish(BaseModel):
    """How the store is to be validated."""

    model_config = ConfigDict(extra="forbid")
    engine: Engine = "store"
    profile: str | None = None
    systems: Annotated[list[str], Field(max_length=100)] = []
    per_node: bool = False
    date: datetime.date | None = None


class ReportWish(BaseModel):
    """The nodes whose lineage, impact and trace the report shows."""

    model_config = ConfigDict(extra="forbid")
    lineage: str | None = None
    impact: str | None = None
    trace: str | None = None
    date: datetime.date | None = None


class ExportWish(BaseModel):
    """Whether every statement is exported too."""

    model_config = ConfigDict(extra="forbid")
    statements: bool = True
    date: datetime.date | None = None


@router.post(
    "/validation", response_model=Validation, responses=LATER, openapi_extra=FILES, dependencies=[may("read")]
)
async def check(
    request: Request,
    jobs: BoardDependency,
    asking: PrincipalDependency,
    source: Annotated[str | None, Query(description="The file's name, where the body is one file.")] = None,
    profile: Profile = None,
    day: Day = None,
) -> Response:
    """Validate files without the store, which keeps nothing of them; the JSON is that of `aimsgraph check --json`."""
    folder = jobs.room()
    try:
        _known(profile)
        sent = await received(request, folder, source=source)
    except BaseException:
        jobs.discard(folder)
        raise
    words = {"files": sent.names, "profile": profile, "date": day and day.isoformat()}
    return await answered(request, jobs, jobs.start("check", words, asking, folder))


@router.post("/validations", response_model=Validation, responses=LATER, dependencies=[may("read")])
async def validate(
    request: Request, jobs: BoardDependency, asking: PrincipalDependency, wish: ValidationWish
) -> Response:
    """Validate the store by an engine, a profile or for some systems; the JSON is that of `validate --json`."""
    _known(wish.profile)
    return await answered(request, jobs, jobs.start("validation", wish.model_dump(mode="json"), asking))


@router.post(
    "/reports", response_class=Response, dependencies=[may("read")],
    responses=LATER | {200: {"content": {"text/html": {}}}},
)  # fmt: skip
async def report(
    request: Request, jobs: BoardDependency, asking: PrincipalDependency, wish: ReportWish
) -> Response:
    """Write the whole state as one HTML page, as `aimsgraph report` does."""
    if wish.trace is not None:
        allowed("evidence")(asking)
    return await answered(request, jobs, jobs.start("report", wish.model_dump(mode="json"), asking))


@router.post(
    "/exports", response_class=Response, dependencies=[may("query")],
    responses=LATER | {200: {"content": {"application/zip": {}}}},
)  # fmt: skip
async def export(
    request: Request, jobs: BoardDependency, asking: PrincipalDependency, wish: ExportWish
) -> Response:
    """Write the tables of `aimsgraph export` as Parquet files in one archive."""
    return await answered(request, jobs, jobs.start("export", wish.model_dump(mode="json"), asking))


@router.post("/verifications", response_model=Verification, responses=LATER, dependencies=[may("history")])
async def verify(request: Request, jobs: BoardDependency, asking: PrincipalDependency) -> Response:
    """Recompute every hash; the JSON is that of `aimsgraph verify --json`."""
    return await answered(request, jobs, jobs.start("verification", {}, asking))


@router.post("/compactions", response_model=Compacted, responses=LATER, dependencies=[may("administer")])
async def compact(request: Request, jobs: BoardDependency, asking: PrincipalDependency) -> Response:
    """Put the files of the store in order; the JSON is that of `aimsgraph compact --json`."""
    return await answered(request, jobs, jobs.start("compaction", {}, asking))


def _known(profile: str | None) -> None:
    """Let no name lead to a file."""
    if profile is not None and profile not in (known := own_profiles()):
        raise UsageError(f"There is no profile {profile!r}.", hint=f"There is: {', '.join(known)}.")
