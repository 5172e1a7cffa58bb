"""Where names stand in a Turtle text: each with the subject of its statement, without parsing it as a graph."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from aimsgraph.tokens import tokens
from aimsgraph.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.tokens import Token

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Mention:
    """An IRI at an offset of a text: the subject of a statement, a property said of it, or anything else within it.

    ``subject`` is None in a statement about a blank node; ``role`` is ``subject``, ``property`` or ``other``.
    """

    subject: str | None
    name: str
    role: str
    start: int


def mentions(text: str, base: str = "") -> Iterator[Mention]:
    """Yield the names in a text of Turtle, TriG, N-Triples or N-Quads, in order.

    :raises QueryInvalidError: at a spelling that Turtle has and SPARQL, whose tokens are read, has not.
    """
    names = _Names(base)
    subject: str | None = None
    wants, depth = "subject", 0
    stream = iter([token for token in tokens(text) if token.kind != "comment"])
    for token in stream:
        if depth == 0 and token.text.lower() in {"@prefix", "@base", "prefix", "base"}:
            names.declare(token, stream)
        elif token.text in {"[", "("}:
            depth += 1
            if wants == "subject":
                subject, wants = None, "property"
        elif token.text in {"]", ")"}:
            depth -= 1
        elif depth == 0 and token.text in {".", "{", "}"}:
            wants = "subject"
        elif depth == 0 and token.text == ";":
            wants = "property"
        elif token.kind in {"iri", "pname", "bnode"} or token.text == "a":
            name = names.whole(token)
            role = "other" if depth else wants
            if role == "subject":
                subject = name
            if not depth:
                wants = {"subject": "property", "property": "other"}.get(wants, wants)
            if name is not None:
                yield Mention(subject, name, role, token.start)


class _Names:
    """The prefixes and the base that hold at a place."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._prefixes: dict[str, str] = {}

    def declare(self, token: Token, stream: Iterator[Token]) -> None:
        """Take the declaration that a token begins."""
        if token.text.lower().lstrip("@") == "base":
            self._base = self._joined(next(stream))
        else:
            prefix = next(stream).text.partition(":")[0]
            self._prefixes[prefix] = self._joined(next(stream))
        if token.text.startswith("@"):
            next(stream, None)  # its full stop

    def whole(self, token: Token) -> str | None:
        """Return the IRI that a token stands for, or None."""
        if token.text == "a":
            return RDF + "type"
        if token.kind == "iri":
            return self._joined(token)
        prefix, colon, local = token.text.partition(":")
        if token.kind == "pname" and colon and prefix in self._prefixes:
            return self._prefixes[prefix] + local.replace("\\", "")
        return None

    def _joined(self, token: Token) -> str:
        iri = token.text[1:-1]  # joining would take the # off the end of a whole one
        return iri if _ABSOLUTE.match(iri) else urljoin(self._base, iri)
