"""The OpenAPI document: what the routes say of themselves, their problems, who may ask, and examples that were run."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from aimsgraph_api.access import permissions_of
from aimsgraph_api.problems import MEDIA_TYPE, ProblemDetails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from aimsgraph.model.access import Permission

Operation = dict[str, Any]

#: Status → what it says, for problems that any route may answer with.
ALWAYS: Final = {
    400: "The request contradicts itself, or names something unknown.",
    413: "The body, or the answer, is too large.",
    422: "A parameter or the body is not of its form.",
    429: "Too many attempts to be recognised: see Retry-After.",
    500: "The program failed; its log says more under the request_id.",
    503: "The store cannot be used now, or too much is being computed: see Retry-After.",
}
#: For those that want to know who asks.
RECOGNISED: Final = {
    401: "Whoever asks has shown no valid key or token.",
    403: "The role of whoever asks does not permit it.",
}
#: For those that look at the graph.
LOOKING: Final = {
    404: "There is nothing of that name.",
    406: "The answer cannot be written in any form that the request accepts.",
    409: "The name fits several things, or the store has been changed meanwhile.",
    501: "An optional part of the server is not installed.",
    504: "It took too long and was stopped.",
}
#: For those that are sent something.
SENT: Final = {
    412: "The state is not the one that the request names (If-Match).",
    415: "The body is of a kind that is not read here.",
}
_BEARER: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key, or a token of an issuer that is trusted.",
}
_BASIC: Final = {
    "type": "http",
    "scheme": "basic",
    "description": "The name of a key, and the key as password.",
}
_SCHEMA: Final = "ProblemDetails"


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an application; it is made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, summary=app.summary, description=app.description,
            routes=app.routes, tags=app.openapi_tags,
        )  # fmt: skip
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas[_SCHEMA] = ProblemDetails.model_json_schema()
        schemes = made["components"].setdefault("securitySchemes", {})
        for name, scheme in (("bearer", _BEARER), ("basic", _BASIC)):
            schemes.setdefault(name, scheme)
        shown = examples()
        for route, method, operation in operations(app, made):
            _complete(operation, permissions(route), reading=method == "get")
            _illustrate(operation, shown.get(f"{method.upper()} {route.path_format}"))
        for name in (
            "HTTPValidationError",
            "ValidationError",
        ):  # what the framework would answer, and we do not
            schemas.pop(name, None)
        app.openapi_schema = made
    return app.openapi_schema


def operations(app: FastAPI, made: dict[str, Any]) -> Iterator[tuple[RouteContext, str, Operation]]:
    """Yield each route with its methods, in lower case, and what the document says of them."""
    for route in routes(app):
        for method in sorted(route.methods or ()):
            found = made["paths"].get(route.path_format, {}).get(method.lower())
            if found is not None:
                yield route, method.lower(), found


def routes(app: FastAPI) -> Iterator[RouteContext]:
    """Yield the routes that the application answers on."""
    yield from (one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, APIRoute))


def permissions(route: RouteContext) -> frozenset[Permission]:
    """Return what a route asks of whoever asks: one permission, or none of ``health`` and ``ready``."""
    return frozenset(permissions_of(route.dependant)) if route.dependant is not None else frozenset()


def examples() -> dict[str, Any]:
    """Return the examples: method and path → parameters, and the answer of the example organisation, long lists cut."""
    text = (resources.files("aimsgraph_api") / "examples.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _complete(operation: Operation, asked: frozenset[Permission], *, reading: bool) -> None:
    """Name the problems that an operation may answer with, and how to say who asks."""
    statuses = dict(ALWAYS)
    if asked:
        jobs = "202" in operation["responses"]  # what takes long may be stopped, whatever was asked
        names = jobs or operation.get("parameters") or operation.get("requestBody")
        statuses |= RECOGNISED | (LOOKING if names else {}) | ({} if reading else SENT)
        operation["security"] = [{"bearer": []}, {"basic": []}, {}]
    answers = operation["responses"]
    for status, says in statuses.items():
        answer = answers.get(str(status))
        # The framework describes answers of its own to wrong parameters: ours are problems like all others.
        if answer is None or status == 422:
            answers[str(status)] = answer = {"description": says}
        answer.setdefault("content", {})[MEDIA_TYPE] = {"schema": {"$ref": f"#/components/schemas/{_SCHEMA}"}}
    if operation.get("parameters") and asked and reading:
        answers.setdefault(
            "304", {"description": "The answer is the one that the asker has (If-None-Match)."}
        )


def _illustrate(operation: Operation, example: dict[str, Any] | None) -> None:
    if example is None:
        return
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example["parameters"]:
            parameter["example"] = example["parameters"][parameter["name"]]
    content = operation["responses"]["200"].get("content", {}).get("application/json")
    if content is not None:
        content["example"] = example["answer"]
