"""Puts terms in the place of a checked query's variables, and writes the text that the engine gets.

The engine's own ``substitutions`` reach only variables that a SELECT projects, so a parameter inside a
FILTER, a sub-select or an aggregate would be refused. Here a term takes the place of a variable's *token*:
the value is spelt as one IRI or literal, read back to prove it, and never meets the user's text as text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from aimsgraph.errors import QueryInvalidError
from aimsgraph.tokens import invalid, tokens, variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Identifier

    from aimsgraph.query.safety import CheckedQuery
    from aimsgraph.tokens import Token

#: Begins the names of the variables that keep a sub-select's projection in place; never shown as a column.
PLACEHOLDER: Final = "aimsgraphBound"
#: Words that end a SELECT, GROUP BY or ORDER BY clause.
_ENDS: Final = frozenset({"HAVING", "LIMIT", "OFFSET", "WHERE", "FILTER", "BIND"})
_SERVICE = re.compile("s(e)(?=rvice)", re.IGNORECASE)
_PLACE: Final = re.compile(r"error at (\d+):(\d+)")
_COMMENT = re.compile(r"#[^\n\r]*")
_LOCAL_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class EngineText:
    """The text for the engine, and where each piece of it stands in the user's text.

    ``end`` is the place of a fault that the engine sees only at the end: the last token, or behind it
    when a brace is open.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    end: int

    def origin(self, offset: int) -> int:
        """Return where in the user's text the token begins that stands at ``offset`` of the engine's text."""
        if offset >= len(self.text):
            return self.end
        return self.origins[max(bisect_right(self.starts, offset) - 1, 0)]


def spell(term: Identifier) -> str:
    """Spell an IRI or a literal as exactly one SPARQL term.

    :raises QueryInvalidError: when it is neither, or is an IRI with characters that no IRI may have.
    """
    if isinstance(term, URIRef):
        text = f"<{term}>"
        expected = ["iri"]
    elif isinstance(term, Literal):
        body = "".join(_ESCAPES.get(char, char) for char in str(term))
        text, expected = f'"{body}"', ["string"]
        if term.language:
            text, expected = f"{text}@{term.language}", ["string", "lang"]
        elif term.datatype is not None:
            text, expected = f"{text}^^<{term.datatype}>", ["string", "op", "iri"]
    else:
        raise QueryInvalidError(f"A parameter must be an IRI or a literal, not {term.n3()}.")
    try:
        fits = [token.kind for token in tokens(text)] == expected
    except QueryInvalidError:
        fits = False
    if not fits:
        raise QueryInvalidError(f"The value {str(term)!r} cannot be written as a term.")
    return text


def neutral(spelling: str) -> str:
    """Spell a string or IRI token so that the word SERVICE no longer stands in it, with the same value."""
    return _SERVICE.sub(lambda match: f"{match[0][0]}\\u{ord(match[1]):04X}", spelling)


def engine_text(query: CheckedQuery, bindings: Mapping[str, Identifier] | None = None) -> EngineText:
    """Write the engine's text of a checked query with ``bindings`` (names without ``?``) in place.

    Comments are gone, prefixed names are full IRIs, and no string, IRI or keyword spells SERVICE. At the
    outermost SELECT a bound variable stays a column; a sub-select may project it, GROUP BY and ORDER BY may
    name it; in ``BOUND(?x)`` it is true.

    :raises QueryInvalidError: a binding is of no use in the query, or the query itself assigns that variable.
    """
    values = {name: neutral(spell(term)) for name, term in (bindings or {}).items()}
    used = variables(query.tokens)
    if strange := sorted(set(values) - used):
        names = ", ".join(f"?{name}" for name in strange)
        raise QueryInvalidError(f"The query has no variable {names} to bind a value to.")
    if not query.tokens:
        return EngineText("", (), (), 0)
    writer = _Writer(query, values)
    writer.write()
    last = query.tokens[-1]
    unclosed = sum((token.text == "{") - (token.text == "}") for token in query.tokens) > 0
    end = last.start + len(last.text) if unclosed else last.start
    return EngineText("".join(writer.pieces), tuple(writer.starts), tuple(writer.origins), end)


