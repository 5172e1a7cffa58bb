"""Risks read from a graph: the numbers worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from aimsgraph.trace.decision import TooLargeError
from aimsgraph.trace.likelihood import STEPS
from aimsgraph.trace.projection import project
from aimsgraph.trace.risk import risks
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.risk import ByControls, RiskAssessed, RiskGroup, Risks
    from aimsgraph.store import View

#: Two risks on one set, both held by one check whose evidence has run out; a third on the system itself.
ORGANISATION = """
ex:poison a aims:Risk ; rdfs:label "Poison" ; aims:threatens ex:set ; aims:annualProbability 0.4 ;
  aims:expectedLoss 1000.0 ; aims:ownedBy ex:ada ; aims:inArea area:data-governance ;
  aims:qualifiedDependency [ aims:on ex:set ; aims:via aims:threatens ; aims:transmission 0.5 ] .
ex:leak a aims:Risk ; rdfs:label "Leak" ; aims:threatens ex:set ; aims:annualProbability 0.2 ;
  aims:expectedLoss 500.0 ; aims:ownedBy ex:ada ; aims:inArea area:security-privacy .
ex:outage a aims:Risk ; rdfs:label "Outage" ; aims:threatens ex:system ; aims:annualProbability 0.1 ;
  aims:expectedLoss 10000.0 ; aims:ownedBy ex:bo ; aims:inArea area:security-privacy .
ex:check a aims:Control ; aims:mitigates ex:poison , ex:leak ; aims:designEffectiveness 0.75 ;
  aims:unverifiedEffectiveness 0.5 ; aims:evidencedBy ex:report .
