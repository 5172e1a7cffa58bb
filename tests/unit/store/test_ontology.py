"""The ontology's graphs are brought up to date, and left alone when they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
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


def test_a_store_made_with_another_edition_gets_this_one_and_one_without_stays_without(folder: Path):
    with store.open_writer(folder) as writer:
        assert store.renew_ontology(writer, now=NOW) == []
        store.sync_ontology(writer, now=NOW)
        assert store.renew_ontology(writer, now=NOW) == []
        whole = writer.view().count()
        for name in ("rules/reading-airo", "gone"):
            statement = ox.Quad(*[ox.NamedNode(f"urn:{name}")] * 3)
            graph = f"{ONTOLOGY_GRAPH}/{name}"
            writer.replace(
                graph, [statement], author="old", message="As it was", now=NOW, source_sha256="0" * 64
            )
        made = store.renew_ontology(writer, now=NOW)
        assert [(changed.graph, changed.source, changed.removed) for changed in made] == [
            (f"{ONTOLOGY_GRAPH}/rules/reading-airo", "ontology/rules/reading-airo.ttl", 1),
            (f"{ONTOLOGY_GRAPH}/gone", "ontology/gone", 1),
        ]
        assert writer.view().count() == whole
        assert store.renew_ontology(writer, now=NOW) == []
    assert store.verify(folder).intact
