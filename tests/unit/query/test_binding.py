from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from aimsgraph.errors import QueryInvalidError
from aimsgraph.query import run
from aimsgraph.query.binding import engine_text, spell
from aimsgraph.query.safety import inspect

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib.term import Identifier

EX = "https://example.org/meridian/"
K1 = URIRef(EX + "k1")


def names(location: Path, text: str, **bindings: Identifier) -> list[tuple[str, ...]]:
    answer = run(location, text, bindings=bindings)
    return [tuple("" if cell is None else str(cell).removeprefix(EX) for cell in row) for row in answer.rows]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT ?s { ?s ex:kind ?k } ORDER BY ?s", [("s1",), ("s3",)]),
        ("SELECT ?k ?s { ?s ex:kind ?k } ORDER BY ?k ?s", [("k1", "s1"), ("k1", "s3")]),
        ("SELECT ?s { ?s ex:kind ?x FILTER(?x = ?k) } ORDER BY ?s", [("s1",), ("s3",)]),
        ("SELECT ?s { ?s ex:kind ?x FILTER(?x IN (?k)) } ORDER BY DESC(?s)", [("s3",), ("s1",)]),
        ("SELECT ?s { { SELECT ?s ?k { ?s ex:kind ?k } } } ORDER BY ?s", [("s1",), ("s3",)]),
        ("SELECT ?k ?s { { SELECT ?s ?k { ?s ex:kind ?k } } } ORDER BY ?s", [("k1", "s1"), ("k1", "s3")]),
        ("SELECT * { { SELECT ?k ?s { ?s ex:kind ?k } } } ORDER BY ?s", [("s1",), ("s3",)]),
        ("SELECT ?k (COUNT(?s) AS ?n) { ?s ex:kind ?k } GROUP BY ?k", [("k1", "2")]),
        ("SELECT (SUM(IF(?x = ?k, 1, 0)) AS ?n) { ?s ex:kind ?x }", [("2",)]),
        ("SELECT ?x { ?s ex:kind ?x } GROUP BY ?x HAVING(MAX(?x) = ?k)", [("k1",)]),
        ("SELECT ?s { ?s ex:kind ?x MINUS { ?s ex:kind ?k } } ORDER BY ?s", [("s0",), ("s2",)]),
        ("SELECT ?s { ?s ex:kind ?x FILTER EXISTS { ?s ex:kind ?k } } ORDER BY ?s", [("s1",), ("s3",)]),
        (
            "SELECT ?s ?y { ?s ex:kind ?x OPTIONAL { ?s ex:kind ?y FILTER(?y = ?k) } } ORDER BY ?s",
            [("s0", ""), ("s1", "k1"), ("s2", ""), ("s3", "k1")],
        ),
        ("SELECT ?z { BIND(STR(?k) AS ?z) }", [("k1",)]),
        ("SELECT (STR(?k) AS ?z) { }", [("k1",)]),
        ("SELECT DISTINCT ?k { ?s ex:kind $k }", [("k1",)]),
        ("SELECT ?s { FILTER(BOUND(?k) && !(!BOUND(?k))) ?s ex:kind ?k } ORDER BY ?s", [("s1",), ("s3",)]),
        ("SELECT ?s { ?s ex:kind ?k } GROUP BY ?s ?k ORDER BY ?k DESC(?s) LIMIT 1", [("s3",)]),
        ("SELECT (COUNT(*) AS ?n) { FILTER(EXISTS { { SELECT ?k { ?s ex:kind ?k } } }) }", [("1",)]),
    ],
)
def test_a_term_takes_the_place_of_its_variable_everywhere(
    location: Path, text: str, rows: list[tuple[str, ...]]
) -> None:
    assert names(location, text, k=K1) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT ?e { ?k ex:next+ ?e } ORDER BY ?e", [("s2",), ("s3",)]),
        ("SELECT ?e { ?e ex:next* ?k } ORDER BY ?e", [("s1",)]),
        ("SELECT ?p { ?k ?p ?o } ORDER BY ?p", [("kind",), ("next",), ("number",)]),
    ],
)
def test_a_term_may_be_the_end_of_a_path(location: Path, text: str, rows: list[tuple[str, ...]]) -> None:
    assert names(location, text, k=URIRef(EX + "s1")) == rows