ex:report a aims:Evidence ; aims:collectedOn "2025-01-01"^^xsd:date ; aims:validUntil "2026-06-30"^^xsd:date .
ex:model a aims:Model ; aims:trainedOn ex:set .
ex:system a aims:AISystem ; rdfs:label "Scoring" ; aims:usesModel ex:model ; aims:affectsParty ex:people .
ex:people a aims:AffectedParty ; rdfs:label "Applicants" .
ex:ada a aims:Owner ; rdfs:label "Ada" . ex:bo a aims:Owner ; rdfs:label "Bo" .
area:data-governance a aims:ControlArea . area:security-privacy a aims:ControlArea .
aims:LevelLow aims:rank 2 . aims:LevelMedium aims:rank 3 . aims:LevelHigh aims:rank 4 .
"""


@pytest.fixture
def ask(graph: Callable[..., View], named: Callable[[View, str], NodeRef]) -> Callable[..., Risks]:
    def answer(*names: str, more: str = "", today: date = TODAY, **options: object) -> Risks:
        view = graph(ORGANISATION, more)
        asked = [named(view, name) for name in names]
        return risks(view, project(view, today=today), asked, today=today, worlds=8_192, **options)  # type: ignore[arg-type]

    return answer


def one(answer: Risks, label: str) -> RiskAssessed:
    [found] = [risk for risk in answer.risks if risk.label == label]
    return found


def group(answer: Risks, label: str) -> RiskGroup:
    [found] = [one for one in answer.groups if one.label == label]
    return found


def three(value: ByControls | None) -> list[float]:
    assert value is not None
    return [value.inherent, value.claimed, value.assured]


def test_a_risk_comes_true_when_it_occurs_gets_past_its_control_and_hits(ask: Callable[..., Risks]) -> None:
    poison = one(ask(), "Poison")
    # 0.4 a year x 0.5 that it hits x what the check lets pass: all, 1 - 0.75, 1 - 0.5.
    assert three(poison.likelihood) == pytest.approx([0.2, 0.05, 0.1])
    assert three(poison.expected_loss) == pytest.approx([200.0, 50.0, 100.0])
    assert (poison.basis, poison.interval, poison.unassessed) == ("quantitative", None, ())


def test_fresh_evidence_brings_assured_down_to_claimed(ask: Callable[..., Risks]) -> None:
    poison = one(ask(today=date(2026, 6, 30)), "Poison")
    assert three(poison.likelihood) == pytest.approx([0.2, 0.05, 0.05])


def test_a_risk_is_followed_to_systems_and_people(ask: Callable[..., Risks]) -> None:
    people, system = one(ask(), "Poison").reaches
    # set → model 0.8, model → system 0.9, system → people 0.9.
    assert three(system.likelihood) == pytest.approx([0.2 * 0.72, 0.05 * 0.72, 0.1 * 0.72])
    assert three(people.likelihood) == pytest.approx([0.2 * 0.648, 0.05 * 0.648, 0.1 * 0.648])
    assert (people.label, system.label) == ("Applicants", "Scoring")


def test_a_guess_is_told(ask: Callable[..., Risks]) -> None:
    leak = one(ask(), "Leak")
    assert three(leak.likelihood) == pytest.approx([0.1, 0.025, 0.05])
    assert leak.unassessed == (
        "How likely it hits what it threatens is not assessed: a default counts, or certainty.",
    )


def test_two_risks_behind_one_control_are_not_independent(ask: Callable[..., Risks]) -> None:
    answer = ask(by="owner")
    ada = group(answer, "Ada")
    # Without the check 1 - 0.8 x 0.9; with it, all of that or nothing.
    either = 1 - (1 - 0.2) * (1 - 0.1)
    assert three(ada.likelihood) == pytest.approx([either, 0.25 * either, 0.5 * either])
    assert three(ada.expected_loss) == pytest.approx([250.0, 62.5, 125.0])
    assert (ada.risks, ada.not_counted, ada.interval) == (2, (), None)


def test_expected_losses_add_up_over_owners(ask: Callable[..., Risks]) -> None:
    answer = ask(by="owner")
    assert [found.label for found in answer.groups] == ["Bo", "Ada"]
    assert three(answer.total.expected_loss) == pytest.approx([750.0, 562.5, 625.0])


def test_a_system_bears_the_loss_where_the_risk_comes_to_it(ask: Callable[..., Risks]) -> None:
    scoring = group(ask(by="system"), "Scoring")
    # 0.72 of what gets past the check, and the outage with its default of 0.5: 0.1 x 0.5 x 10,000.
    assert three(scoring.expected_loss) == pytest.approx([180.0 + 500, 45.0 + 500, 90.0 + 500])
    # The two on the set share the way from it to the system, and the check.
    on_set = 1 - (1 - 0.2) * (1 - 0.1)
    expected = [1 - (1 - passing * on_set * 0.72) * (1 - 0.05) for passing in (1, 0.25, 0.5)]
    assert three(scoring.likelihood) == pytest.approx(expected)


def test_losses_of_one_year_are_summed_in_the_same_worlds(ask: Callable[..., Risks]) -> None:
    total = ask().total
    found = {point.loss: point.probability.inherent for point in total.curve}
    assert min(found) == 500.0
    assert max(found) == 11_500.0
    # At least 10,000: the outage. At least 11,500: it and both others. Five standard errors of 8,192 worlds.
    assert found[11_500.0] == pytest.approx(0.05 * 0.2 * 0.1, abs=5 * (0.001 / 8_192) ** 0.5)
    assert found[500.0] == pytest.approx(1 - 0.8 * 0.9 * 0.95, abs=5 * (0.25 / 8_192) ** 0.5)


def test_the_quantiles_are_losses_of_single_years(ask: Callable[..., Risks]) -> None:
    quantiles = {one.p: one.loss for one in ask().total.quantiles}
    assert list(quantiles) == [0.5, 0.9, 0.95, 0.99]
    assert quantiles[0.5].inherent == 0.0
    assert quantiles[0.99].claimed == 10_000.0


def test_the_risks_of_a_node_are_those_that_can_come_to_it(ask: Callable[..., Risks]) -> None:
    def labels(*names: str) -> set[str]:
        return {risk.label for risk in ask(*names).risks}

    assert labels("set") == {"Poison", "Leak"}
    assert labels("people") == {"Poison", "Leak", "Outage"}
    assert labels("bo") == {"Outage"}
    assert labels("https://w3id.org/aimsgraph/area/security-privacy") == {"Leak", "Outage"}
    assert labels("leak", "bo") == {"Leak", "Outage"}


def test_a_risk_without_numbers_is_told_and_counts_neither_as_0_nor_as_1(ask: Callable[..., Risks]) -> None:
    answer = ask(
        more="""
