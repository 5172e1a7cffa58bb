"""Splits a SPARQL text into its tokens, each with its place, by the terminals of SPARQL 1.1, section 19.8."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from aimsgraph.errors import Problem, QueryInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterable

TokenKind = Literal["comment", "iri", "string", "bnode", "var", "pname", "lang", "number", "word", "op"]

_LOCAL_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
#: Longest prefix, in characters: one that could be of any length would be looked for to the end at each word.
_PREFIX = 127
_TOKEN = re.compile(
    rf"""
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
                 | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<bnode>_:\w(?:[\w.\-·]*[\w\-·])?)
    | (?P<var>[?$]\w+)
    | (?P<pname>(?:[^\W\d_][\w.\-·]{{0,{_PREFIX}}}+(?<!\.))?:
                (?:(?:[\w:]|{_LOCAL_ESCAPE})(?:(?:[\w.\-:·]|{_LOCAL_ESCAPE})*(?:[\w\-:·]|{_LOCAL_ESCAPE}))?)?)
    | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<number>(?:\d+\.\d*|\.\d+|\d+)[eE][+-]?\d+|\d*\.\d+|\d+)
    | (?P<word>[^\W\d]\w*)
    | (?P<op>\^\^|&&|\|\||[!<>]=|[{{}}()\[\]<>=!|*/+\-^,;.?])
    """,
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind, its own spelling and the offset of its first character in the text."""

    kind: TokenKind
    text: str
    start: int

    @property
    def word(self) -> str:
        """The keyword in capitals; ``a`` and everything that is not a word keep their spelling."""
        return self.text.upper() if self.kind == "word" and self.text != "a" else self.text


def tokens(text: str) -> list[Token]:
    """Split ``text`` into tokens, comments included, in order.

    Codepoint escapes are taken inside strings and IRIs only, as the engine does.

    :raises QueryInvalidError: at a character that starts no token.
    """
    found: list[Token] = []
    at = _SPACE.match(text).end()  # type: ignore[union-attr]
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise invalid("unexpected character " + repr(text[at]), text, at)
        found.append(Token(cast("TokenKind", match.lastgroup), match.group(), at))
        at = _SPACE.match(text, match.end()).end()  # type: ignore[union-attr]
    return found


def variables(found: Iterable[Token]) -> set[str]:
    """Return the names of the variables among tokens, without ``?`` or ``$``."""
    return {token.text[1:] for token in found if token.kind == "var"}


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column (both from 1) of an offset in ``text``."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def excerpt(text: str, offset: int) -> str:
    """Return, each on a line of its own, the line around ``offset`` (100 characters of it) and a caret below.

    Begins and ends with a line break, and is empty for an empty text.
    """
    if not text.strip():
        return ""
    line, column = place(text, offset)
    content = text.split("\n")[line - 1].rstrip("\r").replace("\t", " ")
    left = max(0, column - 70)
    return f"\n    {content[left : left + 100]}\n    {' ' * (column - 1 - left)}^\n"


def invalid(message: str, text: str, offset: int, hint: str | None = None) -> QueryInvalidError:
    """Return the error for a fault at ``offset`` of the user's text, with its place and a caret."""
    line, column = place(text, offset)
    return QueryInvalidError(
        f"The query is not valid at line {line}, column {column}: {message}.{excerpt(text, offset)}",
        hint=hint,
        problems=(Problem(message, None, line, column),),
    )
