"""A view in memory behaves as one of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import Literal, URIRef
from rdflib.compare import isomorphic

from aimsgraph.errors import QueryInvalidError, UsageError
from aimsgraph.store import changesets, memory_view
from aimsgraph.vocab import GENID, SOURCE_GRAPH, XSD

if TYPE_CHECKING:
    from pathlib import Path

EX = "https://example.org/"
TEXT = """@prefix ex: <https://example.org/> .
ex:a ex:p ex:b , "text" ; ex:q 1.50 , "x"@en-GB , [ ex:r true ] . ex:b ex:p ex:a . ex:c ex:s ex:a ."""


def test_texts_and_files_join_with_blank_nodes_apart(tmp_path: Path):
    (tmp_path / "f.ttl").write_text("[] <https://example.org/r> true .")
    view = memory_view(TEXT, tmp_path / "f.ttl")
    assert view.count() == 9
    assert {str(row["s"]) for row in view.select("SELECT ?s WHERE { ?s <https://example.org/r> ?o }")} == {
        f"{GENID}memory-0/1",
        f"{GENID}memory-1/1",
    }
    assert view.graphs() == [SOURCE_GRAPH + "memory"]
    assert view.location is None


def test_the_snapshot_identifies_the_content():
    assert memory_view(TEXT).snapshot == memory_view(TEXT).snapshot
    assert memory_view(TEXT).snapshot != memory_view(TEXT + " ex:x ex:y ex:z .").snapshot


def test_edges_are_iris_only_each_predicate_once():
    edges = sorted(memory_view(TEXT).edges([EX + "p", EX + "p", EX + "s"]))
    assert edges == [
        (EX + "a", EX + "p", EX + "b"),
        (EX + "b", EX + "p", EX + "a"),
        (EX + "c", EX + "s", EX + "a"),
    ]


def test_rows_hold_rdflib_terms_and_leave_unbound_out():
    view = memory_view(TEXT)
    query = f"SELECT ?o ?n WHERE {{ <{EX}a> <{EX}p> ?o OPTIONAL {{ ?o <{EX}none> ?n }} }} ORDER BY ?o"
    assert view.select(query) == [{"o": URIRef(EX + "b")}, {"o": Literal("text")}]


def test_bindings_are_terms_and_come_back_in_the_rows():
    view = memory_view(TEXT)
    bound = {"s": URIRef(EX + "a"), "o": Literal("1.5", datatype=URIRef(XSD + "decimal"))}
    assert view.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }", bound) == [bound | {"p": URIRef(EX + "q")}]
    assert view.ask("ASK { ?s ?p ?o }", bound)
    assert not view.ask("ASK { ?s ?p ?o }", {"s": Literal('"} injected {')})


def test_objects_are_sorted():
    found = memory_view(TEXT).objects(EX + "a", EX + "q")
    assert found[1:] == [Literal("1.5", datatype=URIRef(XSD + "decimal")), Literal("x", lang="en-gb")]


def test_a_copy_for_rdflib_is_the_same_graph():
    view = memory_view(TEXT)
    assert len(view.to_rdflib()) == view.count()
    assert isomorphic(view.to_rdflib(), view.to_rdflib(SOURCE_GRAPH + "memory"))
    assert len(view.to_rdflib(EX + "none")) == 0


@pytest.mark.parametrize("query", ["SELECT", "ASK { ?s ?p ?o }", "SELECT * WHERE { ?s ?p ?o . ?u:x }"])
def test_what_is_no_select_is_refused(query: str):
    with pytest.raises(QueryInvalidError):
        memory_view(TEXT).select(query)


def test_what_is_no_ask_is_refused():
    with pytest.raises(QueryInvalidError, match="not an ASK"):
        memory_view(TEXT).ask("SELECT * WHERE { ?s ?p ?o }")


def test_a_view_in_memory_has_no_changesets():
    assert changesets(memory_view(TEXT)) == []
    with pytest.raises(UsageError):
        changesets(object())  # type: ignore[arg-type]
