from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.render.findings import findings_html
from aimsgraph.render.findings.page import MOST_FINDINGS
from tests.unit.render.conftest import SNAPSHOT, finding
from tests.unit.render.test_report import ATTACK, Page

if TYPE_CHECKING:
    from aimsgraph.model.finding import Validation


def test_the_page_shows_findings_by_area_what_was_not_exercised_and_the_scores(
    validation: Validation,
) -> None:
    page = Page(findings_html(validation, title="Ours"))
    said = [
        "Ours", "State of 2026-09-30", SNAPSHOT, "70.0 %", "7 of 10 checks passed",
        "AI risk management", "risk one", "Nobody owns risk one.", "Name an owner.", "A.3.2", "risk two",
        "Data governance", "data one", "Without a control area", "note one",
        "Rules not exercised", "A waiver ends", "aims:Waiver",
        "Completeness per control area", "60.0 %", "not assessed", "Completeness per owner", "Ada",
    ]  # fmt: skip
    places = [page.text.find(words) for words in said]
    assert -1 not in places
    assert page.text.index("AI risk management") < page.text.index("Data governance")


def test_the_page_loads_nothing_and_runs_nothing(validation: Validation) -> None:
    bad = finding(
        "Owned", ATTACK, "violation", "area:data-governance", message=ATTACK, fix=ATTACK, value=ATTACK
    )
    page = Page(findings_html(validation.model_copy(update={"findings": (bad,)}), title=ATTACK))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert (page.loads, page.handlers) == (["data:,"], [])
    assert ATTACK in page.text


def test_findings_left_out_are_counted(validation: Validation) -> None:
    many = tuple(
        finding("Owned", f"risk {number}", "violation", "area:data-governance")
        for number in range(MOST_FINDINGS + 3)
    )
    page = Page(findings_html(validation.model_copy(update={"findings": many})))
    assert "and 3 more, not shown here" in page.text
    assert f"risk {MOST_FINDINGS - 1}" in page.text
    assert f"risk {MOST_FINDINGS}" not in page.text


def test_without_findings_the_page_says_so(validation: Validation) -> None:
    assert (
        "There are no findings." in Page(findings_html(validation.model_copy(update={"findings": ()}))).text
    )
