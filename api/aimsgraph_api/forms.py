"""Writes an answer in each of the forms in which it can be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from rdflib import BNode, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Identifier

    from aimsgraph.query import Result

_SYNTAXES: Final = {"nt": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
_OPENING: Final = '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'


def rendered(answer: Result, form: str) -> bytes:
    """Return an answer in a form of ``asking.MEDIA_TYPES``."""
    if form == "xml":
        return "".join(_xml(answer)).encode()
    if form in _SYNTAXES:
        return answer.to_graph().serialize(format=_SYNTAXES[form], encoding="utf-8")
    return answer.render(form)


def _xml(answer: Result) -> Iterator[str]:
    """Yield SPARQL Query Results XML (W3C, 21 March 2013)."""
    yield _OPENING + "<head>" + "".join(f"<variable name={quoteattr(name)}/>" for name in answer.columns)
    yield "</head>\n"
    if answer.kind == "boolean":
        yield f"<boolean>{'true' if answer.boolean else 'false'}</boolean>\n</sparql>\n"
        return
    yield "<results>\n"
    for row in answer.rows:
        bound = ((name, value) for name, value in zip(answer.columns, row, strict=True) if value is not None)
        cells = "".join(f"<binding name={quoteattr(name)}>{_term(value)}</binding>" for name, value in bound)
        yield f"<result>{cells}</result>\n"
    yield "</results>\n</sparql>\n"


def _term(value: Identifier) -> str:
    text = escape(value, {"\r": "&#13;"})
    if isinstance(value, BNode):
        return f"<bnode>{text}</bnode>"
    if not isinstance(value, Literal):
        return f"<uri>{text}</uri>"
    if value.language:
        return f"<literal xml:lang={quoteattr(value.language)}>{text}</literal>"
    kind = f" datatype={quoteattr(str(value.datatype))}" if value.datatype is not None else ""
    return f"<literal{kind}>{text}</literal>"
