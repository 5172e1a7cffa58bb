"""Rows become nodes, and whatever could not be used is reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import Literal, URIRef

from aimsgraph.errors import InputNotReadableError, MappingError, SyntaxProblemError, UsageError
from aimsgraph.ingest import import_csv
from aimsgraph.store import resolve
from aimsgraph.vocab import AIMS, RDF, SOURCE_GRAPH, XSD
from tests.unit.ingest.conftest import NOW

if TYPE_CHECKING:
    from aimsgraph.model.changeset import ImportedTable
    from aimsgraph.store import Writer

BASE = SOURCE_GRAPH + "r.csv#"


def table(writer: Writer, text: str | bytes, **options: Any) -> ImportedTable:
    Path("r.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_csv(writer, "r.csv", author="ada", now=NOW, **options)


def told(done: ImportedTable) -> list[tuple[int | None, str | None, str | None]]:
    return [(problem.row, problem.column, problem.value) for problem in done.problems]


def objects(writer: Writer, subject: str, prop: str) -> list[str]:
    return [str(term) for term in writer.view().objects(BASE + subject, AIMS + prop)]


def test_a_row_becomes_a_risk_with_everything_it_says(writer: Writer):
    done = table(
        writer,
        "Risk ID,Risk title,Category,Likelihood,Impact,Level,Treatment,Treatment plan,Due date,Annual probability\n"
        "R-1,Proxy bias,Bias,4 - Likely,Major,High,Mitigate,Retrain,2026-12-31,20%\n",
    )
    assert (done.rows, done.nodes, done.problems, done.unused_columns) == (1, 1, (), ())
    risk = "risk/R-1"
    node = resolve(writer.view(), "Proxy bias")
    assert (node.id, node.type) == (BASE + risk, "aims:Risk")
    integer, date = URIRef(XSD + "integer"), URIRef(XSD + "date")
    view = writer.view()
    assert view.objects(BASE + risk, AIMS + "ordinalLikelihood") == [Literal("4", datatype=integer)]
    assert view.objects(BASE + risk, AIMS + "ordinalSeverity") == [Literal("4", datatype=integer)]
    assert view.objects(BASE + risk, AIMS + "dueOn") == [Literal("2026-12-31", datatype=date)]
    assert objects(writer, risk, "riskFamily") == [AIMS + "BiasAndFairness"]
    assert objects(writer, risk, "statedLevel") == [AIMS + "LevelHigh"]
    assert objects(writer, risk, "treatment") == [AIMS + "Modify"]
    assert objects(writer, risk, "treatmentPlan") == ["Retrain"]
    assert objects(writer, risk, "annualProbability") == ["0.2"]


def test_owners_and_controls_become_nodes_shared_by_rows(writer: Writer):
    done = table(
        writer,
        "ID,Title,Existing controls,Planned controls,Control owner,Owner\n"
        "1,A,Access reviews; MFA,Drills,Grace,Ada\n2,B,MFA,n/a,,Ada\n3,C,,,Grace,\n",
    )
    assert done.nodes == 3 + 3 + 2
    mfa = "control/MFA"
    assert objects(writer, mfa, "mitigates") == [BASE + "risk/1", BASE + "risk/2"]
    assert objects(writer, mfa, "implementationStatus") == [AIMS + "Implemented"]
    assert objects(writer, "planned-control/Drills", "implementationStatus") == [AIMS + "Planned"]
    assert objects(writer, mfa, "ownedBy") == [BASE + "owner/Grace"]
    assert objects(writer, "risk/1", "ownedBy") == [BASE + "owner/Ada"]
    assert [str(term) for term in writer.view().objects(BASE + "owner/Ada", RDF + "type")] == [AIMS + "Owner"]
    assert told(done) == [(4, "Control owner", "Grace")]


def test_what_could_not_be_used_is_told_cell_by_cell(writer: Writer):
    done = table(
        writer,
        "ID,Title,Likelihood,Impact,Treatment,Due date,System,Score,Colour,Notes\n"
        "1,A,7,huge,hope,01/02/2026,No such,12,red,\n"
        ",B,,,,,,,,\n"
        "1,C,,,,,,,,\n"
        "4,D,3,,,,,,,___,left over,\n",
    )
    assert told(done) == [
        (2, "Likelihood", "7"),
        (2, "Impact", "huge"),
        (2, "Treatment", "hope"),
        (2, "Due date", "01/02/2026"),
        (2, "System", "No such"),
        (3, "ID", None),
        (4, None, None),
        (5, None, "left over"),
        (None, "Score", "12"),
        (None, "Colour", "red"),
        (None, "Notes", None),
    ]
    assert [problem.row for problem in done.problems if problem.skipped_row] == [3, 4]
    assert done.used_columns == ("ID", "Title", "Likelihood")
    assert done.nodes == 2


def test_a_system_is_named_by_its_label_in_the_graph(writer: Writer):
    done = table(writer, "ID,Title,System\n1,A,\n")
    assert done.changeset is not None
    done = table(writer, "ID,Title,System\n1,A,A\n")
    assert objects(writer, "risk/1", "threatens") == [BASE + "risk/1"]
    assert done.problems == ()


def test_importing_again_changes_nothing_and_a_lost_row_goes(writer: Writer):
    first = table(writer, "ID,Title\n1,A\n2,B\n")
    assert table(writer, "ID,Title\n1,A\n2,B\n") == first.model_copy(update={"changeset": None})
    table(writer, "ID,Title\n2,B\n")
    assert writer.view().objects(BASE + "risk/1", RDF + "type") == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(writer: Writer, delimiter: str):
    text = (
        delimiter.join(["Risk_ID", '"Risk, title; of|it"', "Risk title"])
        + "\n"
        + delimiter.join("1xA")
        + "\n"
    )
    assert table(writer, text).used_columns == ("Risk_ID", "Risk title")


ROW = "ID,Title\n1,für Ältere\n"


@pytest.mark.parametrize(
    ("encoding", "given"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-8-sig", "utf-8"),
        ("utf-16", None),
        ("cp1252", "cp1252"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_the_encoding_is_found_out_or_given(writer: Writer, encoding: str, given: str | None):
    table(writer, ROW.encode(encoding), encoding=given)
    assert resolve(writer.view(), "für Ältere").id == BASE + "risk/1"


@pytest.mark.parametrize(
    ("raw", "given", "hint"),
    [
        (ROW.encode("cp1252"), None, "--encoding cp1252"),
        (ROW.encode("utf-16-le"), None, "--encoding utf-16-le"),
        ("ID,Title\n1,A\n".encode("utf-16-le"), None, "--encoding utf-16-le"),
        ("ID,Title\n1,A\n".encode("utf-16-be"), None, "--encoding utf-16-be"),
        (ROW.encode("cp1252"), "ascii", "not ascii"),
    ],
)
def test_a_wrong_encoding_is_told_with_a_way_out(writer: Writer, raw: bytes, given: str | None, hint: str):
    with pytest.raises(InputNotReadableError, match=r"r\.csv") as caught:
        table(writer, raw, encoding=given)
    assert hint in str(caught.value)
    assert writer.view().count() == 0


def test_an_unknown_encoding_is_told(writer: Writer):
    with pytest.raises(UsageError, match="utf-9"):
        table(writer, ROW, encoding="utf-9")


def test_a_table_without_the_required_column_is_told_with_its_columns(writer: Writer):
    with pytest.raises(MappingError, match="Its columns are: Animal, Legs"):
        table(writer, "Animal,Legs\nCat,4\n")


def test_a_broken_table_an_empty_one_and_none_are_told(writer: Writer):
    with pytest.raises(SyntaxProblemError, match=r"r\.csv:3"):
        table(writer, 'ID,Title\n1,A\n2,"B\n')
    with pytest.raises(InputNotReadableError, match="empty"):
        table(writer, "\n\n")
    with pytest.raises(InputNotReadableError, match="no such file"):
        import_csv(writer, "gone.csv", author="a", now=NOW)


def test_a_mapping_of_ones_own_and_a_base(writer: Writer):
    own = {
        "tableSchema": {
            "aboutUrl": "dataset/{key}",
            "aims:base": "https://example.org/",
            "aims:label": ["key"],
            "columns": [
                {"name": "key", "required": True},
                {"name": "class", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": "aims:Dataset"},
                {"name": "personal", "propertyUrl": "aims:containsPersonalData", "datatype": "boolean"},
            ],
        }
    }
    Path("own.json").write_text(json.dumps(own))
    done = table(writer, "key,personal\na b,yes\n", mapping="own.json")
    assert (done.mapping, done.nodes) == ("own", 1)
    node = resolve(writer.view(), "a b")
    assert (node.id, node.type) == ("https://example.org/dataset/a%20b", "aims:Dataset")
    table(writer, "key,personal\na b,yes\n", mapping="own.json", base="urn:x:")
    assert resolve(writer.view(), "a b").id == "urn:x:dataset/a%20b"


def test_a_column_that_is_nearly_one_of_the_mapping_is_an_error_with_the_nearest_name(writer: Writer):
    with pytest.raises(MappingError) as refused:
        table(writer, "ID,Title,Likelihod,Impact,Treatment Plann,Colour\n1,A,4,3,Retrain,red\n")
    assert [problem.message for problem in refused.value.problems] == [
        "no column is called Likelihod, which holds values; did you mean Likelihood?",
        "no column is called Treatment Plann, which holds values; did you mean Treatment plan?",
    ]
    assert refused.value.hint is not None
    assert writer.view().graphs() == []


def test_a_column_is_no_error_that_is_empty_or_like_no_other_or_like_one_that_is_there(writer: Writer):
    done = table(writer, "ID,Title,Owner,Owners,Likelihod,Colour,Loss 90\n1,A,Ada,Bo,,red,7\n")
    assert done.unused_columns == ("Owners", "Likelihod", "Colour", "Loss 90")
    assert [problem.column for problem in done.problems] == ["Owners", "Likelihod", "Colour", "Loss 90"]


def test_a_column_in_another_currency_is_not_taken_for_one_that_is_misspelt(writer: Writer):
    done = table(writer, "ID,Title,Minimum loss (USD),Expected loss GBP\n1,A,100,200\n")
    assert done.unused_columns == ("Minimum loss (USD)", "Expected loss GBP")
    with pytest.raises(MappingError, match=r"did you mean Minimum loss EUR\? Its columns are"):
        table(writer, "ID,Title,Minimun loss (EUR)\n1,A,100\n")
