"""Which evidence counts, and what that does to a control."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aimsgraph.trace.controls import ControlAssessment, assess_controls
from aimsgraph.trace.evidence import FACTORS, EvidenceFacts, assess_evidence, judge, read_file
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.trace import TracedEvidence
    from aimsgraph.store import View

    Graph = Callable[..., View]

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (EvidenceFacts(TODAY, collected_on=TODAY), "fresh"),
        (EvidenceFacts(TODAY, collected_on=TODAY, valid_until=TODAY), "fresh"),
        (EvidenceFacts(TODAY, collected_on=TODAY, valid_until=TODAY - DAY), "expired"),
        (EvidenceFacts(TODAY, collected_on=TODAY + DAY), "not-yet-valid"),
        (EvidenceFacts(TODAY, collected_on=TODAY, valid_from=TODAY + DAY), "not-yet-valid"),
        (EvidenceFacts(TODAY), "undated"),
        (EvidenceFacts(TODAY, collected_on=TODAY, unreadable=("last day",)), "undated"),
        (EvidenceFacts(TODAY, collected_on=TODAY, file="missing", location="a"), "file-missing"),
        (EvidenceFacts(TODAY, collected_on=TODAY, file="outside", location="../a"), "file-missing"),
        (EvidenceFacts(TODAY, collected_on=TODAY, file="read", recorded=("aa",), found="aa"), "fresh"),
        (EvidenceFacts(TODAY, collected_on=TODAY, file="read", recorded=("AA",), found="aa"), "fresh"),
        (EvidenceFacts(TODAY, collected_on=TODAY, file="read", recorded=("aa",), found="bb"), "altered"),
        (EvidenceFacts(TODAY, valid_until=TODAY - DAY, file="read", recorded=("aa",), found="bb"), "altered"),
        (EvidenceFacts(TODAY, valid_until=TODAY - DAY, file="missing", location="a"), "file-missing"),
        (EvidenceFacts(TODAY, valid_until=TODAY - DAY), "expired"),
    ],
)
def test_the_gravest_factor_decides(facts: EvidenceFacts, status: str) -> None:
    assert judge(facts)[0] == status


def test_every_factor_explains_itself_in_one_line() -> None:
    assert len(FACTORS) == 5
    for _, factor in FACTORS:
        assert factor.__doc__
        assert "\n" not in factor.__doc__


def test_a_reason_names_the_days() -> None:
    facts = EvidenceFacts(TODAY, collected_on=date(2026, 1, 1), valid_until=date(2026, 9, 29))
    assert judge(facts)[1] == "It expired: its last day was 2026-09-29, 1 day before 2026-09-30."


def test_a_file_inside_the_folder_is_hashed(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "a.md").write_bytes(b"seen")
    assert read_file("evidence/a.md", tmp_path) == ("read", hashlib.sha256(b"seen").hexdigest())
    assert read_file("evidence/../evidence/a.md", tmp_path)[0] == "read"
    assert read_file("evidence/b.md", tmp_path) == ("missing", None)
    assert read_file("evidence", tmp_path) == ("missing", None)
    assert read_file("evidence/a.md", None) == ("not-looked-at", None)
    assert read_file(None, tmp_path) == ("no-location", None)
    assert read_file("https://example.org/a.md", tmp_path) == ("elsewhere", None)


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    (root / "link.txt").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path)
    (root / "loop").symlink_to(root / "loop")
    for location in ("../secret.txt", str(outside), "link.txt", "folder/secret.txt", "a/../../secret.txt"):
        assert read_file(location, root) == ("outside", None)
    assert read_file("loop", root)[1] is None
    assert read_file("bad\0name", root)[1] is None


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("seen")
    (tmp_path / "b.md").symlink_to(tmp_path / "a.md")
    assert read_file("b.md", tmp_path)[0] == "read"


def evidence(view: View, root: Path | None = None) -> dict[str, TracedEvidence]:
    return {
        iri.removeprefix(EX): item
        for iri, item in assess_evidence(view, today=TODAY, evidence_root=root).items()
    }


def test_evidence_is_read_with_its_author_and_file(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"seen")
    digest = hashlib.sha256(b"seen").hexdigest()
    view = graph(
        f"""ex:e a aims:Evidence ; rdfs:label "Report" ; aims:collectedOn "2026-09-01"^^xsd:date ;
        aims:validUntil "2026-12-31"^^xsd:date ; aims:location "a.md" ; aims:sha256 "{digest}" ;
        prov:wasAttributedTo ex:ann . ex:ann a aims:Owner ; rdfs:label "Ann" ."""
    )
    found = evidence(view, tmp_path)["e"]
    assert (found.label, found.status, found.counts, found.hash_checked) == ("Report", "fresh", True, True)
    assert (found.collected_on, found.valid_until) == (date(2026, 9, 1), date(2026, 12, 31))
    assert (found.location, found.sha256, [author.label for author in found.authors]) == (
        "a.md",
        digest,
        ["Ann"],
    )
    unchecked = evidence(view)["e"]
    assert (unchecked.status, unchecked.hash_checked) == ("fresh", False)
    (tmp_path / "a.md").write_bytes(b"seen!")
    assert evidence(view, tmp_path)["e"].status == "altered"
    (tmp_path / "a.md").unlink()
    assert evidence(view, tmp_path)["e"].status == "file-missing"


def test_of_several_dates_the_most_cautious_counts(graph: Graph) -> None:
    view = graph(
        """ex:e a aims:Evidence ; aims:collectedOn "2026-09-01"^^xsd:date ;
        aims:validUntil "2026-12-31"^^xsd:date , "2026-01-01"^^xsd:date ."""
    )
    assert evidence(view)["e"].status == "expired"


def test_a_date_that_cannot_be_read_does_not_count(graph: Graph) -> None:
    view = graph('ex:e a aims:Evidence ; aims:collectedOn "2026-09-01"^^xsd:date ; aims:validUntil "soon" .')
    found = evidence(view)["e"]
    assert (found.status, found.reason) == (
        "undated",
        "Its last day is not a date that can be read, so its age is unknown.",
    )


FRESH = 'ex:fresh a aims:Evidence ; rdfs:label "New" ; aims:collectedOn "2026-09-01"^^xsd:date . '
STALE = (
    'ex:stale a aims:Evidence ; rdfs:label "Old" ; aims:collectedOn "2025-01-01"^^xsd:date ; '
    'aims:validUntil "2025-12-31"^^xsd:date . '
)
NUMBERS = "aims:designEffectiveness 0.8 ; aims:coverage 0.5 ; aims:operatingReliability 0.9"


@pytest.fixture
def control(graph: Graph) -> Callable[[str], ControlAssessment]:
    def assess(text: str) -> ControlAssessment:
        view = graph(f"ex:c a aims:Control ; {text} . {FRESH} {STALE}")
        return assess_controls(view, today=TODAY)[EX + "c"]

    return assess


@pytest.mark.parametrize(
    ("text", "claimed", "assured", "verified"),
    [
        (f"{NUMBERS} ; aims:evidencedBy ex:fresh", 0.36, 0.36, True),
        (f"{NUMBERS} ; aims:evidencedBy ex:fresh , ex:stale", 0.36, 0.36, True),
        (f"{NUMBERS} ; aims:evidencedBy ex:stale", 0.36, 0.0, False),
        (f"{NUMBERS} ; aims:evidencedBy ex:stale ; aims:unverifiedEffectiveness 0.1", 0.36, 0.1, False),
        (f"{NUMBERS} ; aims:unverifiedEffectiveness 0.9", 0.36, 0.36, False),
        ("aims:designEffectiveness 0.8 ; aims:evidencedBy ex:fresh", 0.8, 0.8, True),
        ("aims:coverage 0.8 ; aims:evidencedBy ex:fresh", 0.0, 0.0, True),
        ("aims:designEffectiveness 1.8 ; aims:evidencedBy ex:fresh", 0.0, 0.0, True),
        (f"{NUMBERS} ; aims:implementationStatus aims:Planned ; aims:evidencedBy ex:fresh", 0.0, 0.0, False),
        (
            f"{NUMBERS} ; aims:implementationStatus aims:RetiredControl ; aims:evidencedBy ex:fresh",
            0.0,
            0.0,
            False,
        ),
        (
            f"{NUMBERS} ; aims:implementationStatus aims:PartlyImplemented ; aims:evidencedBy ex:fresh",
            0.36,
            0.36,
            True,
        ),
        (
            f"{NUMBERS} ; aims:implementationStatus aims:Implemented ; aims:evidencedBy ex:fresh",
            0.36,
            0.36,
            True,
        ),
    ],
)
def test_a_control_counts_as_declared_only_with_fresh_evidence(
    control: Callable[[str], ControlAssessment], text: str, claimed: float, assured: float, verified: bool
) -> None:
    found = control(text)
    assert (found.claimed, found.assured) == (pytest.approx(claimed), pytest.approx(assured))
    assert found.verified is verified


def test_the_reason_says_which_evidence_fails_and_what_that_costs(
    control: Callable[[str], ControlAssessment],
) -> None:
    assert control(f"{NUMBERS} ; aims:evidencedBy ex:stale").reason == (
        "Its only evidence, “Old”, does not count. It expired: its last day was 2025-12-31, "
        "273 days before 2026-09-30. It counts 0.00 instead of 0.36."
    )
    assert control(NUMBERS).reason == "There is no evidence that it works. It counts 0.00 instead of 0.36."
    assert control(f"{NUMBERS} ; aims:evidencedBy ex:fresh , ex:stale").reason == (
        "Fresh evidence bears it out: “New”. One other piece does not count."
    )
    assert control("aims:evidencedBy ex:fresh").reason == (
        "Fresh evidence bears it out: “New”. No design effectiveness is stated, so it has no effect in numbers."
    )
    assert control(f"{NUMBERS} ; aims:implementationStatus aims:Planned").reason == "It is only planned."


def test_what_guards_counts_as_a_control_without_a_class(graph: Graph) -> None:
    view = graph("ex:c aims:guards ex:data .")
    assert list(assess_controls(view, today=TODAY)) == [EX + "c"]
