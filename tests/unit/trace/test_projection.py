"""What the projection takes from the graph."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from aimsgraph.trace.annotations import probability, read_annotations
from aimsgraph.trace.projection import BASES, Projection, project
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.store import View

    Graph = Callable[..., View]


def edges(projection: Projection) -> list[tuple[str, str, str, float, str]]:
    """Return the edges with local names: source, target, property, transmission, basis."""
    names = [name.removeprefix(EX) for name in projection.ids]
    columns = (
        projection.source,
        projection.target,
        projection.kind,
        projection.transmission,
        projection.basis,
    )
    return [
        (names[a], names[b], projection.properties[kind], float(chance), BASES[basis])
        for a, b, kind, chance, basis in zip(*columns, strict=True)
    ]


def test_edges_run_in_the_direction_of_impact(graph: Graph) -> None:
    view = graph(
        "ex:model aims:trainedOn ex:data . ex:system aims:usesModel ex:model ; aims:affectsParty ex:people ."
    )
    assert edges(project(view, today=TODAY)) == [
        ("data", "model", "aims:trainedOn", 0.8, "default"),
        ("model", "system", "aims:usesModel", 0.9, "default"),
        ("system", "people", "aims:affectsParty", 0.9, "default"),
    ]


def test_a_property_of_the_organisation_counts_when_it_is_annotated(graph: Graph) -> None:
    view = graph("ex:feeds aims:impactDirection aims:SubjectToObject . ex:a ex:feeds ex:b .")
    assert edges(project(view, today=TODAY)) == [("a", "b", "ex:feeds", 1.0, "unknown")]


def test_a_special_property_inherits_what_it_does_not_restate(graph: Graph) -> None:
    view = graph(
        "ex:distilled rdfs:subPropertyOf ex:copied ; aims:defaultTransmission 0.6 . "
        "ex:copied rdfs:subPropertyOf prov:wasDerivedFrom , ex:copied . ex:a ex:distilled ex:b . ex:c ex:copied ex:a ."
    )
    assert edges(project(view, today=TODAY)) == [
        ("a", "c", "ex:copied", 0.8, "default"),
        ("b", "a", "ex:distilled", 0.6, "default"),
    ]
    flow = read_annotations(view).impact[EX + "distilled"].flow
    assert flow == "https://w3id.org/aimsgraph/ns#Derivation"


def test_a_dependency_that_its_general_property_repeats_counts_once(graph: Graph) -> None:
    view = graph(
        "ex:copied rdfs:subPropertyOf prov:wasDerivedFrom . ex:a ex:copied ex:b ; prov:wasDerivedFrom ex:b , ex:c ."
    )
    assert [edge[:3] for edge in edges(project(view, today=TODAY))] == [
        ("b", "a", "ex:copied"),
        ("c", "a", "prov:wasDerivedFrom"),
    ]


def test_two_properties_between_the_same_nodes_are_two_edges(graph: Graph) -> None:
    view = graph("ex:a aims:trainedOn ex:b ; prov:wasDerivedFrom ex:b .")
    assert len(edges(project(view, today=TODAY))) == 2


def test_a_qualified_dependency_replaces_the_default(graph: Graph) -> None:
    view = graph(
        "ex:a aims:trainedOn ex:b ; prov:wasDerivedFrom ex:b ; "
        "aims:qualifiedDependency [ aims:on ex:b ; aims:transmission 0.3 ] ."
    )
    assert [edge[3:] for edge in edges(project(view, today=TODAY))] == [(0.3, "assessed"), (0.3, "assessed")]


def test_a_qualified_dependency_may_name_its_property(graph: Graph) -> None:
    view = graph(
        "ex:a aims:trainedOn ex:b ; prov:wasDerivedFrom ex:b ; "
        "aims:qualifiedDependency [ aims:on ex:b ; aims:via aims:trainedOn ; aims:transmission 0.3 ] ."
    )
    assert edges(project(view, today=TODAY)) == [
        ("b", "a", "prov:wasDerivedFrom", 0.8, "default"),
        ("b", "a", "aims:trainedOn", 0.3, "assessed"),
    ]


def test_a_dependency_that_is_only_qualified_is_one_of_dependson(graph: Graph) -> None:
    view = graph("ex:a aims:qualifiedDependency [ aims:on ex:b ; aims:transmission 0.25 ] .")
    assert edges(project(view, today=TODAY)) == [("b", "a", "aims:dependsOn", 0.25, "assessed")]


def test_a_dependency_qualified_by_its_property_alone_flows_as_that_property_does(graph: Graph) -> None:
    view = graph("ex:a aims:qualifiedDependency [ aims:on ex:b ; aims:via aims:affectsParty ] .")
    assert edges(project(view, today=TODAY)) == [("a", "b", "aims:affectsParty", 0.9, "default")]


def test_depending_on_a_risk_qualifies_the_threat(graph: Graph) -> None:
    view = graph(
        "ex:risk aims:threatens ex:a . ex:a aims:qualifiedDependency [ aims:on ex:risk ; aims:transmission 0.1 ] ."
    )
    assert edges(project(view, today=TODAY)) == [("risk", "a", "aims:threatens", 0.1, "assessed")]


@pytest.mark.parametrize(
    ("today", "there"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_a_dependency_holds_from_its_first_to_its_last_day(graph: Graph, today: date, there: bool) -> None:
    view = graph(
        """ex:a aims:trainedOn ex:b ; aims:qualifiedDependency [ aims:on ex:b ;
          aims:dependencyValidFrom "2026-01-01"^^xsd:date ; aims:dependencyValidUntil "2026-06-30"^^xsd:date ] ."""
    )
    assert bool(edges(project(view, today=today))) is there


def test_of_two_periods_the_one_that_holds_counts(graph: Graph) -> None:
    view = graph(
        """ex:a aims:trainedOn ex:b ; aims:qualifiedDependency
          [ aims:on ex:b ; aims:transmission 0.9 ; aims:dependencyValidUntil "2025-12-31"^^xsd:date ] ,
          [ aims:on ex:b ; aims:transmission 0.2 ; aims:dependencyValidFrom "2026-01-01"^^xsd:date ] ."""
    )
    assert [edge[3] for edge in edges(project(view, today=TODAY))] == [0.2]


def test_a_number_that_is_no_probability_counts_as_unknown(graph: Graph) -> None:
    view = graph(
        "ex:p aims:impactDirection aims:SubjectToObject ; aims:defaultTransmission 1.7 . ex:a ex:p ex:b . "
        "ex:a aims:qualifiedDependency [ aims:on ex:b ; aims:transmission 3 ] ."
    )
    assert [edge[3:] for edge in edges(project(view, today=TODAY))] == [(1.0, "unknown")]
    assert probability(True) is None
    assert probability("0.5") is None


def test_guards_gates_leaks_and_threats_are_read(graph: Graph) -> None:
    view = graph(
        "ex:m aims:dependsOn ex:a , ex:b , ex:c ; aims:gate aims:AtLeastGate ; aims:gateThreshold 2 . "
        "ex:n aims:dependsOn ex:a , ex:b ; aims:gate aims:AndGate . ex:o aims:dependsOn ex:a ; aims:gate aims:OrGate . "
        "ex:a aims:leak 0.05 . ex:c1 aims:guards ex:a . ex:c2 aims:mitigates ex:risk . ex:risk aims:threatens ex:a . "
    )
    found = project(view, today=TODAY)
    name = {number: iri.removeprefix(EX) for iri, number in found.index.items()}
    assert {name[node]: needed for node, needed in found.needs.items()} == {"m": 2, "n": 2}
    assert {name[node]: leak for node, leak in found.leaks.items()} == {"a": 0.05}
    assert {
        name[node]: [found.controls[c].removeprefix(EX) for c in guards]
        for node, guards in found.guards.items()
    } == {
        "a": ["c1"],
        "risk": ["c2"],
    }
    assert [edge[:2] for edge, threat in zip(edges(found), found.threat, strict=True) if threat] == [
        ("risk", "a")
    ]


def test_a_graph_without_dependencies_projects_to_nothing(graph: Graph) -> None:
    found = project(graph(), today=TODAY)
    assert (found.size, len(found.source), found.controls) == (0, 0, ())


@pytest.mark.parametrize(("threshold", "needed"), [("1" * 400, 3), ("-" + "1" * 400, 1), ("0", 1), ("2", 2)])
def test_an_absurd_threshold_is_more_or_less_than_there_is(
    graph: Callable[..., View], threshold: str, needed: int
) -> None:
    view = graph(
        f"ex:a aims:dependsOn ex:b , ex:c ; aims:gate aims:AtLeastGate ; aims:gateThreshold {threshold} ."
    )
    found = project(view, today=TODAY)
    assert dict(found.needs.items()) == {found.index[EX + "a"]: needed}
