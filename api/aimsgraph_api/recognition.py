"""Recognises who asks: by a key, by a token, or as nobody in particular."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import Request
from starlette.datastructures import Headers

from aimsgraph.access import ANONYMOUS, Current, Unrecognised, default_place
from aimsgraph.errors import AimsgraphError, NotRecognisedError
from aimsgraph.model.access import Principal
from aimsgraph.store import place
from aimsgraph_api import access_log, problems
from aimsgraph_api.attempts import Attempts
from aimsgraph_api.credentials import Shown, shown
from aimsgraph_api.hosts import BRINGING
from aimsgraph_api.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from aimsgraph.access import Rules
    from aimsgraph_api.settings import Settings

_FOUND: Final = "aimsgraph.principal"
_log: Final = logging.getLogger("aimsgraph.recognition")


class Recognition:
    """Knows by the access file who asks; the file is read again when it changes."""

    def __init__(self, settings: Settings) -> None:
        """Read the access file of a server.

        :raises AccessFileError: it was named and cannot be read, or it has faults.
        """
        path = settings.access or default_place(place(settings.store))
        self._current = Current(path, needed=settings.access is not None)
        self._anonymous = settings.anonymous
        self._known_only = settings.known_only
        self._tokens = Tokens(path.parent if path is not None else Path())
        self._attempts = Attempts(settings.wrong_key_seconds)

    def is_guarded(self) -> bool:
        """Say whether there is an access file that lets somebody in, and nobody unnamed."""
        rules = self._current.rules()
        return rules is not None and rules.is_guarded(datetime.now(UTC))

    def has_file(self) -> bool:
        """Say whether there is an access file."""
        return self._current.rules() is not None

    def warn_of_strangers(self, graphs: Iterable[str]) -> None:
        """Tell the log of each source that the access file names and that is not among the graphs of the store."""
        rules = self._current.rules()
        for stranger in rules.strangers(graphs) if rules is not None else ():
            _log.warning("%s", stranger)

    async def principal(self, scope: Scope) -> Principal:
        """Return who sends a request; it is found out once.

        :raises NotRecognisedError: nobody is served so; the log alone is told why.
        :raises TooManyAttemptsError: too many wrong keys come from the same address.
        """
        if _FOUND not in scope:
            scope[_FOUND] = await self._found(scope)
            access_log.note(scope, who=scope[_FOUND])
        found = scope[_FOUND]
        assert isinstance(found, Principal)  # noqa: S101 - it is set in the lines above alone
        return found

    async def _found(self, scope: Scope) -> Principal:
        address = scope["client"][0] if scope.get("client") else ""
        rules = self._current.rules()
        tried = "authorization" in Headers(scope=scope)
        if tried:
            self._attempts.check(address)
        try:
            offered = shown(Headers(scope=scope))
            if offered is None:
                return self._unnamed(rules)
            return await self._holder(offered, rules)
        except Unrecognised as reason:
            level = logging.WARNING if tried else logging.INFO  # programs often ask without a key first
            named = {"request_id": scope.get("state", {}).get("request_id")}
            _log.log(
                level, "Refused a request from %s: %s.", address or "an unknown address", reason, extra=named
            )
        if tried:
            await self._attempts.wait(address)
        raise NotRecognisedError(
            "This server must know who asks, by a key or token that is valid.",
            hint="Send one: Authorization: Bearer KEY.",
        )

    async def _holder(self, offered: Shown, rules: Rules | None) -> Principal:
        if rules is None:
            raise Unrecognised("a key was shown, and there is no access file")
        if offered.is_token:
            issuer, claims = await self._tokens.claims(offered.secret, rules)
            return rules.bearer(issuer, claims)
        return rules.holder(offered.secret, datetime.now(UTC), name=offered.name)

    def _unnamed(self, rules: Rules | None) -> Principal:
        if rules is not None and not self._known_only:
            return rules.unnamed()
        if self._anonymous is None or self._known_only:
            raise Unrecognised("neither a key nor a token was shown")
        return Principal(ANONYMOUS, self._anonymous)


class Doorkeeper:
    """Reads nothing that a request brings along before it is known who sends it."""

    def __init__(self, app: ASGIApp, recognition: Recognition) -> None:
        self._app = app
        self._recognition = recognition

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it with 401."""
        if scope["type"] == "http" and scope["method"] in BRINGING:
            try:
                await self._recognition.principal(scope)
            except AimsgraphError as error:
                await problems.answer(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def recognition(request: Request) -> Recognition:
    """Return how the application recognises who asks."""
    found = request.app.state.recognition
    assert isinstance(found, Recognition)  # noqa: S101 - the application is made in one place
    return found
