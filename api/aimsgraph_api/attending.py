"""Whether whoever asks is still there."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from starlette.exceptions import HTTPException

from aimsgraph.attention import Asker, calculate_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from starlette.types import Receive

T = TypeVar("T")
#: What nginx calls it when the client has closed the connection; nobody will read it but the log.
GONE = 499
SAID = "Whoever asked has gone."


async def attended(receive: Receive, doing: Coroutine[object, object, T]) -> T:
    """Do something for a request, and leave off when whoever asked has gone; the body must have been read.

    :raises HTTPException: they have gone.
    """
    work, leaving = asyncio.ensure_future(doing), asyncio.ensure_future(gone(receive))
    try:
        await asyncio.wait({work, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise HTTPException(GONE, SAID)
    finally:
        leaving.cancel()
        if not work.done():
            work.cancel()
            await asyncio.wait({work})


@asynccontextmanager
async def watched(receive: Receive) -> AsyncIterator[Asker]:
    """For the length of a block, have what threads calculate for a request left off once whoever asked has gone."""
    asker = Asker()

    async def watch() -> None:
        await gone(receive)
        asker.has_gone = True

    calculate_for(asker)
    watching = asyncio.ensure_future(watch())
    # A body that is too long ends the watching: whoever measures it says so.
    watching.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    try:
        yield asker
    finally:
        watching.cancel()


async def gone(receive: Receive) -> None:
    """Wait until whoever asks has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
