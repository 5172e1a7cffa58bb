"""Requests of the SPARQL 1.1 Protocol, read from the URL and the body (W3C, 21 March 2013)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from aimsgraph.errors import MediaTypeError, UsageError
from aimsgraph_api.bodies import too_large

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fastapi import Request

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
#: The header in which the message of a changeset may stand, percent-encoded where it is more than ASCII.
MESSAGE: Final = "Changeset-Message"
_MOST_FIELDS: Final = 10_000
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_RELATIVE: Final = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*:)[^\s<>\"{}|^`]*>")
_BASED: Final = re.compile(r"\s*BASE\s*<[A-Za-z][A-Za-z0-9+.\-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The names and values of a URL or a form, in order."""

    pairs: tuple[tuple[str, str], ...] = ()

    def all(self, *names: str) -> tuple[str, ...]:
        """Return every value of a parameter that has one of these names."""
        return tuple(value for given, value in self.pairs if given in names)

    def one(self, *names: str) -> str | None:
        """Return the value of a parameter that has one of these names, or None where it is not given.

        :raises UsageError: it is given twice.
        """
        values = [value for given, value in self.pairs if given in names]
        if len(values) > 1:
            raise UsageError(f"The parameter {names[0]} is given {len(values)} times.", hint="Give it once.")
        return values[0] if values else None

    def flag(self, name: str) -> bool:
        """Say whether a parameter that is true or false is true.

        :raises UsageError: it is something else.
        """
        value = (self.one(name) or "false").lower()
        if value not in ("true", "false", "1", "0"):
            raise UsageError(f"The parameter {name} is true or false, not {value!r}.")
        return value in ("true", "1")

    def only(self, *names: str) -> bool:
        """Say whether no others than these are given."""
        return all(given in names for given, _ in self.pairs)


def of_url(request: Request) -> Parameters:
    """Return the parameters in the URL of a request.

    :raises UsageError: they are not UTF-8, or too many.
    """
    return _parsed(request.scope["query_string"])


async def posted(request: Request, parameter: str, direct: str, *, largest: int) -> tuple[str, Parameters]:
    """Return the text of a query or update that was posted, and all other parameters.

    It is the body itself, of media type ``direct``, or the ``parameter`` of a form. A form may leave what is not the
    text to the URL.

    :raises MediaTypeError: the body is neither, or not in UTF-8.
    :raises UsageError: there is no text, or more than one.
    :raises BodyTooLargeError: the body has more than ``largest`` bytes.
    """
    kind = media_type(request.headers.get("content-type"))
    if kind not in (FORM, direct):
        raise MediaTypeError(
            f"The body is of type {kind or 'unknown'}, which is not taken here.",
            hint=f"Post a form ({FORM}) with {parameter}=, or the text itself as {direct}.",
        )
    _check_charset(request.headers.get("content-type", ""))
    given, content = of_url(request), await body(request, largest)
    if kind == FORM:
        given = Parameters(given.pairs + _parsed(content).pairs)
        return text_of(given, parameter), given
    if given.one(parameter) is not None:
        raise UsageError(f"The text is given twice: as the body, and as {parameter}= in the URL.")
    return _decoded(content), given


def text_of(given: Parameters, parameter: str) -> str:
    """Return the text that a parameter has.

    :raises UsageError: it is missing, or given twice.
    """
    text = given.one(parameter)
    if text is None:
        raise UsageError(f"The parameter {parameter} is missing.", hint="docs/sparql.md has examples.")
    return text


async def body(request: Request, largest: int) -> bytes:
    """Return the body of a request.

    :raises BodyTooLargeError: it has more than ``largest`` bytes.
    """
    return b"".join([portion async for portion in portions(request, largest)])


async def portions(request: Request, largest: int) -> AsyncGenerator[bytes, None]:
    """Yield the body of a request as it comes in, no more of it than ``largest`` bytes.

    :raises BodyTooLargeError: it has more.
    """
    size = 0
    async for portion in request.stream():
        size += len(portion)
        if size > largest:
            raise too_large(largest)
        yield portion


def media_type(header: str | None) -> str:
    """Return the media type that a header names, without its parameters, in small letters."""
    return (header or "").partition(";")[0].strip().lower()


def based(text: str, request: Request) -> str:
    """Return a text whose relative IRIs, if it has some, are relative to the address that it was sent to."""
    if _RELATIVE.search(text) is None or _BASED.match(text):
        return text
    return f"BASE <{address(request)}> {text}"


def address(request: Request) -> str:
    """Return the address of a request, without its query and as the client wrote it."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    host = request.headers.get("host", request.url.netloc)
    return f"{request.url.scheme}://{host}{path.partition(b'?')[0].decode('ascii', 'replace')}"


def message_of(request: Request, given: Parameters) -> str | None:
    """Return why something is written: the parameter ``message``, or the header for it."""
    header = request.headers.get(MESSAGE)
    return in_one_line(given.one("message") or (unquote(header) if header else None))


def in_one_line(message: str | None) -> str | None:
    """Return a message with a space for each line end and each character by which it could pretend to be more."""
    return message and "".join(sign if sign.isprintable() else " " for sign in message).strip()


def _parsed(encoded: bytes) -> Parameters:
    try:
        found = parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:  # UnicodeError is one
        raise UsageError(
            f"The parameters cannot be read: {error}.", hint="Percent-encode them in UTF-8."
        ) from None
    return Parameters(tuple(found))


def _check_charset(content_type: str) -> None:
    found = _CHARSET.search(content_type)
    if found and found[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise MediaTypeError(f"The body is in {found[1]}, not in UTF-8.", hint="SPARQL is sent in UTF-8.")


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"The body is not UTF-8 (byte {error.start}).", hint="SPARQL is sent in UTF-8."
        ) from None
