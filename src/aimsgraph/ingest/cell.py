"""The text of one cell, and the terms that it becomes."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from aimsgraph.ingest.mapping import expanded, folded
from aimsgraph.vocab import XSD

if TYPE_CHECKING:
    from rdflib.term import Identifier

    from aimsgraph.ingest.mapping import Column, Datatype

#: Date formats that mean one day only: 31.12.2026 does, 01/02/2026 does not.
_DATES: Final = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%Y%m%d",
)
_CSVW_DATE: Final = (
    ("yyyy", "%Y"),
    ("MMMM", "%B"),
    ("MMM", "%b"),
    ("MM", "%m"),
    ("M", "%m"),
    ("dd", "%d"),
    ("d", "%d"),
)
_NUMBER: Final = re.compile(r"[-+]?\d[\d,]*(\.\d+)?%?$|[-+]?\.\d+%?$")
_TRUTH: Final = {
    "true": True,
    "yes": True,
    "y": True,
    "1": True,
    "false": False,
    "no": False,
    "n": False,
    "0": False,
}


class CellError(ValueError):
    """A cell holds something that its column cannot take; the message says what it should be."""


def terms_of(text: str, column: Column) -> list[Identifier]:
    """Return the terms that a cell's text (or one of its separated parts) becomes.

    :raises CellError: when the text fits neither the column's values nor its type.
    """
    if column.values is not None:
        found = column.values.get(folded(text))
        if found is None and column.extract is not None and (match := column.extract.search(text)):
            found = column.values.get(folded(match[1]))
            text = match[1]
        if found is not None:
            return [_value(item, column.datatype) for item in found]
        if column.datatype.base in ("string", "anyURI"):
            # One name for each meaning: the first that the mapping gives it.
            names = {meaning: name for name, meaning in reversed(column.values.items())}
            raise CellError(f"is none of the known values ({', '.join(reversed(names.values()))})")
    elif column.extract is not None and (match := column.extract.search(text)):
        text = match[1]
    return [literal_of(text, column.datatype)]


def literal_of(text: str, datatype: Datatype) -> Literal:
    """Return the literal that a text is under a datatype.

    :raises CellError: when it is none.
    """
    kind = datatype.base
    if kind == "string":
        return Literal(text)
    if kind in ("integer", "decimal"):
        return _number(text, datatype)
    if kind == "date":
        return Literal(_date(text, datatype.format).isoformat(), datatype=URIRef(XSD + "date"))
    if kind == "boolean":
        truth = _TRUTH.get(folded(text))
        if truth is None:
            raise CellError("is neither yes nor no")
        return Literal("true" if truth else "false", datatype=URIRef(XSD + "boolean"))
    if re.search(r"[\s<>\"{}|\\^`]", text):
        raise CellError("is not an IRI")
    return Literal(text, datatype=URIRef(XSD + "anyURI"))


def _value(item: str, datatype: Datatype) -> Identifier:
    iri = expanded(item)
    return URIRef(iri) if iri is not None else literal_of(item, datatype)


def _number(text: str, datatype: Datatype) -> Literal:
    plain = text.replace(" ", "").replace("\u00a0", "")
    if not _NUMBER.match(plain):
        raise CellError("is not a number")
    try:
        value = Decimal(plain.rstrip("%").replace(",", ""))
    except InvalidOperation:
        raise CellError("is not a number") from None
    if plain.endswith("%"):
        value /= 100
    if datatype.base == "integer" and value != value.to_integral_value():
        raise CellError("is not a whole number")
    low, high = datatype.minimum, datatype.maximum
    if (low is not None and value < Decimal(str(low))) or (high is not None and value > Decimal(str(high))):
        raise CellError(
            f"is not between {low:g} and {high:g}"
            if low is not None and high is not None
            else "is out of range"
        )
    written = str(int(value)) if datatype.base == "integer" else f"{value:f}"
    return Literal(written, datatype=URIRef(XSD + datatype.base), normalize=False)


def _date(text: str, format: str | None) -> date:
    formats: tuple[str, ...] = _DATES
    if format is not None:
        pattern = format
        for written, meant in _CSVW_DATE:
            pattern = re.sub(rf"(?<![%A-Za-z]){written}(?![A-Za-z])", meant, pattern)
        formats = (pattern,)
    for candidate in formats:
        try:
            return datetime.strptime(text, candidate).date()
        except ValueError:
            continue
    if format is None and re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text):
        raise CellError(
            "could be day/month or month/day: give the column a date format in a mapping of your own"
        )
    raise CellError("is not a date such as 2026-12-31")
