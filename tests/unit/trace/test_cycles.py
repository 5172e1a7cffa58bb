"""What depends on itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aimsgraph.trace.condensation import circles
from aimsgraph.trace.cycles import cycles
from aimsgraph.trace.filters import read_filters
from aimsgraph.trace.projection import project
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.routes import Cycles
    from aimsgraph.store import View

GRAPH = """
ex:a aims:dependsOn ex:b . ex:b aims:dependsOn ex:c . ex:c aims:dependsOn ex:a .
ex:b prov:wasDerivedFrom ex:d . ex:d prov:wasDerivedFrom ex:b . ex:d a aims:Dataset .
ex:self aims:dependsOn ex:self . ex:after aims:dependsOn ex:a . ex:b aims:dependsOn ex:before .
"""


@pytest.fixture
def ask(graph: Callable[..., View]) -> Callable[..., Cycles]:
    view = graph(GRAPH)

    def answer(max_steps: int = 1_000_000, **narrowing: tuple[str, ...]) -> Cycles:
        wanted = read_filters(view, **narrowing)  # type: ignore[arg-type]
        return cycles(view, project(view, today=TODAY), wanted=wanted, max_steps=max_steps)

    return answer


def groups(answer: Cycles) -> list[str]:
    return [" ".join(node.id.removeprefix(EX) for node in cycle.nodes) for cycle in answer.cycles]


def examples(answer: Cycles) -> list[str]:
    return [" ".join(node.removeprefix(EX) for node in cycle.example) for cycle in answer.cycles]


def test_a_group_is_told_whole_with_a_shortest_way_round(ask: Callable[..., Cycles]) -> None:
    answer = ask()
    assert groups(answer) == ["a b c d", "self"]
    assert examples(answer) == ["b d", "self"]
    assert answer.cycles[0].properties == (("prov:wasDerivedFrom",), ("prov:wasDerivedFrom",))
    assert answer.cycles[1].properties == (("aims:dependsOn",),)
    assert [cycle.shortest for cycle in answer.cycles] == [True, True]


def test_only_the_properties_named_are_walked(ask: Callable[..., Cycles]) -> None:
    assert examples(ask(along=("aims:dependsOn",))) == ["a c b", "self"]


def test_a_group_is_told_when_one_of_it_is_of_the_type(ask: Callable[..., Cycles]) -> None:
    assert groups(ask(types=("aims:Dataset",))) == ["a b c d"]


def test_when_the_search_is_given_up_the_way_round_may_not_be_the_shortest(
    ask: Callable[..., Cycles],
) -> None:
    answer = ask(max_steps=1)
    assert examples(answer)[0] == "a c b"
    assert [cycle.shortest for cycle in answer.cycles] == [False, True]
    assert (answer.completeness.complete, answer.completeness.stopped_by) == (False, "steps")
    assert ask().completeness.complete


def test_all_groups_together_have_one_budget_and_the_small_ones_come_first(
    graph: Callable[..., View],
) -> None:
    """Each ring of four takes 16 steps to prove, the pair two."""
    rings = [
        f"ex:r{ring}_{at} aims:dependsOn ex:r{ring}_{(at + 1) % 4} ." for ring in range(3) for at in range(4)
    ]
    view = graph("\n".join([*rings, "ex:p aims:dependsOn ex:q . ex:q aims:dependsOn ex:p ."]))

    def proven(steps: int) -> list[bool]:
        answer = cycles(view, project(view, today=TODAY), max_steps=steps)
        assert all(len(cycle.example) == len(cycle.nodes) for cycle in answer.cycles)
        return [cycle.shortest for cycle in answer.cycles]

    assert proven(50) == [True, True, True, True]
    assert proven(20) == [True, False, False, True]


def test_a_long_circle_needs_no_recursion() -> None:
    tail = np.arange(50_000)
    assert set(circles(tail, np.roll(tail, -1), 50_000).tolist()) == {0}


def test_nothing_depends_on_itself_in_a_tree(graph: Callable[..., View]) -> None:
    view = graph("ex:a aims:dependsOn ex:b , ex:c .")
    assert cycles(view, project(view, today=TODAY)).cycles == ()
