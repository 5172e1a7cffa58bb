from __future__ import annotations

from typing import TYPE_CHECKING

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
