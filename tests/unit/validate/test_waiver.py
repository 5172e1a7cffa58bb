"""A waiver lets findings pass only with a reason, an approver who may and an end; what it lets pass stays in sight."""

from __future__ import annotations

from datetime import date

import pytest

from aimsgraph.store import memory_view
from aimsgraph.validate import examined, load_shapes
from aimsgraph.validate.examination import Examination

PREFIXES = """
@prefix ex: <https://example.org/> . @prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix area: <https://w3id.org/aimsgraph/area/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix shape: <https://w3id.org/aimsgraph/shape/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
ex:anna a aims:Owner ; rdfs:label "Anna" . ex:ben a aims:Owner ; rdfs:label "Ben" .
ex:r a aims:Risk ; rdfs:label "R" ; aims:ownedBy ex:anna .
ex:q a aims:Risk ; rdfs:label "Q" ; aims:ownedBy ex:anna .
"""
WAIVER = {
    "waives": "shape:RiskTreated",
    "waivesFor": "ex:r",
    "waivedBecause": '"Decided on in October."',
    "approvedBy": "ex:ben",
    "approvedOn": '"2026-09-01"^^xsd:date',
    "waivedUntil": '"2026-10-31"^^xsd:date',
}


def of(*waivers: dict[str, str | None], today: date = date(2026, 9, 30)) -> Examination:
    text = PREFIXES + DATA
    for number, changed in enumerate(waivers):
        said = {name: value for name, value in (WAIVER | changed).items() if value}
        text += f'ex:w{number} a aims:Waiver ; rdfs:label "W{number}"'
        text += "".join(f" ; aims:{name} {value}" for name, value in said.items()) + " .\n"
    return examined(memory_view(text), today=today)


def untreated(examination: Examination) -> list[str]:
    return [one.focus_label for one in examination.validation.findings if one.shape.endswith("/RiskTreated")]


def test_a_waived_finding_does_not_count_and_stands_with_its_waiver():
    (waiver,) = of({}).validation.waivers
    assert untreated(of({})) == ["Q"]
    assert [one.message for one in waiver.findings] == ["Nobody has decided how to treat “R”."]
    assert (waiver.standing, waiver.reason, waiver.until) == (
        "in force", "Decided on in October.", date(2026, 10, 31),
    )  # fmt: skip
    assert waiver.approved_by is not None
    assert waiver.approved_by.label == "Ben"


def test_a_waived_check_neither_passed_nor_failed():
    before, after = (one.validation.completeness.overall for one in (of(), of({})))
    # The waiver itself is looked at too: seven checks on it, all passed.
    waiver_checks = 7
    assert (after.passed, after.applicable, after.waived) == (
        before.passed + waiver_checks, before.applicable + waiver_checks - 1, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        ({"waivedBecause": None}, "incomplete"),
        ({"approvedBy": None}, "incomplete"),
        ({"approvedBy": "ex:stranger"}, "incomplete"),
        ({"approvedOn": None}, "incomplete"),
        ({"waivedUntil": None}, "incomplete"),
        ({"waives": None}, "incomplete"),
        ({"waivesFor": '"R"'}, "incomplete"),
        ({"waives": "shape:RiskTraeted"}, "unknown shape"),
        ({"waivedUntil": '"2026-09-29"^^xsd:date'}, "expired"),
        ({"approvedOn": '"2026-10-01"^^xsd:date'}, "not yet in force"),
    ],
)
def test_a_waiver_that_does_not_hold_lets_nothing_pass_and_says_why(
    changed: dict[str, str | None], standing: str
):
    found = of(changed)
    assert untreated(found) == ["Q", "R"]
    assert [(one.standing, one.findings) for one in found.validation.waivers] == [(standing, ())]


def test_an_expired_waiver_is_a_finding_itself():
    found = of({"waivedUntil": '"2026-09-29"^^xsd:date'}).validation.findings
    assert [one.message for one in found if one.focus_label == "W0"] == [
        "The waiver “W0” ran out on 2026-09-29: what it let pass counts again."
    ]


def test_nobody_waives_what_is_said_of_their_own():
    assert untreated(of({"approvedBy": "ex:anna"})) == ["Q", "R"]
    assert untreated(of({"approvedBy": "ex:anna", "waivesFor": None})) == ["Q", "R"]


def test_a_waiver_is_for_a_node_for_an_area_or_for_all():
    assert untreated(of({"waivesFor": None})) == []
    assert untreated(of({"waivesFor": "area:ai-risk-management"})) == []
    assert untreated(of({"waivesFor": "area:data-governance"})) == ["Q", "R"]


def test_of_two_waivers_the_one_that_ends_last_is_taken():
    first, second = of({}, {"waivedUntil": '"2026-12-31"^^xsd:date'}).validation.waivers
    assert (first.findings, len(second.findings)) == ((), 1)


def test_reports_of_other_tools_show_what_was_waived():
    from rdflib import URIRef

    from aimsgraph.answers import ValidationAnswer

    answer = ValidationAnswer.of(of({}))
    graph = of({}).report_graph()
    marked = list(graph.subject_objects(URIRef("https://w3id.org/aimsgraph/ns#waivedBy")))
    assert [value for _, value in marked] == [URIRef("https://example.org/w0")]
    assert '"suppressions"' in answer.render("sarif")
    assert answer.render("csv").rstrip().endswith("https://example.org/w0")
    assert "Decided on in October." in answer.render("html")


def test_a_case_of_junit_that_would_fail_but_for_waivers_is_skipped():
    from aimsgraph.answers import ValidationAnswer

    text = ValidationAnswer.of(of({"waivesFor": None})).render("junit")
    assert "Waived until 2026-10-31: Decided on in October." in text
    assert "RiskTreated" in {check.iri.rsplit("/", 1)[-1] for check in load_shapes().checks}
