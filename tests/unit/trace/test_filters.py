"""What of a lineage is walked and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import UsageError
from aimsgraph.model.lineage import LineageFilters
from aimsgraph.trace.filters import read_filters
from aimsgraph.trace.lineage import lineage
from aimsgraph.trace.projection import project
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store import View

GRAPH = """
aims:copiedFrom rdfs:subPropertyOf prov:wasDerivedFrom .
aims:Corpus rdfs:subClassOf aims:Dataset . aims:inTopArea rdfs:subPropertyOf aims:inArea .
area:data-governance a aims:ControlArea ; skos:prefLabel "data governance" ; aims:speaksAbout aims:Dataset .
area:model-management a aims:ControlArea ; skos:prefLabel "model management" ; aims:speaksAbout aims:Model .
ex:raw a aims:Corpus . ex:clean a aims:Dataset ; aims:copiedFrom ex:raw ; aims:dependsOn ex:tool .
ex:tool a aims:Thing ; aims:inTopArea area:data-governance .
ex:model a aims:ModelVersion ; prov:wasDerivedFrom ex:base ; aims:trainedOn ex:clean .
ex:base a aims:Model ; aims:trainedOn ex:old . ex:old a aims:Dataset ; aims:inArea area:model-management .
ex:system a aims:AISystem ; aims:usesModel ex:model . ex:risk a aims:Risk ; aims:threatens ex:raw .
"""


@pytest.fixture
def ask(graph: Callable[..., View], named: Callable[[View, str], NodeRef]) -> Callable[..., Lineage]:
    view = graph(GRAPH)

    def answer(name: str, threats: bool = False, hops: int | None = None, **narrowing: object) -> Lineage:
        wanted = read_filters(view, **narrowing)  # type: ignore[arg-type]
        return lineage(
            view,
            project(view, today=TODAY),
            named(view, name),
            wanted=wanted,
            include_threats=threats,
            hops=hops,
        )

    return answer


def hops(answer: Lineage) -> dict[str, int]:
    return {node.id.removeprefix(EX): node.hops for node in answer.nodes}


def edges(answer: Lineage) -> set[tuple[str, str]]:
    return {(edge.source.removeprefix(EX), edge.target.removeprefix(EX)) for edge in answer.edges}


def test_a_property_is_walked_with_those_that_specialise_it(ask: Callable[..., Lineage]) -> None:
    assert hops(ask("clean", along=["prov:wasDerivedFrom"])) == {"raw": 1}
    assert hops(ask("clean", along=["http://www.w3.org/ns/prov#wasDerivedFrom"])) == {"raw": 1}


def test_a_kind_of_flow_stands_for_all_its_properties(ask: Callable[..., Lineage]) -> None:
    expected = {"clean": 1, "base": 1, "raw": 2, "old": 2}
    assert hops(ask("model", along=["aims:Derivation"])) == expected
    assert hops(ask("model", along=["derivation"])) == expected


def test_several_properties_are_walked_together(ask: Callable[..., Lineage]) -> None:
    assert hops(ask("system", along=["usesModel", "aims:trainedOn"])) == {"model": 1, "clean": 2}


def test_an_edge_that_is_not_walked_leads_nowhere(ask: Callable[..., Lineage]) -> None:
    answer = ask("system", along=["aims:Derivation"])
    assert (answer.nodes, answer.completeness.complete) == ((), True)


def test_a_threat_that_is_named_is_walked(ask: Callable[..., Lineage]) -> None:
    assert hops(ask("raw", along=["aims:threatens"])) == {"risk": 1}


def test_a_node_that_is_not_shown_is_walked_through(ask: Callable[..., Lineage]) -> None:
    answer = ask("system", types=["aims:Dataset"])
    assert hops(answer) == {"clean": 2, "raw": 3, "old": 3}
    assert (answer.completeness.nodes, answer.completeness.edges) == (6, 6)


def test_the_edges_are_those_between_nodes_that_are_shown(ask: Callable[..., Lineage]) -> None:
    assert edges(ask("system", types=["aims:Dataset"])) == {("raw", "clean")}
    assert edges(ask("system", types=["aims:Model"])) == {("model", "system"), ("base", "model")}


def test_only_through_ends_at_what_is_not_shown(ask: Callable[..., Lineage]) -> None:
    assert hops(ask("model", types=["aims:Dataset"], only_through=True)) == {"clean": 1, "raw": 2}


def test_classes_below_count_and_several_classes_join(ask: Callable[..., Lineage]) -> None:
    assert hops(ask("system", types=["aims:Corpus", "aims:Model"])) == {"model": 1, "base": 2, "raw": 3}


def test_a_node_is_in_the_area_that_it_states_or_else_that_speaks_about_its_class(
    ask: Callable[..., Lineage],
) -> None:
    assert hops(ask("system", areas=["area:data-governance"])) == {"clean": 2, "tool": 3, "raw": 3}
    assert hops(ask("system", areas=["model management"])) == {"model": 1, "base": 2, "old": 3}


def test_types_and_areas_must_both_fit(ask: Callable[..., Lineage]) -> None:
    assert hops(ask("system", types=["aims:Dataset"], areas=["area:model-management"])) == {"old": 3}


def test_the_answer_says_what_it_was_narrowed_to(ask: Callable[..., Lineage]) -> None:
    answer = ask(
        "system", along=["derivation"], types=["Dataset"], areas=["data governance"], only_through=True
    )
    assert answer.filters == LineageFilters(
        along=("aims:Derivation",),
        types=("aims:Dataset",),
        areas=("area:data-governance",),
        only_through=True,
    )
    assert ask("system").filters == LineageFilters()


@pytest.mark.parametrize(
    ("narrowing", "said"),
    [
        ({"along": ["aims:guards"]}, "Nothing flows along aims:guards"),
        ({"along": ["nonsense"]}, "Nothing flows along nonsense"),
        ({"types": ["aims:Nonsense"]}, "There is no class aims:Nonsense"),
        ({"types": ["a b"]}, "There is no class a b"),
        ({"areas": ["ex:raw"]}, "raw is no control area"),
        ({"only_through": True}, "Without a type or an area every node is shown"),
    ],
)
def test_what_is_not_known_is_refused(
    ask: Callable[..., Lineage], narrowing: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        ask("system", **narrowing)
