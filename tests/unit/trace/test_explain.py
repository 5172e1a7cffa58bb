"""Why a number is what it is, read from a graph and said in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from aimsgraph.trace.explain import explain_impact
from aimsgraph.trace.impact import impact
from aimsgraph.trace.projection import project
from tests.unit.trace.conftest import EX, TODAY
from tests.unit.trace.test_impact import ORGANISATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.reasoning import ImpactExplanation
    from aimsgraph.store import View


@pytest.fixture
def ask(
    graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> Callable[..., ImpactExplanation]:
    def answer(
        *names: str, target: str, text: str = ORGANISATION, today: date = TODAY, **options: object
    ) -> ImpactExplanation:
        view = graph(text)
        sources = [named(view, name) for name in names]
        projection = project(view, today=today)
        goal = named(view, target)
        return explain_impact(view, projection, sources, goal, today=today, **options)  # type: ignore[arg-type]

    return answer


def test_it_explains_the_numbers_that_impact_gives(
    ask: Callable[..., ImpactExplanation], graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> None:
    view = graph(ORGANISATION)
    answer = impact(view, project(view, today=TODAY), [named(view, "raw")], today=TODAY)
    for node in answer.nodes:
        found = ask("raw", target=node.id)
        assert (found.probability, found.claimed, found.inherent) == (
            pytest.approx(node.assured), pytest.approx(node.claimed), pytest.approx(node.inherent),
        )  # fmt: skip
        assert found.min_hops == node.min_hops


def test_where_impact_is_simulated_its_numbers_are_kept(
    ask: Callable[..., ImpactExplanation], graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> None:
    view = graph(ORGANISATION)
    answer = impact(
        view, project(view, today=TODAY), [named(view, "raw")], today=TODAY, max_exact_variables=0
    )
    found = ask("raw", target="people", max_exact_variables=0)
    (people,) = [node for node in answer.nodes if node.label == "Applicants"]
    assert (found.probability, found.interval, found.worlds) == (
        people.assured,
        people.interval,
        answer.worlds,
    )
    assert found.weighing == "simulated"
    assert all(edge.fussell_vesely == pytest.approx(1.0) for edge in found.edges)


def test_a_control_says_what_it_is_worth_failed_fresh_and_perfect(
    ask: Callable[..., ImpactExplanation],
) -> None:
    review, check = ask("raw", target="people").controls
    assert (check.label, review.label) == ("Intake check", "Review")
    # .5184 without any control; the check counts .2 instead of .9, the review .5.
    assert check.if_failed == pytest.approx(0.5184 * 0.5)
    assert check.if_fresh == pytest.approx(0.5184 * 0.1 * 0.5)
    assert check.if_perfect == 0.0
    assert review.if_failed == pytest.approx(0.5184 * 0.8)
    assert review.if_fresh == pytest.approx(0.20736)
    assert check.birnbaum == pytest.approx(0.2592)
    assert (check.fussell_vesely, review.fussell_vesely) == (1.0, 1.0)


def test_what_a_control_would_do_is_what_it_does_then(ask: Callable[..., ImpactExplanation]) -> None:
    for number, share in ((0.0, "if_failed"), (1.0, "if_perfect"), (0.9, "if_fresh")):
        changed = ORGANISATION.replace(
            "aims:unverifiedEffectiveness 0.2", f"aims:unverifiedEffectiveness {number}"
        )
        if number == 1.0:
            changed = changed.replace("aims:designEffectiveness 0.9", "aims:designEffectiveness 1.0")
        then = ask("raw", target="people", text=changed).probability
        assert getattr(ask("raw", target="people").controls[1], share) == pytest.approx(then)


def test_guesses_are_valued_at_both_ends(ask: Callable[..., ImpactExplanation]) -> None:
    text = """
    ex:b aims:dependsOn ex:a . ex:c aims:own ex:b . aims:own rdfs:subPropertyOf aims:plain .
    aims:plain aims:impactDirection aims:ObjectToSubject .
    ex:d aims:qualifiedDependency [ aims:on ex:c ; aims:transmission 0.5 ] .
    ex:check aims:guards ex:a ; aims:designEffectiveness 0.5 ; aims:unverifiedEffectiveness 0.1 .
    """
    found = ask("a", target="d", text=text)
    assert [(one.basis, one.used) for one in found.edges] == [
        ("assessed", 0.5), ("default", 0.7), ("unknown", 1.0),
    ]  # fmt: skip
    valued = {one.basis: (one.if_zero, one.if_one) for one in found.guesses}
    assert set(valued) == {"default", "unknown", "unverified"}
    assert valued["default"] == (0.0, pytest.approx(0.45))
    assert valued["unknown"] == (0.0, pytest.approx(0.315))
    assert valued["unverified"] == (0.0, pytest.approx(0.35))
    assert found.all_guesses == (0.0, pytest.approx(0.45))
    assert found.edges[2].transmission is None


def test_ways_have_their_share_of_the_probability(ask: Callable[..., ImpactExplanation]) -> None:
    text = "ex:b aims:dependsOn ex:a . ex:t aims:dependsOn ex:b , ex:a ."
    found = ask("a", target="t", text=text)
    whole = 1 - 0.3 * (1 - 0.49)
    assert [way.share for way in found.ways] == [pytest.approx(0.7 / whole), pytest.approx(0.49 / whole)]
    assert sum(way.share for way in found.ways) > 1.0


def test_the_words_say_what_the_numbers_say(ask: Callable[..., ImpactExplanation]) -> None:
    assert ask("raw", target="people").text == (
        "If “raw” goes wrong, “Applicants” is hurt with a probability of 20.7 % (exact). Without any control "
        "it would be 51.8 %; with every control as good as declared 2.6 %. The likeliest single way, raw → "
        "set → model → Scoring → Applicants, is open with 20.7 %, which is all of it. All of it passes over "
        "each of these dependencies: raw → set (source of), set → model (trains), model → Scoring (used by) "
        "and 1 more. The control that holds back most is “Review”: were it to fail, it would be 41.5 %. Most "
        "is to be gained by verifying “Intake check”: did it count as declared, it would be 2.6 %. Of the 4 "
        "dependencies on the way, 4 rest on a default. Did none of them pass anything on, it would be 0 %; "
        "did all of them always, 40.0 %. 1 control on the way is not verified by fresh evidence."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ex:b aims:dependsOn ex:a .", "nothing leads from there to “z”."),
        ("ex:z aims:dependsOn ex:a .", "No control stands in between."),
        ("ex:z aims:dependsOn ex:a .", "Of the 1 dependency on the way, 1 rests on a default. Did it never pass"),
        ("ex:m aims:dependsOn ex:a . ex:z aims:dependsOn ex:a , ex:m ; aims:gate aims:AndGate .",
         "No single way is enough by itself"),
        ("ex:m aims:dependsOn ex:a . ex:z aims:dependsOn ex:a , ex:m .",
         "is needed for all of it; most hangs on a → z (needed by), without which it would be 49.0 %."),
        ("ex:z aims:dependsOn ex:a . ex:z aims:leak 0.5 .",
         "17.6 % of the probability needs a cause outside the graph."),
        ("ex:z aims:dependsOn ex:a . ex:c aims:guards ex:a ; aims:designEffectiveness 1.0 .",
         "Without any control it would be 70.0 %; with every control as good as declared 0 %."),
    ],
)  # fmt: skip
def test_other_cases_have_words_of_their_own(
    ask: Callable[..., ImpactExplanation], text: str, said: str
) -> None:
    assert said in ask("a", target="z", text=text).text


def test_a_source_and_what_it_cannot_reach_have_trivial_explanations(
    ask: Callable[..., ImpactExplanation],
) -> None:
    found = ask("raw", target="raw")
    assert (found.probability, found.min_hops, found.edges) == (1.0, 0, ())
    found = ask("raw", target="other")
    assert (found.probability, found.min_hops, found.edges) == (0.0, None, ())
    assert found.completeness.complete


def test_a_hop_limit_is_said(ask: Callable[..., ImpactExplanation]) -> None:
    text = "ex:b aims:dependsOn ex:a . ex:t aims:dependsOn ex:b , ex:a ."
    found = ask("a", target="t", text=text, hops=1)
    assert (found.completeness.stopped_by, found.probability) == ("hops", pytest.approx(0.7))
    assert "Ways of more than 1 hop are not counted." in found.text
    assert ask("a", target="t", text=text, hops=2).completeness.complete


def test_a_hop_limit_stops_nothing_where_no_way_leads_at_all(ask: Callable[..., ImpactExplanation]) -> None:
    text = "ex:b aims:dependsOn ex:a . ex:t aims:dependsOn ex:b ."
    assert ask("a", target="t", text=text, hops=1).completeness.stopped_by == "hops"
    assert ask("t", target="a", text=text, hops=1).completeness.complete


def test_only_what_is_on_the_way_is_shown(ask: Callable[..., ImpactExplanation]) -> None:
    found = ask("raw", target="model")
    assert {edge.target for edge in found.edges} == {EX + "set", EX + "model"}
    assert [control.label for control in found.controls] == ["Intake check"]
