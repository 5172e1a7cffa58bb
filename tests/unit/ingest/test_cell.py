"""The text of a cell becomes exactly one kind of term, or the error says what it should be."""

from __future__ import annotations

import pytest
from rdflib import Literal, URIRef

from aimsgraph.ingest.cell import CellError, literal_of, terms_of
from aimsgraph.ingest.mapping import Column, Datatype, load_mapping
from aimsgraph.vocab import AIMS, XSD

COLUMNS = {column.name: column for column in load_mapping("risk-register").columns}


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("7", "integer", "7"),
        ("1,234", "integer", "1234"),
        ("0.25", "decimal", "0.25"),
        ("20%", "decimal", "0.2"),
        ("12 000.5", "decimal", "12000.5"),
        (".5", "decimal", "0.5"),
        ("1e-3", "decimal", None),
        ("1.5", "integer", None),
        ("many", "integer", None),
        ("Yes", "boolean", "true"),
        ("n", "boolean", "false"),
        ("maybe", "boolean", None),
        ("2026-12-31", "date", "2026-12-31"),
        ("31.12.2026", "date", "2026-12-31"),
        ("31 Dec 2026", "date", "2026-12-31"),
        ("December 31, 2026", "date", "2026-12-31"),
        ("01/02/2026", "date", None),
        ("2026-02-30", "date", None),
        ("soon", "date", None),
        ("https://example.org/a", "anyURI", "https://example.org/a"),
        ("not one", "anyURI", None),
    ],
)
def test_a_text_under_a_datatype(text: str, kind: str, written: str | None):
    if written is None:
        with pytest.raises(CellError):
            literal_of(text, Datatype(kind))
    else:
        found = literal_of(text, Datatype(kind))
        assert (str(found), found.datatype) == (written, URIRef(XSD + kind))


@pytest.mark.parametrize(
    ("format_", "text"),
    [("dd/MM/yyyy", "31/12/2026"), ("M/d/yyyy", "12/31/2026"), ("d MMM yyyy", "31 Dec 2026")],
)
def test_a_date_format_settles_what_would_be_ambiguous(format_: str, text: str):
    assert str(literal_of(text, Datatype("date", format_))) == "2026-12-31"
    with pytest.raises(CellError):
        literal_of("2026-12-31", Datatype("date", format_))


def test_bounds_are_kept():
    ordinal = Datatype("integer", None, 1, 5)
    assert literal_of("5", ordinal) == Literal("5", datatype=URIRef(XSD + "integer"))
    with pytest.raises(CellError, match="not between 1 and 5"):
        literal_of("6", ordinal)


@pytest.mark.parametrize(
    ("column", "text", "values"),
    [
        ("likelihood", "4", ["4"]),
        ("likelihood", "4 - Likely", ["4"]),
        ("likelihood", "Likely (4)", ["4"]),
        ("likelihood", "ALMOST  certain", ["5"]),
        ("severity", "Moderate", ["3"]),
        ("level", "high", [AIMS + "LevelHigh"]),
        ("treatment", "Mitigate", [AIMS + "Modify"]),
        ("treatment", "Transfer", [AIMS + "Share"]),
        ("family", "Security and Privacy", [AIMS + "Security", AIMS + "Privacy"]),
    ],
)
def test_the_words_of_registers_are_understood(column: str, text: str, values: list[str]):
    assert [str(term) for term in terms_of(text, COLUMNS[column])] == values


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("likelihood", "0"),
        ("likelihood", "45%"),
        ("likelihood", "12"),
        ("likelihood", "2.5"),
        ("severity", "grave"),
        ("level", "purple"),
        ("treatment", "hope"),
        ("annual_probability", "3"),
    ],
)
def test_what_is_not_understood_is_refused_not_guessed(column: str, text: str):
    found: Column = COLUMNS[column]
    with pytest.raises(CellError):
        terms_of(text, found)
