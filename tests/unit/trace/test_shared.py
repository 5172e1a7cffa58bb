"""What several nodes have upstream in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import UsageError
from aimsgraph.trace import shared
from aimsgraph.trace.filters import read_filters
from aimsgraph.trace.flow import Flow
from aimsgraph.trace.projection import project
from aimsgraph.trace.shared import common
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.routes import Shared
    from aimsgraph.store import View
    from aimsgraph.trace.way import Sense, Walk

GRAPH = """
ex:one aims:usesModel ex:llm ; aims:dependsOn ex:own . ex:two aims:usesModel ex:tuned , ex:llm .
ex:three aims:usesModel ex:tuned . ex:tuned prov:wasDerivedFrom ex:llm . ex:llm aims:dependsOn ex:vendor .
ex:vendor a aims:Supplier . ex:llm a aims:Model . ex:alone a aims:AISystem .
ex:left aims:dependsOn ex:ring1 . ex:right aims:dependsOn ex:ring2 .
ex:ring1 aims:dependsOn ex:ring2 . ex:ring2 aims:dependsOn ex:ring1 , ex:below .
ex:leak aims:threatens ex:one . ex:drift aims:threatens ex:tuned .
ex:case aims:realises ex:leak ; aims:involves ex:own .
"""


@pytest.fixture
def ask(graph: Callable[..., View], named: Callable[[View, str], NodeRef]) -> Callable[..., Shared]:
    view = graph(GRAPH)

    def answer(*names: str, types: tuple[str, ...] = (), **options: object) -> Shared:
        wanted = read_filters(view, types=types)
        sources = [named(view, name) for name in names]
        return common(view, project(view, today=TODAY), sources, wanted=wanted, **options)  # type: ignore[arg-type]

    return answer


def told(answer: Shared) -> list[tuple[str, tuple[int, ...], bool]]:
    return [(node.id.removeprefix(EX), node.hops, node.closest) for node in answer.nodes]


def test_what_is_shared_comes_nearest_first_and_says_what_is_closest(ask: Callable[..., Shared]) -> None:
    assert told(ask("one", "two")) == [("llm", (1, 1), True), ("vendor", (2, 2), False)]


def test_of_three_nodes_all_have_to_share_it(ask: Callable[..., Shared]) -> None:
    assert told(ask("one", "two", "three")) == [("llm", (1, 1, 2), True), ("vendor", (2, 2, 3), False)]


def test_a_node_is_upstream_of_itself(ask: Callable[..., Shared]) -> None:
    assert told(ask("three", "tuned")) == [
        ("tuned", (1, 0), True),
        ("llm", (2, 1), False),
        ("vendor", (3, 2), False),
    ]


def test_in_a_circle_all_are_closest(ask: Callable[..., Shared]) -> None:
    assert told(ask("left", "right")) == [
        ("ring1", (1, 2), True),
        ("ring2", (2, 1), True),
        ("below", (3, 2), False),
    ]


def test_a_risk_stands_for_what_it_threatens(ask: Callable[..., Shared]) -> None:
    assert told(ask("leak", "drift")) == [("llm", (2, 2), True), ("vendor", (3, 3), False)]


def test_an_incident_stands_for_what_it_involves_and_what_its_risk_threatens(
    ask: Callable[..., Shared],
) -> None:
    assert told(ask("case", "one")) == [
        ("one", (1, 0), True),
        ("own", (1, 1), False),
        ("llm", (2, 1), False),
        ("vendor", (3, 2), False),
    ]


def test_what_only_some_share_is_told_when_that_is_enough(ask: Callable[..., Shared]) -> None:
    answer = ask("one", "two", "three", "alone", least=2)
    assert told(answer) == [
        ("llm", (1, 1, 2), True),
        ("vendor", (2, 2, 3), False),
        ("tuned", (1, 1), True),
    ]
    assert answer.nodes[2].sources == (EX + "two", EX + "three")
    assert answer.least == 2


def test_only_the_types_wanted_are_shown_and_the_closest_is_found_among_all(
    ask: Callable[..., Shared],
) -> None:
    assert told(ask("one", "two", types=("aims:Supplier",))) == [("vendor", (2, 2), False)]


def test_what_is_left_out_is_counted(ask: Callable[..., Shared]) -> None:
    answer = ask("three", "tuned", most=1)
    assert (told(answer), answer.left_out) == ([("tuned", (1, 0), True)], 2)


def test_strangers_share_nothing(ask: Callable[..., Shared]) -> None:
    assert told(ask("alone", "one")) == []


@pytest.mark.parametrize(
    ("names", "least"), [(("one",), None), (("one", "one"), None), (("one", "two"), 3), (("one", "two"), 1)]
)
def test_it_takes_two_to_share(ask: Callable[..., Shared], names: tuple[str, ...], least: int | None) -> None:
    with pytest.raises(UsageError):
        ask(*names, least=least)


def test_when_the_steps_are_used_up_the_sources_left_out_are_counted(ask: Callable[..., Shared]) -> None:
    answer = ask("one", "two", "three", least=2, max_steps=1)
    assert [source.id.removeprefix(EX) for source in answer.sources] == ["one"]
    assert (answer.sources_left_out, answer.nodes) == (2, ())
    assert (answer.completeness.complete, answer.completeness.stopped_by) == (False, "steps")
    assert ask("one", "two").sources_left_out == 0


def test_each_source_is_gone_upstream_from_once(
    ask: Callable[..., Shared], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[int] = []
    once = Flow.walk

    def counted(flow: Flow, start: int, sense: Sense) -> Walk:
        starts.append(start)
        return once(flow, start, sense)

    monkeypatch.setattr(Flow, "walk", counted)
    assert ask("one", "two", "three").nodes
    assert len(starts) == len(set(starts)) == 3
    starts.clear()
    monkeypatch.setattr(shared, "_KEPT", 0)
    assert told(ask("one", "two", "leak")) == [("llm", (1, 1, 2), True), ("vendor", (2, 2, 3), False)]
    assert len(starts) == 6
