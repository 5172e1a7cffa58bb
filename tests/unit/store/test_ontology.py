"""The ontology's graphs are brought up to date, and left alone when they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph

from aimsgraph import resources, store
from aimsgraph.vocab import ONTOLOGY_GRAPH
from tests.unit.store.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path


def test_the_modules_share_a_graph_and_others_have_their_own(folder: Path):
    with store.open_writer(folder) as writer:
        made = store.sync_ontology(writer, now=NOW)
        assert store.sync_ontology(writer, now=NOW) == []
    top = resources.folder("ontology")
    below = [path for path in resources.files("ontology", "*.ttl") if path.parent != top]
    assert [change.graph for change in made] == [
        ONTOLOGY_GRAPH,
        *(f"{ONTOLOGY_GRAPH}/{path.parent.name}/{path.stem}" for path in below),
    ]
    modules = Graph()
    for path in top.glob("*.ttl"):
        modules.parse(path)
    assert len(store.open_view(folder).to_rdflib(ONTOLOGY_GRAPH)) == len(modules)
    assert store.verify(folder).intact


def test_a_changed_file_is_one_changeset_with_the_difference(folder: Path, tmp_path: Path):
    file = tmp_path / "own.ttl"
    file.write_text("<urn:a> <urn:b> <urn:c> , <urn:d> , [ <urn:e> 1 ] .")
    with store.open_writer(folder) as writer:
        store.sync_ontology(writer, now=NOW, files=[file])
        file.write_text("<urn:a> <urn:b> <urn:c> , [ <urn:e> 1 ] .")
        made = store.sync_ontology(writer, now=NOW, files=[file])
    assert [(change.added, change.removed) for change in made] == [(0, 1)]
