"""What a write expects to find (If-Match, If-None-Match), and the tag of the state that it leaves (RFC 9110)."""

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


def tag(snapshot: str) -> str:
    """Return the entity tag of a state of the store."""
    return f'"{snapshot}"'


def expected(request: Request, kept: SessionDependency) -> str | None:
    """Return the head upon which alone a request wants to write, or None.

    :raises StoreMovedError: the head is none of those that the request names.
    """
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    head = kept.graph().view().snapshot
    if head not in _strong(header):
        raise StoreMovedError(
            "The store is not in the state that If-Match names; nothing was written.",
            hint="Read it as it is now, and try again with the ETag of a write or the snapshot of an answer.",
        )
    return head


ExpectedDependency = Annotated[str | None, Depends(expected)]


def only_new(request: Request) -> bool:
    """Say whether a request wants to write only what is not there yet (If-None-Match: *).

    :raises UsageError: the header says something else.
    """
    header = request.headers.get("if-none-match")
    if header is not None and header.strip() != "*":
        raise UsageError("A write can only be asked for with If-None-Match: *.")
    return header is not None


NewDependency = Annotated[bool, Depends(only_new)]


def _strong(header: str) -> Iterator[str]:
    return (found[2] for found in _TAG.finditer(header) if not found[1])
