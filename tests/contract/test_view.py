"""Every backend shows the same content in the same way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from bench.oxigraph_server import program, serving
from rdflib import Literal, URIRef
from rdflib.compare import isomorphic

from aimsgraph import ingest, store
from aimsgraph.errors import QueryInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.store import View

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
EX = "https://example.org/"
TEXT = """@prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:a ex:p ex:b , ex:c , "b" ; ex:n 1.50 , true , "x"@en-GB ; rdfs:label "A" . ex:b ex:p ex:a . ex:c ex:q [ ex:n 3 ] ."""


@pytest.fixture(params=["memory", "embedded", "server"])
def view(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[View]:
    if request.param == "memory":
        yield store.memory_view(TEXT)
        return
    (tmp_path / "a.ttl").write_text(TEXT)
    store.create(tmp_path / "aims.store", now=NOW)
    with store.open_writer(tmp_path / "aims.store") as writer:
        ingest.load_files(writer, [tmp_path / "a.ttl"], author="a", now=NOW)
        if request.param == "server":
            if program() is None:
                pytest.skip("the Oxigraph server is not installed (package oxigraph)")
            ox.serialize(writer.view().store, tmp_path / "a.nq", format=ox.RdfFormat.N_QUADS)
    if request.param == "server":
        with serving(tmp_path / "a.nq") as address:
            yield store.open_place(store.place(address))
    else:
        yield store.open_view(tmp_path / "aims.store")


def test_the_union_is_counted_once(view: View):
    assert view.count() == 10


def test_a_snapshot_is_a_sha256(view: View):
    assert view.snapshot.startswith("sha256:")
    assert len(view.snapshot) == 7 + 64


def test_only_a_store_on_disk_has_a_place(view: View):
    assert (view.location is not None) == (isinstance(view, store.EmbeddedView) and len(view.graphs()) > 1)


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


def test_rows_come_one_at_a_time(view: View):
    rows = view.rows("SELECT ?s ?o WHERE { ?s <https://example.org/p> ?o } ORDER BY ?s ?o")
    assert next(rows) == {"s": URIRef(EX + "a"), "o": URIRef(EX + "b")}
    assert len(list(rows)) == 3
    assert list(view.rows("SELECT ?s ?none WHERE { ?s <https://example.org/q> ?o }")) == [
        {"s": URIRef(EX + "c")}
    ]


@pytest.mark.parametrize("query", ["SELECT ?s WHERE {", "ASK { ?s ?p ?o }"])
def test_what_is_no_select_is_refused_before_the_first_row(view: View, query: str):
    with pytest.raises(QueryInvalidError):
        view.rows(query)


def test_what_is_no_ask_is_refused(view: View):
    assert view.ask("ASK { aims:Model ?p ?o }") is False
    with pytest.raises(QueryInvalidError):
        view.ask("SELECT ?s WHERE { ?s ?p ?o }")


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
