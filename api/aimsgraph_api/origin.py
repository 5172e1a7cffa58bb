"""Keeps pages of elsewhere from writing through the browser of somebody who may."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, params

from aimsgraph.errors import NotPermittedError
from aimsgraph_api.session import session

_READING: Final = frozenset({"GET", "HEAD"})


async def own_origin(request: Request) -> None:
    """Let a request pass that only reads, comes from no page, from one of this server or configured, or has a key.

    A browser names the page in the header Origin, and sends a form to anybody without asking first. What was typed as a
    name and password it adds of itself (Basic), a key in Bearer never. The origin ``*`` lets pages read, and is not
    enough to write.

    :raises NotPermittedError: it comes from elsewhere.
    """
    origin = request.headers.get("origin")
    if request.method in _READING or origin is None or origin in session(request).settings.origins:
        return
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        return
    if urlsplit(origin).netloc == request.headers.get("host"):
        return
    raise NotPermittedError(
        f"Pages of {origin} may not write here.", hint="Whoever runs this server can name its origin."
    )


#: As an item of a route's ``dependencies``.
OWN_ORIGIN = params.Depends(own_origin)
