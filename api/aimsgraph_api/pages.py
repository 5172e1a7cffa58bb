"""Links from one page of a long list to the next (RFC 8288)."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Query, Request, Response

#: What may stand in a path as it is, "%" among it: the path comes as it was sent.
_SAFE: Final = "/%:@!$&'()*+,;=~"

Cursor = Annotated[
    str | None,
    Query(description="The next page: what the page before gave as `next`, or in its Link header."),
]


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Name the next page in the ``Link`` header, where there is one."""
    if cursor is not None:
        path = quote(request.scope.get("raw_path") or request.url.path, safe=_SAFE)
        query = request.url.include_query_params(cursor=cursor).query
        response.headers["Link"] = f'<{path}?{query}>; rel="next"'
