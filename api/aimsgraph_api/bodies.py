"""Holds the bodies of requests to a size."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from aimsgraph.errors import BodyTooLargeError
from aimsgraph_api.problems import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


def too_large(largest: int) -> BodyTooLargeError:
    """Return the error for a body of more than so many bytes."""
    return BodyTooLargeError(
        f"The body of the request has more than {largest:,} bytes.",
        hint="Send it in parts, or load it where the store is.",
    )


class _TooLargeError(Exception):
    pass


class Bodies:
    """Middleware: a body of more than ``largest`` bytes is refused, by what it says of itself and while it is read."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on whose body is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._said(scope) > self._largest:
            await self._refuse(scope, receive, send)
            return
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
                raise _TooLargeError
            return message

        async def passed_on(message: Message) -> None:
            nonlocal begun
            if read <= self._largest or begun:
                begun = True
                await send(message)

        with suppress(_TooLargeError):
            await self._app(scope, counted, passed_on)
        if read > self._largest and not begun:
            await self._refuse(scope, receive, send)

    @staticmethod
    def _said(scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and len(value) < 19:
                return int(value)
        return 0

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = answer(too_large(self._largest))
        refusal.headers["Connection"] = "close"
        await refusal(scope, receive, send)
