"""Notes who asked what: one line of JSON for each request, in which no key, token or parameter stands."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
import weakref
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from typing import TYPE_CHECKING, Any, Final, Literal

from aimsgraph.errors import OutputNotWritableError
from aimsgraph_api.template import template

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from aimsgraph.model.access import Principal

_NOTED: Final = "aimsgraph.noted"
_FAULT: Final = 500


@dataclass(slots=True)
class Noted:
    """What becomes known of a request while it is answered."""

    who: Principal | None = None
    question: str | None = None
    text: str | None = None
    snapshot: str | None = None


def note(
    scope: Scope,
    *,
    who: Principal | None = None,
    question: str | None = None,
    text: str | None = None,
    snapshot: str | None = None,
) -> None:
    """Note of a request who sends it, the id of the saved question or the SPARQL, and the state."""
    noted = scope.setdefault(_NOTED, Noted())
    noted.who = who or noted.who
    noted.question = question or noted.question
    noted.text = text or noted.text
    noted.snapshot = snapshot or noted.snapshot


class RequestLog:
    """Where the lines go: a file that may be moved away meanwhile, or stderr."""

    def __init__(self, place: Path | Literal["-"], *, texts: bool) -> None:
        """Open the log; with ``texts`` the SPARQL itself is written too.

        :raises OutputNotWritableError: the file cannot be written.
        """
        self.texts = texts
        try:
            handler = logging.StreamHandler() if place == "-" else _PrivateFile(place, encoding="utf-8")
        except OSError as error:
            raise OutputNotWritableError(
                f"The access log {place} cannot be written: {error.strerror or error}.",
                hint="Name a file in a folder that exists and that you may write to.",
            ) from error
        self._logger = logging.Logger(
            "aimsgraph.requests", logging.INFO
        )  # its own: no setting of others reaches it
        self._logger.addHandler(handler)
        weakref.finalize(self, handler.close)

    def write(self, line: dict[str, Any]) -> None:
        """Write a line; a disk that is full loses the line, and says so on stderr, but not the answer."""
        self._logger.info("%s", json.dumps(line))


class _PrivateFile(WatchedFileHandler):
    """A file that its owner alone may read."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding=self.encoding)


class AccessLog:
    """Writes a line when a request has been answered, or broke off; what is sent passes through as it comes."""

    def __init__(self, app: ASGIApp, log: RequestLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and note it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[_NOTED] = noted = Noted()
        sent = _Sent(send)
        began, start = datetime.now(UTC), time.perf_counter()
        try:
            await self._app(scope, receive, sent)
        finally:
            milliseconds = round((time.perf_counter() - start) * 1000, 1)
            self._log.write(_line(scope, noted, sent, began, milliseconds, texts=self._log.texts))


class _Sent:
    """Counts what is sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = _FAULT
        self.bytes = 0
        self.whole = False

    async def __call__(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)


def _line(
    scope: Scope, noted: Noted, sent: _Sent, began: datetime, milliseconds: float, *, texts: bool
) -> dict[str, Any]:
    line = {
        "time": began.isoformat(timespec="milliseconds"),
        "who": noted.who.name if noted.who else None,
        "role": noted.who.role if noted.who else None,
        "client": scope["client"][0] if scope.get("client") else None,
        "request": scope.get("state", {}).get("request_id"),
        "method": scope["method"],
        "route": template(scope),
        "query": _sha256(scope["query_string"]),
        "question": noted.question,
        "sparql": _sha256((noted.text or "").encode("utf-8", "surrogatepass")),
        "status": sent.status,
        "bytes": sent.bytes,
        "whole": sent.whole,
        "ms": milliseconds,
        "snapshot": noted.snapshot,
    }
    return line | {"text": noted.text} if texts and noted.text else line


def _sha256(content: bytes) -> str | None:
    return hashlib.sha256(content).hexdigest() if content else None
