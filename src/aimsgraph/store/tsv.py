"""The rows of an answer in SPARQL 1.1's TSV format, which engines write quickest, as rdflib terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Identifier

    from aimsgraph.store.protocol import Row

#: How many terms a reader keeps: finding one is quicker than making it, and one object quickly compared with itself.
_MOST_KNOWN: Final = 500_000
_QUOTED: Final = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^<(?P<datatype>[^>]*)>)?'
)
#: The variable that Jena gives to the answer to an ASK, for which this format has no place.
_TRUTH: Final = "?_askResult"
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_CHARACTERS: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
#: Literals that Turtle, and so this format, writes without quotes.
_BARE: Final = (
    (re.compile("true|false"), XSD.boolean),
    (re.compile("[+-]?[0-9]+"), XSD.integer),
    (re.compile("[+-]?[0-9]*[.][0-9]+"), XSD.decimal),
    (re.compile("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)[eE][+-]?[0-9]+"), XSD.double),
)


class _Known(dict[bytes, "Identifier"]):
    """Terms by the cell that spells them; one that is not there yet is read, and kept while there is room."""

    def __missing__(self, cell: bytes) -> Identifier:
        # What a store holds as an IRI is one; rdflib's own way would look at each of its characters again.
        is_iri = cell[:1] == b"<" and cell[1:2] != b"<"
        term = str.__new__(URIRef, cell[1:-1], "utf-8") if is_iri else _read(cell.decode())
        if len(self) < _MOST_KNOWN:
            self[cell] = term
        return term


class TsvReader:
    """Reads the answers of an engine, and keeps terms that it met."""

    def __init__(self) -> None:
        self._known = _Known()

    def rows(self, answer: Iterable[bytes]) -> Iterator[Row]:
        """Go through the rows of an answer, which comes line by line; unbound variables are absent from a row.

        :raises ValueError: at once, the first line names no variables; later, a cell is no term, or one that rdflib
            cannot hold, or a row has too many or too few.
        """
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        lines = iter(answer)
        head = next(lines, b"").decode().rstrip("\r\n")
        if not all(name.startswith("?") for name in head.split("\t") if head):
            raise ValueError(f"its first line is no list of variables: {head[:100]}")
        if head == _TRUTH:
            raise ValueError("it is a truth value")
        names = [name[1:] for name in head.split("\t")]
        few = {1: self._single, 2: self._pairs, 3: self._triples, 4: self._fours}
        return few.get(len(names), self._rows)(names, lines)

    # Most answers have few columns. Without an inner loop over them each row takes half the time, and reading
    # the rows is what comes on top of the engine's own work.

    def _single(self, names: list[str], lines: Iterator[bytes]) -> Iterator[Row]:
        (name,), known = names, self._known
        for line in lines:
            yield {name: known[line[:-1]]} if len(line) > 1 else {}

    def _pairs(self, names: list[str], lines: Iterator[bytes]) -> Iterator[Row]:
        (first, second), known = names, self._known
        for line in lines:
            a, b = line[:-1].split(b"\t")
            yield {first: known[a], second: known[b]} if a and b else self._row(names, line)

    def _triples(self, names: list[str], lines: Iterator[bytes]) -> Iterator[Row]:
        (first, second, third), known = names, self._known
        for line in lines:
            a, b, c = line[:-1].split(b"\t")
            if a and b and c:
                yield {first: known[a], second: known[b], third: known[c]}
            else:
                yield self._row(names, line)

    def _fours(self, names: list[str], lines: Iterator[bytes]) -> Iterator[Row]:
        (first, second, third, fourth), known = names, self._known
        for line in lines:
            a, b, c, d = line[:-1].split(b"\t")
            if a and b and c and d:
                yield {first: known[a], second: known[b], third: known[c], fourth: known[d]}
            else:
                yield self._row(names, line)

    def _rows(self, names: list[str], lines: Iterator[bytes]) -> Iterator[Row]:
        for line in lines:
            yield self._row(names, line)

    def _row(self, names: list[str], line: bytes) -> Row:
        known = self._known
        cells = zip(names, line[:-1].split(b"\t"), strict=True)
        return {name: known[cell] for name, cell in cells if cell}


def _read(text: str) -> Identifier:
    if text.startswith("_:"):
        return BNode(text[2:])
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return literal(_unescaped(quoted["text"]), quoted["language"], quoted["datatype"])
    for form, datatype in _BARE:
        if form.fullmatch(text):
            return literal(text, None, str(datatype))
    raise ValueError(f"rdflib has no place for the term {text}")


def literal(text: str, language: str | None, datatype: str | None) -> Literal:
    """Make a literal with the text as it is; plain strings have no datatype."""
    if language is not None:
        return Literal(text, lang=language)
    if datatype is None or datatype == str(XSD.string):
        return Literal(text)
    return Literal(text, datatype=URIRef(datatype), normalize=False)


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _CHARACTERS.get(match[3], match[3])

    return _ESCAPE.sub(character, text) if "\\" in text else text
