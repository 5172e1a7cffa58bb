"""A graph in memory answers as one in a folder does, and says what it cannot do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph.errors import NodeNotFoundError, UsageError
from tests.conftest import NewStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.changeset import Edit

TEXT = """@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix airo: <https://w3id.org/airo#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix ex: <https://example.org/> .
ex:data a aims:Dataset ; rdfs:label "Data" . ex:model a aims:Model ; rdfs:label "Model" ; aims:trainedOn ex:data .
ex:system a aims:AISystem ; rdfs:label "System" ; aims:usesModel ex:model .
ex:other a airo:AISystem ; rdfs:label "Other" .
"""
UPDATE = """PREFIX aims: <https://w3id.org/aimsgraph/ns#>
DELETE { GRAPH ?g { ?m aims:trainedOn ?d } } INSERT { GRAPH ?g { ?m aims:evaluatedOn ?d } }
WHERE { GRAPH ?g { ?m aims:trainedOn ?d } }"""
MORE = TEXT + "ex:next a aims:Model ; rdfs:label 'Next' ; aims:trainedOn ex:data .\n"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that was loaded as it was, then with more in it."""
    return tmp_path_factory.mktemp("sources") / "a.ttl"


def filled(graph: aimsgraph.Graph, file: Path) -> aimsgraph.Graph:
    for text in (TEXT, MORE):
        file.write_text(text, encoding="utf-8")
        graph.load(file, author="ada")
    return graph


@pytest.fixture(scope="module")
def memory(file: Path) -> aimsgraph.Graph:
    """A graph in memory."""
    return filled(aimsgraph.in_memory(), file)


@pytest.fixture(scope="module")
def folder(file: Path, new_store: NewStore) -> aimsgraph.Graph:
    """The same in a folder."""
    return filled(new_store(file.with_name("aims.store")), file)


def told(graph: aimsgraph.Graph) -> list[tuple[object, ...]]:
    """What its changesets say, but for the time."""
    return [(c.number, c.author, c.message, c.source, c.graph, c.added, c.removed) for c in graph.log()]


def test_it_has_the_history_of_one_in_a_folder(memory: aimsgraph.Graph, folder: aimsgraph.Graph):
    assert told(memory) == told(folder)
    assert memory.diff("0").added == folder.diff("0").added
    assert memory.verify().intact
    assert memory.verify().statements == folder.verify().statements
    assert [one.author for one in memory.log(node="https://example.org/next")] == ["ada"]


QUESTIONS: dict[str, Callable[[aimsgraph.Graph], object]] = {
    "lineage": lambda graph: graph.lineage("System").edges,
    "impact": lambda graph: [(node.id, node.probability) for node in graph.impact("Data").nodes],
    "validation": lambda graph: [(one.shape, one.focus) for one in graph.validate().findings],
    "a query": lambda graph: graph.query("SELECT ?s ?o WHERE { ?s aims:trainedOn ?o } ORDER BY ?s").rows,
    "a query by graph": lambda graph: (
        graph.query("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g").rows
    ),
    "what was inferred": lambda graph: graph.read_as_ours(),
    "classes": lambda graph: graph.counts(),
    "what has changed": lambda graph: [
        (one.node.id, len(one.statements)) for one in graph.by_node(graph.diff("0"))
    ],
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_it_gives_the_answers_of_one_in_a_folder(memory: aimsgraph.Graph, folder: aimsgraph.Graph, name: str):
    answer = QUESTIONS[name](memory)
    assert answer
    assert answer == QUESTIONS[name](folder)


def test_what_was_before_can_be_asked_and_not_changed(memory: aimsgraph.Graph, file: Path):
    first, second = [one.number for one in memory.log(source=memory.log()[-1].source)]
    assert [node.label for node in memory.nodes(type="aims:Model")] == ["Model", "Next"]
    before = aimsgraph.open(memory.place, as_of=str(first))
    assert [node.label for node in before.nodes(type="aims:Model")] == ["Model"]
    with pytest.raises(NodeNotFoundError):
        before.lineage("Next")
    with pytest.raises(UsageError, match="cannot be changed"):
        before.load(file)
    assert second == len(memory.log())


def test_it_is_edited_as_one_in_a_folder(tmp_path: Path, new_store: NewStore):
    file = tmp_path / "a.ttl"
    graphs = filled(aimsgraph.in_memory(), file), filled(new_store(tmp_path / "aims.store"), file)
    name = next(c.source for c in graphs[0].log() if c.source and Path(c.source).name == "a.ttl")
    edits: list[Callable[[aimsgraph.Graph], Edit]] = [
        lambda graph: graph.update(UPDATE, author="ada", dry_run=True),
        lambda graph: graph.update(UPDATE, author="ada"),
        lambda graph: graph.remove(name, author="ada", dry_run=True),
        lambda graph: graph.remove(name, author="ada"),
    ]
    for edit in edits:
        here, there = (edit(graph).difference for graph in graphs)
        assert (here.added, here.removed) == (there.added, there.removed)
        assert here.added or here.removed
    assert told(graphs[0]) == told(graphs[1])


def test_what_needs_a_folder_is_refused_with_the_way_to_get_one(memory: aimsgraph.Graph, tmp_path: Path):
    refused: list[Callable[[], object]] = [
        lambda: memory.back_up(tmp_path / "copy"),
        lambda: memory.compact(),
        lambda: memory.trial().__enter__(),
    ]
    for call in refused:
        with pytest.raises(UsageError, match="in memory has no folder") as caught:
            call()
        assert "aimsgraph.restore" in (caught.value.hint or "")


def test_it_can_be_kept(memory: aimsgraph.Graph, tmp_path: Path):
    aimsgraph.restore(memory.place, tmp_path / "kept.store")
    assert aimsgraph.open(tmp_path / "kept.store").log() == memory.log()
    memory.bundle(tmp_path / "kept.zip")
    assert aimsgraph.verify_bundle(tmp_path / "kept.zip").head == memory.log()[-1].hash
