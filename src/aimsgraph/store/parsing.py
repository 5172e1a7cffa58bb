"""Reading RDF texts with Oxigraph's parsers: what is in them, and where they are wrong."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

import pyoxigraph as ox

from aimsgraph.store.terms import Skolemizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: The formats that can be read, by the name that options and answers give them.
FORMATS: Final[dict[str, ox.RdfFormat]] = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_PLACE: Final = re.compile(r"^(?:Parser )?error (?:at|between) line \d+ .*?: ", re.IGNORECASE)
_UNEXPECTED_TEXT: Final = re.compile(r"Unexpected text event: '(.*)'$", re.DOTALL)
#: Deeper nesting than this is refused.
DEEPEST: Final = 200
#: Comments, IRIs and literals, in which nothing begins, and what opens and closes a triple term.
_NESTING: Final = re.compile(
    rb"<[^<>\"{}|^`\\\s]*+>|\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|#[^\n]*+|<<\(|\)>>",
    re.DOTALL,
)
_JSON_TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKETS: Final = bytes.maketrans(b"[]", b"{}")
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_OPENS: Final = ord("{")
_REPORT_EVERY: Final = 10_000
#: A text with more faults than this is of another format, or broken from one place on.
_MOST_FAULTS: Final = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a text, and at which line and (when known) column, both from 1."""

    reason: str
    line: int
    column: int | None


