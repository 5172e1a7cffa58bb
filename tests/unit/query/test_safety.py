from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph, Namespace
from rdflib.plugins.sparql.parser import parseQuery

from aimsgraph.errors import AimsgraphError, QueryInvalidError, QueryRefusedError
from aimsgraph.query import check, looks_like_sparql
from aimsgraph.query.safety import LONGEST, _walk, check_tree, inspect
from aimsgraph.tokens import tokens

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")

SERVICES = [
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { ?x ?y ?url SERVICE ?url { ?s ?p ?o } }",
    "SELECT * { { SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER (1 = 1 && NOT EXISTS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }) }",
    "SELECT * { OPTIONAL { OPTIONAL { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } } }",
    "SELECT * { { ?s ?p ?o } UNION { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
    "SELECT * { GRAPH ?g { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
    "SELECT (EXISTS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } AS ?x) { }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "ASK { service <http://127.0.0.1/> { ?s ?p ?o } }",
    "DESCRIBE ?s { SeRvIcE <http://127.0.0.1/> { ?s ?p ?o } }",
]
DATASETS = [
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM NAMED <FILE:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "BASE <file:///etc/> ASK FROM <passwd> { ?s ?p ?o }",
    "PREFIX f: <file:///etc/> DESCRIBE f:passwd FROM f:passwd",
]
MISPLACED = [
    "SELECT * { { SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o } HAVING (FROM <http://127.0.0.1/>)",
    "SELECT * FROM { ?s ?p ?o }",
]
UPDATES = [
    "INSERT DATA { <a:b> <a:c> <a:d> }",
    "DELETE WHERE { ?s ?p ?o }",
    "LOAD <http://127.0.0.1/>",
    "CLEAR ALL",
    "DROP GRAPH <a:b>",
    "CREATE GRAPH <a:b>",
    "COPY DEFAULT TO <a:b>",
    "MOVE DEFAULT TO <a:b>",
    "ADD DEFAULT TO <a:b>",
    "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "PREFIX a: <a:> INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } ; DROP ALL",
]
# Spellings in which a reader that knows the grammar less well than the engine misses the word.
DISGUISED = [
    "SELECT * { VALUES ?a { 1 } FILTER(?a<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
    'SELECT * { FILTER(?a<#>"""\n?b) SERVICE <http://127.0.0.1/> { ?s ?p ?o } #""") \n}',
    "PREFIX SERVICE: <http://127.0.0.1/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { S\\u0045RVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { # \\u000a SERVICE <http://127.0.0.1/> { ?s ?p ?o }\n }",
    'SELECT * { FILTER("a\\u0022 = "} SERVICE <http://127.0.0.1/> {} #") }',
]


@pytest.mark.parametrize("text", SERVICES + DATASETS + MISPLACED + UPDATES)
def test_what_does_more_than_read_the_store_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError) as caught:
        check(text)
    assert caught.value.exit_status == 2
    assert "line 1, column" in str(caught.value)


@pytest.mark.parametrize("text", SERVICES + DATASETS)
def test_the_parse_tree_alone_would_refuse_it_too(text: str) -> None:
    with pytest.raises(QueryRefusedError):
        _walk(parseQuery(text), text)


@pytest.mark.parametrize("text", UPDATES)
def test_an_update_is_told_that_queries_only_read(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="queries only read"):
        check(text)


