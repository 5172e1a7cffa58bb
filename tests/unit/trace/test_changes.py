"""What changed in a lineage from one state of a store to another."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph.errors import NodeNotFoundError, UsageError
from tests.conftest import NewStore
from tests.unit.trace.conftest import EX, PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.engine import Graph
    from aimsgraph.model.routes import LineageChange

FIRST = """
ex:raw a aims:Dataset . ex:clean prov:wasDerivedFrom ex:raw . ex:set prov:wasDerivedFrom ex:clean .
ex:model a aims:Model ; aims:trainedOn ex:set ; prov:wasDerivedFrom ex:base .
"""
THEN = """
ex:raw a aims:Dataset . ex:clean prov:wasDerivedFrom ex:raw . ex:set prov:wasDerivedFrom ex:clean .
ex:model a aims:Model ; aims:trainedOn ex:set , ex:clean , ex:extra .
"""
QUALIFIED = """
ex:model aims:qualifiedDependency ex:q . ex:q aims:on ex:set ; aims:via aims:trainedOn ;
  aims:dependencyValidUntil "2026-01-01"^^xsd:date .
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> Graph:
    """Five changesets after the ontology: first, something else, then, a period, and one that ends later."""
    folder = tmp_path_factory.mktemp("changes")
    graph = new_store(folder / "aims.store")
    for name, text in (
        ("register", FIRST), ("other", "ex:x ex:y ex:z ."), ("register", THEN),
        ("period", QUALIFIED), ("period", QUALIFIED.replace("2026-01-01", "2026-12-31")),
    ):  # fmt: skip
        path: Path = folder / f"{name}.ttl"
        path.write_text(PREFIXES + text, encoding="utf-8")
        graph.load(path)
    graph.refresh()
    return graph


@pytest.fixture
def numbers(graph: Graph) -> list[int]:
    return [changeset.number for changeset in graph.log()][-5:]


def ids(nodes: tuple) -> list[str]:
    return [node.id.removeprefix(EX) for node in nodes]


def edges(edges: tuple) -> list[tuple[str, str, str]]:
    return [(e.source.removeprefix(EX), e.property, e.target.removeprefix(EX)) for e in edges]


DAY = date(2026, 9, 30)


def asked(graph: Graph, since: int | str, name: str = "model", **options: object) -> LineageChange:
    return graph.lineage_change(EX + name, since=str(since), date=DAY, **options)  # type: ignore[arg-type]


def test_nodes_and_edges_come_go_and_move(graph: Graph, numbers: list[int]) -> None:
    answer = asked(aimsgraph.open(graph.path, as_of=str(numbers[2])), numbers[0])
    assert [(node.id.removeprefix(EX), node.hops) for node in answer.added] == [("extra", 1)]
    assert [(node.id.removeprefix(EX), node.hops) for node in answer.removed] == [("base", 1)]
    assert [(n.id.removeprefix(EX), n.before, n.after) for n in answer.moved] == [
        ("clean", 2, 1),
        ("raw", 3, 2),
    ]
    assert edges(answer.edges_added) == [
        ("clean", "aims:trainedOn", "model"),
        ("extra", "aims:trainedOn", "model"),
    ]
    assert edges(answer.edges_removed) == [("base", "prov:wasDerivedFrom", "model")]
    assert answer.completeness.complete


def test_it_says_which_states_and_which_changesets(graph: Graph, numbers: list[int]) -> None:
    answer = asked(aimsgraph.open(graph.path, as_of=str(numbers[2])), numbers[0])
    assert (answer.since.changeset, answer.until.changeset) == (numbers[0], numbers[2])
    assert [changeset.number for changeset in answer.changesets or ()] == [numbers[2]]


def test_a_period_that_ended_takes_a_dependency_away_and_back(graph: Graph, numbers: list[int]) -> None:
    ended = asked(aimsgraph.open(graph.path, as_of=str(numbers[3])), numbers[2])
    assert (ids(ended.removed), edges(ended.edges_removed)) == (
        ["set"],
        [("clean", "prov:wasDerivedFrom", "set"), ("set", "aims:trainedOn", "model")],
    )
    assert [changeset.number for changeset in ended.changesets or ()] == [numbers[3]]
    back = asked(graph, numbers[3])
    assert ids(back.added) == ["set"]
    assert [changeset.number for changeset in back.changesets or ()] == [numbers[4]]


def test_where_nothing_bears_on_it_nothing_changed(graph: Graph, numbers: list[int]) -> None:
    answer = asked(aimsgraph.open(graph.path, as_of=str(numbers[1])), numbers[0])
    assert (answer.added, answer.removed, answer.moved, answer.edges_added, answer.changesets) == (
        (),
        (),
        (),
        (),
        (),
    )


def test_named_the_other_way_round_what_came_went(graph: Graph, numbers: list[int]) -> None:
    older = aimsgraph.open(graph.path, as_of=str(numbers[0]))
    answer = asked(older, numbers[2])
    assert (ids(answer.added), ids(answer.removed)) == (["base"], ["extra"])
    assert [changeset.number for changeset in answer.changesets or ()] == [numbers[2]]


def test_a_node_that_is_there_no_more_has_lost_its_lineage(graph: Graph, numbers: list[int]) -> None:
    answer = asked(graph, numbers[0], name="base", direction="down")
    assert ids(answer.removed) == ["model"]


def test_before_there_was_anything_all_of_it_came(graph: Graph) -> None:
    answer = asked(graph, "0")
    assert answer.since.changeset == 0
    assert sorted(ids(answer.added)) == ["clean", "extra", "raw", "set"]


def test_what_never_was_is_not_found(graph: Graph, numbers: list[int]) -> None:
    with pytest.raises(NodeNotFoundError):
        asked(graph, numbers[0], name="nonsense")
    with pytest.raises(UsageError):
        asked(graph, "9999")


def test_too_much_to_look_through_is_said(
    graph: Graph, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimsgraph.dependencies.MOST_STATEMENTS", 1)
    assert asked(graph, numbers[0]).changesets is None