def test_ask_construct_describe_and_graph_are_bound_too(location: Path) -> None:
    assert run(location, "ASK { ?s ex:kind ?k }", bindings={"k": K1}).boolean is True
    built = run(location, "CONSTRUCT { ?s ex:has ?k } WHERE { ?s ex:kind ?k }", bindings={"k": K1})
    assert {(str(s).removeprefix(EX), o) for s, _, o in built.triples} == {("s1", K1), ("s3", K1)}
    assert len(run(location, "DESCRIBE ?k", bindings={"k": URIRef(EX + "s1")})) == 3
    history = URIRef("https://w3id.org/aimsgraph/graph/history")
    assert names(location, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", g=history) == [("first",)]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { VALUES ?k { <a:b> } ?s ?p ?k }",
        "SELECT ?s { VALUES (?x ?k) { (1 2) } ?s ?p ?k }",
        "SELECT ?s { ?s ?p ?k } VALUES ?k { <a:b> }",
        "SELECT ?s { FILTER(EXISTS { VALUES ?k { <a:b> } }) ?s ?p ?k }",
        "SELECT ?s { BIND(1 AS ?k) }",
        "SELECT (1 AS ?k) { }",
    ],
)
def test_a_query_may_not_assign_a_parameter(text: str) -> None:
    with pytest.raises(QueryInvalidError, match=r"\?k is a parameter"):
        engine_text(inspect(text), {"k": K1})


def test_a_binding_without_a_variable_is_an_error() -> None:
    with pytest.raises(QueryInvalidError, match=r"no variable \?day"):
        engine_text(inspect("SELECT * { ?s ?p ?o }"), {"day": K1})


@pytest.mark.parametrize("term", [BNode("x"), URIRef("http://e/a b"), URIRef("a>b"), URIRef("x> <y")])
def test_what_is_no_plain_term_cannot_be_bound(term: Identifier) -> None:
    with pytest.raises(QueryInvalidError):
        spell(term)


@given(st.text())
def test_any_string_arrives_as_it_is_and_as_one_term(text: str) -> None:
    query = inspect("SELECT (?k AS ?z) { }")
    written = engine_text(query, {"k": Literal(text)}).text
    assert "service" not in written.lower()
    body = re.fullmatch(r'SELECT \("((?:[^"\\\n\r]|\\.)*)" AS \?z\) \{ \}', written, re.DOTALL)
    assert body is not None
    back = body[1].replace("\\u0065", "e").replace("\\u0045", "E")
    for escape, char in (("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ('\\"', '"')):
        back = re.sub(r"(?<!\\)((?:\\\\)*)" + re.escape(escape), lambda m, c=char: m[1] + c, back)
    if "\\" not in text:
        assert back == text


@pytest.mark.parametrize(
    "value",
    [
        'x"} SERVICE <http://127.0.0.1:1/> {} #',
        "\\",
        "\\\\u0022",
        '"""',
        "a\nb\r\tc\u2028d",
        "SeRvIcE \u017fervice",
        "🙂",
    ],
)
def test_hostile_strings_come_back_unchanged(location: Path, value: str) -> None:
    (row,) = run(location, "SELECT (?k AS ?z) { }", bindings={"k": Literal(value)}).rows
    assert row == (Literal(value),)


@pytest.mark.parametrize(
    "value",
    [
        Literal("2026-09-30", datatype=XSD.date),
        Literal("12", datatype=XSD.integer),
        Literal("true", datatype=XSD.boolean),
        Literal("Wert", lang="de"),
        URIRef("https://example.org/service/x"),
    ],
)
def test_typed_terms_come_back_unchanged(location: Path, value: Identifier) -> None:
    assert run(location, "SELECT (?k AS ?z) { }", bindings={"k": value}).rows == ((value,),)


WORD = "SERVICE"


@given(
    st.lists(
        st.sampled_from(
            [
                WORD,
                "?service",
                '"service"',
                "'''Service'''",
                "<http://service/>",
                "#service\n",
                "ex:service",
                "service:x",
                "_:service",
                "{",
                "}",
                "<",
                ">",
                "?a",
                "#",
                '"',
                "\n",
                " ",
                "\\",
                "'",
                ".",
            ]
        ),
        max_size=14,
    )
)
def test_the_engines_text_spells_the_word_in_names_with_a_sigil_only(parts: list[str]) -> None:
    from aimsgraph.errors import AimsgraphError
    from aimsgraph.query.safety import read

    text = "PREFIX service: <http://service/> SELECT * { " + "".join(parts) + " }"
    try:
        written = engine_text(read(text)).text
    except AimsgraphError:
        return
    for match in re.finditer("service", written, re.IGNORECASE):
        assert re.search(r"(?:[?$]|_:)[\w.\-]*\Z", written[: match.start()]), written


def test_a_fault_found_by_the_engine_is_placed_in_the_users_text(location: Path) -> None:
    text = "PREFIX e: <https://example.org/a/long/namespace/> # comment\nSELECT (COUNT(*) AS ?c) ?s {\n e:x ?p ?s }"
    with pytest.raises(QueryInvalidError, match="variable that is unbound") as caught:
        run(location, text)
    assert caught.value.problems[0].line == 3
