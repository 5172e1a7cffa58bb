"""One operation in the text of a request, and the parts of it that are read the same in all of them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from aimsgraph.query.binding import engine_text
from aimsgraph.query.execution import check_tree_of
from aimsgraph.query.operation import fault, refusal
from aimsgraph.query.safety import UPDATES, CheckedQuery, check_word, named_iri, unknown_prefix
from aimsgraph.store.parsing import MalformedTextError
from aimsgraph.store.template import Template, hole, is_iri, read_template
from aimsgraph.tokens import Token, variables
from aimsgraph.vocab import is_reserved

#: The bare words of a template.
_TEMPLATE: Final = frozenset({"GRAPH", "a", "TRUE", "FALSE"})
_TOLD: Final = re.compile(r"^(?:Parser )?error (?:at|between) .*?: ", re.IGNORECASE)


class Passage:
    """The tokens ``found`` of one operation, from ``start`` on, and how far they are read."""

    def __init__(
        self, text: str, found: list[Token], start: int, prefixes: dict[str, str], base: str
    ) -> None:
        self.text = text
        self.found = found
        self.start = self.at = start
        self.prefixes = prefixes
        self.base = base
        self.places: dict[str, int] = {}
        for token in found[start:]:
            if token.word.startswith("SERVICE"):
                raise refusal("SERVICE asks another server", text, token.start)
            if token.word == "FROM":
                raise refusal("FROM belongs to queries", text, token.start, "Write USING <graph>.")
            if token.kind == "pname" and token.text.partition(":")[0] not in prefixes:
                raise unknown_prefix(token, prefixes, text)

    @property
    def at_end(self) -> bool:
        """Whether all is read."""
        return self.at >= len(self.found)

    @property
    def token(self) -> Token:
        """The next token; an empty one behind the last."""
        if not self.at_end:
            return self.found[self.at]
        last = self.found[-1]
        return Token("op", "", last.start + len(last.text))

    @property
    def word(self) -> str:
        """The next keyword, in capitals."""
        return self.token.word

    @property
    def here(self) -> int:
        """The place of the next token in the text."""
        return self.token.start

    def take(self) -> str:
        """Read the next keyword."""
        word = self.word
        self.at += 1
        return word

    def skip(self, word: str) -> bool:
        """Read a keyword if it is the next one."""
        fits = self.word == word
        self.at += fits
        return fits

    def expect(self, word: str, wanted: str | None = None) -> None:
        """Read a keyword that must be the next one."""
        if not self.skip(word):
            found = f"{self.token.text!r} stands where" if self.token.text else "the operation ends where"
            raise fault(f"{found} {wanted or word} should", self.text, self.here)

    def graph(self, *, written: bool) -> str:
        """Read the IRI of a graph, which must be one that may be ``written`` where it will be."""
        token = self.token
        if token.kind not in ("iri", "pname"):
            found = repr(token.text) if token.text else "nothing"
            raise fault(f"{found} stands where the IRI of a graph should", self.text, token.start)
        self.at += 1
        iri = self._iri(token)
        if written:
            self.check_written(iri, token.start)
        return iri

    def check_written(self, graph: str, at: int) -> None:
        """Refuse to write a graph that the store alone writes."""
        if is_reserved(graph):
            hint = "Updates may write the graphs of sources, and graphs of your own."
            raise refusal(f"<{graph}> is written by the store alone", self.text, at, hint)

    def dataset(self, home: str | None) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
        """Read the clauses USING and return the default graphs and the named graphs of the WHERE."""
        default: list[str] = []
        named: list[str] = []
        used = False
        while self.skip("USING"):
            used = True
            chosen = named if self.skip("NAMED") else default
            at = self.here
            chosen.append(self.graph(written=False))
            if chosen[-1].lower().startswith("file:"):
                raise refusal("USING names graphs of the store, and no file", self.text, at)
        if used:
            return tuple(default), tuple(named)
        return (None if home is None else (home,)), None

    def template(self, *, data: bool, deleting: bool) -> Template:
        """Read a template in its braces; plain ``data`` has no variables, what is deleted no blank nodes."""
        group = self._group()
        what = "Data have" if data else "A template has"
        for before, token in zip([group[0], *group], group, strict=False):
            if data and token.kind == "var":
                raise fault("data name what they mean, without variables", self.text, token.start)
            if token.kind == "word" and token.word not in _TEMPLATE:
                raise fault(
                    f"{token.text!r} does not fit here", self.text, token.start, f"{what} statements only."
                )
            if token.kind == "lang" and before.kind != "string":
                raise fault("a language stands behind a string", self.text, token.start)
            if deleting and (token.kind == "bnode" or token.text == "["):
                reason = "what is removed must be named, and a blank node has no name"
                raise fault(reason, self.text, token.start, "Find it by WHERE, with a variable.")
            if before.word == "GRAPH":
                self._check_graph(token)
        template = self._read(_as_trig(group, self.text))
        if deleting and template.has_blank_nodes:
            opening = next(token for token in group if token.text == "(")
            raise fault("what is removed cannot be written as a list", self.text, opening.start)
        return template

    def select(self, group_at: int, delete: Template, insert: Template) -> CheckedQuery:
        """Read the group of a WHERE, and return the SELECT of what the templates need of it."""
        self.at = group_at
        group = self._group()
        for token in group:
            if token.kind == "word" and token.word in UPDATES:
                raise fault(f"{token.text!r} does not fit inside WHERE {{ … }}", self.text, token.start)
            if token.kind == "word":
                check_word(token, self.text)
        names = sorted((delete.variables | insert.variables) & variables(group))
        distinct = "" if insert.has_blank_nodes or not names else "DISTINCT "
        query = self._piece(f"SELECT {distinct}{' '.join(f'?{name}' for name in names) or '*'} WHERE ", group)
        check_tree_of(query, engine_text(query).text)
        return query

    def _group(self) -> list[Token]:
        if self.word != "{":
            self.expect("{")
        start, depth = self.at, 0
        while True:
            depth += (self.word == "{") - (self.word == "}")
            self.at += 1
            if depth == 0:
                return self.found[start : self.at]

    def _check_graph(self, token: Token) -> None:
        if token.kind == "var":
            self.places.setdefault(token.text[1:], token.start)
        elif token.kind in ("iri", "pname"):
            self.check_written(self._iri(token), token.start)
        else:
            raise fault("GRAPH is followed by an IRI or a variable", self.text, token.start)

    def _iri(self, token: Token) -> str:
        iri = named_iri(token, self.prefixes, self.base)
        if not is_iri(iri):
            raise fault(f"<{iri}> is no absolute IRI", self.text, token.start, "Declare a BASE.")
        return iri

    def _piece(self, opening: str, group: list[Token]) -> CheckedQuery:
        at = group[0].start
        base = [Token("word", "BASE", at), Token("iri", f"<{self.base}>", at)] if self.base else []
        found = (*base, Token("op", opening, at), *group)
        return CheckedQuery(self.text, "SELECT", found, self.prefixes, len(base))

    def _read(self, group: list[Token]) -> Template:
        if not group:
            return Template()
        written = engine_text(self._piece("", group), {name: hole(name) for name in variables(group)})
        try:
            return read_template(written.text)
        except MalformedTextError as error:
            first = error.faults[0]
            lines = written.text.split("\n")
            offset = sum(len(line) + 1 for line in lines[: first.line - 1]) + (first.column or 1) - 1
            raise fault(_TOLD.sub("", first.reason), self.text, written.origin(offset)) from None


def _as_trig(group: list[Token], text: str) -> list[Token]:
    """Write the statements of a template as those of TriG, which wants and allows full stops elsewhere."""
    written: list[Token] = []
    depth, ended = 0, True
    for before, token in pairwise(group[:-1]):
        if token.word == "GRAPH" and not ended:
            written.append(Token("op", " . ", token.start))
        if token.text == "{" and (depth or len(written) < 2 or written[-2].word != "GRAPH"):
            raise fault("a graph in braces needs GRAPH in front, and has no other in it", text, token.start)
        depth += (token.text == "{") - (token.text == "}")
        spelling = token.text.lower() if token.word in ("TRUE", "FALSE") else token.text
        if token.text == "." and before.text == "}":
            spelling = " "
        written.append(Token(token.kind, spelling, token.start))
        ended = depth == 0 and token.text in (".", "}")
    if not ended:
        written.append(Token("op", " .", group[-1].start))
    return written
