"""Errors as RFC 9457 problem details, each with the stable code of the engine's error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from aimsgraph.attention import LeftOffError
from aimsgraph.errors import AimsgraphError, FindingsError, Problem
from aimsgraph_api.attending import GONE, SAID
from aimsgraph_api.freshness import NotModifiedError
from aimsgraph_api.logs import LOGGER
from aimsgraph_api.naming import REQUEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEDIA_TYPE = "application/problem+json"
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
    "body-too-large": 413,
    "row-limit": 413,
    "byte-limit": 413,
    "memory-limit": 413,
    "busy": 503,
    "worker-lost": 503,
    "time-limit": 504,
    "missing-extra": 501,
    "not-ready": 503,
    "output-not-writable": 503,
    "server-file": 503,
    "store-not-found": 503,
    "store-locked": 503,
    "store-moved": 409,
    "store-too-new": 503,
    "store-unusable": 503,
    "store-altered": 503,
    "inference-failed": 503,
    "findings": 422,
    "job-not-found": 404,
    "job-without-result": 409,
    "job-ended": 503,
    "jobs-full": 429,
}

#: What is said of errors whose own words name folders, files and servers: those are for the log alone.
_DISCREETLY = {
    "access-file": "The server cannot read who may ask it.",
    "output-not-writable": "The server could not write what was asked for.",
    "server-file": "The server does not find its store.",
    "inference-failed": "The write stands, but what follows from it by inference could not be written.",
    "store-altered": "The content of the store is not what its history says.",
    "store-locked": "Others are writing to the store.",
    "store-not-found": "The server does not find its store.",
    "store-too-new": "The store was written by a later version of aimsgraph than that of the server.",
    "store-unusable": "The server cannot read or write its store.",
}
_HINTS = {
    "inference-failed": "Do not repeat it: the next write makes up for what follows.",
    "store-locked": "Try again in a while.",
}
_ELSEWHERE = "Whoever runs the server finds in its log what is wrong, by the request_id."

#: How to say who asks, for those who have not.
CHALLENGE = 'Bearer realm="aimsgraph", Basic realm="aimsgraph", charset="UTF-8"'


#: The status of every other error of the engine.
OTHERWISE = 400
#: The codes of what goes wrong before the engine is asked.
HTTP_STATUSES = {
    "no-such-route": 404,
    "method-not-allowed": 405,
    "internal-fault": 500,
}
#: After how many seconds it is worth to ask again.
RETRY_AFTER = {
    "busy": 5,
    "worker-lost": 5,
    "too-many-attempts": 1,
    "store-locked": 5,
    "not-ready": 2,
    "jobs-full": 5,
}


#: The type of a fault that is a parameter which there is not; its context has the nearest one.
STRANGE = "strange"
#: What the checks of values say in words of their own.
_WORDS = {"missing": "it is missing", "extra_forbidden": "there is no such key"}


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
    status: int, code: str, detail: str, *, hint: str | None = None, problems: Sequence[Problem] = ()
) -> JSONResponse:
    """Make a problem details answer."""
    return answer_of(content_of(status, code, detail, hint, problems))


def answer(error: AimsgraphError, *, conditional: bool = False) -> JSONResponse:
    """Make the answer to an error of the engine."""
    return answer_of(details(error, conditional=conditional))


def answer_of(content: dict[str, Any]) -> JSONResponse:
    """Make the answer of problem details, under the name of the request."""
    if (asked := REQUEST.get()) is not None:
        content, asked.problem = content | {"request_id": asked.name}, content["code"]
    headers = {"Retry-After": str(RETRY_AFTER[content["code"]])} if content["code"] in RETRY_AFTER else {}
    if content["status"] == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    return JSONResponse(content, content["status"], headers=headers, media_type=MEDIA_TYPE)


def status_of(code: str, *, conditional: bool = False) -> int:
    """Return the status of an error code; a ``conditional`` request that came too late has one of its own."""
    return 412 if conditional and code == "store-moved" else STATUSES.get(code, OTHERWISE)


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
    findings: Sequence[Any] = (),
) -> dict[str, Any]:
    """Return problem details: findings as they stand in a validation."""
    if code in _DISCREETLY:
        LOGGER.warning("%s: %s", code, detail)
        detail, hint, problems = _DISCREETLY[code], _HINTS.get(code, _ELSEWHERE), ()
    content: dict[str, Any] = {
        "type": PROBLEM_TYPE + code,
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "hint": hint,
        "problems": [str(one) for one in problems],
        "findings": list(findings),
    }
    return {name: value for name, value in content.items() if value}


def is_conditional(request: Request) -> bool:
    """Say whether a request is to be done upon a certain state only."""
    return not {"if-match", "if-none-match"}.isdisjoint(request.headers)


def install(app: FastAPI) -> None:
    """Make every error of the application a problem details answer."""

    @app.exception_handler(AimsgraphError)
    def known(request: Request, error: AimsgraphError) -> JSONResponse:
        return answer(error, conditional=is_conditional(request))

    @app.exception_handler(RequestValidationError)
    def wrong_parameter(_request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [Problem(_in_words(one), path=".".join(map(str, one["loc"]))) for one in error.errors()]
        said = "The request has wrong or missing parameters."
        return problem(422, "usage", said, hint=_nearest(error.errors()), problems=faults)

    @app.exception_handler(HTTPException)
    def plain(request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "no-such-route", 405: "method-not-allowed"}.get(error.status_code, "usage")
        said, hint = str(error.detail), None
        if code == "no-such-route":
            said = "There is nothing at this address."
            hint = "/api/v1 says where to begin, and /api/v1/openapi.json names every address."
        answer = problem(error.status_code, code, said, hint=hint)
        answer.headers.update(error.headers or {})
        if error.status_code == 405:
            answer.headers["allow"] = ", ".join(_methods(app, request))
        return answer

    @app.exception_handler(LeftOffError)
    def left_off(request: Request, _error: LeftOffError) -> JSONResponse:
        return plain(request, HTTPException(GONE, SAID))

    @app.exception_handler(NotModifiedError)
    def fresh(_request: Request, _error: NotModifiedError) -> Response:
        return Response(status_code=304)


def _in_words(fault: Mapping[str, Any]) -> str:
    """Say what is wrong with a value, in the words of the other messages."""
    if fault["type"] in _WORDS:
        return _WORDS[fault["type"]]
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"it s{said.removeprefix('Input s')}" if said.startswith("Input should ") else said


def _nearest(faults: Sequence[Any]) -> str | None:
    """Name for each parameter that there is not the nearest one that there is."""
    near = {one["loc"][-1]: (one.get("ctx") or {}).get("near") for one in faults if one["type"] == STRANGE}
    found = [f"{name} instead of {wrong}" for wrong, name in near.items() if name]
    return f"Did you mean {', '.join(found)}?" if found else None


def _methods(app: FastAPI, request: Request) -> list[str]:
    """Return what may be done at an address; each route knows of its own methods only."""
    return [
        method
        for method in ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
        if any(route.matches({**request.scope, "method": method})[0] == Match.FULL for route in app.routes)
    ]
