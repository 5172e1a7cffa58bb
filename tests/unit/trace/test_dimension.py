"""Impact in one dimension: only the dependencies along which that quality can get lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import UsageError
from aimsgraph.trace.impact import impact
from aimsgraph.trace.projection import project
from tests.unit.trace.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.impact import Impact
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store import View

DIMENSIONS = """
aims:Quality a aims:ImpactDimension ; skos:prefLabel "quality" .
aims:PrivacyDimension a aims:ImpactDimension ; skos:prefLabel "privacy" .
aims:trainedOn aims:impactDimension aims:Quality , aims:PrivacyDimension .
aims:usesModel aims:impactDimension aims:Quality , aims:PrivacyDimension .
aims:affectsParty aims:impactDimension aims:PrivacyDimension .
aims:threatens aims:impactDimension aims:Quality .
ex:callsService rdfs:subPropertyOf aims:usesModel .
ex:mirrors rdfs:subPropertyOf aims:usesModel ; aims:impactDimension aims:Quality .
ex:model aims:trainedOn ex:data .
ex:system ex:callsService ex:model ; aims:affectsParty ex:people .
ex:copy ex:mirrors ex:model .
ex:report aims:dependsOn ex:copy , ex:model ; aims:gate aims:AndGate .
ex:risk aims:threatens ex:data .
"""


@pytest.fixture
def ask(
    graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> Callable[[str, str | None], Impact]:
    view = graph(DIMENSIONS)

    def answer(source: str, dimension: str | None) -> Impact:
        return impact(
            view, project(view, today=TODAY), [named(view, source)], today=TODAY, dimension=dimension
        )

    return answer


def hurt(answer: Impact) -> set[str]:
    return {node.label for node in answer.nodes}


def test_without_a_dimension_everything_counts(ask: Callable[[str, str | None], Impact]) -> None:
    answer = ask("data", None)
    assert hurt(answer) == {"model", "system", "people", "copy", "report"}
    assert (answer.dimension, answer.without_dimension) == (None, 0)


def test_only_what_passes_the_quality_on_counts(ask: Callable[[str, str | None], Impact]) -> None:
    answer = ask("data", "aims:PrivacyDimension")
    assert hurt(answer) == {"model", "system", "people", "report"}
    assert answer.dimension == "aims:PrivacyDimension"
    assert hurt(ask("data", "aims:Quality")) == {"model", "system", "copy", "report"}


def test_a_special_property_inherits_the_dimensions_unless_it_states_its_own(
    ask: Callable[[str, str | None], Impact],
) -> None:
    properties = {edge.property for edge in ask("model", "aims:PrivacyDimension").edges}
    assert properties == {"ex:callsService", "aims:affectsParty", "aims:dependsOn"}


def test_a_property_without_a_dimension_counts_in_all_and_is_said(
    ask: Callable[[str, str | None], Impact],
) -> None:
    answer = ask("copy", "aims:PrivacyDimension")
    assert (hurt(answer), answer.without_dimension) == ({"report"}, 1)
    assert ask("copy", None).without_dimension == 0


def test_a_gate_of_all_edges_needs_those_that_are_left(ask: Callable[[str, str | None], Impact]) -> None:
    (both,) = [node for node in ask("model", None).nodes if node.label == "report"]
    assert both.probability == pytest.approx(0.7 * 0.7 * 0.9)


def test_a_gate_that_needs_two_of_two_still_needs_two_when_one_is_left(
    graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> None:
    view = graph(
        DIMENSIONS + "ex:pair ex:mirrors ex:data ; aims:usesModel ex:model ; "
        "aims:gate aims:AtLeastGate ; aims:gateThreshold 2 ."
    )
    projection, data = project(view, today=TODAY), named(view, "data")
    every, narrowed = (
        {
            node.label: node.probability
            for node in impact(view, projection, [data], today=TODAY, dimension=one).nodes
        }
        for one in (None, "aims:PrivacyDimension")
    )
    assert every["pair"] > 0.0
    assert narrowed["pair"] == 0.0


def test_a_threat_is_restricted_like_any_other_edge(ask: Callable[[str, str | None], Impact]) -> None:
    assert hurt(ask("risk", "aims:PrivacyDimension")) == set()
    assert "data" in hurt(ask("risk", "aims:Quality"))


@pytest.mark.parametrize("name", ["privacy", "https://w3id.org/aimsgraph/ns#PrivacyDimension"])
def test_a_dimension_is_named_by_label_or_iri_too(
    ask: Callable[[str, str | None], Impact], name: str
) -> None:
    assert ask("data", name).dimension == "aims:PrivacyDimension"


def test_an_unknown_dimension_is_wrong_usage_and_the_known_ones_are_named(
    ask: Callable[[str, str | None], Impact],
) -> None:
    with pytest.raises(UsageError) as found:
        ask("data", "aims:Beauty")
    assert "aims:PrivacyDimension" in str(found.value.hint)
