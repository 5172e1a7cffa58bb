"""Sends an answer while it is still being worked out."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from typing import TYPE_CHECKING, BinaryIO, Final

from starlette.responses import Response

from aimsgraph.errors import AimsgraphError
from aimsgraph_api.attending import attended, gone

if TYPE_CHECKING:
    from contextlib import ExitStack

    from starlette.types import Receive, Scope, Send

    from aimsgraph.query.pool import Pool
    from aimsgraph.query.running import Running

_PORTION: Final = 64 * 1024
_log: Final = logging.getLogger(__name__)


class CutError(Exception):
    """An answer broke off after its first bytes had been sent: the connection has to break off too."""


class Sending(Response):
    """An answer of which the length is not known yet; ``held`` is let go of at its end.

    HTTP/1.0 knows no other end of it than that of the connection, by which nobody can tell a part from the whole: there
    the answer is complete, in a file, before it is sent.
    """

    def __init__(self, pool: Pool, running: Running, held: ExitStack, *, media_type: str) -> None:
        super().__init__(media_type=media_type)
        del self.headers["content-length"]
        self._pool = pool
        self._running = running
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer; when whoever asked goes away, or a limit is reached, the worker is dead by the end.

        :raises CutError: there is no more, though it is not the end.
        """
        try:
            if scope.get("http_version") == "1.0":
                await self._send_file(receive, send)
            else:
                await self._send(receive, send)
        finally:
            self._pool.leave(self._running)
            self._held.close()

    async def _send(self, receive: Receive, send: Send) -> None:
        sent, leaving = 0, asyncio.ensure_future(gone(receive))
        try:
            await self._start(send)
            portion: bytes | None = b"".join(self._running.portions)
            self._running.portions.clear()
            while portion and not leaving.done():
                await send({"type": "http.response.body", "body": portion, "more_body": True})
                sent += len(portion)
                portion = await self._more(leaving)
            if portion is None:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except AimsgraphError as error:
            _log.warning("An answer was cut off after %d bytes: %s (%s)", sent, error.message, error.code)
            raise CutError(error.code) from None
        finally:
            leaving.cancel()

    async def _more(self, leaving: asyncio.Future[None]) -> bytes | None:
        """Return the next portion; None at the end, nothing when whoever asked has gone."""
        more = asyncio.ensure_future(self._pool.more(self._running))
        try:
            await asyncio.wait((more, leaving), return_when=asyncio.FIRST_COMPLETED)
            return more.result() if more.done() else b""
        finally:
            more.cancel()

    async def _send_file(self, receive: Receive, send: Send) -> None:
        with tempfile.TemporaryFile() as file:
            await attended(receive, self._collect(file))
            self.headers["content-length"] = str(file.tell())
            file.seek(0)
            await self._start(send)
            while portion := file.read(_PORTION):
                await send({"type": "http.response.body", "body": portion, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _collect(self, file: BinaryIO) -> None:
        portion: bytes | None = b"".join(self._running.portions)
        while portion is not None:
            file.write(portion)
            portion = await self._pool.more(self._running)

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
