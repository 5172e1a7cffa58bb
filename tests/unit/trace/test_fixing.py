"""What to fix first: against numbers worked out by hand, and against trying every order."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import UsageError
from aimsgraph.trace.burden import Burden
from aimsgraph.trace.fixing import fix_first
from aimsgraph.trace.impact import impact
from aimsgraph.trace.projection import project
from aimsgraph.trace.risk import risks
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aimsgraph.model.fixing import FixFirst
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store import View
    from aimsgraph.trace.projection import Floats

#: A risk that reaches one system over a dataset: .5 x .9 = .45 without a control.
REGISTER = """
aims:usesDataset aims:impactDirection aims:ObjectToSubject ; aims:flowKind aims:Use ; aims:defaultTransmission 0.9 .
ex:risk a aims:Risk ; rdfs:label "Poisoning" ; aims:threatens ex:set ; aims:annualProbability 0.2 ;
  aims:expectedLoss 1000 .
ex:system a aims:AISystem ; rdfs:label "Scoring" ; aims:usesDataset ex:set .
"""
FRESH = 'aims:collectedOn "2026-09-01"^^xsd:date'
STALE = 'aims:collectedOn "2025-01-01"^^xsd:date ; aims:validUntil "2026-06-30"^^xsd:date'


def control(name: str, what: str, effectiveness: float, *rest: str) -> str:
    parts = [f"aims:designEffectiveness {effectiveness}", what, *rest]
    return f'ex:{name} a aims:Control ; rdfs:label "{name}" ; ' + " ; ".join(parts) + " ."


@pytest.fixture
def ask(graph: Callable[..., View], named: Callable[[View, str], NodeRef]) -> Callable[..., FixFirst]:
    def answer(*texts: str, nodes: tuple[str, ...] = (), today: date = TODAY, **options: object) -> FixFirst:
        view = graph(REGISTER, *texts)
        asked = [named(view, name) for name in nodes]
        return fix_first(view, project(view, today=today), asked, today=today, **options)  # type: ignore[arg-type]

    return answer


def test_evidence_is_worth_the_harm_and_loss_that_its_control_would_take_off(
    ask: Callable[..., FixFirst],
) -> None:
    found = ask(
        control("mitigation", "aims:mitigates ex:risk", 0.6, "aims:evidencedBy ex:proof"),
        f'ex:proof a aims:Evidence ; rdfs:label "Proof" ; {STALE} ; aims:ownedBy ex:ada .',
        'ex:ada a aims:Owner ; rdfs:label "Ada" .',
    )
    assert (found.today.harm, found.today.loss) == (pytest.approx(0.45), pytest.approx(100.0))
    assert (found.inherent.harm, found.risks, found.targets, found.method) == (
        pytest.approx(0.45),
        1,
        1,
        "exact",
    )
    (fix,) = found.fixes
    assert (fix.kind, fix.node.label) == ("renew-evidence", "Proof")
    assert (fix.removed.harm, fix.removed.loss) == (pytest.approx(0.27), pytest.approx(60.0))
    assert (fix.left.harm, fix.left.loss) == (pytest.approx(0.18), pytest.approx(40.0))
    assert (fix.due, fix.overdue) == (date(2026, 6, 30), True)
    assert [owner.label for owner in fix.owners] == ["Ada"]
    assert [one.label for one in fix.controls] == ["mitigation"]
    assert fix.action == "Collect new evidence, or have this piece reviewed and its last day extended."
    assert found.at_best == fix.left


def test_the_loss_is_that_of_the_risks(graph: Callable[..., View]) -> None:
    view = graph(
        REGISTER,
        control("mitigation", "aims:mitigates ex:risk", 0.6, "aims:evidencedBy ex:proof"),
        control("further", "aims:guards ex:set", 0.9, "aims:evidencedBy ex:proof"),
        f"ex:proof a aims:Evidence ; {FRESH} .",
        "ex:several a aims:Risk ; aims:threatens ex:set , ex:system ; aims:annualProbability 0.4 ;"
        " aims:minimumLoss 10 ; aims:mostLikelyLoss 20 ; aims:maximumLoss 90 .",
        "ex:nowhere a aims:Risk ; aims:annualProbability 0.1 ; aims:lowLoss 100 ; aims:highLoss 1000 .",
    )
    projection = project(view, today=TODAY)
    costs = risks(view, projection, today=TODAY).total.expected_loss
    found = fix_first(view, projection, [], today=TODAY)
    assert (found.today.loss, found.inherent.loss) == (
        pytest.approx(costs.assured),
        pytest.approx(costs.inherent),
    )


def test_one_piece_for_several_controls_counts_jointly(ask: Callable[..., FixFirst]) -> None:
    found = ask(
        control("first", "aims:mitigates ex:risk", 0.5, "aims:evidencedBy ex:shared"),
        control("second", "aims:guards ex:set", 0.5, "aims:evidencedBy ex:shared"),
        f"ex:shared a aims:Evidence ; {STALE} .",
        control("third", "aims:guards ex:set", 0.6),
    )
    shared, third = found.fixes
    assert [one.label for one in shared.controls] == ["first", "second"]
    assert shared.removed.harm == pytest.approx(0.45 * 0.75)
    assert third.removed.harm == pytest.approx(0.45 * 0.6)
    assert third.left.harm == pytest.approx(0.45 * 0.25 * 0.4)  # not .45 x (1 - .75 - .6)


def test_without_evidence_it_is_to_be_collected_by_who_owns_the_control(ask: Callable[..., FixFirst]) -> None:
    found = ask(
        control(
            "check", "aims:guards ex:set", 0.5, "aims:ownedBy ex:bo", 'aims:dueOn "2026-12-01"^^xsd:date'
        ),
        'ex:bo a aims:Owner ; rdfs:label "Bo" .',
    )
    (fix,) = found.fixes
    assert (fix.kind, fix.node.id, fix.due, fix.overdue) == (
        "collect-evidence", EX + "check", date(2026, 12, 1), False,
    )  # fmt: skip
    assert [owner.label for owner in fix.owners] == ["Bo"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [("Planned", "implement-control"), ("RetiredControl", "reinstate-control"), ("Odd", "record-status")],
)
def test_a_control_that_does_not_work_would_count_as_declared(
    ask: Callable[..., FixFirst], status: str, kind: str
) -> None:
    found = ask(
        control(
            "check",
            "aims:guards ex:set",
            0.5,
            "aims:coverage 0.8",
            f"aims:implementationStatus aims:{status}",
        )
    )
    (fix,) = found.fixes
    assert (fix.kind, fix.removed.harm) == (kind, pytest.approx(0.45 * 0.4))


def test_what_is_fine_or_has_no_number_is_nothing_to_fix(ask: Callable[..., FixFirst]) -> None:
    found = ask(
        control("fine", "aims:guards ex:set", 0.5, "aims:evidencedBy ex:good"),
        f"ex:good a aims:Evidence ; {FRESH} .",
        "ex:bare a aims:Control ; aims:guards ex:set .",
    )
    assert (found.fixes, found.more, found.without_effect) == ((), 0, 0)
    assert found.today.harm == pytest.approx(0.225)


def test_the_second_piece_for_one_control_is_not_needed_after_the_first(ask: Callable[..., FixFirst]) -> None:
    found = ask(
        control("check", "aims:guards ex:set", 0.5, "aims:evidencedBy ex:older , ex:newer"),
        f"ex:older a aims:Evidence ; {STALE} .",
        f"ex:newer a aims:Evidence ; {STALE.replace('06-30', '08-31')} .",
    )
    assert [fix.node.label for fix in found.fixes] == ["newer"]
    assert (found.more, found.not_needed) == (0, 1)


def test_what_changes_no_risk_is_counted_and_not_listed(ask: Callable[..., FixFirst]) -> None:
    found = ask("ex:y aims:dependsOn ex:x .", control("elsewhere", "aims:guards ex:x", 0.5))
    assert (found.fixes, found.without_effect) == ((), 1)


def test_two_that_only_help_together_are_both_listed(ask: Callable[..., FixFirst]) -> None:
    # Two certain ways to a second system: stopping one leaves the other.
    text = """
    ex:sure aims:impactDirection aims:ObjectToSubject .
    ex:loss a aims:Risk ; ex:hits ex:left , ex:right . ex:hits aims:impactDirection aims:SubjectToObject .
    ex:other a aims:AISystem ; ex:sure ex:left , ex:right .
    """
    found = ask(text, control("one", "aims:guards ex:left", 1.0), control("two", "aims:guards ex:right", 1.0))
    assert [fix.removed.harm for fix in found.fixes] == [0.0, 0.0]
    assert [fix.left.harm for fix in found.fixes] == [pytest.approx(1.45), pytest.approx(0.45)]


def test_nodes_keep_to_the_risks_that_reach_them(ask: Callable[..., FixFirst]) -> None:
    more = """
    ex:theft a aims:Risk ; aims:threatens ex:model . ex:shop a aims:AISystem ; aims:usesModel ex:model .
    """
    checks = control("one", "aims:guards ex:model", 0.9), control("two", "aims:guards ex:set", 0.5)
    assert [fix.node.label for fix in ask(more, *checks).fixes] == ["one", "two"]
    found = ask(more, *checks, nodes=("system",))
    assert ([fix.node.label for fix in found.fixes], found.risks, found.without_effect) == (["two"], 1, 1)
    assert ask(more, *checks, nodes=("theft",)).today.harm == pytest.approx(0.45)


@pytest.mark.parametrize(
    "name", ["ada", "https://w3id.org/aimsgraph/area/security-privacy", "lone", "theft", "set", "system"]
)
def test_a_node_means_the_same_risks_as_in_the_question_how_large_they_are(
    graph: Callable[..., View], named: Callable[[View, str], NodeRef], name: str
) -> None:
    view = graph(
        REGISTER,
        "ex:theft a aims:Risk ; aims:threatens ex:model ; aims:annualProbability 0.3 ; aims:expectedLoss 200 .",
        "ex:system aims:usesModel ex:model .",
        "ex:lone a aims:Risk ; aims:annualProbability 0.5 ; aims:expectedLoss 100 .",
        'ex:ada a aims:Owner ; rdfs:label "Ada" . ex:theft aims:ownedBy ex:ada . ex:lone aims:ownedBy ex:ada .',
        "area:security-privacy a aims:ControlArea . ex:lone aims:inArea area:security-privacy .",
        "ex:risk aims:inArea area:security-privacy .",
    )
    projection, asked = project(view, today=TODAY), [named(view, name)]
    costs = risks(view, projection, asked, today=TODAY).total
    found = fix_first(view, projection, asked, today=TODAY)
    assert costs.expected_loss is not None
    assert (found.risks, found.today.loss) == (costs.risks, pytest.approx(costs.expected_loss.assured))
    # What the theft hurts, by the model: the one system there is.
    assert (found.today.harm > 0) == (name != "lone")


def test_the_most_that_are_asked_for_are_listed_and_the_rest_is_counted(ask: Callable[..., FixFirst]) -> None:
    checks = [control(f"check{n}", "aims:guards ex:set", n / 10) for n in range(1, 6)]
    found = ask(*checks, most=2)
    assert [fix.node.label for fix in found.fixes] == ["check5", "check4"]
    assert found.more == 3


def test_by_loss_another_order_may_come_first(ask: Callable[..., FixFirst]) -> None:
    checks = (
        control("wide", "aims:guards ex:set", 0.9),
        control("dear", "aims:mitigates ex:risk", 0.5),
    )
    assert [fix.node.label for fix in ask(*checks).fixes] == ["wide", "dear"]
    assert [fix.node.label for fix in ask(*checks, by="loss").fixes] == ["dear", "wide"]


def test_by_loss_where_no_loss_is_known_is_an_error(graph: Callable[..., View]) -> None:
    view = graph(
        "ex:risk a aims:Risk ; aims:threatens ex:system . ex:system a aims:AISystem .",
        control("check", "aims:mitigates ex:risk", 0.5),
    )
    with pytest.raises(UsageError, match="nothing can be ranked by loss"):
        fix_first(view, project(view, today=TODAY), today=TODAY, by="loss")


def test_a_list_that_takes_too_much_weighing_ends_early_and_says_so(
    ask: Callable[..., FixFirst], monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = [control(f"check{n}", "aims:guards ex:set", n / 10) for n in range(1, 6)]
    monkeypatch.setattr("aimsgraph.trace.fixing.BUDGET", 0)
    found = ask(*checks)
    assert [fix.node.label for fix in found.fixes] == ["check5"]
    assert (found.more, found.completeness.complete, found.completeness.stopped_by) == (4, False, "steps")


def test_only_the_risks_that_a_change_touches_are_worked_out_again(
    ask: Callable[..., FixFirst], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    harm = Burden.harm

    def noted(self: Burden, risk: int, columns: Sequence[Floats]) -> list[float]:
        asked.append(len(columns))
        return harm(self, risk, columns)

    monkeypatch.setattr(Burden, "harm", noted)
    many = range(12)
    texts = [f"ex:r{n} a aims:Risk ; aims:threatens ex:s{n} . ex:s{n} a aims:AISystem ." for n in many]
    found = ask(*texts, *(control(f"c{n}", f"aims:mitigates ex:r{n}", 0.5) for n in many), most=100)
    assert len(found.fixes) == 12
    # Each risk: today, without controls, at best, both ends of the list, alone, without it, and once its line is made.
    assert sum(asked) <= 9 * 13


def test_what_is_kept_of_earlier_answers_is_bounded(
    ask: Callable[..., FixFirst], monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = [control(f"check{n}", "aims:guards ex:set", n / 10) for n in range(1, 6)]
    whole = ask(*checks)
    monkeypatch.setattr("aimsgraph.trace.burden._KEPT", 0)
    assert ask(*checks) == whole


def test_the_first_is_the_best_and_every_step_is_what_impact_says(
    graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> None:
    """Each subset of the evidence is renewed in a graph of its own, and the impact of each risk added up."""
    register = """
    ex:fraud a aims:Risk ; aims:threatens ex:set , ex:model . ex:system aims:usesModel ex:model .
    ex:model aims:trainedOn ex:set . ex:people a aims:AffectedParty . ex:system aims:affectsParty ex:people .
    """
    controls = [
        control("a", "aims:mitigates ex:risk", 0.7, "aims:evidencedBy ex:e1"),
        control("b", "aims:guards ex:set", 0.5, "aims:evidencedBy ex:e1 , ex:e2"),
        control("c", "aims:guards ex:model", 0.8, "aims:evidencedBy ex:e3"),
        control("d", "aims:guards ex:system", 0.3, "aims:evidencedBy ex:e2"),
    ]
    names = ("e1", "e2", "e3")

    def view_with(renewed: set[str]) -> View:
        evidence = [f"ex:{n} a aims:Evidence ; {FRESH if n in renewed else STALE} ." for n in names]
        return graph(REGISTER, register, *controls, *evidence)

    def harm(renewed: set[str]) -> float:
        view = view_with(renewed)
        projection = project(view, today=TODAY)
        answers = [impact(view, projection, [named(view, risk)], today=TODAY) for risk in ("risk", "fraud")]
        return sum(
            node.assured for answer in answers for node in answer.nodes if node.label in ("Scoring", "people")
        )

    harms = {
        frozenset(chosen): harm(set(chosen)) for size in range(4) for chosen in combinations(names, size)
    }
    view = view_with(set())
    found = fix_first(view, project(view, today=TODAY), today=TODAY)
    assert found.today.harm == pytest.approx(harms[frozenset()])
    done: set[str] = set()
    for fix in found.fixes:
        assert fix.removed.harm == pytest.approx(harms[frozenset()] - harms[frozenset({fix.node.label})])
        best = min(harms[frozenset(done | {name})] for name in names if name not in done)
        done.add(fix.node.label)
        assert fix.left.harm == pytest.approx(harms[frozenset(done)])
        assert fix.left.harm == pytest.approx(best)
    assert found.at_best.harm == pytest.approx(harms[frozenset(names)])
    assert len(done) == 3
    drawn = fix_first(view, project(view, today=TODAY), today=TODAY, max_exact_variables=0)
    assert (drawn.method, drawn.worlds) == ("simulated", 4_096)
    assert [fix.node.label for fix in drawn.fixes] == [fix.node.label for fix in found.fixes]
    assert drawn.fixes[-1].left.harm == pytest.approx(found.fixes[-1].left.harm, abs=0.05)


def test_risks_too_costly_to_simulate_are_said(
    ask: Callable[..., FixFirst], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph.trace.burden.BUDGET", 1)
    found = ask(control("check", "aims:guards ex:set", 0.5), max_exact_variables=0)
    assert (found.risks, found.risks_left_out, found.completeness.complete) == (1, 1, False)
    assert found.fixes == ()
