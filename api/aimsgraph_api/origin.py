"""Keeps pages of elsewhere from writing through the browser of somebody who may."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request, params

from aimsgraph.errors import NotPermittedError
from aimsgraph_api.session import session


def own_origin(request: Request) -> None:
    """Let a request pass that comes from no page, from a page of this server or of an origin configured, or has a key.

    A browser names the page in the header Origin, and sends a form to anybody without asking first; a key it never adds
    of itself. The origin ``*`` lets pages read, and is not enough to write.

    :raises NotPermittedError: it comes from elsewhere.
    """
    origin = request.headers.get("origin")
    if origin is None or origin in session(request).settings.origins or "authorization" in request.headers:
        return
    if urlsplit(origin).netloc == request.headers.get("host"):
        return
    raise NotPermittedError(
        f"Pages of {origin} may not write here.", hint="Whoever runs this server can name its origin."
    )


#: As an item of a route's ``dependencies``.
OWN_ORIGIN = params.Depends(own_origin)
