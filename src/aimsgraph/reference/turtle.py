"""A Turtle text as its author laid it out: directives, statements and comments, in order, with their blank lines.

A parser of RDF forgets what a formatter must keep. This one reads the layout and takes the text to be valid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aimsgraph.tokens import Token, invalid, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE: Final = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True)
class Piece:
    """A part of a statement, with the comments on the lines before it and the one behind it."""

    above: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)

    @property
    def remarks(self) -> bool:
        """Whether a comment belongs to it."""
        return bool(self.above or self.behind)


@dataclass(slots=True)
class Name(Piece):
    """An IRI, a prefixed name, a labelled blank node, a literal, or ``a``: as it is written."""

    text: str = ""


@dataclass(slots=True)
class Nodes(Piece):
    """A collection: its members, and the comments before the closing bracket."""

    members: list[Object] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Nameless(Piece):
    """A blank node in brackets: what is said of it, and the comments before the closing bracket."""

    says: list[Predicate] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


Object = Name | Nodes | Nameless


@dataclass(slots=True)
class Predicate(Piece):
    """A property and the things it leads to."""

    verb: str = ""
    objects: list[Object] = field(default_factory=list)


@dataclass(slots=True)
class Item(Piece):
    """What stands at the top: after how many blank lines."""

    blank: int = 0


@dataclass(slots=True)
class Comment(Item):
    """A comment on a line of its own between statements."""

    text: str = ""


@dataclass(slots=True)
class Directive(Item):
    """A prefix, or the base where ``prefix`` is None."""

    prefix: str | None = None
    namespace: str = ""


@dataclass(slots=True)
class Statement(Item):
    """A subject and what is said of it, with the comments before the full stop."""

    subject: Object = field(default_factory=Name)
    says: list[Predicate] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


def outline(text: str) -> list[Item]:
    """Return the items of a Turtle text, in order.

    :raises QueryInvalidError: where the text ends too early or has a character that starts no token.
    """
    return _Reader(text).items()


class _Reader:
    """Goes through the tokens of a text once, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: Sequence[Token] = tokens(text)
        self.at = 0

    def items(self) -> list[Item]:
        found: list[Item] = []
        while self.at < len(self.tokens):
            blank = max(self._breaks() - 1, 0) if self.at else 0
            item = self._item()
            item.blank = blank
            found += [item, *(Comment(text=text) for text in _behind(item, []))]
        return found

    def _item(self) -> Item:
        token = self._peek()
        if token.kind == "comment":
            return Comment(text=self._take().text.rstrip())
        if token.text.lower() in ("@prefix", "@base", "prefix", "base"):
            return self._directive()
        return self._statement()

    def _directive(self) -> Directive:
        keyword = self._take().text.lower()
        item = Directive(prefix=self._take().text.removesuffix(":") if "prefix" in keyword else None)
        item.namespace = self._take().text
        if keyword.startswith("@"):
            self._take()
        item.behind = self._rest_of_line()
        return item

    def _statement(self) -> Statement:
        item = Statement(subject=self._object())
        item.says, item.below = self._says(".")
        last = item.says[-1] if item.says and not item.below else None
        item.behind = (last.behind if last else []) + self._rest_of_line()
        if last:
            last.behind = []
        return item

    def _says(self, end: str) -> tuple[list[Predicate], list[str]]:
        """Read predicates up to the token ``end`` and past it; return them and the comments before it."""
        found: list[Predicate] = []
        above: list[str] = []
        while True:
            above += self._comments()
            if self._peek().text == end:
                self._take()
                return found, above
            if self._peek().text == ";":
                self._take()
                if found:
                    above = _behind(found[-1], above + self._rest_of_line())
                continue
            found.append(self._predicate(above))
            above = _behind(found[-1], [])

    def _predicate(self, above: list[str]) -> Predicate:
        item = Predicate(above=above, verb=self._take().text)
        above = self._comments()
        while True:
            thing = self._object()
            thing.above = above + thing.above
            item.objects.append(thing)
            remarks = self._rest_of_line()
            mark = self.at
            between = self._comments()
            if self._peek().text != ",":
                self.at = mark  # the comments belong to what follows
                item.behind = remarks
                return item
            self._take()
            above = _behind(thing, remarks + between + self._rest_of_line()) + self._comments()

    def _object(self) -> Object:
        token = self._take()
        if token.text == "[":
            behind = self._rest_of_line()
            says, below = self._says("]")
            if says:
                says[0].above = behind + says[0].above
            else:
                below = behind + below
            return Nameless(says=says, below=below)
        if token.text == "(":
            return self._collection()
        text = token.text
        if token.kind == "op":  # the sign of a number
            text += self._take().text
        elif token.kind == "string" and self._follows("lang", "^^"):
            suffix = self._take()
            text += suffix.text if suffix.kind == "lang" else suffix.text + self._take().text
        return Name(text=text)

    def _collection(self) -> Nodes:
        found = Nodes()
        above = self._rest_of_line() + self._comments()
        while self._peek().text != ")":
            thing = self._object()
            thing.above = above + thing.above
            found.members.append(thing)
            above = _behind(thing, self._rest_of_line()) + self._comments()
        self._take()
        found.below = above
        return found

    def _comments(self) -> list[str]:
        found = []
        while self._peek().kind == "comment":
            found.append(self._take().text.rstrip())
        return found

    def _rest_of_line(self) -> list[str]:
        """Return the comment that stands behind the last token, on the same line."""
        if self.at < len(self.tokens) and self._peek().kind == "comment" and not self._breaks():
            return [self._take().text.rstrip()]
        return []

    def _follows(self, kind: str, text: str) -> bool:
        return self.at < len(self.tokens) and (self._peek().kind == kind or self._peek().text == text)

    def _breaks(self) -> int:
        """Return how many lines end between the last token and the next."""
        last = self.tokens[self.at - 1]
        gap = self.text[last.start + len(last.text) : self._peek().start]
        return len(_LINE.findall(gap))

    def _peek(self) -> Token:
        if self.at >= len(self.tokens):
            raise invalid("the text ends within a statement", self.text, len(self.text))
        return self.tokens[self.at]

    def _take(self) -> Token:
        token = self._peek()
        self.at += 1
        return token


def _behind(piece: Piece, remarks: list[str]) -> list[str]:
    """Put the first comment behind a piece, and return those for which a line has no room."""
    remarks = piece.behind + remarks
    piece.behind = remarks[:1]
    return remarks[1:]
