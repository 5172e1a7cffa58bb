"""Single points of failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aimsgraph.trace.dominators import dominators
from aimsgraph.trace.filters import read_filters
from aimsgraph.trace.projection import project
from aimsgraph.trace.weak_points import weak_points, weak_points_of
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.routes import WeakPoints
    from aimsgraph.store import View

GRAPH = """
ex:clean prov:wasDerivedFrom ex:raw1 , ex:raw2 . ex:left prov:wasDerivedFrom ex:clean .
ex:right prov:wasDerivedFrom ex:clean . ex:model aims:trainedOn ex:left , ex:right , ex:raw3 .
ex:system a aims:AISystem ; aims:usesModel ex:model . ex:other a aims:AISystem ; aims:usesModel ex:model .
ex:third a aims:AISystem ; aims:dependsOn ex:raw3 , ex:model . ex:model a aims:Model .
ex:risk aims:threatens ex:model .
"""


@pytest.fixture
def view(graph: Callable[..., View]) -> View:
    return graph(GRAPH)


@pytest.fixture
def ask(view: View, named: Callable[[View, str], NodeRef]) -> Callable[..., WeakPoints]:
    def answer(name: str | None = None, types: tuple[str, ...] = (), most: int = 100) -> WeakPoints:
        wanted, whole = read_filters(view, types=types), project(view, today=TODAY)
        if name is not None:
            return weak_points_of(view, whole, named(view, name), wanted=wanted, most=most)
        return weak_points(view, whole, read_filters(view, types=["aims:AISystem"]), wanted=wanted, most=most)

    return answer


def told(answer: WeakPoints) -> list[tuple[str, int | None, int, bool]]:
    return [
        (point.id.removeprefix(EX), point.hops, point.cut_off, point.everything) for point in answer.nodes
    ]


def test_of_a_node_they_come_by_how_many_origins_it_loses_then_by_distance(
    ask: Callable[..., WeakPoints],
) -> None:
    answer = ask("system")
    assert told(answer) == [("model", 1, 3, True), ("clean", 3, 2, False)]
    assert answer.origins == 3
    assert [named.label for named in answer.nodes[1].examples] == ["raw1", "raw2"]


def test_where_there_is_another_way_nothing_is_cut_off(ask: Callable[..., WeakPoints]) -> None:
    assert told(ask("third")) == [("model", 1, 2, False), ("clean", 3, 2, False)]


def test_an_only_origin_is_a_weak_point(graph, named) -> None:
    view = graph("ex:b aims:dependsOn ex:a . ex:c aims:dependsOn ex:b .")
    answer = weak_points_of(view, project(view, today=TODAY), named(view, "c"))
    assert told(answer) == [("b", 1, 1, True), ("a", 2, 1, True)]


def test_in_a_circle_that_comes_from_nothing_each_member_is_an_origin(graph, named) -> None:
    view = graph("ex:a aims:dependsOn ex:b . ex:b aims:dependsOn ex:a . ex:c aims:dependsOn ex:a .")
    answer = weak_points_of(view, project(view, today=TODAY), named(view, "c"))
    assert answer.origins == 2
    assert told(answer) == [("a", 1, 2, True)]


def test_what_comes_from_nothing_has_no_weak_point(ask: Callable[..., WeakPoints], graph, named) -> None:
    assert told(ask("raw1")) == []
    view = graph("ex:lonely a aims:Dataset .")
    assert told(weak_points_of(view, project(view, today=TODAY), named(view, "lonely"))) == []


def test_of_the_whole_they_come_by_how_many_are_cut_off_from_every_origin(
    ask: Callable[..., WeakPoints],
) -> None:
    answer = ask()
    assert told(answer) == [("model", None, 2, False)]
    assert (answer.origins, answer.targets, answer.of) == (3, 3, ("aims:AISystem",))
    assert [named.label for named in answer.nodes[0].examples] == ["other", "system"]


def test_what_is_left_out_is_counted(ask: Callable[..., WeakPoints]) -> None:
    answer = ask("system", most=1)
    assert (told(answer), answer.left_out) == ([("model", 1, 3, True)], 1)


def test_only_the_types_wanted_are_shown(ask: Callable[..., WeakPoints]) -> None:
    assert told(ask("third", types=("aims:Model",))) == [("model", 1, 2, False)]


def test_a_long_chain_needs_no_recursion() -> None:
    tail = np.arange(50_000)
    found, order = dominators(tail, tail + 1, 50_001, 0)
    assert found.tolist() == [-1, *range(50_000)]
    assert order.tolist() == list(range(50_001))
