from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.store import memory_view
from aimsgraph.validate import load_shapes, validate, validate_graph
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.finding import Validation
    from aimsgraph.validate import Shapes

    Examined = Callable[[str, "str | Shapes"], Validation]

SHAPE = "https://w3id.org/aimsgraph/shape/"
TODAY = date(2026, 9, 30)


def test_a_finding_names_the_node_the_demand_and_the_mending(examined: Examined) -> None:
    answer = examined(
        'ex:s a aims:AISystem ; rdfs:label "Screener" .', load_shapes().only(SHAPE + "PurposeStated")
    )
    [finding] = answer.findings
    assert finding.model_dump() == {
        "shape": SHAPE + "PurposeStated",
        "focus": "https://example.org/case/s",
        "focus_label": "Screener",
        "path": "aims:intendedPurpose",
        "value": None,
        "component": "MinCountConstraintComponent",
        "severity": "violation",
        "message": "What “Screener” is meant for is not stated.",
        "requirement": "iso42001:A.9.4",
        "area": "area:transparency-explainability",
        "fix": "Write aims:intendedPurpose for “Screener”: for what, by whom, and where not.",
        "file": None,
        "line": None,
        "id": finding.fingerprint[:10],
    }
    assert (answer.conforms, answer.counts) == (False, {"violation": 1, "warning": 0, "info": 0})
    assert (answer.date, answer.snapshot) == (TODAY, "none")


def test_blanks_of_a_sparql_message_are_filled_with_labels_and_days(examined: Examined) -> None:
    data = """ex:s aims:ownedBy ex:peter ; rdfs:label "Network" .
              ex:peter rdfs:label "Peter \\\\g<1> Hale" ; aims:activeUntil "2026-05-31"^^xsd:date ."""
    [finding] = examined(data, load_shapes().only(SHAPE + "OwnerCurrent")).findings
    assert finding.message == "“Network” is owned by “Peter \\g<1> Hale”, who left on 2026-05-31."
    assert (finding.path, finding.value) == ("aims:ownedBy", "https://example.org/case/peter")


def test_a_backslash_in_a_value_of_a_message_does_no_harm(examined: Examined) -> None:
    answer = examined(
        'ex:s aims:location "C:\\\\1\\\\g<2>" .',
        """ex:D a <http://www.w3.org/2002/07/owl#Ontology> ; sh:declare
             [ sh:prefix "aims" ; sh:namespace "https://w3id.org/aimsgraph/ns#"^^xsd:anyURI ] .
           ex:S a sh:NodeShape ; sh:targetSubjectsOf aims:location ; sh:message "It lies at {?value}." ;
             sh:sparql [ sh:prefixes ex:D ; sh:select "SELECT $this ?value WHERE { $this aims:location ?value }" ] .""",
    )
    assert [(f.message, f.value) for f in answer.findings] == [("It lies at C:\\1\\g<2>.", "C:\\1\\g<2>")]


def test_info_alone_conforms(examined: Examined) -> None:
    answer = examined("ex:s a aims:Risk .", load_shapes().only(SHAPE + "RiskReassessed"))
    assert (answer.conforms, answer.counts["info"]) == (True, 1)


def test_a_misspelt_namespace_is_not_exercised_and_not_passed(examined: Examined) -> None:
    answer = examined(
        "<https://example.org/case/s> a <https://w3id.org/aimsgraf/ns#AISystem> .",
        load_shapes().only(SHAPE + "PurposeStated"),
    )
    assert [(u.shape, u.target) for u in answer.not_exercised] == [(SHAPE + "PurposeStated", "aims:AISystem")]
    assert (answer.findings, answer.completeness.overall.ratio) == ((), None)


def test_a_shape_that_applies_to_none_of_its_targets_is_not_exercised(examined: Examined) -> None:
    only = load_shapes().only(SHAPE + "ImpactAssessed")
    low = examined("ex:s a aims:AISystem ; aims:riskTier aims:MinimalRisk .", only)
    high = examined("ex:s a aims:AISystem ; aims:riskTier aims:HighRisk .", only)
    assert (len(low.not_exercised), low.completeness.overall.applicable) == (1, 0)
    assert (len(high.not_exercised), high.completeness.overall.applicable) == (0, 1)


def test_a_view_and_a_graph_of_the_same_data_give_the_same_findings() -> None:
    turtle = f"<https://example.org/case/s> a <{AIMS}Risk> ; <{AIMS}ordinalLikelihood> 9 ."
    from_view = validate(memory_view(turtle), today=TODAY)
    from_graph = validate_graph(Graph().parse(data=turtle), today=TODAY)
    assert from_view.findings == from_graph.findings != ()
    assert from_view.snapshot.startswith("sha256:")


