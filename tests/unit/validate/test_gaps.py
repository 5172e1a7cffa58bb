from __future__ import annotations

from datetime import date

from aimsgraph.model.finding import Finding, Score, Scores, Validation
from aimsgraph.validate import worst_gaps


def finding(shape: str, area: str, severity: str, focus: str = "f") -> Finding:
    return Finding.model_validate(
        {
            "shape": shape, "focus": focus, "focus_label": focus, "path": None, "value": None, "component": "c",
            "severity": severity, "message": "m", "requirement": None, "area": area, "fix": None,
        }
    )  # fmt: skip


def gaps(*findings: Finding, n: int = 5) -> list[tuple[str, str]]:
    none = Score(key="overall", label="All", passed=0, applicable=0, ratio=None)
    answer = Validation(
        conforms=False, findings=findings, not_exercised=(), counts={}, snapshot="none", date=date(2026, 9, 30),
        completeness=Scores(overall=none, areas=(), owners=(), requirements=()),
    )  # fmt: skip
    return [(gap.shape, gap.focus) for gap in worst_gaps(answer, n)]


def test_graver_findings_come_first() -> None:
    assert gaps(finding("a", "1", "info"), finding("b", "2", "warning"), finding("c", "3", "violation"), n=2) == [
        ("c", "f"), ("b", "f"),
    ]  # fmt: skip


def test_other_areas_come_before_a_second_finding_of_an_area() -> None:
    assert gaps(finding("a", "1", "violation"), finding("b", "1", "violation"), finding("c", "2", "violation")) == [
        ("a", "f"), ("c", "f"), ("b", "f"),
    ]  # fmt: skip


def test_a_second_finding_of_a_shape_waits_for_every_other_shape() -> None:
    many = [finding("a", "1", "violation", focus) for focus in "xyz"]
    assert gaps(*many, finding("b", "1", "warning"), n=3) == [("a", "x"), ("b", "f"), ("a", "y")]


def test_a_more_urgent_shape_comes_first() -> None:
    shape = "https://w3id.org/aimsgraph/shape/"
    findings = [
        finding(shape + name, "1", "violation") for name in ("ActionOwned", "ImpactAssessed", "OwnerNamed")
    ]
    assert [iri.removeprefix(shape) for iri, _ in gaps(*findings)] == [
        "ImpactAssessed",
        "OwnerNamed",
        "ActionOwned",
    ]


def test_no_findings_have_no_gaps() -> None:
    assert gaps() == []
