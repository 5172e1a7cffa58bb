"""Errors as RFC 9457 problem details, each with the stable code of the engine's error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from aimsgraph.errors import AimsgraphError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

#: After how many seconds it is worth asking again, by error code.
RETRY_AFTER = {"busy": 5, "worker-lost": 5, "too-many-attempts": 1}
PROBLEM_TYPE = "https://w3id.org/aimsgraph/problem/"

#: The HTTP status of each error code; a code that is not named here is the client's fault (400).
STATUSES = {
    "not-recognised": 401,
    "not-permitted": 403,
    "too-many-attempts": 429,
    "access-file": 503,
    "node-not-found": 404,
    "node-ambiguous": 409,
    "query-not-found": 404,
    "query-refused": 403,
    "graph-not-found": 404,
    "not-acceptable": 406,
    "media-type": 415,
    "limit-exceeded": 413,
    "row-limit": 413,
    "byte-limit": 413,
    "memory-limit": 413,
    "busy": 503,
    "worker-lost": 503,
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

#: How to say who asks, for those who have not.
CHALLENGE = 'Bearer realm="aimsgraph", Basic realm="aimsgraph", charset="UTF-8"'


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
    headers = {"Retry-After": str(RETRY_AFTER[code])} if code in RETRY_AFTER else {}
    if status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    return JSONResponse(content, status_code=status, media_type="application/problem+json", headers=headers)


def answer(error: AimsgraphError, status: int | None = None) -> JSONResponse:
    """Make the answer to an error of the engine, with the status of its code, or with another ``status``."""
    status = status or STATUSES.get(error.code, 400)
    return problem(status, error.code, error.message, hint=error.hint, problems=error.problems)


def install(app: FastAPI) -> None:
    """Make every error of the application a problem details answer."""

    @app.exception_handler(AimsgraphError)
    def known(request: Request, error: AimsgraphError) -> JSONResponse:
        conditional = "if-match" in request.headers or "if-none-match" in request.headers
        if error.code == "store-moved" and conditional:
            return answer(error, 412)
        return answer(error)

    @app.exception_handler(RequestValidationError)
    def wrong_parameter(_request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [Problem(one["msg"], path=".".join(map(str, one["loc"]))) for one in error.errors()]
        return problem(422, "usage", "The request has wrong or missing parameters.", problems=faults)

    @app.exception_handler(HTTPException)
    def plain(request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "no-such-route", 405: "method-not-allowed"}.get(error.status_code, "http")
        answer = problem(error.status_code, code, str(error.detail))
        answer.headers.update(error.headers or {})
        if error.status_code == 405:
            answer.headers["allow"] = ", ".join(_methods(app, request))
        return answer


def _methods(app: FastAPI, request: Request) -> list[str]:
    """Return what may be done at an address; each route knows of its own methods only."""
    return [
        method
        for method in ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
        if any(route.matches({**request.scope, "method": method})[0] == Match.FULL for route in app.routes)
    ]