def syntax_fault(message: str, written: EngineText, text: str) -> QueryInvalidError:
    """Return the error for what the engine's parser said of its text, at its place in the user's text."""
    match = _PLACE.match(message)
    if match is None:
        return QueryInvalidError(f"The query is not valid: {message}.")
    lines = written.text.split("\n")
    row, column = int(match[1]), int(match[2])
    offset = sum(len(line) + 1 for line in lines[: row - 1]) + column - 1
    at = min(written.origin(offset), len(text))
    # The engine lists every token it would take; only what it says in words is of use to a person.
    said = re.findall(r"(?:The|A|An|Prefix|Invalid|Unexpected|Duplicate) [a-zA-Z][^,\[\]]*[a-z]", message)
    return invalid(said[0][:1].lower() + said[0][1:] if said else "this does not fit here", text, at)


class _Writer:
    """Walks the tokens once, knowing the clause it is in."""

    def __init__(self, query: CheckedQuery, values: Mapping[str, str]) -> None:
        self.query = query
        self.values = values
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.origins: list[int] = []
        self.length = 0
        self.clause = ""
        self.parentheses = 0
        self.outer: list[tuple[str, int]] = []
        self.placeholders = 0

    def write(self) -> None:
        base = ""
        found = self.query.tokens
        for index, token in enumerate(found):
            if index < self.query.body:
                base = f"BASE {neutral(found[index + 1].text)} " if token.word == "BASE" else base
                continue
            if index == self.query.body:
                self._put(base, token.start)
            else:
                gap_start = found[index - 1].start + len(found[index - 1].text)
                gap = _COMMENT.sub(" ", self.query.text[gap_start : token.start])
                self._put(" " if gap.strip() else gap, gap_start)  # a dataset clause is left out
            self._put(self._spelling(index, token), token.start)

    def _put(self, piece: str, origin: int) -> None:
        if piece:
            self.pieces.append(piece)
            self.starts.append(self.length)
            self.origins.append(origin)
            self.length += len(piece)

    def _spelling(self, index: int, token: Token) -> str:
        self._follow(token)
        if token.kind == "pname":
            prefix, _, local = token.text.partition(":")
            return neutral(f"<{self.query.prefixes[prefix]}" + _LOCAL_ESCAPE.sub(r"\1", local) + ">")
        if token.kind in ("iri", "string"):
            return neutral(token.text)
        if token.kind == "var" and token.text[1:] in self.values:
            return self._bound(index, token)
        if self._asks_bound(index):
            return ""
        return token.text

    def _follow(self, token: Token) -> None:
        word = token.word
        if word == "{":
            self.outer.append((self.clause if self.parentheses else "", self.parentheses))
            self.clause, self.parentheses = "", 0
        elif word == "}" and self.outer:
            self.clause, self.parentheses = self.outer.pop()
        elif word == "(":
            self.parentheses += 1
            self.clause = "VALUES (" if self.clause == "VALUES" else self.clause
        elif word == ")":
            self.parentheses -= 1
            self.clause = "" if self.clause == "VALUES (" else self.clause
        elif token.kind == "word" and self.parentheses == 0:
            if word in ("SELECT", "VALUES", "GROUP", "ORDER"):
                self.clause = word
            elif word in _ENDS:
                self.clause = ""

    def _word(self, index: int) -> str:
        return self.query.tokens[index].word if 0 <= index < len(self.query.tokens) else ""

    def _asks_bound(self, index: int) -> bool:
        """Whether ``BOUND(?x)`` of a bound variable begins at ``index``; with a term it is not SPARQL."""
        asked = self._word(index + 2)
        return (
            self._word(index) == "BOUND"
            and self._word(index + 1) == "("
            and asked[:1] in ("?", "$")
            and asked[1:] in self.values
        )

    def _bound(self, index: int, token: Token) -> str:
        value = self.values[token.text[1:]]
        if self._word(index - 1) == "AS" or self.clause in ("VALUES", "VALUES ("):
            reason = f"{token.text} is a parameter, so the query may not assign it"
            raise invalid(reason, self.query.text, token.start)
        if self._asks_bound(index - 2):
            return "true"
        if self.parentheses or self.clause not in ("SELECT", "GROUP", "ORDER"):
            return value
        if self.clause != "SELECT":
            return f"({value})"
        if not self.outer:
            return f"({value} AS {token.text})"
        self.placeholders += 1
        return f"({value} AS ?{PLACEHOLDER}{self.placeholders})"
