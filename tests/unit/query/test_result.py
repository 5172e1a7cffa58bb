from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pyarrow.parquet
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import XSD

from aimsgraph.errors import LimitExceededError, MissingExtraError, OutputNotWritableError, UsageError
from aimsgraph.query import Result
from aimsgraph.query.tables import CELL_CHARACTERS

if TYPE_CHECKING:
    from pathlib import Path

RISK = URIRef("https://w3id.org/aimsgraph/ns#Risk")
ROWS = Result(
    "rows",
    ("x", "y"),
    (
        (RISK, Literal('say "hi",\nnow')),
        (BNode("b0"), Literal("Wert", lang="de")),
        (Literal("5", datatype=XSD.integer), None),
        (Literal("2026-09-30", datatype=XSD.date), Literal("tab\there", datatype=XSD.string)),
    ),
)
TRIPLES = Result("triples", triples=((RISK, URIRef("http://e/p"), Literal("1.5", datatype=XSD.decimal)),))


def test_json_is_the_w3c_format_to_the_letter() -> None:
    assert json.loads(ROWS.to_json()) == {
        "head": {"vars": ["x", "y"]},
        "results": {
            "bindings": [
                {
                    "x": {"type": "uri", "value": str(RISK)},
                    "y": {"type": "literal", "value": 'say "hi",\nnow'},
                },
                {
                    "x": {"type": "bnode", "value": "b0"},
                    "y": {"type": "literal", "value": "Wert", "xml:lang": "de"},
                },
                {"x": {"type": "literal", "value": "5", "datatype": str(XSD.integer)}},
                {
                    "x": {"type": "literal", "value": "2026-09-30", "datatype": str(XSD.date)},
                    "y": {"type": "literal", "value": "tab\there"},
                },
            ]
        },
    }
    assert json.loads(Result("boolean", boolean=True).to_json()) == {"head": {}, "boolean": True}


def test_csv_is_the_w3c_format_to_the_letter() -> None:
    assert ROWS.to_csv() == (
        'x,y\r\nhttps://w3id.org/aimsgraph/ns#Risk,"say ""hi"",\nnow"\r\n_:b0,Wert\r\n5,\r\n2026-09-30,tab\there\r\n'
    )


def test_tsv_is_the_w3c_format_to_the_letter() -> None:
    assert ROWS.to_tsv() == (
        '?x\t?y\n<https://w3id.org/aimsgraph/ns#Risk>\t"say \\"hi\\",\\nnow"\n_:b0\t"Wert"@de\n5\t\n'
        '"2026-09-30"^^<http://www.w3.org/2001/XMLSchema#date>\t"tab\\there"\n'
    )


