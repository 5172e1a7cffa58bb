"""Every request as it comes and goes: its name, how long it took, and what becomes of a fault of ours."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders

from aimsgraph_api.logs import LOGGER
from aimsgraph_api.naming import REQUEST, Named
from aimsgraph_api.problems import problem
from aimsgraph_api.template import template

if TYPE_CHECKING:
    from starlette.responses import JSONResponse
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from aimsgraph_api.metrics import Metrics

HEADER: Final = "X-Request-ID"
#: A name that somebody else gave a request is taken when it is one: short, and nothing that a log could trip over.
_SANE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~+/=:-]{0,127}")


class Arrivals:
    """Middleware, the outermost: names requests, counts and times them, and answers for what nobody caught."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and the answer back under the request's name."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = _name(scope)
        asked = Named(name)
        REQUEST.set(asked)
        begun, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        with self._metrics.under_way():
            try:
                await self._app(scope, receive, answer)
            except asyncio.CancelledError:  # the server has waited long enough before it ends
                LOGGER.warning("A request was not answered to its end: the server ends.")
                if not status:
                    await cut_off()(scope, receive, answer)
            except Exception:
                extra = {"method": scope["method"], "route": template(scope)}
                LOGGER.exception("The program failed while it answered a request.", extra=extra)
                if (
                    status
                ):  # a part has gone out: the connection breaks off, so that nobody takes it for the whole
                    raise
                fault = problem(
                    500, "internal-fault", "The server failed: a fault of the program, not of the request.",
                    hint="Tell whoever runs the server the request_id.",
                )  # fmt: skip
                await fault(scope, receive, answer)
            finally:
                if asked.problem is not None:
                    self._metrics.problem(asked.problem)
                self._metrics.answered(
                    scope["method"], template(scope) or "none", status, time.perf_counter() - begun
                )


def cut_off() -> JSONResponse:
    """Make the answer to a request that would have taken longer than the server still lives."""
    return problem(
        503, "not-ready", "The server was told to end before this could be answered.",
        hint="Ask again when it runs again. Of a write the history says whether it was done.",
    )  # fmt: skip


def _name(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if _SANE.fullmatch(given) else uuid4().hex