ex:vague a aims:Risk ; rdfs:label "Vague" ; aims:threatens ex:model .
ex:free a aims:Risk ; rdfs:label "Free" ; aims:threatens ex:model ; aims:annualProbability 0.3 .
ex:wrong a aims:Risk ; rdfs:label "Wrong" ; aims:threatens ex:model ; aims:annualProbability 3 ; aims:expectedLoss 5.0 .
"""
    )
    vague, free, wrong = (one(answer, label) for label in ("Vague", "Free", "Wrong"))
    assert (vague.basis, vague.likelihood, vague.expected_loss) == ("unassessed", None, None)
    assert vague.unassessed[:2] == ("No annual probability is stated.", "No loss is stated.")
    assert three(free.likelihood) == pytest.approx([0.15, 0.15, 0.15])
    assert (free.loss, free.expected_loss, free.unassessed[0]) == (None, None, "No loss is stated.")
    assert (wrong.likelihood, wrong.unassessed[0]) == (
        None,
        "Its annual probability is not a number from 0 to 1.",
    )
    assert answer.total.not_counted == (EX + "free", EX + "vague", EX + "wrong")
    assert three(answer.total.expected_loss) == pytest.approx([750.0, 562.5, 625.0])


def test_a_risk_that_threatens_nothing_costs_when_it_gets_past_its_controls(
    ask: Callable[..., Risks],
) -> None:
    lone = one(
        ask(
            more="""
ex:lone a aims:Risk ; rdfs:label "Lone" ; aims:annualProbability 0.5 ; aims:expectedLoss 100.0 .
ex:check aims:mitigates ex:lone .
"""
        ),
        "Lone",
    )
    assert three(lone.likelihood) == pytest.approx([0.5, 0.125, 0.25])
    assert lone.reaches == ()
    assert lone.unassessed[0].startswith("It names nothing that it threatens")


def fan(wide: int, chance: str) -> str:
    """A rare and dear risk that threatens many systems."""
    hit = " , ".join(f"ex:s{number}" for number in range(wide))
    systems = "".join(f"ex:s{number} a aims:AISystem . " for number in range(wide))
    said = f"aims:annualProbability {chance} ; aims:expectedLoss 1000000000.0 ; aims:threatens {hit}"
    return f'{systems} ex:rare a aims:Risk ; rdfs:label "Rare" ; {said} .'


def test_a_rare_risk_on_many_things_costs_what_it_is_to_be_expected_to(ask: Callable[..., Risks]) -> None:
    rare = one(ask(more=fan(140, "0.000001")), "Rare")
    assert three(rare.expected_loss) == pytest.approx([1_000.0] * 3)
    assert rare.interval is None


def test_a_rare_risk_is_simulated_in_years_in_which_it_occurs(
    ask: Callable[..., Risks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph.trace.study.STEPS", 0)
    answer = ask("rare", by="system", more=fan(3, "0.000001"))
    rare = one(answer, "Rare")
    # Five standard errors of 8,192 worlds, of what is hit at all, and of one system, with a default of 0.5 each.
    assert rare.likelihood is not None
    assert rare.likelihood.assured * 1e6 == pytest.approx(0.875, abs=5 * (0.11 / 8_192) ** 0.5)
    assert rare.interval is not None
    low, high = rare.interval
    assert 0.8e-6 < low < rare.likelihood.assured < high < 0.9e-6
    for reach in rare.reaches:
        assert reach.likelihood is not None
        assert reach.likelihood.assured * 1e6 == pytest.approx(0.5, abs=5 * (0.25 / 8_192) ** 0.5)
        assert reach.interval is not None
    # One dependency alone takes no steps.
    assert [three(system.likelihood) for system in answer.groups] == [pytest.approx([0.5e-6] * 3)] * 3
    assert answer.total.expected_loss == rare.expected_loss
    assert answer.simulated == 3  # what it hits, what it reaches, and all risks together


def test_a_risk_that_another_risk_may_bring_about_is_not_taken_to_be_rare(
    ask: Callable[..., Risks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph.trace.study.STEPS", 0)
    answer = ask(
        more="""