@given(st.lists(st.tuples(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00")))))
def test_another_reader_reads_the_same_strings_from_json_and_tsv(values: list[tuple[str]]) -> None:
    result = Result("rows", ("x",), tuple((Literal(value),) for (value,) in values))
    for text, form in (
        (result.to_json(), ox.QueryResultsFormat.JSON),
        (result.to_tsv(), ox.QueryResultsFormat.TSV),
    ):
        read = ox.parse_query_results(text.encode(), format=form)
        assert [row["x"].value for row in read] == [value for (value,) in values]  # type: ignore[union-attr, index]


def test_a_table_is_for_a_person() -> None:
    assert ROWS.headings == ("x", "y")
    assert ROWS.to_table() == [
        ("aims:Risk", 'say "hi",\nnow'),
        ("b0", "Wert"),
        ("5", ""),
        ("2026-09-30", "tab\there"),
    ]


def test_triples_are_turtle_and_a_table_of_three_columns_but_not_json() -> None:
    assert isomorphic(Graph().parse(data=TRIPLES.to_turtle(), format="turtle"), TRIPLES.to_graph())
    assert TRIPLES.headings == ("subject", "predicate", "object")
    with pytest.raises(UsageError, match="Turtle"):
        TRIPLES.to_json()
    with pytest.raises(UsageError, match="CONSTRUCT"):
        ROWS.to_turtle()


def test_a_result_counts_iterates_and_is_true_when_it_says_something() -> None:
    assert len(ROWS) == 4
    assert list(ROWS)[2] == {"x": Literal("5", datatype=XSD.integer)}
    assert ROWS
    assert TRIPLES
    assert not Result("rows", ("x",))
    assert not Result("boolean", boolean=False)


def test_html_escapes_everything_and_says_how_many_rows_are_left() -> None:
    hostile = Result("rows", ("<b>",), ((Literal("<script>&"),),) * 51)
    html = hostile._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;&amp;" in html
    assert "&lt;b&gt;" in html
    assert "1 more rows" in html
    assert Result("boolean", boolean=True)._repr_html_() == "<p>yes</p>"


def test_markdown_escapes_pipes_and_line_breaks() -> None:
    result = Result("rows", ("x",), ((Literal("a|b\nc"),),))
    assert result.to_markdown() == "| x |\n| --- |\n| a\\|b c |\n"


TYPED = Result(
    "rows",
    ("n", "f", "b", "d", "s", "mixed", "big", "bad"),
    (
        (
            Literal("1", datatype=XSD.integer),
            Literal("0.5", datatype=XSD.decimal),
            Literal("true", datatype=XSD.boolean),
            Literal("2026-09-30", datatype=XSD.date),
            Literal("=1+1"),
            Literal("1", datatype=XSD.integer),
            Literal(str(2**64), datatype=XSD.integer),
            Literal("x", datatype=XSD.integer, normalize=False),
        ),
        (None, Literal("2", datatype=XSD.integer), None, None, None, Literal("x"), None, None),
    ),
)


def test_pandas_columns_are_typed() -> None:
    frame = TYPED.to_pandas()
    assert [str(kind) for kind in frame.dtypes] == [
        "Int64",
        "Float64",
        "boolean",
        *[str(pd.Series(pd.to_datetime(pd.Series([date(2026, 9, 30), None], dtype=object))).dtype)],
        "string",
        "string",
        "string",
        "string",
    ]
    assert frame["f"].tolist() == [0.5, 2.0]
    assert frame["d"][0] == pd.Timestamp("2026-09-30")
    assert frame["big"][0] == str(2**64)
    assert frame["n"].isna().tolist() == [False, True]
    assert list(Result("rows", ("a", "b")).to_pandas().columns) == ["a", "b"]


def test_parquet_keeps_the_types(tmp_path: Path) -> None:
    TYPED.to_parquet(tmp_path / "a.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "a.parquet")
    assert [str(field.type) for field in table.schema] == [
        "int64", "double", "bool", "date32[day]", "string", "string", "string", "string",
    ]  # fmt: skip
    assert table.column("d").to_pylist() == [date(2026, 9, 30), None]


def test_arrow_is_a_stream_of_the_same_table(tmp_path: Path) -> None:
    TYPED.to_parquet(tmp_path / "a.parquet")
    TYPED.to_arrow(tmp_path / "a.arrows")
    with pyarrow.OSFile(str(tmp_path / "a.arrows")) as file:
        assert (
            pyarrow.ipc.open_stream(file)
            .read_all()
            .equals(pyarrow.parquet.read_table(tmp_path / "a.parquet"))
        )
    assert TYPED.render("arrow") == (tmp_path / "a.arrows").read_bytes()


def test_a_workbook_holds_numbers_as_numbers_and_no_formula(tmp_path: Path) -> None:
    TYPED.to_xlsx(tmp_path / "a.xlsx")
    header, row, _ = openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows()
    assert [cell.value for cell in header] == list(TYPED.columns)
    assert [cell.data_type for cell in row] == ["n", "n", "b", "d", "s", "n", "s", "s"]
    assert row[4].value == "=1+1"
    hostile = Result("rows", ("=x",), ((Literal("a\x00b"),),))
    book = openpyxl.load_workbook(io.BytesIO(hostile.render("xlsx"))).active
    assert [cell.value for (cell,) in book.iter_rows()] == ["=x", "a\ufffdb"]
    assert book["A1"].data_type == "s"


def test_a_value_too_long_for_a_cell_is_an_error_not_a_cut() -> None:
    with pytest.raises(LimitExceededError, match="characters"):
        Result("rows", ("x",), ((Literal("x" * (CELL_CHARACTERS + 1)),),)).render("xlsx")


@pytest.mark.parametrize("form", ["xlsx", "parquet", "arrow"])
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, form: str) -> None:
    with pytest.raises(OutputNotWritableError, match="Cannot write"):
        getattr(ROWS, f"to_{form}")(tmp_path / "none" / f"a.{form}")


@pytest.mark.parametrize(
    ("module", "extra", "call"),
    [
        ("pandas", "pandas", lambda result: result.to_pandas()),
        ("openpyxl", "excel", lambda result: result.render("xlsx")),
        ("pyarrow", "parquet", lambda result: result.render("parquet")),
    ],
)
def test_a_missing_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, module: str, extra: str, call: object
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"aimsgraph\[{extra}\]"):
        call(ROWS)  # type: ignore[operator]


def test_render_gives_bytes_of_each_form_and_refuses_others() -> None:
    assert ROWS.render("csv") == ROWS.to_csv().encode()
    assert ROWS.render("tsv") == ROWS.to_tsv().encode()
    assert ROWS.render("json").endswith(b"}\n")
    assert ROWS.render("table").startswith(b"x\ty\naims:Risk\t")
    assert TRIPLES.render("ttl") == TRIPLES.to_turtle().encode()
    assert Result("boolean", boolean=False).render("csv") == b"answer\r\nfalse\r\n"
    with pytest.raises(UsageError, match="pdf"):
        ROWS.render("pdf")
