"""Impact read from a graph."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from aimsgraph.trace.impact import impact
from aimsgraph.trace.projection import project
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.impact import Impact
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store import View

ORGANISATION = """
ex:set prov:wasDerivedFrom ex:raw .
ex:model a aims:Model ; aims:trainedOn ex:set .
ex:system a aims:AISystem ; rdfs:label "Scoring" ; aims:usesModel ex:model ; aims:affectsParty ex:people .
ex:people a aims:AffectedParty ; rdfs:label "Applicants" .
ex:other prov:wasDerivedFrom ex:elsewhere .
ex:check a aims:Control ; rdfs:label "Intake check" ; aims:guards ex:raw ; aims:designEffectiveness 0.9 ;
  aims:unverifiedEffectiveness 0.2 ; aims:evidencedBy ex:report .
ex:review a aims:Control ; rdfs:label "Review" ; aims:guards ex:system ; aims:designEffectiveness 0.5 ;
  aims:evidencedBy ex:minutes .
ex:report a aims:Evidence ; aims:collectedOn "2025-01-01"^^xsd:date ; aims:validUntil "2026-06-30"^^xsd:date .
ex:minutes a aims:Evidence ; aims:collectedOn "2026-09-01"^^xsd:date .
"""


@pytest.fixture
def ask(graph: Callable[..., View], named: Callable[[View, str], NodeRef]) -> Callable[..., Impact]:
    view = graph(ORGANISATION)

    def answer(*names: str, today: date = TODAY, **options: object) -> Impact:
        sources = [named(view, name) for name in names]
        return impact(view, project(view, today=today), sources, today=today, **options)  # type: ignore[arg-type]

    return answer


def test_each_node_has_its_inherent_assured_and_claimed_probability(ask: Callable[..., Impact]) -> None:
    found = {node.id.removeprefix(EX): node for node in ask("raw").nodes}
    assert list(found) == ["set", "model", "system", "people"]
    inherent = [0.8, 0.64, 0.576, 0.5184]
    assert [node.inherent for node in found.values()] == pytest.approx(inherent)
    assert [node.assured for node in found.values()] == pytest.approx(
        [x * 0.8 for x in inherent[:3]] + [0.20736]
    )
    assert [node.claimed for node in found.values()] == pytest.approx(
        [x * 0.1 for x in inherent[:3]] + [0.02592]
    )
    assert [node.min_hops for node in found.values()] == [1, 2, 3, 4]
    assert all(node.probability == node.assured and node.interval is None for node in found.values())


def test_fresh_evidence_brings_assured_down_to_claimed(ask: Callable[..., Impact]) -> None:
    for node in ask("raw", today=date(2026, 6, 30)).nodes:
        if node.label != "Applicants":  # the minutes of the review are from September
            assert node.assured == node.claimed


def test_controls_say_what_they_do_and_why(ask: Callable[..., Impact]) -> None:
    check, review = ask("raw").controls
    assert (check.label, check.claimed_effectiveness, check.assured_effectiveness) == (
        "Intake check",
        0.9,
        0.2,
    )
    assert (check.verified, review.verified) == (False, True)
    assert "expired" in check.reason
    everything = 0.8 + 0.64 + 0.576 + 0.5184 / 2
    assert (check.if_off, check.if_on) == (pytest.approx(everything), 0.0)


def test_the_best_way_leads_to_the_people_affected(ask: Callable[..., Impact]) -> None:
    (path, *_) = [path for path in ask("raw").paths if path.nodes[-1] == EX + "people"]
    assert path.nodes == tuple(EX + name for name in ("raw", "set", "model", "system", "people"))
    assert path.properties == ("prov:wasDerivedFrom", "aims:trainedOn", "aims:usesModel", "aims:affectsParty")
    assert path.probability == pytest.approx(0.20736)


def test_edges_carry_transmission_basis_and_controls(ask: Callable[..., Impact]) -> None:
    answer = ask("model")
    assert [(edge.transmission, edge.basis, edge.controls) for edge in answer.edges] == [
        (0.9, "default", ()),
        (0.9, "default", (EX + "review",)),
    ]
    assert answer.unassessed == {"assessed": 0, "default": 2, "unknown": 0}


def test_several_sources_act_together(ask: Callable[..., Impact]) -> None:
    answer = ask("raw", "elsewhere")
    assert {node.label for node in answer.nodes} == {"set", "model", "Scoring", "Applicants", "other"}
    assert len(answer.sources) == 2


@pytest.mark.parametrize(("hops", "reached"), [(1, 1), (3, 3), (4, 4)])
def test_a_hop_limit_is_exact_and_said(ask: Callable[..., Impact], hops: int, reached: int) -> None:
    answer = ask("raw", hops=hops)
    assert len(answer.nodes) == len(answer.edges) == reached
    assert answer.completeness.stopped_by == ("hops" if hops < 4 else "nothing")


def test_a_simulated_answer_has_intervals_and_says_how_many_worlds(ask: Callable[..., Impact]) -> None:
    exact, drawn = ask("raw"), ask("raw", max_exact_variables=0)
    assert (drawn.method, drawn.worlds, drawn.seed) == ("simulated", 65_536, 42_001)
    assert (exact.method, exact.worlds) == ("exact", None)
    for one, other in zip(exact.nodes, drawn.nodes, strict=True):
        assert other.interval is not None
        assert one.id == other.id
        assert other.interval[0] <= other.probability <= other.interval[1]
        assert one.probability == pytest.approx(other.probability, abs=0.01)
    assert drawn == ask("raw", max_exact_variables=0)


def test_a_time_limit_draws_fewer_worlds_and_says_so(
    ask: Callable[..., Impact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph.trace.worlds.MEMORY", 1)
    answer = ask("raw", max_exact_variables=0, time_limit=-1.0)
    assert answer.worlds == 64
    assert (answer.completeness.complete, answer.completeness.stopped_by) == (False, "time")


def test_many_controls_on_a_large_graph_are_cut_to_those_before_most(
    ask: Callable[..., Impact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph.trace.simulation.CONTROL_EDGE_WORLDS", 1)
    monkeypatch.setattr("aimsgraph.trace.simulation.MAX_CONTROLS", 1)
    answer = ask("raw", max_exact_variables=0)
    assert [control.label for control in answer.controls] == ["Intake check"]
    assert answer.controls_left_out == 1
    assert answer.control_worlds == 4 * 64
    total = sum(node.probability for node in answer.nodes)
    assert answer.controls[0].if_on <= total <= answer.controls[0].if_off


def test_each_node_says_how_its_number_was_found_and_between_which_it_lies(
    ask: Callable[..., Impact],
) -> None:
    exact, drawn = ask("raw"), ask("raw", max_exact_variables=0)
    assert {node.method for node in exact.nodes} == {"exact"}
    assert (exact.why_simulated, drawn.why_simulated) == (None, "asked")
    assert {node.method for node in drawn.nodes} == {"simulated"}
    for node in (*exact.nodes, *drawn.nodes):
        assert node.bounds[0] - 1e-15 <= node.probability <= node.bounds[1] + 1e-15
    assert [node.bounds for node in exact.nodes] == [node.bounds for node in drawn.nodes]


def test_fewer_worlds_than_wanted_are_said(
    ask: Callable[..., Impact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph.trace.simulation.EDGE_WORLDS", 1)
    answer = ask("raw", max_exact_variables=0)
    assert (answer.worlds, answer.worlds_left_out) == (4_096, 65_536 - 4_096)
    assert ask("raw", max_exact_variables=0, worlds=6_400).worlds_left_out == 6_400 - 4_096
    assert ask("raw").worlds_left_out == 0


def test_ways_that_were_not_all_compared_are_said(
    ask: Callable[..., Impact], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask("raw").paths_complete
    monkeypatch.setattr(import_module("aimsgraph.trace.paths"), "ALL_WAYS_EDGES", 0)
    assert not ask("raw").paths_complete


def test_a_source_outside_every_dependency_hurts_nothing(ask: Callable[..., Impact]) -> None:
    answer = ask("check")
    assert (answer.nodes, answer.edges, answer.paths, answer.controls) == ((), (), (), ())
    assert answer.completeness.complete


def test_a_control_that_could_only_act_past_the_hop_limit_is_not_listed(
    graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> None:
    view = graph(
        "ex:b aims:dependsOn ex:a , ex:c . ex:c aims:dependsOn ex:b . ex:late aims:guards ex:b ; "
        "aims:designEffectiveness 0.5 . ex:first aims:guards ex:a ; aims:designEffectiveness 0.5 ."
    )
    listed = {
        hops: [
            control.label
            for control in impact(
                view, project(view, today=TODAY), [named(view, "a")], today=TODAY, hops=hops
            ).controls
        ]
        for hops in (1, 2)
    }
    assert listed == {1: ["first"], 2: ["first", "late"]}


def test_an_answer_names_the_gates_it_reaches_and_how_many_dependencies_each_takes(
    graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> None:
    view = graph(
        "ex:and aims:dependsOn ex:a , ex:b ; aims:gate aims:AndGate . "
        "ex:two aims:dependsOn ex:a , ex:b , ex:c ; aims:gate aims:AtLeastGate ; aims:gateThreshold 2 . "
        "ex:or aims:dependsOn ex:a , ex:b ; aims:gate aims:OrGate . "
        "ex:alone aims:dependsOn ex:a ; aims:gate aims:AndGate . "
        "ex:far aims:dependsOn ex:b , ex:c ; aims:gate aims:AndGate . "
    )
    answer = impact(view, project(view, today=TODAY), [named(view, "a")], today=TODAY)
    assert {iri.removeprefix(EX): needed for iri, needed in answer.gates.items()} == {"and": 2, "two": 2}