ex:first a aims:Risk ; aims:annualProbability 1.0 ; aims:threatens ex:second .
ex:second a aims:Risk ; rdfs:label "Second" ; aims:annualProbability 0.001 ; aims:threatens ex:system .
""")  # fmt: skip
    second = one(answer, "Second").likelihood
    assert second is not None
    assert second.assured == pytest.approx(0.25, abs=0.03)


def test_the_steps_to_be_exact_are_shared_out_over_all_parts(
    ask: Callable[..., Risks], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []

    def noted(*_: object, budget: int, **__: object) -> None:
        given.append(budget)
        raise TooLargeError

    monkeypatch.setattr("aimsgraph.trace.likelihood.whole_solution", noted)
    ask(by="owner")
    # Three risks, the reach of each, two owners and all together.
    assert given == [STEPS // 9] * 9


def test_reaches_count_for_how_many_years_are_drawn(
    ask: Callable[..., Risks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph.trace.study.EDGE_WORLDS", 100_000)
    monkeypatch.setattr("aimsgraph.trace.study.LEAST_WORLDS", 64)
    chain = "".join(f"ex:n{at + 1} aims:dependsOn ex:n{at} . " for at in range(100))
    more = f"ex:n0 aims:dependsOn ex:people . {chain}"
    assert ask(more=more).worlds < ask().worlds // 4


def test_groups_beyond_the_memory_for_losses_have_no_curve_and_that_is_told(
    ask: Callable[..., Risks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph.trace.study.LEDGER_MEMORY", 2 * 24 * 4_096)
    answer = ask(by="owner")
    assert (answer.worlds, answer.curves_left_out, answer.completeness.complete) == (4_096, 1, False)
    assert answer.total.curve
    assert group(answer, "Ada").curve
    assert (group(answer, "Bo").curve, group(answer, "Bo").quantiles) == ((), ())
    assert three(group(answer, "Bo").expected_loss) == pytest.approx([500.0] * 3)


def test_a_node_that_needs_two_causes_is_not_hurt_by_one_risk(ask: Callable[..., Risks]) -> None:
    answer = ask(
        by="system",
        more="""
ex:pair a aims:AISystem ; rdfs:label "Pair" ; aims:usesModel ex:left , ex:right ; aims:gate aims:AndGate .
ex:a a aims:Risk ; rdfs:label "A" ; aims:threatens ex:left ; aims:annualProbability 0.5 ; aims:expectedLoss 1.0 .
ex:b a aims:Risk ; rdfs:label "B" ; aims:threatens ex:right ; aims:annualProbability 0.5 ; aims:expectedLoss 1.0 .
""",
    )
    pair = group(answer, "Pair")
    # Both occur (0.5 each), both hit (0.5 each), both models pass it on (0.9 each).
    assert three(pair.likelihood) == pytest.approx([(0.25 * 0.9) ** 2] * 3)
    assert three(pair.expected_loss) == [0.0, 0.0, 0.0]
    assert answer.gates == (EX + "pair",)
    assert three(one(answer, "A").likelihood) == pytest.approx([0.25] * 3)


def test_the_loss_on_a_node_that_needs_two_causes_waits_for_both(ask: Callable[..., Risks]) -> None:
    answer = ask(
        more="""
ex:vote a aims:AISystem ; aims:gate aims:AndGate .
ex:a a aims:Risk ; rdfs:label "A" ; aims:threatens ex:vote ; aims:annualProbability 0.5 ; aims:expectedLoss 8.0 .
ex:b a aims:Risk ; rdfs:label "B" ; aims:threatens ex:vote ; aims:annualProbability 0.4 ; aims:expectedLoss 8.0 .
"""
    )
    assert three(one(answer, "A").likelihood) == pytest.approx([0.25 * 0.2] * 3)
    assert three(one(answer, "B").expected_loss) == pytest.approx([0.05 * 8] * 3)


def test_what_goes_wrong_by_itself_is_no_risks_doing(ask: Callable[..., Risks]) -> None:
    answer = ask(by="system", more="ex:set aims:leak 0.9 .")
    assert answer.leaks_left_out == 1
    assert three(group(answer, "Scoring").expected_loss) == pytest.approx([680.0, 545.0, 590.0])


RATED = """
ex:whole-5-4 a aims:MatrixCell ; aims:ordinalLikelihood 2 ; aims:ordinalSeverity 3 ; aims:givesLevel aims:LevelMedium .
ex:short a aims:RiskMatrix ; aims:matrixSteps 3 .
ex:short-2-3 a aims:MatrixCell ; aims:cellOf ex:short ; aims:ordinalLikelihood 2 ; aims:ordinalSeverity 3 ;
  aims:givesLevel aims:LevelHigh .
ex:rated a aims:Risk ; rdfs:label "Rated" ; aims:threatens ex:set ; aims:ordinalLikelihood 2 ; aims:ordinalSeverity 3 ;
  aims:statedLevel aims:LevelMedium .
