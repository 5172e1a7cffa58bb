"""What the answers of the W3C's protocols have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aimsgraph_api import preconditions

if TYPE_CHECKING:
    from fastapi import Response

    from aimsgraph_api.negotiation import Wanted

_PROBLEM: Final[dict[str, Any]] = {"content": {"application/problem+json": {}}}
_SAID: Final = {
    400: "The request is not valid.",
    401: "The server must know who asks.",
    403: "Refused, or not permitted.",
    404: "There is no such graph.",
    406: "There is no such form of the answer.",
    412: "The store has changed since it was read.",
    413: "Too much, or more than a limit allows.",
    415: "What was sent is of another media type.",
    422: "A parameter is wrong.",
    503: "The store cannot be read or written, or others are at it.",
    504: "It took too long.",
}


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the answers that are problem details, for the documentation of a route."""
    return {status: {"description": _SAID[status], **_PROBLEM} for status in statuses}


def sent(response: Response, wanted: Wanted, snapshot: str | None = None) -> Response:
    """Return an answer with the headers that say in which form it is, and of which state."""
    response.headers["content-type"] = wanted.media_type
    response.headers["vary"] = "Accept"
    response.headers["x-content-type-options"] = "nosniff"
    if snapshot is not None:
        response.headers["etag"] = preconditions.tag(snapshot, wanted.form)
    return response
