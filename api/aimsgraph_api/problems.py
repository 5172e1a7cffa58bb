"""Errors as RFC 9457 problem details, each with the stable code of the engine's error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from aimsgraph.errors import AimsgraphError, FindingsError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

PROBLEM_TYPE = "https://w3id.org/aimsgraph/problem/"

#: The HTTP status of each error code; a code that is not named here is the client's fault (400).
STATUSES = {
    "not-recognised": 401,
    "not-permitted": 403,
    "node-not-found": 404,
    "node-ambiguous": 409,
    "query-not-found": 404,
    "query-refused": 403,
    "limit-exceeded": 413,
    "time-limit": 504,
    "missing-extra": 501,
    "store-not-found": 503,
    "store-locked": 503,
    "store-moved": 409,
    "store-too-new": 503,
    "store-unusable": 503,
    "store-altered": 503,
    "inference-failed": 503,
    "findings": 422,
    "media-type": 415,
    "job-not-found": 404,
    "job-without-result": 409,
    "job-ended": 503,
    "jobs-full": 429,
    "internal-fault": 500,
}
#: After how many seconds it is worth to ask again.
RETRY_AFTER = {"store-locked": 5, "jobs-full": 5}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    hint: str | None = None,
    problems: Sequence[Problem] = (),
    findings: Sequence[Any] = (),
) -> JSONResponse:
    """Make a problem details answer."""
    content = content_of(status, code, detail, hint, problems, findings)
    return answer_of(content)


def answer_of(content: dict[str, Any]) -> JSONResponse:
    """Make the answer of problem details."""
    headers = {"Retry-After": str(RETRY_AFTER[content["code"]])} if content["code"] in RETRY_AFTER else None
    return JSONResponse(content, content["status"], headers=headers, media_type="application/problem+json")


def status_of(code: str, *, conditional: bool = False) -> int:
    """Return the status of an error code; a ``conditional`` request that came too late has one of its own."""
    return 412 if conditional and code == "store-moved" else STATUSES.get(code, 400)


def details(error: AimsgraphError, *, conditional: bool = False) -> dict[str, Any]:
    """Return the problem details of an error; a ``conditional`` request that came too late has a status of its own."""
    status = status_of(error.code, conditional=conditional)
    models: tuple[Any, ...] = error.findings if isinstance(error, FindingsError) else ()
    findings = [one.model_dump(mode="json") for one in models]
    return content_of(status, error.code, error.message, error.hint, error.problems, findings)


def content_of(
    status: int,
    code: str,
    detail: str,
    hint: str | None,
    problems: Sequence[Problem],
    findings: Sequence[Any],
) -> dict[str, Any]:
    """Return problem details: findings as they stand in a validation."""
    content: dict[str, Any] = {
        "type": PROBLEM_TYPE + code,
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if hint:
        content["hint"] = hint
    if problems:
        content["problems"] = [str(one) for one in problems]
    if findings:
        content["findings"] = list(findings)
    return content


def install(app: FastAPI) -> None:
    """Make every error of the application a problem details answer."""

    @app.exception_handler(AimsgraphError)
    def known(request: Request, error: AimsgraphError) -> JSONResponse:
        conditional = not {"if-match", "if-none-match"}.isdisjoint(request.headers)
        return answer_of(details(error, conditional=conditional))

    @app.exception_handler(RequestValidationError)
    def wrong_parameter(_request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [Problem(one["msg"], path=".".join(map(str, one["loc"]))) for one in error.errors()]
        return problem(422, "usage", "The request has wrong or missing parameters.", problems=faults)

    @app.exception_handler(HTTPException)
    def plain(_request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "no-such-route", 405: "method-not-allowed"}.get(error.status_code, "http")
        return problem(error.status_code, code, str(error.detail))
