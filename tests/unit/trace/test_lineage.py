"""Where things come from, and what is built on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aimsgraph.trace.lineage import lineage
from aimsgraph.trace.projection import project
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store import View

CHAIN = """
ex:clean prov:wasDerivedFrom ex:raw . ex:set prov:wasDerivedFrom ex:clean , ex:raw .
ex:model aims:trainedOn ex:set . ex:system aims:usesModel ex:model ; aims:affectsParty ex:people .
ex:risk aims:threatens ex:set . ex:raw rdfs:label "Z raw" . ex:lonely a aims:Dataset .
"""


@pytest.fixture
def ask(graph: Callable[..., View], named: Callable[[View, str], NodeRef]) -> Callable[..., Lineage]:
    view = graph(CHAIN)

    def answer(name: str, **options: object) -> Lineage:
        return lineage(view, project(view, today=TODAY), named(view, name), **options)  # type: ignore[arg-type]

    return answer


def hops(answer: Lineage) -> dict[str, int]:
    return {node.id.removeprefix(EX): node.hops for node in answer.nodes}


def test_up_leads_to_the_origins_with_the_fewest_hops(ask: Callable[..., Lineage]) -> None:
    answer = ask("model", direction="up")
    assert hops(answer) == {"set": 1, "clean": 2, "raw": 2}
    assert [node.label for node in answer.nodes] == ["set", "Z raw", "clean"]
    assert answer.completeness.complete
    assert (answer.completeness.nodes, answer.completeness.edges) == (3, 4)


def test_down_leads_to_what_is_built_on_it(ask: Callable[..., Lineage]) -> None:
    assert hops(ask("clean", direction="down")) == {"set": 1, "model": 2, "system": 3, "people": 4}


def test_both_ways_join(ask: Callable[..., Lineage]) -> None:
    assert hops(ask("set", direction="both")) == {"clean": 1, "raw": 1, "model": 1, "system": 2, "people": 3}


def test_threats_stay_out_unless_asked_for(ask: Callable[..., Lineage]) -> None:
    assert "risk" not in hops(ask("set"))
    assert "risk" in hops(ask("set", include_threats=True))


@pytest.mark.parametrize(("limit", "reached"), [(1, {"set"}), (2, {"set", "clean", "raw"})])
def test_a_hop_limit_is_exact_and_said(ask: Callable[..., Lineage], limit: int, reached: set[str]) -> None:
    answer = ask("model", hops=limit)
    assert set(hops(answer)) == reached
    assert (answer.completeness.complete, answer.completeness.stopped_by) == (False, "hops")


def test_a_hop_limit_beyond_the_end_leaves_the_answer_whole(ask: Callable[..., Lineage]) -> None:
    assert ask("clean", hops=1).completeness.complete


def test_a_node_limit_keeps_the_nearest_and_is_said(ask: Callable[..., Lineage]) -> None:
    answer = ask("model", max_nodes=2)
    assert hops(answer) == {"set": 1, "clean": 2}
    assert answer.completeness.stopped_by == "nodes"


def test_a_node_limit_is_one_for_both_ways(ask: Callable[..., Lineage]) -> None:
    down, up = (len(ask("model", direction=way).nodes) for way in ("down", "up"))
    assert down > 0
    assert up > 1
    answer = ask("model", direction="both", max_nodes=down + 1)
    assert len(answer.nodes) == down + 1
    assert answer.completeness.stopped_by == "nodes"
    assert ask("model", direction="both", max_nodes=down + up).completeness.complete


def test_a_time_limit_is_said(ask: Callable[..., Lineage]) -> None:
    assert ask("model", time_limit=-1.0).completeness.stopped_by == "time"


def test_a_node_without_dependencies_has_an_empty_lineage(ask: Callable[..., Lineage]) -> None:
    answer = ask("lonely")
    assert (answer.nodes, answer.edges, answer.completeness.complete) == ((), (), True)


def test_the_edges_are_those_walked(ask: Callable[..., Lineage]) -> None:
    assert [(e.source.removeprefix(EX), e.target.removeprefix(EX), e.property) for e in ask("set").edges] == [
        ("clean", "set", "prov:wasDerivedFrom"),
        ("raw", "clean", "prov:wasDerivedFrom"),
        ("raw", "set", "prov:wasDerivedFrom"),
    ]
