"""The trace from any node to its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aimsgraph.trace.scope import natural
from aimsgraph.trace.standing import trace
from tests.unit.trace.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.trace import Trace
    from aimsgraph.store import View

ISO = "https://w3id.org/aimsgraph/iso42001/"

ORGANISATION = """
iso42001:A.6 a aims:Requirement ; skos:prefLabel "Life cycle" .
iso42001:A.6.1 a aims:Requirement ; skos:prefLabel "Objective" ; skos:broader iso42001:A.6 ;
  aims:requirementKind aims:ControlObjective .
iso42001:A.6.2 a aims:Requirement ; skos:prefLabel "Design" ; skos:broader iso42001:A.6 .
iso42001:A.6.10 a aims:Requirement ; skos:prefLabel "Logs" ; skos:broader iso42001:A.6 ; aims:inArea area:logs .
iso42001:A.6.3 a aims:Requirement ; skos:prefLabel "Tests" ; skos:broader iso42001:A.6 .
ex:soa a aims:ApplicabilityEntry ; aims:aboutRequirement iso42001:A.6.3 ; aims:applicable false .
area:logs a aims:ControlArea .
ex:check a aims:Control ; rdfs:label "Check" ; aims:implements iso42001:A.6.2 ; aims:ownedBy ex:ann ;
  aims:guards ex:data ;
  aims:mitigates ex:poisoning ; aims:designEffectiveness 0.8 ; aims:evidencedBy ex:old , ex:new ;
  aims:implementationStatus aims:Implemented .
ex:plan a aims:Control ; rdfs:label "Plan" ; aims:inArea area:logs ; aims:ownedBy ex:gone ;
  aims:implementationStatus aims:Planned ; aims:mitigates ex:leak .
ex:bare a aims:Control ; rdfs:label "Bare" ; aims:guards ex:model ; aims:designEffectiveness 0.5 .
ex:policy a aims:Policy ; aims:implements iso42001:A.6.10 .
ex:ann a aims:Owner ; rdfs:label "Ann" .
ex:gone a aims:Owner ; rdfs:label "Bo" ; aims:activeUntil "2026-01-31"^^xsd:date .
ex:old a aims:Evidence ; rdfs:label "Old" ;
  aims:collectedOn "2025-01-01"^^xsd:date ; aims:validUntil "2025-12-31"^^xsd:date .
