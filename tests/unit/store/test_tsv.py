"""Answers in TSV as rdflib terms, against the terms that the engine gives one by one."""

from __future__ import annotations

import io

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from aimsgraph.store.terms import to_rdflib_term
from aimsgraph.store.tsv import TsvReader

PLACE = ox.NamedNode("https://example.org/place")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.one_of(
    st.integers().map(str), st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.floats().map(str), st.sampled_from(["+1", "-0", ".5", "1.", "1e3", "INF", "true", "0"]),
)  # fmt: skip
DATATYPES = st.sampled_from(
    ["string", "integer", "decimal", "double", "float", "boolean", "date", "dateTime", "anyURI", "byte"]
)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(
        lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "en-GB", "de"])
    ),
    st.builds(
        lambda text, name: ox.Literal(text, datatype=ox.NamedNode(f"{XSD}{name}")), TEXTS | NUMBERS, DATATYPES
    ),
)


def rows(text: str) -> list[dict[str, object]]:
    return list(TsvReader().rows(io.BytesIO(text.encode())))


@given(LITERALS)
def test_a_literal_is_read_as_the_engine_gives_it(value: ox.Literal) -> None:
    store = ox.Store()
    store.add(ox.Quad(PLACE, PLACE, value))
    query = "SELECT ?place ?value WHERE { ?place ?any ?value }"
    answer = store.query(query).serialize(format=ox.QueryResultsFormat.TSV)
    (row,) = TsvReader().rows(io.BytesIO(answer))
    (stored,) = store
    expected = to_rdflib_term(stored.object)
    assert row == {"place": URIRef(PLACE.value), "value": expected}
    assert isinstance(row["value"], Literal)
    assert (row["value"].datatype, row["value"].language, str(row["value"])) == (
        expected.datatype,
        expected.language,
        str(expected),
    )


def test_unbound_variables_are_absent_from_a_row() -> None:
    assert rows("?a\t?b\n<urn:a>\t\n\t<urn:b>\n") == [{"a": URIRef("urn:a")}, {"b": URIRef("urn:b")}]


def test_a_single_variable_without_a_value_makes_an_empty_row() -> None:
    assert rows("?a\n\n<urn:a>\n") == [{}, {"a": URIRef("urn:a")}]


def test_an_answer_without_rows_has_none() -> None:
    assert rows("?a\t?b\n") == []


def test_escapes_of_other_engines_are_understood() -> None:
    assert rows('?a\n"\\u00e9\\U0001F600\\b\\\\n"\n') == [{"a": Literal("é😀\b\\n")}]


def test_a_blank_node_keeps_its_label() -> None:
    assert rows("?a\n_:b0\n") == [{"a": BNode("b0")}]


def test_a_string_with_its_datatype_is_a_plain_string() -> None:
    assert rows('?a\n"x"^^<http://www.w3.org/2001/XMLSchema#string>\n') == [{"a": Literal("x")}]


def test_terms_met_again_are_the_same_object() -> None:
    first, second = rows("?a\n<urn:a>\n<urn:a>\n")
    assert first["a"] is second["a"]


@pytest.mark.parametrize("cell", ["<<( <urn:a> <urn:b> <urn:c> )>>", '"x"@en--ltr', '"open', "perhaps"])
def test_what_is_no_term_of_rdflib_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="rdflib has no place"):
        rows(f"?a\n{cell}\n")


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        rows("?a\t?b\n<urn:a>\n")


@pytest.mark.parametrize("columns", [1, 2, 3, 4, 5])
@given(st.data())
def test_any_number_of_columns_is_read_alike(columns: int, data: st.DataObject) -> None:
    names = "abcde"[:columns]
    cell = st.sampled_from(["", "<urn:a>", '"x"', "7"])
    read = {"<urn:a>": URIRef("urn:a"), '"x"': Literal("x"), "7": Literal("7", datatype=XSD.integer)}
    table = data.draw(st.lists(st.lists(cell, min_size=columns, max_size=columns), max_size=5))
    text = "\t".join(f"?{name}" for name in names) + "\n" + "".join("\t".join(row) + "\n" for row in table)
    assert rows(text) == [
        {name: read[cell] for name, cell in zip(names, row, strict=True) if cell} for row in table
    ]