"""


def test_a_register_risk_has_the_level_of_its_matrix_and_no_number(ask: Callable[..., Risks]) -> None:
    rated = one(ask(more=RATED), "Rated")
    assert (rated.basis, rated.likelihood) == ("qualitative", None)
    assert (rated.level.by_matrix, rated.level.agrees) == ("aims:LevelMedium", True)
    people, system = rated.reaches
    # The narrowest point: the default of 0.5 from the risk to the set.
    assert (system.likelihood, three(system.weakest_link)) == (None, [0.5, 0.5, 0.5])
    assert three(people.weakest_link) == [0.5, 0.5, 0.5]


def test_a_control_on_the_best_way_may_be_its_narrowest_point(ask: Callable[..., Risks]) -> None:
    rated = one(ask(more=RATED + "ex:check aims:mitigates ex:rated ."), "Rated")
    assert three(rated.reaches[1].weakest_link) == [0.5, 0.25, 0.5]


def test_a_matrix_of_another_size_rates_its_own_risks(ask: Callable[..., Risks]) -> None:
    answer = ask(more=RATED + "ex:rated aims:ratedBy ex:short .")
    level = one(answer, "Rated").level
    assert (level.matrix, level.by_matrix, level.agrees) == (EX + "short", "aims:LevelHigh", False)
    assert [(gap.node.label, gap.kind) for gap in answer.gaps] == [("Rated", "label-contradicts")]


LIMITS = """
ex:appetite a aims:RiskAppetite ; aims:highestLevel aims:LevelMedium ; aims:highestExpectedLoss 600.0 .
ex:poison aims:residualLevel aims:LevelMedium .
ex:leak aims:residualLevel aims:LevelHigh .
"""


def test_a_risk_is_within_appetite_when_level_and_loss_are(ask: Callable[..., Risks]) -> None:
    answer = ask(more=LIMITS)
    assert {risk.label: risk.within_appetite for risk in answer.risks} == {
        "Poison": "true", "Leak": "false", "Outage": "unknown",
    }  # fmt: skip
    # All together cost 625 a year; the level of one is not stated, but too high is too high.
    assert answer.total.within_appetite == "false"
    assert answer.total.highest_residual == "aims:LevelHigh"


def test_without_an_appetite_nobody_knows(ask: Callable[..., Risks]) -> None:
    answer = ask()
    assert {risk.within_appetite for risk in answer.risks} == {"unknown"}
    assert (answer.total.within_appetite, answer.total.appetite) == ("unknown", None)


def test_the_appetite_of_an_area_goes_before_that_of_the_whole(ask: Callable[..., Risks]) -> None:
    answer = ask(
        by="area",
        more=LIMITS
        + """
ex:special a aims:RiskAppetite ; aims:appetiteFor area:security-privacy ; aims:highestLevel aims:LevelHigh .
""",
    )
    assert one(answer, "Leak").within_appetite == "true"
    area = group(answer, "security-privacy")
    assert area.appetite is not None
    assert (area.appetite.highest_level, area.appetite.highest_expected_loss) == ("aims:LevelHigh", 600.0)


@pytest.mark.parametrize(
    ("until", "standing", "kinds"),
    [("2026-09-30", "valid", []), ("2026-09-29", "expired", ["acceptance-expired"]), (None, "valid", [])],
)
def test_an_acceptance_holds_to_its_last_day(
    ask: Callable[..., Risks], until: str | None, standing: str, kinds: list[str]
) -> None:
    end = f'; aims:acceptanceExpiresOn "{until}"^^xsd:date' if until else ""
    answer = ask(more=LIMITS + f"ex:a aims:accepts ex:leak ; aims:acceptedBy ex:bo {end} .")
    state = one(answer, "Leak").acceptance
    assert state.standing == standing
    assert state.accepted_by is not None
    assert state.accepted_by.label == "Bo"
    assert [gap.kind for gap in answer.gaps] == kinds


def test_an_acceptance_that_nobody_signed_or_that_lies_ahead_is_none(ask: Callable[..., Risks]) -> None:
    ahead = 'ex:a aims:accepts ex:leak ; aims:acceptedBy ex:bo ; aims:acceptedOn "2026-10-01"^^xsd:date .'
    for said in ("ex:a aims:accepts ex:leak .", ahead):
        answer = ask(more=LIMITS + said)
        assert one(answer, "Leak").acceptance.standing == "missing"
        assert [gap.kind for gap in answer.gaps] == ["acceptance-missing"]


def test_a_distribution_gives_the_exact_mean(ask: Callable[..., Risks]) -> None:
    answer = ask(
        more="""
ex:p a aims:Risk ; rdfs:label "P" ; aims:threatens ex:model ; aims:annualProbability 0.5 ;
  aims:minimumLoss 0.0 ; aims:mostLikelyLoss 100.0 ; aims:maximumLoss 800.0 ; aims:expectedLoss 100.0 .
