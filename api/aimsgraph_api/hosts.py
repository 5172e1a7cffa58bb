"""Names by which the server may be called, and pages that may have a browser send it something.

A page elsewhere can make a browser ask this server, by a name that leads here (DNS rebinding) or with what the browser
remembers of who asks (Basic). Neither is answered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers

from aimsgraph_api.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

#: Requests that may bring something along.
BRINGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]@/\s*]+)(:\d+)?")


class Hosts:
    """Middleware: answers to the names of the server alone, and takes nothing from pages of origins unknown to it."""

    def __init__(self, app: ASGIApp, names: Iterable[str], origins: Iterable[str]) -> None:
        """Take names (``*.example.org`` is all below it, ``*`` is any) and origins (``https://HOST``, ``*``)."""
        self._app = app
        self._names = frozenset(name.lower() for name in names)
        self._origins = frozenset(origin.lower() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 400 or 403."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host = headers.get("host", "").lower()
            if not self._is_ours(host):
                refusal = problem(
                    400, "http", "The server does not answer to the name by which it was called.",
                    hint="Call it by one of its names; --host-name gives it another.",
                )  # fmt: skip
                await refusal(scope, receive, send)
                return
            if scope["method"] in BRINGING and not self._may_send(headers.get("origin"), host):
                refusal = problem(
                    403, "not-permitted", "A page of another origin has sent this.",
                    hint="If it is a page of yours: --origin lets it.",
                )  # fmt: skip
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        parts = found[1].split(".")
        above = {"*." + ".".join(parts[index:]) for index in range(1, len(parts))}
        return not self._names.isdisjoint({"*", found[1], *above})

    def _may_send(self, origin: str | None, host: str) -> bool:
        """Say whether a request comes from a program, from a page of this server, or from one that may send."""
        ours = {f"http://{host}", f"https://{host}"}
        return origin is None or "*" in self._origins or origin.lower() in self._origins | ours
