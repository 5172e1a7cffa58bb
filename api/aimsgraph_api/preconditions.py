"""Entity tags: the snapshot that an answer was made from, and what a request expects (RFC 9110, 8.8.3 and 13.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request

from aimsgraph.errors import StoreMovedError, UsageError
from aimsgraph_api.session import SessionDependency

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A strong tag of a state; what stands behind a semicolon says of what form of it.
_TAG: Final = re.compile(r'(W/)?"([^";]*)(?:;[^"]*)?"')


def tag(snapshot: str, form: str | None = None) -> str:
    """Return the entity tag of a state, or of what was written of it in one of several forms."""
    return f'"{snapshot};{form}"' if form else f'"{snapshot}"'


def expected(request: Request, snapshot: str) -> str | None:
    """Return the state that a write must find, by If-Match; None where any will do.

    :raises StoreMovedError: the present ``snapshot`` is none of those that the request would take.
    """
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    if snapshot not in _strong(header):
        raise StoreMovedError(
            "The store is not in the state that If-Match names; nothing was written.",
            hint="Read it as it is now, and try again with the ETag of a write or the snapshot of an answer.",
        )
    return snapshot


def expected_head(request: Request, kept: SessionDependency) -> str | None:
    """Return the head upon which alone a request wants to write, or None.

    :raises StoreMovedError: the head is none of those that the request names.
    """
    return expected(request, kept.graph().view().snapshot) if "if-match" in request.headers else None


ExpectedDependency = Annotated[str | None, Depends(expected_head)]


def only_new(request: Request) -> bool:
    """Say whether a request wants to write only what is not there yet (If-None-Match: *).

    :raises UsageError: the header says something else.
    """
    header = request.headers.get("if-none-match")
    if header is not None and header.strip() != "*":
        raise UsageError("A write can only be asked for with If-None-Match: *.")
    return header is not None


NewDependency = Annotated[bool, Depends(only_new)]


def is_known(request: Request, etag: str) -> bool:
    """Say whether the client has what it would be sent, by If-None-Match."""
    header = ",".join(request.headers.getlist("if-none-match"))
    return header.strip() == "*" or etag in [part.strip().removeprefix("W/") for part in header.split(",")]


def _strong(header: str) -> Iterator[str]:
    """Yield the states in a header, whatever form they were written in; a weak tag names none to write upon."""
    return (found[2] for found in _TAG.finditer(header) if not found[1])
