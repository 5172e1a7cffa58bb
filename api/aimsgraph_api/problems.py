"""Errors as RFC 9457 problem details, each with the stable code of the engine's error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from aimsgraph.errors import AimsgraphError, Problem
from aimsgraph_api.freshness import NotModifiedError

if TYPE_CHECKING:
    from collections.abc import Sequence

MEDIA_TYPE = "application/problem+json"
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
    "busy": 503,
    "not-ready": 503,
    "store-not-found": 503,
    "store-locked": 503,
    "store-moved": 409,
    "store-too-new": 503,
    "store-unusable": 503,
    "store-altered": 503,
    "inference-failed": 503,
}


#: The codes of what goes wrong before the engine is asked.
HTTP_STATUSES = {
    "no-such-route": 404,
    "method-not-allowed": 405,
    "body-too-large": 413,
    "internal-fault": 500,
}
#: After how many seconds it is worth to ask again.
RETRY_AFTER = {"busy": 2, "store-locked": 5, "not-ready": 2}


class ProblemDetails(BaseModel):
    """What is wrong, as RFC 9457 says it: a stable code, where, and how to mend it."""

    type: str = Field(description="An IRI of the code.")
    title: str
    status: int
    detail: str = Field(description="What is wrong, and where.")
    code: str = Field(description="The stable code, the same in Python and on the command line.")
    hint: str | None = Field(default=None, description="How to mend it.")
    problems: list[str] | None = Field(default=None, description="Every single fault of the input.")
    request_id: str | None = Field(default=None, description="The name of the request, for the server's log.")

    model_config = ConfigDict(extra="allow")


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    hint: str | None = None,
    problems: Sequence[Problem] = (),
    request_id: str | None = None,
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
    if request_id:
        content["request_id"] = request_id
    headers = {"Retry-After": str(RETRY_AFTER[code])} if code in RETRY_AFTER else None
    return JSONResponse(content, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def named(request: Request) -> str | None:
    """Return the name of a request."""
    return getattr(request.state, "request_id", None)


def install(app: FastAPI) -> None:
    """Make every error of the application a problem details answer."""

    @app.exception_handler(AimsgraphError)
    def known(request: Request, error: AimsgraphError) -> JSONResponse:
        status = STATUSES.get(error.code, 400)
        if error.code == "store-moved" and (
            "if-match" in request.headers or "if-none-match" in request.headers
        ):
            status = 412
        return problem(
            status,
            error.code,
            error.message,
            hint=error.hint,
            problems=error.problems,
            request_id=named(request),
        )

    @app.exception_handler(RequestValidationError)
    def wrong_parameter(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [Problem(one["msg"], path=".".join(map(str, one["loc"]))) for one in error.errors()]
        return problem(
            422,
            "usage",
            "The request has wrong or missing parameters.",
            problems=faults,
            request_id=named(request),
        )

    @app.exception_handler(HTTPException)
    def plain(request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "no-such-route", 405: "method-not-allowed"}.get(error.status_code, "http")
        answer = problem(error.status_code, code, str(error.detail), request_id=named(request))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(NotModifiedError)
    def fresh(_request: Request, _error: NotModifiedError) -> Response:
        return Response(status_code=304)
