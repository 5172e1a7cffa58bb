"""Whether whoever asks is still there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.types import Receive

T = TypeVar("T")
#: What nginx calls it when the client has closed the connection; nobody will read it but the log.
_GONE = 499


async def attended(receive: Receive, doing: Coroutine[object, object, T]) -> T:
    """Do something for a request, and leave off when whoever asked has gone; the body must have been read.

    :raises HTTPException: they have gone.
    """
    work, leaving = asyncio.ensure_future(doing), asyncio.ensure_future(gone(receive))
    try:
        await asyncio.wait({work, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise HTTPException(_GONE, "Whoever asked has gone.")
    finally:
        leaving.cancel()
        if not work.done():
            work.cancel()
            await asyncio.wait({work})


async def gone(receive: Receive) -> None:
    """Wait until whoever asks has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
