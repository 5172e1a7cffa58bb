"""Where a node and its properties stand in the text of a file: the line of the first statement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from aimsgraph.errors import AimsgraphError
from aimsgraph.ingest.source import encoded, read_source
from aimsgraph.tokens import tokens
from aimsgraph.vocab import RDF, SOURCE_GRAPH, local_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from aimsgraph.tokens import Token

#: Formats that are read like Turtle.
_LIKE_TURTLE: Final = frozenset({"turtle", "trig", "ntriples", "nquads"})
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OPENING: Final = frozenset("[(")
_CLOSING: Final = frozenset("])")

#: A node and, for the place of a property of it, the property.
Wanted = tuple[str, str | None]


def places(path: Path, nodes: Collection[str]) -> dict[Wanted, int]:
    """Return the line of each of the nodes (IRIs) that a file speaks of, and of each property that it states of them.

    In JSON-LD and RDF/XML only the lines of nodes are found, by the text of the IRI or the end of it.

    :raises InputNotReadableError: the file is not there or cannot be read.
    """
    source = read_source(path)
    text = source.text.decode("utf-8")
    if source.format not in _LIKE_TURTLE:
        return _by_text(text, nodes)
    found: dict[Wanted, int] = {}
    line, counted = 1, 0
    try:
        for subject, predicate, start in _stated(text, SOURCE_GRAPH + encoded(source.name)):
            if subject in nodes:
                line, counted = line + text.count("\n", counted, start), start
                found.setdefault((subject, predicate), line)
    except AimsgraphError:  # a spelling that Turtle has and SPARQL has not: what was found so far is right
        pass
    return found


def _by_text(text: str, nodes: Collection[str]) -> dict[Wanted, int]:
    found: dict[Wanted, int] = {}
    for node in nodes:
        at = next((at for name in (node, local_name(node)) if (at := text.find(f'{name}"')) >= 0), -1)
        if at >= 0:
            found[node, None] = text.count("\n", 0, at) + 1
    return found


def _stated(text: str, base: str) -> Iterator[tuple[str, str | None, int]]:
    """Yield subject, None and place of each statement's subject, and subject, predicate and place of each predicate."""
    names = _Names(base)
    subject: str | None = None
    wants, depth = "subject", 0
    stream = iter([token for token in tokens(text) if token.kind != "comment"])
    for token in stream:
        if depth == 0 and _declares(token):
            names.declare(token, stream)
        elif token.text in _OPENING:
            depth += 1
            if wants == "subject":
                subject, wants = None, "predicate"
        elif token.text in _CLOSING:
            depth -= 1
        elif depth:
            continue
        elif token.text in {".", "{", "}"}:
            wants = "subject"
        elif token.text == ";":
            wants = "predicate"
        elif wants == "subject" and token.kind in {"iri", "pname", "bnode"}:
            subject, wants = names.whole(token), "predicate"
            if subject is not None:
                yield subject, None, token.start
        elif wants == "predicate" and token.kind in {"iri", "pname", "word"}:
            wants = "object"
            predicate = RDF + "type" if token.text == "a" else names.whole(token)
            if subject is not None and predicate is not None:
                yield subject, predicate, token.start


def _declares(token: Token) -> bool:
    return token.text.lower() in {"@prefix", "@base", "prefix", "base"}


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

    def _joined(self, token: Token) -> str:
        iri = token.text[1:-1]  # joining would take the # off the end of a whole one
        return iri if _ABSOLUTE.match(iri) else urljoin(self._base, iri)

    def whole(self, token: Token) -> str | None:
        """Return the IRI that a token stands for, or None."""
        if token.kind == "iri":
            return self._joined(token)
        prefix, colon, local = token.text.partition(":")
        if token.kind == "pname" and colon and prefix in self._prefixes:
            return self._prefixes[prefix] + local.replace("\\", "")
        return None
