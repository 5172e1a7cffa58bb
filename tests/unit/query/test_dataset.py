from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import QueryInvalidError, QueryRefusedError
from aimsgraph.query import dataset, is_kept_back, read, run
from aimsgraph.query.binding import engine_text
from aimsgraph.vocab import EDITS_GRAPH, HISTORY_GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, SOURCE_GRAPH

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = "https://example.org/a", "https://example.org/b", "https://example.org/c"
NOW = datetime(2026, 9, 30, tzinfo=UTC)
COUNT = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"


def quads(graph: str, *names: str) -> list[ox.Quad]:
    node = ox.NamedNode
    return [ox.Quad(node(f"urn:{name}"), node("urn:p"), node("urn:o"), node(graph)) for name in names]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three graphs: x and y in a, y and z in b, z in c."""
    folder = tmp_path_factory.mktemp("dataset") / "store"
    store.create(folder, now=NOW)
    with store.open_writer(folder) as writer:
        added = [*quads(A, "x", "y"), *quads(B, "y", "z"), *quads(C, "z")]
        writer.commit([store.Change(None, "ada", "three graphs", added)], now=NOW)
    return folder


def names(place: Path, text: str) -> list[str]:
    return sorted(str(row["s"]).removeprefix("urn:") for row in run(place, text))


@pytest.mark.parametrize(
    ("clauses", "found"),
    [
        ("", ["x", "y", "z"]),
        (f"FROM <{A}>", ["x", "y"]),
        (f"FROM <{A}> FROM <{B}>", ["x", "y", "z"]),
        (f"FROM <{A}> FROM <{A}>", ["x", "y"]),
        (f"FROM <{A}> FROM <{B}> FROM <{C}> FROM NAMED <{C}>", ["x", "y", "z"]),
        (f"FROM NAMED <{A}>", []),
        (f"FROM <{EDITS_GRAPH}>", []),
    ],
)
def test_the_default_graph_is_the_merge_of_the_graphs_named(place: Path, clauses: str, found: list[str]):
    assert names(place, f"SELECT ?s {clauses} {{ ?s ?p ?o }}") == found
    assert [int(row["n"]) for row in run(place, COUNT.format(clauses))] == [len(found)]


def test_a_statement_of_several_graphs_counts_once(place: Path):
    held = {A: {"x", "y"}, B: {"y", "z"}, C: {"z"}}
    for chosen in (one for size in (1, 2, 3) for one in combinations(held, size)):
        clauses = " ".join(f"FROM <{graph}>" for graph in chosen)
        [row] = run(place, COUNT.format(clauses))
        assert int(row["n"]) == len(set().union(*(held[graph] for graph in chosen)))


def test_named_graphs_are_those_named(place: Path):
    clauses = f"FROM <{A}> FROM <{B}> FROM NAMED <{C}>"
    text = f"SELECT DISTINCT ?g {clauses} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert [str(row["g"]) for row in run(place, text)] == [C]
    assert not run(place, f"ASK FROM NAMED <{B}> {{ GRAPH <{C}> {{ ?s ?p ?o }} }}")


def test_names_may_be_prefixed_or_relative(place: Path):
    opening = "BASE <https://example.org/x> PREFIX e: <https://example.org/>"
    text = f"{opening} SELECT ?s FROM <c#> FROM e:c FROM <c> {{ ?s ?p ?o }}"  # noqa: S608 - it is SPARQL
    with pytest.raises(QueryRefusedError, match="c#> is no graph of this store"):
        run(place, text)
    assert names(place, text.replace("FROM <c#>", "")) == ["z"]


def test_a_graph_that_is_not_there_is_refused_and_each_is_named(place: Path):
    with pytest.raises(QueryRefusedError) as caught:
        run(place, f"ASK FROM <http://127.0.0.1:1/> FROM <{A}> FROM NAMED <urn:nowhere> {{ ?s ?p ?o }}")
    assert [one.message.split(">")[0] for one in caught.value.problems] == [
        "<http://127.0.0.1:1/",
        "<urn:nowhere",
    ]


def test_no_dataset_clause_reaches_the_engine():
    text = "SELECT ?FROM\n# FROM <urn:a>\nFROM <urn:a#b>FROM NAMED<urn:c> # x\n WHERE { ?FROM ?p 'FROM <urn:x>' }"
    checked = read(text)
    assert (checked.default, checked.named, checked.clauses) == (("urn:a#b",), ("urn:c",), 2)
    assert "urn:a" not in engine_text(checked).text
    written = engine_text(checked).text
    assert written.split() == ["SELECT", "?FROM", "WHERE", "{", "?FROM", "?p", "'FROM", "<urn:x>'", "}"]


def test_a_fault_behind_a_dataset_clause_is_told_at_its_place(place: Path):
    with pytest.raises(QueryInvalidError) as caught:
        run(place, f"ASK FROM <{A}>\nWHERE {{ ?s ?p }}")
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 15)


def test_who_may_not_see_the_books_sees_all_other_graphs(place: Path):
    view = store.open_view(place)
    assert HISTORY_GRAPH in view.graphs()
    assert dataset(view, None, None) == (None, None)
    assert dataset(view, None, None, reserved=False) == (None, (A, B, C))
    assert dataset(view, None, None, reserved=False, asks_named=False) == (None, ())
    said = []
    for graph in (HISTORY_GRAPH, HISTORY_GRAPH.replace("history", "nowhere")):
        with pytest.raises(QueryRefusedError) as caught:
            dataset(view, [graph], None, reserved=False)
        said.append(str(caught.value).replace(graph, "…"))
    assert said[0] == said[1]


def test_the_ontology_and_what_was_inferred_are_not_kept_back():
    assert [is_kept_back(one) for one in (ONTOLOGY_GRAPH, INFERRED_GRAPH, SOURCE_GRAPH + "x", "urn:x")] == [
        False
    ] * 4
    assert is_kept_back(HISTORY_GRAPH)


def test_memory_answers_as_a_folder_does():
    from aimsgraph.store.memory import memory_view_of

    view = memory_view_of([*quads(A, "x", "y"), *quads(B, "y")], graph=SOURCE_GRAPH + "memory")
    found = run(view, COUNT.format(f"FROM <{A}> FROM <{B}>"))
    assert [int(row["n"]) for row in found] == [2]
