"""Every backend shows the same content in the same way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from rdflib import Literal, URIRef
from rdflib.compare import isomorphic

from aimsgraph import ingest, store

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.store import View

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
EX = "https://example.org/"
TEXT = """@prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:a ex:p ex:b , ex:c , "b" ; ex:n 1.50 , true , "x"@en-GB ; rdfs:label "A" . ex:b ex:p ex:a . ex:c ex:q [ ex:n 3 ] ."""


@pytest.fixture(params=["memory", "embedded"])
def view(request: pytest.FixtureRequest, tmp_path: Path) -> View:
    if request.param == "memory":
        return store.memory_view(TEXT)
    (tmp_path / "a.ttl").write_text(TEXT)
    store.create(tmp_path / "aims.store", now=NOW)
    with store.open_writer(tmp_path / "aims.store") as writer:
        ingest.load_files(writer, [tmp_path / "a.ttl"], author="a", now=NOW)
    return store.open_view(tmp_path / "aims.store")


def test_the_union_is_counted_once(view: View):
    assert view.count() == 10


def test_a_snapshot_is_a_sha256(view: View):
    assert view.snapshot.startswith("sha256:")
    assert len(view.snapshot) == 7 + 64


def test_only_a_store_on_disk_has_a_place(view: View):
    assert (view.location is None) == (len(view.graphs()) == 1)


def test_selecting_gives_exact_terms(view: View):
    rows = view.select(f"SELECT ?o WHERE {{ <{EX}a> <{EX}n> ?o }}")
    assert {row["o"] for row in rows} == {
        Literal("1.5", datatype=URIRef("http://www.w3.org/2001/XMLSchema#decimal")),
        Literal("true", datatype=URIRef("http://www.w3.org/2001/XMLSchema#boolean")),
        Literal("x", lang="en-gb"),
    }


def test_bindings_narrow_a_question(view: View):
    query = "SELECT ?s ?o WHERE { ?s <https://example.org/p> ?o }"
    assert len(view.select(query)) == 4
    assert view.select(query, {"s": URIRef(EX + "b")}) == [{"s": URIRef(EX + "b"), "o": URIRef(EX + "a")}]
    assert view.select(query, {"o": Literal("b")}) == [{"s": URIRef(EX + "a"), "o": Literal("b")}]
    assert not view.ask("ASK { ?s ?p ?o }", {"s": URIRef(EX + "nothing")})


def test_edges_leave_literals_out(view: View):
    assert sorted(view.edges([EX + "p"])) == [
        (EX + "a", EX + "p", EX + "b"),
        (EX + "a", EX + "p", EX + "c"),
        (EX + "b", EX + "p", EX + "a"),
    ]
    assert list(view.edges([])) == []


def test_blank_nodes_have_names_that_last(view: View):
    (node,) = view.objects(EX + "c", EX + "q")
    assert isinstance(node, URIRef)
    assert view.objects(str(node), EX + "n") == [
        Literal("3", datatype=URIRef("http://www.w3.org/2001/XMLSchema#integer"))
    ]


def test_a_source_alone_can_be_copied(view: View):
    source = next(graph for graph in view.graphs() if "source" in graph)
    assert isomorphic(view.to_rdflib(), view.to_rdflib(source))
