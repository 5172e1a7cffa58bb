"""The evaluator tells what is wrong with a shape, and asks what it can ask for all nodes at once."""

from __future__ import annotations

import pytest
from rdflib import RDF, Graph, URIRef

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.store import graph_view
from aimsgraph.tokens import tokens
from aimsgraph.validate.shacl import Evaluator
from aimsgraph.validate.shacl.context import Statement
from aimsgraph.validate.shacl.cycle import may_return
from aimsgraph.validate.shacl.question import ForbiddenError, for_all

PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .
"""
NODES = "{ NODES }"


def graph(text: str) -> Graph:
    return Graph(bind_namespaces="none").parse(data=PREFIXES + text, format="turtle")


def run(shapes: str, data: str = "ex:a a ex:A ; ex:p ex:b .") -> list[tuple[str, str]]:
    found = Evaluator(graph(shapes), graph_view(graph(data))).results()
    return sorted((str(one.focus).rpartition("/")[2], str(one.component).rpartition("#")[2]) for one in found)


FAULTS = {
    "a term SHACL does not have": (
        "ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:minCoutn 1 ] .",
        "cannot be run: SHACL has no sh:minCoutn (perhaps sh:minCount is meant).",
    ),
    "a shape that refers to itself": (
        "ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:node ex:S ] .",
        "It refers to itself, which SHACL leaves undefined",
    ),
    "shapes that refer to each other": (
        "ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:not ex:T . ex:T a sh:NodeShape ; sh:and ( ex:S ) .",
        "It refers to itself",
    ),
    "a property shape without a path": (
        "ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:minCount 1 .",
        "It is a property shape, and has no path",
    ),
    "two paths": (
        "ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path ex:p , ex:q ; sh:minCount 1 .",
        "It has several paths",
    ),
    "a path that says nothing": (
        "ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path [ ex:p ex:q ] ; sh:minCount 1 .",
        "A path says nothing that SHACL knows",
    ),
    "a path that holds itself": (
        "ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path _:p ; sh:minCount 1 . _:p sh:inversePath _:p .",
        "never holds itself",
    ),
    "a count that is none": (
        'ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path ex:p ; sh:minCount "one" .',
        '"one" is no whole number from 0, as sh:minCount takes',
    ),
    "a kind of node that is none": (
        "ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path ex:p ; sh:nodeKind ex:Node .",
        "is no kind of node",
    ),
    "a regular expression that is none": (
        'ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path ex:p ; sh:pattern "(" .',
        "The pattern ( is no regular expression that can be used",
    ),
    "a list without an end": (
        "ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path ex:p ; sh:in ( [] ) .",
        "A blank node stands where a query needs a name or a literal",
    ),
    "an unknown prefix": (
        'ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:sparql [ sh:select "SELECT $this { $this ex:p ?x }" ] .',
        "the prefix ex: of its SPARQL is not declared",
    ),
    "no query": (
        "ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:sparql [ sh:prefixes ex: ] .",
        "A constraint in SPARQL needs sh:select",
    ),
    "a query that is none": (
        'ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:sparql [ sh:select "SELECT $this { $this }" ] .',
        "its SPARQL cannot be used",
    ),
    "a component without a validator": (
        "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:limit ] . "
        "ex:S a sh:NodeShape ; sh:targetClass ex:A ; ex:limit 3 .",
        "has no validator that fits",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_shape_is_told_with_its_name_and_never_passes(name: str) -> None:
    shapes, told = FAULTS[name]
    with pytest.raises(SyntaxProblemError) as caught:
        run(shapes)
    assert told in str(caught.value)
    assert "The shape https://example.org/" in str(caught.value)


def test_a_query_that_counts_its_rows_is_asked_for_each_node_alone() -> None:
    shapes = """ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:sparql [
        sh:select "SELECT $this ?value WHERE { $this <https://example.org/p> ?value } ORDER BY ?value LIMIT 1" ] ."""
    data = "ex:a a ex:A ; ex:p 1 , 2 . ex:b a ex:A ; ex:p 3 , 4 . ex:c a ex:A ."
    assert run(shapes, data) == [(name, "SPARQLConstraintComponent") for name in "ab"]
    with pytest.raises(SyntaxProblemError, match="nameless"):
        run(shapes, "[] a ex:A ; ex:p 1 .")


def test_a_pattern_made_to_take_forever_ends_at_once() -> None:
    shapes = 'ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path ex:p ; sh:pattern "^(a+)+$" .'
    data = 'ex:a a ex:A ; ex:p "' + "a" * 5000 + 'b" .'
    assert run(shapes, data) == [("a", "PatternConstraintComponent")]


def test_a_node_that_an_own_store_named_counts_as_nameless() -> None:
    shapes = "ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path ex:p ; sh:nodeKind sh:BlankNode ."
    data = "ex:a a ex:A ; ex:p <https://w3id.org/.well-known/genid/aimsgraph/x/1> . ex:b a ex:A ; ex:p ex:c ."
    assert run(shapes, data) == [("b", "NodeKindConstraintComponent")]


def asked(text: str, path: str | None = None, given: dict[tuple[str, str], str] | None = None) -> str:
    return for_all(tokens(text), NODES, path, given or {})


def test_the_nodes_stand_at_the_head_of_the_pattern() -> None:
    assert asked("SELECT $this WHERE { $this <p> ?x }") == "SELECT $this WHERE { { NODES } $this <p> ?x }"


@pytest.mark.parametrize(
    ("statement", "inside"),
    [
        (("?r", "<p>", None), "$this <q> ?y ; <p> ?x"),
        ((None, "<p>", "?r"), "?x <p> $this"),
        (("?r", "a", "<C>"), f"$this <{RDF.type}> <C>"),
    ],
)
def test_a_pattern_that_names_the_nodes_itself_needs_no_more(statement: Statement, inside: str) -> None:
    assert for_all(tokens(f"SELECT $this WHERE {{ {inside} }}"), NODES, None, {}, statement=statement) == (
        f"SELECT $this WHERE {{ {inside} }}"
    )
    for other in (
        "$this <q> ?y",
        "?x <p> ?y",
        "OPTIONAL { $this <p> ?x }",
        "$this <p>/<q> ?x",
        "$this a <D>",
    ):
        query = for_all(tokens(f"SELECT $this WHERE {{ {other} }}"), NODES, None, {}, statement=statement)
        assert NODES in query


def test_what_must_not_exist_is_taken_away_where_that_means_the_same() -> None:
    assert asked("SELECT $this WHERE { FILTER NOT EXISTS { $this <p> ?x } }").split() == (
        ["SELECT", "$this", "WHERE", "{", "{", "NODES", "}", "MINUS", "{", "$this", "<p>", "?x", "}", "}"]
    )


def test_a_filter_of_it_that_reads_a_value_from_outside_takes_the_statement_along() -> None:
    query = asked(
        "SELECT $this ?z WHERE { $this <a> ?b ; <z> ?z FILTER NOT EXISTS { $this <p> ?x FILTER (?x > ?z) } }"
    )
    assert "MINUS { $this <z> ?z . $this <p> ?x FILTER( ?x > ?z ) }" in query


def test_what_must_exist_is_joined_as_a_set() -> None:
    query = asked("SELECT $this WHERE { $this <p> ?x FILTER EXISTS { ?y <q> ?x ; <r> $this } }")
    assert "{ SELECT DISTINCT ?this ?x WHERE { ?y <q> ?x ; <r> $this } }" in query


def test_a_choice_among_names_is_where_an_engine_begins() -> None:
    text = "SELECT $this WHERE { $this ?p ?x FILTER (?p IN (<a>, <b>)) FILTER (?x IN (<c>, 1)) FILTER (?q IN (<d>)) }"
    query = asked(text)
    assert "VALUES ?p { <a> <b> }" in query
    assert "FILTER( ?x IN( <c> , 1 ) )" in query
    assert "FILTER( ?q IN( <d> ) )" in query
    assert "VALUES" not in for_all(tokens(text), NODES, None, {}, few=True)


@pytest.mark.parametrize("word", ["", "NOT "])
def test_what_has_nothing_to_do_with_the_node_is_looked_for_once(word: str) -> None:
    query = asked(f"SELECT $this WHERE {{ $this <p> ?x FILTER {word}EXISTS {{ ?y <q> ?z }} }}")
    assert ("{ SELECT (COUNT(*) AS ?set" in query) == bool(word)
    assert ("{ SELECT DISTINCT (1 AS ?set" in query) != bool(word)


def test_a_set_is_taken_away_after_all_that_binds_its_values() -> None:
    query = asked("SELECT $this WHERE { $this <p> ?x FILTER NOT EXISTS { ?x <q> ?y } . $this <r> ?y }")
    assert "$this <p> ?x FILTER(true)" in query
    assert query.endswith("$this <r> ?y MINUS { ?x <q> ?y } }")


def test_for_a_few_nodes_only_what_is_said_of_these_is_taken_away() -> None:
    text = "SELECT $this WHERE { $this <p> ?x FILTER NOT EXISTS { ?y <q> $this } }"
    assert "MINUS { { NODES } ?y <q> $this }" in for_all(tokens(text), NODES, None, {}, few=True)


@pytest.mark.parametrize(
    "inside",
    [
        "$this <p> ?x FILTER (?x > ?w)",
        "$this <p> ?x OPTIONAL { ?x <q> ?y FILTER (?y > ?z) }",
        "$this <p> ?x OPTIONAL { ?x <q> ?z }",
    ],
    ids=["reads one that no statement binds", "reads one further in", "may share one"],
)
def test_what_would_mean_something_else_stays_as_it_is(inside: str) -> None:
    query = asked(
        f"SELECT $this ?z WHERE {{ $this <z> ?z BIND (?z AS ?w) FILTER NOT EXISTS {{ {inside} }} }}"
    )
    assert "NOT EXISTS" in query
    assert "MINUS" not in query


def test_a_set_that_brings_the_node_along_may_hold_another_one_about_it() -> None:
    query = asked(
        "SELECT $this WHERE { $this <a> ?a FILTER NOT EXISTS { ?a <p> ?y FILTER NOT EXISTS { ?y <q> $this } } }"
    )
    assert "MINUS { $this <a> ?a . ?a <p> ?y MINUS { ?y <q> $this } }" in " ".join(query.split())


def test_what_reads_the_node_from_two_levels_out_stays_as_it_is() -> None:
    query = asked(
        "SELECT $this WHERE { BIND (1 AS ?a) FILTER NOT EXISTS { ?a <p> ?y FILTER NOT EXISTS { ?y <q> $this } } }"
    )
    assert query.count("NOT EXISTS") == 2


def test_a_branch_that_only_reads_the_node_is_given_the_nodes_too() -> None:
    query = asked("SELECT $this WHERE { { $this <p> ?x } UNION { ?y <q> ?x FILTER (?y = $this) } }")
    assert query == (
        "SELECT $this WHERE { { NODES } { $this <p> ?x } UNION { { NODES } ?y <q> ?x FILTER( ?y = $this ) } }"
    )


def test_what_is_known_takes_the_place_of_the_statement_that_asks_for_it() -> None:
    given = {("<e>", "<day>"): '"2026-09-30"'}
    query = asked(
        "SELECT $this WHERE { <e> <day> ?d . $this <p> ?x FILTER NOT EXISTS { $this <q> ?y FILTER (?y > ?d) } }",
        given=given,
    )
    assert 'VALUES ?d { "2026-09-30" }' in query
    assert "MINUS" in query
    assert 'FILTER( ?y > "2026-09-30" )' in query


def test_the_path_of_the_shape_stands_where_it_is_asked_for() -> None:
    assert "?a (<p>/<q>) ?b" in asked("SELECT $this WHERE { ?a $PATH ?b }", "(<p>/<q>)")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT $this WHERE { $this <p> ?x MINUS { $this <q> ?y } }",
        "SELECT $this WHERE { VALUES ?x { 1 } $this <p> ?x }",
        "SELECT $this WHERE { SERVICE <s> { $this <p> ?x } }",
        "SELECT $this WHERE { ?x <p> ?y BIND (?x AS ?this) }",
        "SELECT $this WHERE { $this <p> ?x { SELECT ?x WHERE { ?x <q> ?y } } }",
        "SELECT $this WHERE { GRAPH $shapesGraph { $this <p> ?x } }",
        "SELECT $this WHERE { $this $PATH ?x }",
    ],
)
def test_what_shacl_forbids_in_a_query_is_refused(text: str) -> None:
    with pytest.raises(ForbiddenError):
        asked(text)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("ex:a ex:p ex:b . ex:b ex:p ex:c . ex:a ex:p ex:c .", ""),
        ("ex:a ex:p ex:a .", "a"),
        ("ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:b . ex:c ex:p ex:d .", "bc"),
        ("ex:a ex:p ex:b . ex:b ex:p ex:a . ex:b ex:p ex:c . ex:c ex:p ex:d . ex:d ex:p ex:c .", "abcd"),
    ],
)
def test_nodes_without_a_way_back_are_left_out(data: str, expected: str) -> None:
    found = may_return(graph_view(graph(data)), "<https://example.org/p>")
    assert found == {URIRef(f"https://example.org/{name}") for name in expected}