class MalformedTextError(Exception):
    """A text breaks the rules of its format at one or more places."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults[0].reason)
        self.faults = faults


def parse_quads(
    text: bytes,
    format: str,
    *,
    base: str,
    name: str | None,
    graph: str | None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[ox.Quad]:
    """Yield the quads of a UTF-8 text, blank nodes replaced by IRIs made from the percent-encoded ``name``.

    ``base`` resolves relative IRIs; what stands outside any named graph is put into ``graph``. Without a name blank
    nodes stay what they are, and without a graph so does the default graph. ``progress`` is told the bytes read so
    far. Nothing that the text mentions is fetched.

    :raises MalformedTextError: with every fault found (at most 100), or for RDF/XML and JSON-LD the first.
    """
    refuse_deep(text, format)
    skolemizer = Skolemizer(name) if name is not None else None
    home = ox.NamedNode(graph) if graph is not None else ox.DefaultGraph()
    stream = io.BytesIO(text)
    lines = format in ("ntriples", "nquads")
    parser = ox.parse(stream, FORMATS[format], base_iri=None if lines else base)
    for count, quad in enumerate(_sound(parser, text, format)):
        if progress is not None and count % _REPORT_EVERY == 0:
            progress(stream.tell())
        subject, value, place = quad.subject, quad.object, quad.graph_name
        if isinstance(place, ox.DefaultGraph):
            place = home
        if skolemizer is not None:
            if isinstance(place, ox.BlankNode):
                place = skolemizer.node(place)
            if isinstance(subject, ox.BlankNode):
                subject = skolemizer.node(subject)
            if isinstance(value, (ox.BlankNode, ox.Triple)):
                value = skolemizer.term(value)
        yield ox.Quad(subject, quad.predicate, value, place)


def refuse_deep(text: bytes, format: str) -> None:
    """Refuse what is nested so deep that no person has written it, before a parser runs out of its stack over it.

    :raises MalformedTextError: with the place.
    """
    if format == "rdfxml":
        _refuse_deep_xml(text)
        return
    if format == "jsonld":
        _refuse_deep_json(text)
        return
    if text.count(b"<<(") <= DEEPEST:
        return
    depth = 0
    for found in _NESTING.finditer(text):
        depth += {b"<<(": 1, b")>>": -1}.get(found[0], 0)
        if depth > DEEPEST:
            line = text.count(b"\n", 0, found.start()) + 1
            raise MalformedTextError((Fault(f"statements stand in statements, {depth} deep", line, None),))


def _refuse_deep_json(text: bytes) -> None:
    # The parser of JSON-LD takes memory with the square of the depth.
    marks = _JSON_TEXT.sub(b"", text).translate(_BRACKETS, _NO_BRACKETS)
    if max(accumulate(1 if mark == _OPENS else -1 for mark in marks), default=0) > DEEPEST:
        raise MalformedTextError((Fault(f"values stand in values, more than {DEEPEST} deep", 1, None),))


def _refuse_deep_xml(text: bytes) -> None:
    parser = expat.ParserCreate()
    depth = 0

    def on_start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise MalformedTextError(
                (
                    Fault(
                        f"elements stand in elements, more than {DEEPEST} deep",
                        parser.CurrentLineNumber,
                        None,
                    ),
                )
            )

    def on_end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = on_start, on_end
    with suppress(expat.ExpatError):  # the parser of RDF tells what is wrong
        parser.Parse(text, True)


def _sound(parser: Iterator[ox.Quad], text: bytes, format: str) -> Iterator[ox.Quad]:
    """Yield quads until the end or the first fault; from there on only gather the faults."""
    faults: list[Fault] = []
    while len(faults) < _MOST_FAULTS:
        try:
            for quad in parser:
                if not faults:
                    yield quad
            break
        except SyntaxError as error:
            found = _fault(error, text, format)
            if found in faults:
                break
            faults.append(found)
            if error.lineno is None:  # RDF/XML and JSON-LD: the parser does not find its way back
                break
    if faults:
        raise MalformedTextError(tuple(faults))


def _fault(error: SyntaxError, text: bytes, format: str) -> Fault:
    reason = _PLACE.sub("", str(error.msg))
    if "LoadDocumentCallback" in reason:
        found = re.search(rb'"@context"\s*:', text)
        line = text.count(b"\n", 0, found.start()) + 1 if found else 1
        return Fault("refers to a remote context, which is never fetched: write it into the file", line, None)
    if error.lineno is not None:
        return _at_last_word(reason, error.lineno, error.offset or 1, text)
    if format == "rdfxml":
        located = _xml_fault(reason, text)
        if located is not None:
            return located
    return Fault(reason, _line_reached(text, format), None)


def _at_last_word(reason: str, line: int, column: int, text: bytes) -> Fault:
    """Move a fault that was noticed at a line's start, because the line before broke off, to where it broke off."""
    if column == 1 and reason.startswith(("Unexpected end", "line jumps")):
        before = text.split(b"\n", line - 1)[: line - 1]
        while before and not before[-1].strip():
            before.pop()
        if before:
            return Fault(reason, len(before), len(before[-1].decode("utf-8").rstrip()) + 1)
    return Fault(reason, line, column)


def _xml_fault(reason: str, text: bytes) -> Fault | None:
    """Find where the XML itself is broken, or where the text stands that RDF/XML has no place for."""
    wanted = _UNEXPECTED_TEXT.search(reason)
    stray = wanted[1].strip().splitlines()[0].strip() if wanted and wanted[1].strip() else None
    found: list[tuple[int, int]] = []
    parser = expat.ParserCreate()

    def on_text(data: str) -> None:
        if stray and not found and data.strip().startswith(stray):
            found.append((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))

    parser.CharacterDataHandler = on_text
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        return Fault(expat.ErrorString(error.code), error.lineno, error.offset + 1)
    if found:
        return Fault(f"text stands where only elements may: {stray!r}", *found[0])
    return None


class _Lines(io.RawIOBase):
    """Hands out one line at a time and counts them, to see how far a parser got."""

    def __init__(self, text: bytes) -> None:
        self._text = io.BytesIO(text)
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        line = self._text.readline(size)
        self.count += bool(line)
        return line


def _line_reached(text: bytes, format: str) -> int:
    stream = _Lines(text)
    try:
        for _ in ox.parse(stream, FORMATS[format], base_iri="urn:aimsgraph:base"):  # type: ignore[arg-type]
            pass
    except SyntaxError:
        pass
    return max(1, min(stream.count, text.count(b"\n") + 1))
