"""Which nodes reach the most others, and what the answer says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aimsgraph.trace import blast_radius, project, to_networkx
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.store import View

    Graph = Callable[..., View]

CHAIN = """ex:b aims:dependsOn ex:a . ex:c aims:dependsOn ex:b . ex:d aims:dependsOn ex:c . ex:b aims:dependsOn ex:c .
ex:r aims:threatens ex:a . ex:k aims:guards ex:a . ex:a aims:leak 0.5 . ex:d aims:gate aims:AndGate ."""


@pytest.mark.parametrize(("work", "method"), [(10, "exact"), (-1, "estimate")])
def test_those_that_reach_the_most_come_first(graph: Graph, work: int, method: str) -> None:
    view = graph(CHAIN)
    answer = blast_radius(view, project(view, today=TODAY), rows=3, exact_work=work)
    assert [(node.id.removeprefix(EX), node.reaches) for node in answer.nodes] == [
        ("a", 3),
        ("b", 2),
        ("c", 2),
    ]
    assert (answer.method, answer.relative_error > 0) == (method, method == "estimate")
    assert (answer.left_out, answer.completeness.complete, answer.completeness.nodes) == (2, True, 5)


def test_threats_count_when_asked_for_and_up_is_the_other_way(graph: Graph) -> None:
    view = graph(CHAIN)
    projection = project(view, today=TODAY)
    first = blast_radius(view, projection, rows=1, include_threats=True).nodes[0]
    assert (first.id, first.reaches) == (EX + "r", 4)
    up = blast_radius(view, projection, rows=1, direction="up").nodes[0]
    assert (up.id, up.reaches) == (EX + "d", 3)


def test_nothing_reaches_nothing(graph: Graph) -> None:
    view = graph()
    answer = blast_radius(view, project(view, today=TODAY))
    assert (answer.nodes, answer.left_out, answer.method) == ((), 0, "exact")


def test_networkx_gets_all_that_is_known(graph: Graph) -> None:
    view = graph(CHAIN)
    found = to_networkx(project(view, today=TODAY))
    assert found.nodes[EX + "a"] == {"guards": (EX + "k",), "leak": 0.5}
    assert found.nodes[EX + "d"] == {"needs": 1}
    assert found.edges[EX + "r", EX + "a", 0]["threat"]
    edge = found.edges[EX + "a", EX + "b", 0]
    assert (edge["property"], edge["basis"], edge["threat"]) == ("aims:dependsOn", "default", False)
    assert (found.number_of_edges(), found.graph["date"]) == (5, TODAY.isoformat())
