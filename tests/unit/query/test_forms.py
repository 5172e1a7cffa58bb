"""What workers write is what `Result` writes, and what the engine itself would say."""

from __future__ import annotations

import asyncio
import json

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.query import Result as Read

from aimsgraph.errors import UsageError
from aimsgraph.query import run
from tests.unit.query.asking import Asking
from tests.unit.query.conftest import HISTORY

VALUES = """SELECT * { VALUES (?b ?a ?c) {
  (<https://example.org/x?a=1&b=2> "plain, with comma" UNDEF)
  ("two\\nlines\\tand \\"quotes\\" <&>" "n\u00e4her"@de-at 7)
  (1.5 2e0 "2026-11-28"^^xsd:date)
  ("" "007"^^xsd:integer true)
} }"""
TABLES = (
    VALUES,
    "SELECT ?x { VALUES ?x { UNDEF 'a' } }",
    "SELECT * { ?s ex:number ?n }",
    "SELECT ?s { ?s ex:none ?n }",
    "ASK { ex:s1 ex:next ex:s2 }",
    "DESCRIBE ex:s1",
)
GRAPHS = (
    "CONSTRUCT WHERE { ?s ex:number ?n ; ex:kind ?k }",
    "CONSTRUCT { ?s ex:of [ ex:kind ?k ; a ex:Kind ] ; ex:list (1 'two' ?n) } { ?s ex:number ?n ; ex:kind ?k }",
    "CONSTRUCT { ?n ex:no ?s . ?s ex:yes ?n , ?x , true } WHERE { ?s ex:number ?n OPTIONAL { ?s ex:none ?x } }",
    "CONSTRUCT { ex:a ex:b ex:c } WHERE { ?s ?p ?o }",
    "BASE <https://example.org/> CONSTRUCT { <a> <b> ?s } WHERE { ?s ex:number ?n } ORDER BY ?n LIMIT 2",
    "CONSTRUCT { ?k ex:has ?n } WHERE { SELECT ?k (COUNT(*) AS ?n) { ?s ex:kind ?k } GROUP BY ?k }",
    "CONSTRUCT { } WHERE { ?s ?p ?o }",
    "DESCRIBE ex:s0 ex:s1",
)


@pytest.fixture(scope="module")
def asking(location):
    with Asking(location) as found:
        yield found


@pytest.mark.parametrize("text", TABLES)
@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_tables_are_those_of_a_result_to_the_letter(asking, location, text, form):
    assert asking.answer(text, form) == run(location, text).render(form)


@pytest.mark.parametrize("text", TABLES[:-1])
def test_json_says_what_that_of_a_result_says(asking, location, text):
    assert json.loads(asking.answer(text, "json")) == json.loads(run(location, text).to_json())


@pytest.mark.parametrize("text", TABLES[:-1])
def test_xml_says_the_same(asking, location, text):
    import io

    read, wanted = Read.parse(io.BytesIO(asking.answer(text, "xml")), format="xml"), run(location, text)
    if wanted.kind == "boolean":
        assert read.askAnswer is wanted.boolean
        return
    assert [str(name) for name in read.vars] == list(wanted.columns)
    rows = [tuple(row.get(name) for name in read.vars) for row in read.bindings]
    assert rows == [tuple(map(_as_rdflib_reads_it, row)) for row in wanted.rows]


def _as_rdflib_reads_it(term):
    """Write a number as rdflib does when it reads one."""
    if not isinstance(term, Literal):
        return term
    return Literal(str(term), lang=term.language, datatype=term.datatype)


@pytest.mark.parametrize("text", GRAPHS)
def test_a_graph_is_the_one_of_a_result(asking, location, text):
    read = Graph().parse(asking.answer(text, "nt"), format="nt")
    assert isomorphic(read, run(location, text).to_graph())


def test_no_triple_of_a_small_graph_comes_twice(asking):
    lines = asking.answer(GRAPHS[3], "nt").splitlines()
    assert len(lines) == 1


@pytest.mark.parametrize("text", GRAPHS)
def test_every_form_of_a_graph_can_be_read_back(asking, text):
    wanted = len(set(asking.answer(text, "nt").splitlines()))
    for form, its in (
        ("ttl", ox.RdfFormat.TURTLE),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdfxml", ox.RdfFormat.RDF_XML),
    ):
        assert len(set(ox.parse(asking.answer(text, form), its))) == wanted


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('SELECT ("a\\u0001b" AS ?x) { }', "xml"),
        ('CONSTRUCT { ex:a ex:b "a\\u0001b" } { }', "rdfxml"),
        ("CONSTRUCT { ex:a <https://example.org/p/1> 2 } { }", "rdfxml"),
    ],
)
def test_what_xml_cannot_hold_is_said_and_not_written(asking, text, form):
    with pytest.raises(UsageError, match="cannot be written in this form"):
        asking.answer(text, form)


def test_a_bound_variable_stays_a_column_and_its_place_in_a_sub_select_shows_nowhere(asking):
    text = "SELECT ?s ?k { ?s ex:number ?n { SELECT ?s ?k { ?s ex:kind ?k } } } ORDER BY ?s"
    kind = URIRef("https://example.org/meridian/k1")
    found = asyncio.run(asking.read(text, "csv", bindings={"k": kind})).decode().split()
    assert found == ["s,k", *(f"https://example.org/meridian/s{number},{kind}" for number in (1, 3))]
    text = "SELECT * { ?s ex:number ?n { SELECT ?s ?k { ?s ex:kind ?k } } }"
    assert asyncio.run(asking.read(text, "csv", bindings={"k": kind})).splitlines()[0] == b"s,n"


def test_a_bound_variable_is_bound_in_a_template_too(asking):
    text = "CONSTRUCT { ?s ex:is ?n } WHERE { ?s ex:number ?n }"
    found = asyncio.run(asking.read(text, "nt", bindings={"n": Literal(2)})).decode()
    assert found.split()[0] == "<https://example.org/meridian/s2>"
    assert found.count("\n") == 1


def test_the_graphs_of_the_dataset_are_those_that_are_named(asking):
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert asyncio.run(asking.read(count, "csv", default=(HISTORY,))).split() == [b"n", b"1"]
    named = "SELECT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert asyncio.run(asking.read(named, "csv")).split() == [b"g", HISTORY.encode()]
    assert asyncio.run(asking.read(named, "csv", named=())).split() == [b"g"]
