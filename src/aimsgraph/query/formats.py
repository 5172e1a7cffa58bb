"""The W3C text forms of a table of terms: JSON, CSV and TSV of SPARQL 1.1 results."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdflib.term import Identifier

    Rows = Sequence[Sequence[Identifier | None]]

#: Literals that SPARQL writes bare, and the spelling that makes it so.
_BARE = {
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.double: re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+"),
}
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def boolean_json(answer: bool) -> str:
    """Write the answer of an ASK as SPARQL 1.1 Query Results JSON."""
    return json.dumps({"head": {}, "boolean": answer}, indent=2)


def json_text(columns: Sequence[str], rows: Rows) -> str:
    """Write SPARQL 1.1 Query Results JSON (W3C, 21 March 2013); unbound variables are left out of a row."""
    bindings = [
        {name: json_term(value) for name, value in zip(columns, row, strict=True) if value is not None}
        for row in rows
    ]
    answer = {"head": {"vars": list(columns)}, "results": {"bindings": bindings}}
    return json.dumps(answer, ensure_ascii=False, indent=2)


def json_term(value: Identifier) -> dict[str, str]:
    """Return one term as that format has it; plain strings carry no datatype."""
    if isinstance(value, Literal):
        term = {"type": "literal", "value": str(value)}
        if value.language:
            term["xml:lang"] = value.language
        elif value.datatype is not None and value.datatype != XSD.string:
            term["datatype"] = str(value.datatype)
        return term
    return {"type": "bnode" if isinstance(value, BNode) else "uri", "value": str(value)}


def csv_text(columns: Sequence[str], rows: Rows) -> str:
    """Write SPARQL 1.1 Query Results CSV: a header of bare names, CR LF, quotes where RFC 4180 wants them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            [
                "" if value is None else f"_:{value}" if isinstance(value, BNode) else str(value)
                for value in row
            ]
        )
    return out.getvalue()


def tsv_text(columns: Sequence[str], rows: Rows) -> str:
    """Write SPARQL 1.1 Query Results TSV: a header of ``?name``, each term in SPARQL's spelling."""
    lines = ["\t".join(f"?{name}" for name in columns)]
    lines += ["\t".join("" if value is None else tsv_term(value) for value in row) for row in rows]
    return "".join(f"{line}\n" for line in lines)


def tsv_term(value: Identifier) -> str:
    """Spell one term on one line, tabs and line breaks escaped; numbers bare where that keeps their type."""
    if isinstance(value, URIRef):
        return f"<{value}>"
    if not isinstance(value, Literal):
        return f"_:{value}"
    bare = _BARE.get(value.datatype) if value.datatype is not None else None
    if bare is not None and bare.fullmatch(str(value)):
        return str(value)
    text = '"' + "".join(_ESCAPES.get(char, char) for char in str(value)) + '"'
    if value.language:
        return f"{text}@{value.language}"
    if value.datatype is not None and value.datatype != XSD.string:
        return f"{text}^^<{value.datatype}>"
    return text
