"""A published risk register gives its 33 risks, what it really holds of them, and a report of the rest."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from aimsgraph import ingest, store
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
REGISTER = (
    "risk-registers/nc-ai-001/08_Resources/NC_AI_Standards/Publication/NC-AI-001/NC-AI-001-Risk-Data.csv"
)
#: The form's blank columns; only the text columns are filled in.
EMPTY = (
    "Impact_Scale",
    "Likelihood_Scale",
    "Risk_Score",
    "Risk_Level",
    "Existing_Controls",
    "Planned_Controls",
    "Control_Owner",
    "Treatment_Target_Date",
    "Status_NotStarted_InProgress_Complete",
    "Notes",
)

pytestmark = pytest.mark.shared_data


def test_the_register_gives_its_33_risks_and_says_what_is_missing(shared_data: Path, tmp_path: Path):
    folder = tmp_path / "aims.store"
    store.create(folder, now=NOW)
    with store.open_writer(folder) as writer:
        done = ingest.import_csv(writer, shared_data / REGISTER, author="ada", now=NOW)
    assert (done.rows, done.nodes) == (33, 33)
    view = store.open_view(folder)
    risks = store.list_nodes(view, type="aims:Risk", limit=100)
    assert len(risks) == 33
    assert store.resolve(view, "Data poisoning attacks").id.endswith("#risk/SEC-003")

    held = Counter(str(row["p"]) for row in view.select(f"SELECT ?p WHERE {{ ?r a <{AIMS}Risk> ; ?p ?o }}"))
    assert held[AIMS + "ordinalLikelihood"] == 0
    assert held[AIMS + "ordinalSeverity"] == 0
    assert held[AIMS + "treatment"] == held[AIMS + "treatmentPlan"] == 0
    # Security and privacy are two families: 25 of 33 risks have one, five of these have both.
    assert held[AIMS + "riskFamily"] == 25 + 5

    assert done.unused_columns == EMPTY
    assert [problem.column for problem in done.problems if problem.row is None] == list(EMPTY)
    wide = [problem for problem in done.problems if "17 cells for 15 columns" in problem.message]
    assert [problem.row for problem in wide] == list(range(2, 35))
    unknown = Counter(problem.value for problem in done.problems if problem.column == "Risk_Category")
    assert unknown == {"Transparency and Explainability": 4, "Human Impact and Safety": 4}
    assert len(done.problems) == len(EMPTY) + len(wide) + 8
    assert not any(problem.skipped_row for problem in done.problems)
    assert store.verify(folder).intact
