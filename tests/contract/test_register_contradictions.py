"""A register that contradicts itself is told so, row by row: labels against ratings, and ratings off their scale."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from aimsgraph import ingest, store
from aimsgraph.model.changeset import ImportedTable
from aimsgraph.validate import validate
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.finding import Validation

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
#: Rows 2 to 9: agreeing, two labels off, the inherent level off, residual above inherent, one level off (which is
#: nothing in a matrix that is not known), likelihood off its scale, severity in words that say nothing, level unknown.
REGISTER = """Risk ID,Title,Likelihood,Impact,Risk level,Inherent risk,Residual risk
R1,Agrees,4,4,High,High,Medium
R2,Label too low,5,5,Low,Very high,Medium
R3,Inherent too high,1,2,Very low,High,Low
R4,Grows by treatment,3,3,Medium,Medium,High
R5,One off,4,4,Very high,High,High
R6,Off the scale,7,3,Medium,Medium,Low
R7,Says nothing,3,rather bad,Medium,Medium,Low
R8,Unknown level,3,3,purple,Medium,Low
"""
ABOUT = {"StatedLevelAgrees", "ResidualNotAboveInherent", "OrdinalInRange"}


def imported(folder: Path, table: Path) -> tuple[ImportedTable, Validation]:
    path = folder / "aims.store"
    store.create(path, now=NOW)
    with store.open_writer(path) as writer:
        store.sync_ontology(writer, now=NOW)
        done = ingest.import_csv(writer, table, author="ada", now=NOW)
    return done, validate(store.open_view(path), today=date(2026, 9, 30))


def test_labels_and_scales_that_contradict_are_told_row_by_row(tmp_path: Path) -> None:
    table = tmp_path / "register.csv"
    table.write_text(REGISTER, encoding="utf-8")
    done, report = imported(tmp_path, table)
    told = {
        (one.focus.rpartition("/")[2], local_name(one.shape), one.message)
        for one in report.findings
        if local_name(one.shape) in ABOUT
    }
    assert told == {
        (
            "R2", "StatedLevelAgrees",
            "“Label too low” is labelled “low” by aims:statedLevel, which its likelihood 5 and severity 5 contradict.",
        ),
        (
            "R3", "StatedLevelAgrees",
            "“Inherent too high” is labelled “high” by aims:inherentLevel, "
            "which its likelihood 1 and severity 2 contradict.",
        ),
        (
            "R4", "ResidualNotAboveInherent",
            "The residual level of “Grows by treatment” (“high”) is above its inherent level (“medium”).",
        ),
    }  # fmt: skip
    assert [(one.row, one.column, one.value) for one in done.problems] == [
        (7, "Likelihood", "7"), (8, "Impact", "rather bad"), (9, "Risk level", "purple"),
    ]  # fmt: skip


@pytest.mark.shared_data
def test_a_published_register_without_ratings_is_not_said_to_agree(shared_data: Path, tmp_path: Path) -> None:
    [table] = (shared_data / "risk-registers").rglob("NC-AI-001-Risk-Data.csv")
    _, report = imported(tmp_path, table)
    silent = {local_name(one.shape) for one in report.not_exercised}
    assert silent >= ABOUT
    assert {local_name(one.shape) for one in report.findings}.isdisjoint(ABOUT)
