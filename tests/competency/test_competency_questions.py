"""The competency questions: each is answered by a saved question with exact rows, or by an engine call tested here."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from aimsgraph.query import catalogue
from tests.competency.queries.test_saved_questions import HERE as EXPECTED
from tests.conftest import ROOT, NewStore

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.engine import Graph

PAGE: Final = ROOT / "docs" / "competency-questions.md"
ROWS: Final = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| CQ")
]
#: The questions that commands answer, tested below or in the tests named.
BY_COMMAND: Final = {
    "CQ04": {"impact"},
    "CQ05": {"impact"},
    "CQ10": {"diff"},
    "CQ11": {"trace"},
    "CQ15": {"log", "diff"},
    "CQ21": {"lineage"},
    "CQ22": {"impact"},
    "CQ44": {"risk"},
}
EX = "https://example.org/meridian/"
REGISTER = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix iso42001: <https://w3id.org/aimsgraph/iso42001/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/meridian/> .

ex:feed a aims:Dataset ; rdfs:label "Feed" .
ex:scorer a aims:Model ; rdfs:label "Scorer" ; aims:trainedOn ex:feed ;
    aims:qualifiedDependency ex:feed-scorer .
ex:feed-scorer a aims:Dependency ; aims:on ex:feed ; aims:transmission 0.5 .
ex:score a aims:AISystem ; rdfs:label "Score" ; aims:usesModel ex:scorer ; aims:affectsParty ex:people ;
    aims:qualifiedDependency ex:scorer-score .
ex:scorer-score a aims:Dependency ; aims:on ex:scorer ; aims:transmission 0.8 .
ex:people a aims:AffectedParty ; rdfs:label "People" .
ex:checks a aims:Control ; rdfs:label "Checks" ; aims:guards ex:feed ; aims:implements iso42001:A.7.4 ;
    aims:designEffectiveness 0.75 ; aims:evidencedBy ex:log .
ex:log a aims:Evidence ; rdfs:label "Log" ; aims:collectedOn "2026-09-01"^^xsd:date .
ex:poison a aims:Risk ; rdfs:label "Poison" ; aims:threatens ex:feed ; aims:residualLevel aims:LevelLow .
"""
DAY: Final = {"date": date(2026, 9, 30)}


@pytest.fixture
def graph(tmp_path: Path, new_store: NewStore) -> Graph:
    made = new_store(tmp_path / "aims.store")
    source = tmp_path / "register.ttl"
    source.write_text(REGISTER)
    made.load(source, author="ada", message="The first register")
    return made


def test_there_are_forty_questions_numbered_in_turn():
    assert [row[0] for row in ROWS] == [f"CQ{number:02}" for number in range(1, len(ROWS) + 1)]
    assert len(ROWS) >= 40
    assert {row[1] for row in ROWS} == {"risk-analyst", "auditor", "architect"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_question_is_answered_by_what_is_tested_to_exact_rows(row: tuple[str, ...]):
    number, _, question, answered = row
    assert question.endswith("?")
    calls = re.findall(r"`([^`]+)`", answered)
    saved = {call.removeprefix("query ") for call in calls if call.startswith("query ")}
    assert saved <= set(catalogue())
    assert [name for name in saved if not (EXPECTED / f"{name}.expected.csv").exists()] == []
    assert {call for call in calls if not call.startswith("query ")} == BY_COMMAND.get(number, set())
    assert calls


def test_cq04_what_a_poisoned_dataset_hurts_and_how_likely(graph: Graph):
    answer = graph.impact("Feed", **DAY)
    assert [(node.label, round(node.inherent, 6), round(node.assured, 6)) for node in answer.nodes] == [
        ("Scorer", 0.5, 0.125),
        ("Score", 0.4, 0.1),
        ("People", 0.36, 0.09),
    ]


def test_cq05_what_rises_when_a_control_fails(graph: Graph):
    (control,) = graph.impact("Feed", **DAY).controls
    # All nodes' probabilities together: 0.5 + 0.4 + 0.36 without the control, a quarter of it with it as it is.
    assert (control.label, round(control.if_off, 6), round(control.if_on, 6)) == ("Checks", 1.26, 0.0)


def test_cq10_what_changed_in_the_risk_picture_between_two_changesets(graph: Graph, tmp_path: Path):
    before = str(graph.log()[-1].number)
    changed = tmp_path / "register.ttl"
    changed.write_text(REGISTER.replace("aims:LevelLow", "aims:LevelHigh"))
    graph.load(changed, author="bo", message="Raised after the audit")
    change = graph.diff(before)
    level = f"<{EX}poison> <https://w3id.org/aimsgraph/ns#residualLevel> <https://w3id.org/aimsgraph/ns#Level"
    assert [line.partition("> <https://w3id.org/aimsgraph/graph")[0] for line in change.removed] == [
        level + "Low"
    ]
    assert [line.partition("> <https://w3id.org/aimsgraph/graph")[0] for line in change.added] == [
        level + "High"
    ]


def test_cq11_the_evidence_behind_an_annex_a_control(graph: Graph):
    (control,) = graph.trace("iso42001:A.7.4", **DAY).controls
    assert control.label == "Checks"
    assert [(piece.label, piece.status) for piece in control.evidence] == [("Log", "fresh")]


def test_cq15_who_changed_the_records_since_and_why(graph: Graph, tmp_path: Path):
    (first,) = graph.log(author="ada")
    changed = tmp_path / "register.ttl"
    changed.write_text(REGISTER + "ex:feed rdfs:comment 'Daily.' .")
    graph.load(changed, author="bo", message="Say how often")
    since = [
        (one.author, one.message, one.added, one.removed) for one in graph.log() if one.number > first.number
    ]
    assert since == [("bo", "Say how often", 1, 0)]


def test_cq21_what_a_system_comes_from_and_what_comes_of_it(graph: Graph):
    answer = graph.lineage("Scorer", direction="both", **DAY)
    assert [(node.label, node.hops) for node in answer.nodes] == [("Feed", 1), ("Score", 1), ("People", 2)]


def test_cq22_the_blast_radius_of_a_component(graph: Graph):
    answer = graph.impact("Scorer", hops=1, **DAY)
    assert [(node.label, node.min_hops) for node in answer.nodes] == [("Score", 1)]


def test_cq44_how_likely_a_risk_comes_true_within_a_year_and_what_a_year_costs(graph: Graph, tmp_path: Path):
    numbers = tmp_path / "numbers.ttl"
    numbers.write_text(
        REGISTER.split("ex:feed a")[0]
        + "ex:poison aims:annualProbability 0.2 ; aims:minimumLoss 0.0 ; aims:mostLikelyLoss 100.0 ; "
        + "aims:maximumLoss 200.0 ."
    )
    graph.load(numbers)
    (risk,) = graph.risks(**DAY).risks
    # Occurs 0.2, hits the feed 0.5 by default; no control mitigates it. Then past the checks on the feed, which let a
    # quarter pass, to the scorer 0.5, to the score 0.8, and to people 0.9.
    assert risk.likelihood is not None
    assert (risk.likelihood.inherent, risk.likelihood.assured) == (0.1, 0.1)
    assert [(one.label, round(one.likelihood.assured, 6)) for one in risk.reaches if one.likelihood] == [
        ("People", 0.009),
        ("Score", 0.01),
    ]
    assert risk.expected_loss is not None
    assert round(risk.expected_loss.assured, 6) == 10.0
