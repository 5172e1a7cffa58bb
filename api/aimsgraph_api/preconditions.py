"""Entity tags: the snapshot that an answer was made from, and what a request expects (RFC 9110, 8.8.3 and 13.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.errors import StoreMovedError

if TYPE_CHECKING:
    from fastapi import Request


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
    if snapshot not in _snapshots(header):
        raise StoreMovedError(
            "The store has changed since it was read; nothing was written.",
            hint="Look at it as it is now, and try again.",
        )
    return snapshot


def is_known(request: Request, etag: str) -> bool:
    """Say whether the client has what it would be sent, by If-None-Match."""
    header = request.headers.get("if-none-match", "")
    return header.strip() == "*" or etag in [part.strip().removeprefix("W/") for part in header.split(",")]


def _snapshots(header: str) -> list[str]:
    """Return the states in a header, whatever form they were written in."""
    parts = (part.strip().removeprefix("W/").strip('"') for part in header.split(","))
    return [part.partition(";")[0] for part in parts]