@pytest.mark.parametrize("text", DISGUISED[2:])
def test_a_disguised_service_is_not_taken(text: str) -> None:
    with pytest.raises(AimsgraphError):
        check(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("# SERVICE\nselect ?service { ?service a aims:Risk }", "SELECT"),
        ("PREFIX service: <http://e/service/> ASK { service:a ?p 'SERVICE <x> {}' }", "ASK"),
        ("BASE <http://e/> PREFIX : <x#> CONSTRUCT { :a :b ?c } WHERE { <y> :b ?c }", "CONSTRUCT"),
        ("DESCRIBE <http://example.org/SERVICE>", "DESCRIBE"),
        ("SELECT ?s { ?s ?p ?o } VALUES ?s { <a:b> UNDEF }", "SELECT"),
        ("SELECT(COUNT(*)AS?n){?s?p?o FILTER(?o<3&&?o>1)}", "SELECT"),
    ],
)
def test_the_kind_of_an_allowed_query_is_told(text: str, kind: str) -> None:
    assert check(text) == kind


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("SELECT ?a WHER { ?a ?b ?c }", 1, 11, "Did you mean WHERE"),
        ("SELECT ?a {\n  ?a aim:x 'a'\n}", 2, 6, "Did you mean aims:"),
        ("SELECT * {\n  ?a ?b 'x\n}", 2, 9, "unexpected character"),
        ("", 1, 1, "empty"),
        ("# nothing\n", 1, 1, "empty"),
        ("PREFIX a <x> SELECT * {}", 1, 1, "PREFIX name: <IRI>"),
        ("PREFIX a: <x>", 1, 11, "stands where SELECT"),
        ("SELECT * { ?s ?p ?o } }", 1, 23, "does not fit"),
    ],
)
def test_a_fault_is_shown_at_its_place_in_the_users_own_text(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(QueryInvalidError, match=words) as caught:
        check(text)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (line, column)


def test_the_excerpt_points_with_a_caret_at_the_fault() -> None:
    with pytest.raises(QueryInvalidError) as caught:
        check("SELECT * {\n\t?a ?b WHER }")
    assert "\n     ?a ?b WHER }\n           ^\n" in caught.value.message


def test_a_query_nested_too_deeply_and_one_too_long_are_errors_not_crashes() -> None:
    with pytest.raises(QueryInvalidError, match="nested too deeply"):
        check("SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }")
    with pytest.raises(QueryRefusedError, match="characters"):
        check("SELECT * { } #" + "x" * LONGEST)


def test_declared_prefixes_hold_over_the_default_ones_and_resolve_against_the_base() -> None:
    prefixes = inspect("BASE <http://e/a/> PREFIX aims: <b#> SELECT * { ?s aims:x ex:y }").prefixes
    assert prefixes["aims"] == "http://e/a/b#"
    assert prefixes["ex"] == "https://example.org/meridian/"


@given(st.text(max_size=60) | st.text(alphabet="SELCTservic ?{}<>#\"'\\u05:.()\n", max_size=80))
def test_any_text_is_either_read_or_an_error_of_ours(text: str) -> None:
    with contextlib.suppress(AimsgraphError):
        check(text)


@pytest.mark.parametrize("text", [*SERVICES, *DATASETS, *UPDATES])
def test_sparql_is_told_from_the_name_of_a_question(text: str) -> None:
    assert looks_like_sparql(text)
    assert not looks_like_sparql("risks-above-appetite")
    assert not looks_like_sparql("Risks above appetite")


@pytest.mark.shared_data
def test_every_positive_w3c_query_is_taken_unless_it_names_a_service(shared_data: Path) -> None:
    taken, refused = 0, []
    for manifest in sorted((shared_data / "w3c-sparql-tests" / "sparql11").glob("*/manifest.ttl")):
        graph = Graph().parse(manifest, publicID=manifest.resolve().as_uri())
        for test, action in graph.subject_objects(MF.action):
            query = str(graph.value(action, QT.query) or action)
            if not query.endswith(".rq") or any("Negative" in str(t) for t in graph.objects(test, RDF.type)):
                continue
            text = Path(query.removeprefix("file://")).read_text(encoding="utf-8")
            try:
                check(text)
                taken += 1
            except QueryRefusedError:
                refused.append(Path(query).name)
    assert taken == 368
    assert sorted(refused) == [
        *(f"service{name}.rq" for name in ("01", "02", "03", "04a", "05", "06", "07")),
        *(f"syntax-service-0{number}.rq" for number in (1, 2, 3)),
    ]


THREADS = """
import sys, threading
from aimsgraph.query import check
sys.setswitchinterval(1e-6)
failed = []
def ask():
    try:
        check("SELECT ?a (1 + ?b AS ?c) WHERE { ?a <urn:p> ?b ; a [ <urn:q> 'x'@en ] FILTER(?b > 1.5 && BOUND(?a)) }")
    except BaseException as error:
        failed.append(repr(error))
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(failed)
"""


def test_the_first_queries_of_a_process_may_be_checked_at_once():
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_only_what_passed_is_remembered() -> None:
    for _ in range(2):
        check_tree("SELECT ?a WHERE { ?a ?b ?c }")
        with pytest.raises(QueryRefusedError):
            check_tree("SELECT ?a WHERE { SERVICE ?b { ?a ?b ?c } }")
        with pytest.raises(QueryInvalidError):
            check_tree("SELECT ?a WHERE { ?a ?b }")


def test_words_that_could_be_prefixes_are_read_in_one_go():
    """Each was once looked through to its end for the colon of a prefix, which took minutes for a text like this."""
    assert len(tokens("a." * 100_000)) == 200_000
    assert [one.text for one in tokens("a-b.c:d a.b. é·x:y x.:z")] == [
        "a-b.c:d", "a", ".", "b", ".", "é·x:y", "x", ".", ":z",
    ]  # fmt: skip
    assert [one.kind for one in tokens("p" * 128 + ":x")] == ["pname"]
