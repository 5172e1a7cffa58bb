"""Errors as RFC 9457 problem details, each with the stable code of the engine's error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from aimsgraph.errors import AimsgraphError, Problem

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
    "graph-not-found": 404,
    "not-acceptable": 406,
    "media-type": 415,
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
}


def problem(
    status: int, code: str, detail: str, *, hint: str | None = None, problems: Sequence[Problem] = ()
) -> JSONResponse:
    """Make a problem details answer."""
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
    return JSONResponse(content, status_code=status, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Make every error of the application a problem details answer."""

    @app.exception_handler(AimsgraphError)
    def known(request: Request, error: AimsgraphError) -> JSONResponse:
        status = STATUSES.get(error.code, 400)
        if error.code == "store-moved" and "if-match" in request.headers:
            status = 412
        return problem(status, error.code, error.message, hint=error.hint, problems=error.problems)

    @app.exception_handler(RequestValidationError)
    def wrong_parameter(_request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [Problem(one["msg"], path=".".join(map(str, one["loc"]))) for one in error.errors()]
        return problem(422, "usage", "The request has wrong or missing parameters.", problems=faults)

    @app.exception_handler(HTTPException)
    def plain(_request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "no-such-route", 405: "method-not-allowed"}.get(error.status_code, "http")
        answer = problem(error.status_code, code, str(error.detail))
        answer.headers.update(error.headers or {})
        return answer