ex:new a aims:Evidence ; rdfs:label "New" ; aims:collectedOn "2026-09-01"^^xsd:date .
ex:spare a aims:Evidence ; rdfs:label "Spare" ; aims:collectedOn "2026-09-01"^^xsd:date .
ex:poisoning a aims:Risk ; rdfs:label "Poisoning" ; aims:threatens ex:data ; aims:ownedBy ex:ann .
ex:leak a aims:Risk ; rdfs:label "Leak" ; aims:threatens ex:system ; aims:ownedBy ex:ann .
ex:drift a aims:Risk ; rdfs:label "Drift" ; aims:threatens ex:model .
ex:data a aims:Dataset . ex:model a aims:ModelVersion ; aims:trainedOn ex:data .
ex:system a aims:AISystem ; rdfs:label "Scoring" ; aims:usesModel ex:model ; aims:ownedBy ex:ann .
ex:quiet a aims:AISystem ; rdfs:label "Quiet" ; aims:ownedBy ex:ann .
ex:outage a aims:Incident ; aims:realises ex:drift ; aims:involves ex:model .
ex:audit a aims:Audit ; aims:auditsArea area:logs .
ex:finding a aims:Nonconformity ; aims:againstRequirement iso42001:A.6.2 .
"""


@pytest.fixture
def ask(graph: Callable[..., View], named: Callable[[View, str], NodeRef]) -> Callable[[str], Trace]:
    view = graph(ORGANISATION)
    return lambda name: trace(view, named(view, name), today=TODAY)


def labels(answer: Trace) -> list[str]:
    return [control.label for control in answer.controls]


def gaps(answer: Trace) -> list[tuple[str, str]]:
    return [(gap.kind, gap.node.label) for gap in answer.gaps]


def test_a_requirement_leads_to_controls_evidence_owners_and_dates(ask: Callable[[str], Trace]) -> None:
    answer = ask(ISO + "A.6.2")
    (control,) = answer.controls
    assert (control.label, control.implementation_status, control.verified) == (
        "Check",
        "aims:Implemented",
        True,
    )
    assert [owner.label for owner in control.owners] == ["Ann"]
    assert [node.label for node in (*control.requirements, *control.risks, *control.assets)] == [
        "Design",
        "Poisoning",
        "data",
    ]
    assert [(piece.label, piece.status) for piece in control.evidence] == [
        ("New", "fresh"),
        ("Old", "expired"),
    ]
    assert gaps(answer) == [("stale-evidence", "Old")]
    assert answer.gaps[0].message.endswith("The control still counts, by other evidence.")
    assert answer.date == TODAY


def test_a_clause_takes_in_the_requirements_below_it(ask: Callable[[str], Trace]) -> None:
    answer = ask(ISO + "A.6")
    assert [node.label for node in answer.via] == ["Objective", "Design", "Tests", "Logs"]
    assert labels(answer) == ["Check"]
    # An objective needs no control of its own, and A.6.3 is ruled out by the statement of applicability.
    assert gaps(answer) == [("no-control", "Logs"), ("stale-evidence", "Old")]
    assert answer.gaps[0].message == "A.6.10 Logs: no control implements it."


def test_an_objective_is_met_by_the_controls_beside_it(ask: Callable[[str], Trace]) -> None:
    assert labels(ask(ISO + "A.6.1")) == ["Check"]


def test_a_risk_leads_to_what_mitigates_it_and_guards_what_it_threatens(ask: Callable[[str], Trace]) -> None:
    assert labels(ask("poisoning")) == ["Check"]
    answer = ask("drift")
    assert labels(answer) == ["Bare"]
    assert gaps(answer) == [
        ("no-control", "Drift"),
        ("no-evidence", "Bare"),
        ("no-owner", "Drift"),
        ("no-owner", "Bare"),
    ]


def test_a_system_leads_to_the_controls_of_all_it_comes_from(ask: Callable[[str], Trace]) -> None:
    answer = ask("system")
    assert [node.label for node in answer.via] == ["Leak", "model", "Drift", "data", "Poisoning"]
    assert labels(answer) == ["Bare", "Check", "Plan"]
    assert gaps(answer) == [
        ("no-control", "Drift"),
        ("no-evidence", "Bare"),
        ("stale-evidence", "Old"),
        ("not-implemented", "Plan"),
        ("no-owner", "Bare"),
        ("no-owner", "Plan"),
        ("no-owner", "Drift"),
    ]
    assert "Bo left on 2026-01-31" in answer.gaps[5].message


def test_a_system_that_nothing_guards_is_a_gap(ask: Callable[[str], Trace]) -> None:
    assert gaps(ask("quiet")) == [("no-control", "Quiet")]


def test_evidence_leads_back_to_the_controls_that_rest_on_it(ask: Callable[[str], Trace]) -> None:
    assert labels(ask("new")) == ["Check"]
    assert gaps(ask("spare")) == [("no-control", "Spare")]


@pytest.mark.parametrize(
    ("name", "controls"),
    [
        ("check", ["Check"]),
        ("https://w3id.org/aimsgraph/area/logs", ["Plan"]),
        ("ann", ["Check"]),
        ("outage", ["Bare"]),
        ("audit", ["Plan"]),
        ("finding", ["Check"]),
        ("soa", []),
        ("policy", []),
        ("model", ["Bare", "Check"]),
    ],
)
def test_every_kind_of_node_has_a_trace(ask: Callable[[str], Trace], name: str, controls: list[str]) -> None:
    assert labels(ask(name)) == controls


def test_an_area_misses_nothing_of_the_frameworks_that_nobody_has_to_follow(
    graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> None:
    others = """
iso42001:A.6.10 skos:inScheme iso42001:scheme .
ex:heard a aims:Requirement ; skos:prefLabel "Heard" ; skos:inScheme ex:law ; aims:inArea area:logs .
ex:kept a aims:Requirement ; skos:prefLabel "Kept" ; skos:inScheme ex:law ; aims:inArea area:logs .
ex:check aims:implements ex:kept .
"""
    view = graph(ORGANISATION + others)
    answer = trace(view, named(view, "https://w3id.org/aimsgraph/area/logs"), today=TODAY)
    assert labels(answer) == ["Check", "Plan"]
    assert [gap for gap in gaps(answer) if gap[0] == "no-control"] == [("no-control", "Logs")]


def test_every_gap_says_how_to_mend_it(ask: Callable[[str], Trace]) -> None:
    found = [gap for name in ("system", ISO + "A.6", "spare", "quiet") for gap in ask(name).gaps]
    assert len(found) == 11
    assert all(gap.fix.endswith(".") and gap.message.endswith(".") for gap in found)


def test_names_sort_as_people_count() -> None:
    assert sorted(["A.6.10", "A.6.2", "A.6", "B"], key=natural) == ["A.6", "A.6.2", "A.6.10", "B"]