ex:l a aims:Risk ; rdfs:label "L" ; aims:threatens ex:model ; aims:annualProbability 0.5 ;
  aims:lowLoss 10.0 ; aims:highLoss 1000.0 .
ex:bad a aims:Risk ; rdfs:label "Bad" ; aims:threatens ex:model ; aims:annualProbability 0.5 ;
  aims:lowLoss 1000.0 ; aims:highLoss 10.0 .
ex:half a aims:Risk ; rdfs:label "Half" ; aims:threatens ex:model ; aims:annualProbability 0.5 ; aims:maximumLoss 9.0 .
ex:twice a aims:Risk ; rdfs:label "Twice" ; aims:threatens ex:model ; aims:annualProbability 0.5 ;
  aims:lowLoss 10.0 ; aims:highLoss 1000.0 ; aims:medianLoss 100.0 ; aims:lossSpread 1.0 .
"""
    )
    pert, lognormal = one(answer, "P"), one(answer, "L")
    assert pert.loss is not None
    assert (pert.loss.kind, pert.loss.mean) == ("pert", 200.0)
    assert three(pert.expected_loss) == pytest.approx([50.0] * 3)
    assert pert.unassessed[0] == "Its expected loss of 100 is not the mean of its distribution, which counts."
    assert lognormal.loss is not None
    assert lognormal.loss.mean == pytest.approx(100 * 2.664, rel=1e-3)
    assert [one(answer, label).unassessed[0] for label in ("Bad", "Half", "Twice")] == [
        "The numbers of its loss are not in order.",
        "Its loss is not whole: a number is missing, or is none.",
        "Its loss is stated in several ways, so that none counts.",
    ]


@pytest.mark.parametrize(
    ("said", "remark"),
    [
        (f"aims:expectedLoss {'1' * 400}", "Its loss is not whole: a number is missing, or is none."),
        ("aims:expectedLoss 1.0E14", "Its loss is more than 10,000,000,000,000 euro, too large to count."),
        (
            "aims:minimumLoss 0 ; aims:mostLikelyLoss 1 ; aims:maximumLoss 2.0E13",
            "Its loss is more than 10,000,000,000,000 euro, too large to count.",
        ),
        (
            "aims:medianLoss 1000 ; aims:lossSpread 20",
            "Its loss is more than 10,000,000,000,000 euro, too large to count.",
        ),
        (
            "aims:medianLoss 1000 ; aims:lossSpread 1.0E200",
            "Its loss is spread more widely than 30, too widely to count.",
        ),
        (
            "aims:lowLoss 1.0E-300 ; aims:highLoss 1.0E300",
            "Its loss is spread more widely than 30, too widely to count.",
        ),
    ],
)
def test_an_absurd_loss_counts_for_none_and_that_is_told(
    ask: Callable[..., Risks], said: str, remark: str
) -> None:
    odd = f'ex:odd a aims:Risk ; rdfs:label "Odd" ; aims:threatens ex:model ; aims:annualProbability 0.5 ; {said} .'
    answer = ask(more=odd)
    assert (one(answer, "Odd").loss, one(answer, "Odd").unassessed[0]) == (None, remark)
    assert answer.total.not_counted == (EX + "odd",)


def test_an_absurd_probability_counts_for_none_and_that_is_told(ask: Callable[..., Risks]) -> None:
    odd = f"""
ex:odd a aims:Risk ; rdfs:label "Odd" ; aims:threatens ex:model ; aims:annualProbability {"1" * 400} .
ex:model aims:leak {"1" * 400} . ex:set aims:leak "NaN"^^xsd:decimal . ex:system aims:leak {"1" * 5000} .
"""
    found = one(ask(more=odd), "Odd")
    assert (found.likelihood, found.unassessed[0]) == (
        None, "Its annual probability is not a number from 0 to 1.",
    )  # fmt: skip


def test_the_same_seed_gives_the_same_answer_and_another_one_other_years(ask: Callable[..., Risks]) -> None:
    first, again, other = ask(by="system"), ask(by="system"), ask(by="system", seed=7)
    assert first == again
    assert first.total.curve != other.total.curve
    assert first.risks == other.risks  # exact


def test_an_empty_graph_has_no_risks(graph: Callable[..., View]) -> None:
    view = graph("")
    answer = risks(view, project(view, today=TODAY), today=TODAY)
    assert (answer.risks, answer.total.risks, answer.total.expected_loss, answer.gaps) == ((), 0, None, ())
