"""The forms of a table of the engine's terms, row by row: JSON, XML, CSV and TSV of SPARQL 1.1, and terms as JSON.

It loads the engine and the standard library only: see :mod:`aimsgraph.query.worker`.
"""

from __future__ import annotations

import csv
import json
import re
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from aimsgraph.query.obstacle import UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Write = Callable[[bytes], object]

# The patterns are texts: a worker is started for most questions, and most answers need none of them.
#: The end of an IRI that can be the name of a property in XML.
NAMED: Final = r"(?:[^\W\d]|_)[\w.\-·]*\Z"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_PLAIN: Final = (_XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")
_NO_XML: Final = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
#: Literals that SPARQL writes bare, and the spelling that makes it so.
_BARE: Final = {
    _XSD + "integer": r"[+-]?[0-9]+",
    _XSD + "decimal": r"[+-]?[0-9]*\.[0-9]+",
    _XSD + "double": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+",
}
_XML: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n<head>'
)


def write(form: str, columns: Sequence[str], rows: Iterable[Iterable[Any]], out: Write) -> None:
    """Write a table in one of ``WRITERS``.

    :raises UnfitError: the form cannot hold one of its terms.
    """
    for piece in WRITERS[form](columns, rows):
        out(piece.encode())


def boolean(form: str, answer: bool) -> bytes:
    """Return a yes or no in one of ``WRITERS``; as a table it has the one column ``answer``."""
    if form == "terms":
        return b"[%s]\n" % (b"true" if answer else b"false")
    if form == "json":
        return json.dumps({"head": {}, "boolean": answer}).encode()
    said = str(answer).lower()
    if form == "xml":
        return f"{_XML}</head>\n<boolean>{said}</boolean>\n</sparql>\n".encode()
    term = ox.Literal(answer)
    return "".join(WRITERS[form](["answer"], [[term]])).encode()


def _json(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    names = [f"{quoted(name)}:" for name in columns]
    yield f'{{"head":{{"vars":[{",".join(map(quoted, columns))}]}},"results":{{"bindings":['
    separator = "\n"
    for row in rows:
        cells = [name + _json_term(term) for name, term in zip(names, row, strict=True) if term is not None]
        yield f"{separator}{{{','.join(cells)}}}"
        separator = ",\n"
    yield "\n]}}\n"


def _json_term(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return f'{{"type":"uri","value":{quoted(term.value)}}}'
    if isinstance(term, ox.BlankNode):
        return f'{{"type":"bnode","value":{quoted(term.value)}}}'
    if isinstance(term, ox.Triple):
        parts = [_json_term(part) for part in (term.subject, term.predicate, term.object)]
        return '{{"type":"triple","value":{{"subject":{},"predicate":{},"object":{}}}}}'.format(*parts)
    value = quoted(term.value)
    if term.language is not None:
        return f'{{"type":"literal","value":{value},"xml:lang":{quoted(term.language)}}}'
    datatype = term.datatype.value
    if datatype in _PLAIN:
        return f'{{"type":"literal","value":{value}}}'
    return f'{{"type":"literal","value":{value},"datatype":{quoted(datatype)}}}'


def _xml(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    names = [f'<binding name="{_escaped(name)}">' for name in columns]
    yield _XML + "".join(f'<variable name="{_escaped(name)}"/>' for name in columns) + "</head>\n<results>\n"
    for row in rows:
        cells = [
            f"{name}{_xml_term(term)}</binding>"
            for name, term in zip(names, row, strict=True)
            if term is not None
        ]
        yield f"<result>{''.join(cells)}</result>\n"
    yield "</results>\n</sparql>\n"


def _xml_term(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_escaped(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{_escaped(term.value)}</bnode>"
    if isinstance(term, ox.Triple):
        names = ("subject", term.subject), ("predicate", term.predicate), ("object", term.object)
        return f"<triple>{''.join(f'<{name}>{_xml_term(part)}</{name}>' for name, part in names)}</triple>"
    check_xml(term.value)
    value, datatype = _escaped(term.value), term.datatype.value
    if term.language is not None:
        return f'<literal xml:lang="{term.language}">{value}</literal>'
    if datatype in _PLAIN:
        return f"<literal>{value}</literal>"
    return f'<literal datatype="{_escaped(datatype)}">{value}</literal>'


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\r", "&#xD;")


def check_xml(text: str) -> None:
    """Refuse a text that XML cannot hold.

    :raises UnfitError: it has a control character, say.
    """
    found = re.search(_NO_XML, text)
    if found is not None:
        raise UnfitError(f"a text has the character U+{ord(found[0]):04X}, which XML has not")


class _Line:
    """Gives back the line that is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    line: Callable[[Iterable[str]], Any] = csv.writer(_Line(), lineterminator="\r\n").writerow
    yield line(columns)
    for row in rows:
        yield line([_csv_cell(term) for term in row])


def _csv_cell(term: Any) -> str:
    if term is None:
        return ""
    if isinstance(term, (ox.NamedNode, ox.Literal)):
        return term.value
    return str(term)


def _tsv(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in columns) + "\n"
    for row in rows:
        yield "\t".join(["" if term is None else _tsv_cell(term) for term in row]) + "\n"


def _tsv_cell(term: Any) -> str:
    if isinstance(term, ox.Literal):
        bare = _BARE.get(term.datatype.value)
        if bare is not None and re.fullmatch(bare, term.value):
            return term.value
    return str(term)


def _terms(_columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    for row in rows:
        yield f"[{','.join(map(_encoded, row))}]\n"


def _encoded(term: Any) -> str:
    """Return a term as another process reads it.

    :raises UnfitError: it is a triple.
    """
    if isinstance(term, ox.NamedNode):
        return f"[{quoted(term.value)}]"
    if isinstance(term, ox.Literal):
        language, datatype = term.language, term.datatype.value
        tag = "null" if language is None else quoted(language)
        return f"[{quoted(term.value)},{tag},{'null' if datatype in _PLAIN else quoted(datatype)}]"
    if isinstance(term, ox.BlankNode):
        return f"[{quoted(term.value)},null]"
    if term is None:
        return "null"
    raise UnfitError("a triple is said of in it")


#: What writes each form of a table.
WRITERS: Final[dict[str, Callable[[Sequence[str], Iterable[Iterable[Any]]], Iterator[str]]]] = {
    "json": _json,
    "xml": _xml,
    "csv": _csv,
    "tsv": _tsv,
    "terms": _terms,
}
