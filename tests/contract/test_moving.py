"""A store moves with its whole history: into a bundle and out of it, onto a server and back, with the same hashes."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bench.oxigraph_server import program, serving
from hypothesis import HealthCheck, Phase, given, settings

import aimsgraph
from aimsgraph import store
from aimsgraph.errors import InputNotReadableError, StoreAlteredError, StoreExistsError
from tests.conftest import NewStore
from tests.property.test_history_laws import COMMITS, content, written

if TYPE_CHECKING:
    from aimsgraph.store import Change

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
TEXT = """@prefix ex: <https://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix airo: <https://w3id.org/airo#> .
ex:a ex:p 1.50 , "x"@en-GB , "2026-09-30T12:00:00+02:00"^^xsd:dateTime , 123456789012345678901234567890 , "😀" , [] .
ex:system a airo:AISystem ."""


@pytest.fixture
def graph(tmp_path: Path, new_store: NewStore) -> aimsgraph.Graph:
    """A store with the ontology, a source that was changed, what was inferred, and an update."""
    (tmp_path / "a.ttl").write_text(TEXT, encoding="utf-8")
    graph = new_store(tmp_path / "aims.store")
    graph.load(tmp_path / "a.ttl", author="ada")
    graph.update("DELETE WHERE { ?s ?p 1.5 } ; INSERT DATA { <urn:x> <urn:p> 'y' }", author="bob")
    return graph


def hashes(graph: aimsgraph.Graph) -> list[str]:
    return [changeset.hash for changeset in graph.log()]


def test_a_bundle_becomes_a_store_with_the_same_hashes(graph: aimsgraph.Graph, tmp_path: Path):
    graph.bundle(tmp_path / "all.zip")
    copied = aimsgraph.restore(tmp_path / "all.zip", tmp_path / "back.store")
    back = aimsgraph.open(tmp_path / "back.store")
    assert hashes(back) == hashes(graph)
    assert copied.head == graph.view().snapshot
    assert back.verify() == graph.verify()
    assert set(back.view().to_rdflib()) == set(graph.view().to_rdflib())
    back.bundle(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "all.zip").read_bytes()


def test_a_store_moves_to_a_server_and_back_with_the_same_hashes(graph: aimsgraph.Graph, tmp_path: Path):
    if program() is None:
        pytest.skip("the Oxigraph server is not installed (package oxigraph)")
    with serving() as address:
        aimsgraph.restore(tmp_path / "aims.store", address)
        there = aimsgraph.open(address)
        assert hashes(there) == hashes(graph)
        assert there.verify().intact
        with pytest.raises(StoreExistsError):
            aimsgraph.restore(tmp_path / "aims.store", address)
        there.bundle(tmp_path / "there.zip")
        aimsgraph.restore(address, tmp_path / "back.store")
        first = str(graph.log()[-3].number)
        then, here = (aimsgraph.open(place, as_of=first) for place in (address, tmp_path / "aims.store"))
        assert set(then.view().to_rdflib()) == set(here.view().to_rdflib())
        assert hashes(then) == hashes(graph)[:-2]
    assert hashes(aimsgraph.open(tmp_path / "back.store")) == hashes(graph)
    graph.bundle(tmp_path / "here.zip")
    assert (tmp_path / "here.zip").read_bytes() == (tmp_path / "there.zip").read_bytes()


def test_an_altered_bundle_is_not_brought_back(graph: aimsgraph.Graph, tmp_path: Path):
    graph.bundle(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as whole, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        for name in whole.namelist():
            bad.writestr(name, whole.read(name).replace(b'"author":"ada"', b'"author":"eve"'))
    with pytest.raises(StoreAlteredError, match="altered"):
        aimsgraph.restore(tmp_path / "bad.zip", tmp_path / "back.store")
    with pytest.raises(InputNotReadableError):
        aimsgraph.restore(tmp_path / "a.ttl", tmp_path / "back.store")
    assert not (tmp_path / "back.store").exists()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(commits=COMMITS)
def test_any_history_comes_out_of_a_bundle_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, commits: list[list[Change]]
):
    folder = tmp_path_factory.mktemp("law")
    written(folder / "aims.store", commits)
    store.write_bundle(folder / "aims.store", folder / "all.zip")
    store.do_again(store.entries_in(folder / "all.zip"), folder / "back.store", now=NOW)
    assert content(store.open_view(folder / "back.store")) == content(store.open_view(folder / "aims.store"))
    assert store.verify(folder / "back.store").intact
