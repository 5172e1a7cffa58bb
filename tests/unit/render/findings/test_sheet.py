from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from aimsgraph.model.finding import Finding
from aimsgraph.render.findings import csv_text
from tests.unit.render.conftest import finding
from tests.unit.render.findings.conftest import ODD

if TYPE_CHECKING:
    from aimsgraph.model.finding import Validation


def test_each_finding_is_a_row_with_all_its_fields(validation: Validation) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(validation), newline="")))
    assert rows == [
        {name: "" if value is None else str(value) for name, value in one.model_dump().items()}
        | {"waived_by": ""}
        for one in validation.findings
    ]
    assert len(rows) == 4


def test_without_findings_the_header_remains(validation: Validation) -> None:
    text = csv_text(validation.model_copy(update={"findings": ()}))
    assert text == ",".join(("id", *Finding.model_fields, "waived_by")) + "\r\n"


def test_odd_characters_come_through(validation: Validation) -> None:
    odd = finding("Owned", "x", "violation", None, message=ODD)
    [row] = csv.DictReader(
        io.StringIO(csv_text(validation.model_copy(update={"findings": (odd,)})), newline="")
    )
    assert row["message"] == ODD


def test_a_cell_that_a_spreadsheet_would_work_out_is_made_harmless(validation: Validation) -> None:
    odd = finding("Owned", "x", "violation", None, message='=HYPERLINK("http://example.org")')
    [row] = csv.DictReader(
        io.StringIO(csv_text(validation.model_copy(update={"findings": (odd,)})), newline="")
    )
    assert row["message"] == """'=HYPERLINK("http://example.org")"""
