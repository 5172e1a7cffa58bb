from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from aimsgraph.store import memory_view
from aimsgraph.validate import examined as examined_view
from aimsgraph.validate import load_shapes

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.finding import Scores, Validation
    from aimsgraph.validate import Shapes

    Examined = Callable[[str, "str | Shapes"], Validation]

SHAPE = "https://w3id.org/aimsgraph/shape/"


def figures(scores: Scores) -> tuple[tuple[int, int], dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    return (
        (scores.overall.passed, scores.overall.applicable),
        {score.key: (score.passed, score.applicable) for score in scores.areas if score.applicable},
        {score.label: (score.passed, score.applicable) for score in scores.owners},
    )


DATA = """
ex:anna rdfs:label "Anna" . ex:ben rdfs:label "Ben" .
ex:r a aims:Risk ; aims:ownedBy ex:anna ; aims:treatment aims:Avoid .
ex:q a aims:Risk ; aims:ownedBy ex:ben .
ex:s a aims:AISystem ; aims:ownedBy ex:ben , ex:anna ; aims:intendedPurpose "Rank." .
"""


def test_one_check_is_one_shape_on_one_node(examined: Examined) -> None:
    answer = examined(DATA, load_shapes().only(SHAPE + "RiskTreated", SHAPE + "PurposeStated"))
    assert figures(answer.completeness) == (
        (2, 3),
        {"area:ai-risk-management": (1, 2), "area:transparency-explainability": (1, 1)},
        {"Anna": (2, 2), "Ben": (1, 2)},
    )


def test_each_clause_that_a_shape_asks_for_has_a_score_and_none_where_no_node_is(examined: Examined) -> None:
    shapes = load_shapes().only(SHAPE + "RiskTreated", SHAPE + "PurposeStated", SHAPE + "IncidentOwned")
    scores = examined(DATA, shapes).completeness.requirements
    assert [(score.label, score.passed, score.applicable, score.ratio) for score in scores] == [
        ("6.1.3 AI risk treatment", 1, 2, 0.5),
        ("10.2 Nonconformity and corrective action", 0, 0, None),
        ("A.9.4 Intended use of the AI system", 1, 1, 1.0),
    ]


def test_all_ten_areas_are_listed_and_one_without_checks_has_no_ratio(examined: Examined) -> None:
    areas = examined(DATA, load_shapes().only(SHAPE + "RiskTreated")).completeness.areas
    assert len(areas) == 10
    assert {score.key: score.ratio for score in areas if score.applicable} == {"area:ai-risk-management": 0.5}
    assert {score.ratio for score in areas if not score.applicable} == {None}
    assert {score.label for score in areas} >= {"AI governance", "human oversight"}


def test_several_findings_of_a_shape_on_a_node_fail_one_check(examined: Examined) -> None:
    data = "ex:s a aims:AISystem ; aims:affectsParty ex:a , ex:b . ex:i a aims:ImpactAssessment ; aims:assesses ex:s ."
    answer = examined(data, load_shapes().only(SHAPE + "ImpactConsidersParties"))
    assert len(answer.findings) == 2
    assert (answer.completeness.overall.passed, answer.completeness.overall.applicable) == (0, 1)


def test_advice_and_checks_of_form_count_neither_way(examined: Examined) -> None:
    data = "ex:r a aims:Risk ; aims:ordinalLikelihood 9 ."
    answer = examined(data, load_shapes().only(SHAPE + "RiskReassessed", SHAPE + "OrdinalInRange"))
    assert [finding.severity for finding in answer.findings] == ["violation", "info"]
    assert answer.completeness.overall.applicable == 0


def test_a_system_counts_what_belongs_to_it_and_each_node_what_is_asked_of_it() -> None:
    data = """
        @prefix ex: <https://example.org/> . @prefix aims: <https://w3id.org/aimsgraph/ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        ex:s a aims:AISystem ; rdfs:label "S" ; aims:usesModel ex:m .
        ex:t a aims:AISystem ; rdfs:label "T" .
        ex:m a aims:Model ; rdfs:label "M" ; aims:trainedOn ex:d .
        ex:d a aims:Dataset ; rdfs:label "D" .
        ex:r a aims:Risk ; rdfs:label "R" ; aims:threatens ex:d .
        ex:c a aims:Control ; rdfs:label "C" ; aims:mitigates ex:r , ex:other ; aims:evidencedBy ex:e .
        ex:e a aims:Evidence ; rdfs:label "E" .
        ex:other a aims:Risk ; rdfs:label "Other" .
    """
    scores = examined_view(memory_view(data), today=date(2026, 9, 30), per_node=True).validation.completeness
    assert scores.nodes is not None
    assert scores.systems is not None
    nodes = {score.label: (score.passed, score.applicable) for score in scores.nodes}
    ratios = [score.ratio for score in scores.nodes]
    assert ratios == sorted(ratios)
    systems = {score.label: (score.passed, score.applicable) for score in scores.systems}
    of_s = [nodes[label] for label in ("S", "M", "D", "R", "C", "E")]
    assert systems == {"S": (sum(one for one, _ in of_s), sum(every for _, every in of_s)), "T": nodes["T"]}
    total = [sum(count) for count in zip(*nodes.values(), strict=True)]
    assert total == [scores.overall.passed, scores.overall.applicable]


def test_scores_of_nodes_are_worked_out_only_when_asked_for() -> None:
    scores = examined_view(memory_view(""), today=date(2026, 9, 30)).validation.completeness
    assert (scores.nodes, scores.systems) == (None, None)