def test_the_graph_given_stays_as_it_is() -> None:
    graph = Graph().parse(data=f"<https://example.org/case/s> a <{AIMS}Owner> .")
    validate_graph(graph, today=TODAY)
    assert len(graph) == 1


def test_the_day_decides() -> None:
    view = memory_view(
        f"""<https://example.org/s> a <{AIMS}CorrectiveAction> ;
            <{AIMS}dueOn> "2026-09-30"^^<http://www.w3.org/2001/XMLSchema#date> ."""
    )

    def overdue(today: date) -> list[str]:
        return [f.shape for f in validate(view, today=today).findings if f.shape.endswith("ActionInTime")]

    assert overdue(TODAY) == []
    assert overdue(date(2026, 10, 1)) == [SHAPE + "ActionInTime"]


def test_dates_and_numbers_that_are_none_become_findings_and_end_nothing(examined: Examined) -> None:
    answer = examined(
        """ex:r a aims:Risk ; aims:ordinalLikelihood "x"^^xsd:integer ; aims:ordinalSeverity 5 ;
               aims:statedLevel aims:LevelLow .
           ex:i a aims:Incident ; aims:detectedOn "2026-02-30"^^xsd:date ; aims:closedOn 7 .""",
        load_shapes().only(
            *(
                SHAPE + name
                for name in ("OrdinalInRange", "StatedLevelAgrees", "IncidentClosedLater", "DateWellFormed")
            )
        ),
    )
    assert [(f.shape.removeprefix(SHAPE), f.path, f.value) for f in answer.findings] == [
        ("OrdinalInRange", "aims:ordinalLikelihood", "x"),
        ("DateWellFormed", "aims:closedOn", "7"),
        ("DateWellFormed", "aims:detectedOn", "2026-02-30"),
    ]


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:S a sh:NodeShape , sh:PropertyShape ; sh:targetClass aims:Risk ; sh:path aims:ownedBy .",
        """ex:S a sh:NodeShape ; sh:targetClass aims:Risk ;
             sh:sparql [ sh:select "SELECT $this { VALUES $this { 1 } }" ] .""",
    ],
    ids=["two-kinds", "values"],
)
def test_a_shape_that_cannot_be_run_is_a_clear_error(examined: Examined, shapes: str) -> None:
    with pytest.raises(SyntaxProblemError, match="shape"):
        examined("ex:r a aims:Risk .", shapes)


def test_order_of_terms_that_are_no_numbers_can_be_asked_for(examined: Examined) -> None:
    shape = (
        "ex:S a sh:PropertyShape ; sh:targetClass aims:Risk ; sh:path ex:low ; sh:lessThanOrEquals ex:high ."
    )
    answer = examined('ex:r a aims:Risk ; ex:low "x"^^xsd:integer ; ex:high 7 .', shape)
    assert [finding.component for finding in answer.findings] == ["LessThanOrEqualsConstraintComponent"]


def test_a_path_reads_as_a_sparql_path(examined: Examined) -> None:
    answer = examined(
        "ex:r a aims:Risk .",
        """ex:S a sh:PropertyShape ; sh:targetClass aims:Risk ; sh:minCount 1 ; sh:path
             ( [ sh:inversePath aims:mitigates ]
               [ sh:alternativePath ( aims:evidencedBy [ sh:zeroOrMorePath prov:used ] ) ] ) .""",
    )
    assert [f.path for f in answer.findings] == ["^aims:mitigates/(aims:evidencedBy|prov:used*)"]


WORDS = st.text(alphabet="abcxyz{?this}\\ ", max_size=12)


@given(name=st.sampled_from(["remark", "colour", "seeAlso"]), text=WORDS, day=st.dates())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_unrelated_triple_changes_no_finding(examined: Examined, name: str, text: str, day: date) -> None:
    only = load_shapes().only(SHAPE + "RiskTreated", SHAPE + "DateWellFormed", SHAPE + "RiskReassessed")
    data = 'ex:r a aims:Risk ; aims:dueOn "soon" . ex:q a aims:Risk ; aims:treatment aims:Avoid .'
    before = examined(data, only)
    extra = f"ex:r ex:{name} {Literal(text).n3()} . ex:z ex:on {Literal(day).n3()} ; a ex:Thing ."
    after = examined(f"{data}\n{extra}", only)
    assert (after.findings, after.completeness) == (before.findings, before.completeness)
