"""A part of a store holds the chosen graphs, the ontology, what follows from them, and nothing else, at any time."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import aimsgraph
from aimsgraph.store import Change, Parts, create
from aimsgraph.store.part import PARTS
from aimsgraph.vocab import HISTORY_GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, SOURCE_GRAPH

if TYPE_CHECKING:
    from aimsgraph.engine import Graph

PREFIXES = "@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix ex: <https://example.org/> .\n"
OPEN = PREFIXES + "ex:open a aims:Dataset ; aims:dependsOn ex:shared . ex:shared a aims:Dataset .\n"
HIDDEN = PREFIXES + (
    "@prefix airo: <https://w3id.org/airo#> .\n"
    "ex:zebra a airo:AISystem ; aims:usesDataset ex:open . ex:shared a aims:Dataset .\n"
)
ONTOLOGY = PREFIXES + "aims:Dataset a <http://www.w3.org/2002/07/owl#Class> .\n"
OPEN_GRAPH, HIDDEN_GRAPH = f"{SOURCE_GRAPH}open.ttl", f"{SOURCE_GRAPH}zebra.ttl"


def change(graph: str, text: str) -> Change:
    name = graph.rpartition("/")[2]
    return Change(graph, "Ada", f"Load {name}", ox.parse(text, ox.RdfFormat.TURTLE), source=name)


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    """A store with two sources and an ontology of one statement: what a part is made of, without the length of ours."""
    place = tmp_path / "aims.store"
    create(place, now=datetime(2026, 3, 1, tzinfo=UTC))
    made = aimsgraph.open(place)
    written = ((ONTOLOGY_GRAPH, ONTOLOGY), (OPEN_GRAPH, OPEN), (HIDDEN_GRAPH, HIDDEN))
    with made.writer() as writer:
        for day, (name, text) in enumerate(written, start=1):
            writer.commit([change(name, text)], now=datetime(2026, 3, day, tzinfo=UTC))
    return made


@pytest.fixture
def parts(graph: Graph) -> Parts:
    return Parts(graph.path, graph.path / PARTS)


def statements(graph: Graph, named: str | None = None) -> set[tuple[str, ...]]:
    return {tuple(map(str, triple)) for triple in graph.view().to_rdflib(named)}


def test_a_part_holds_the_chosen_graphs_and_the_ontology_alone(graph: Graph, parts: Parts) -> None:
    part = aimsgraph.open(parts.of({OPEN_GRAPH}))
    kept = [name for name in graph.view().graphs() if name.startswith(ONTOLOGY_GRAPH)]
    assert part.view().graphs() == sorted([OPEN_GRAPH, HISTORY_GRAPH, *kept])
    expected = set().union(*(statements(graph, name) for name in (OPEN_GRAPH, *kept)))
    assert statements(part) == expected


def test_what_follows_follows_from_what_is_seen_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("open.ttl", OPEN), ("zebra.ttl", HIDDEN)):
        Path(name).write_text(text, encoding="utf-8")
    graph = aimsgraph.in_memory()
    graph.load("open.ttl", "zebra.ttl")
    assert INFERRED_GRAPH in graph.view().graphs()
    parts = Parts(graph.place, tmp_path / "parts")
    assert INFERRED_GRAPH not in aimsgraph.open(parts.of({OPEN_GRAPH})).view().graphs()
    other = aimsgraph.open(parts.of({HIDDEN_GRAPH}))
    assert statements(other, INFERRED_GRAPH) == statements(graph, INFERRED_GRAPH)


def test_no_text_of_a_hidden_source_is_anywhere_in_a_part(parts: Parts) -> None:
    folder = parts.of({OPEN_GRAPH})
    assert all(b"zebra" not in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_part_is_renewed_and_is_then_the_same_as_one_made_anew(
    graph: Graph, parts: Parts, tmp_path: Path
) -> None:
    parts.of({OPEN_GRAPH})
    graph.update(
        "PREFIX ex: <https://example.org/> PREFIX aims: <https://w3id.org/aimsgraph/ns#> "
        f"DELETE DATA {{ GRAPH <{OPEN_GRAPH}> {{ ex:shared a aims:Dataset }} }} ; "
        f"INSERT DATA {{ GRAPH <{HIDDEN_GRAPH}> {{ ex:zebra ex:is 'x' }} "
        f"GRAPH <{OPEN_GRAPH}> {{ ex:open ex:is 'y' }} }}",
        author="Ada",
        message="tells of the zebra",
    )
    renewed, anew = (
        aimsgraph.open(one.of({OPEN_GRAPH})) for one in (parts, Parts(graph.path, tmp_path / "elsewhere"))
    )
    assert renewed.view().snapshot == anew.view().snapshot
    assert statements(renewed) == statements(anew)
    assert ("https://example.org/open", "https://example.org/is", "y") in statements(renewed)
    assert not any("zebra" in part for triple in statements(renewed) for part in triple)
    newest = renewed.log()[-1]
    assert (newest.author, newest.added, newest.removed) == ("aimsgraph", 1, 1)
    assert "zebra" not in newest.message


def test_a_change_of_hidden_graphs_leaves_a_part_as_it_is(graph: Graph, parts: Parts) -> None:
    before = aimsgraph.open(parts.of({OPEN_GRAPH})).view().snapshot
    graph.update(f"INSERT DATA {{ GRAPH <{HIDDEN_GRAPH}> {{ <urn:a> <urn:b> <urn:c> }} }}", author="Ada")
    assert aimsgraph.open(parts.of({OPEN_GRAPH})).view().snapshot == before


def test_a_part_can_be_seen_as_it_was(graph: Graph, parts: Parts) -> None:
    then = graph.log()[-1].time
    graph.update(f"INSERT DATA {{ GRAPH <{OPEN_GRAPH}> {{ <urn:a> <urn:b> <urn:c> }} }}", author="Ada")
    folder = parts.of({OPEN_GRAPH})
    was = aimsgraph.open(folder, as_of=then.isoformat())
    assert ("urn:a", "urn:b", "urn:c") in statements(aimsgraph.open(folder))
    assert ("urn:a", "urn:b", "urn:c") not in statements(was)


def test_a_part_of_another_history_is_made_anew(graph: Graph, parts: Parts, tmp_path: Path) -> None:
    folder = parts.of({OPEN_GRAPH})
    (folder / "whole.json").write_text('{"number": 3, "hash": "sha256:0"}', encoding="utf-8")
    assert statements(aimsgraph.open(parts.of({OPEN_GRAPH}))) == statements(
        aimsgraph.open(Parts(graph.path, tmp_path / "elsewhere").of({OPEN_GRAPH}))
    )


def test_reserved_graphs_are_in_no_part(parts: Parts) -> None:
    part = aimsgraph.open(parts.of({HISTORY_GRAPH, INFERRED_GRAPH}))
    assert part.view().graphs() == [HISTORY_GRAPH, ONTOLOGY_GRAPH]
    assert [one.graph for one in part.log()] == [ONTOLOGY_GRAPH]


def test_processes_that_ask_at_once_make_a_part_once(graph: Graph) -> None:
    """Each has its own idea of what is there, as processes have."""
    known = Parts(graph.path, graph.path / "elsewhere").of({OPEN_GRAPH})
    for _ in range(3):
        shutil.rmtree(graph.path / PARTS, ignore_errors=True)
        with ThreadPoolExecutor(4) as pool:
            asked = [
                pool.submit(Parts(graph.path, graph.path / PARTS).of, frozenset({OPEN_GRAPH}))
                for _ in range(4)
            ]
            folders = {one.result() for one in asked}
        (folder,) = folders
        assert aimsgraph.open(folder).view().snapshot == aimsgraph.open(known).view().snapshot
        assert statements(aimsgraph.open(folder)) == statements(aimsgraph.open(known))
        assert aimsgraph.open(folder).verify().intact
