"""The rows of a JSON answer are those of the engine, in whatever portions it comes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from aimsgraph.store.json_rows import json_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = st.text(max_size=9)
TERMS = st.one_of(
    st.builds(lambda name: ({"type": "uri", "value": f"urn:{name}"}, URIRef(f"urn:{name}")), st.text("abc/")),
    st.builds(lambda text: ({"type": "literal", "value": text}, Literal(text)), TEXTS),
    st.builds(
        lambda text: ({"type": "literal", "value": text, "xml:lang": "en"}, Literal(text, lang="en")), TEXTS
    ),
    st.builds(
        lambda number: (
            {"type": "typed-literal", "value": f"0{number}", "datatype": str(XSD.integer)},
            Literal(f"0{number}", datatype=XSD.integer, normalize=False),
        ),
        st.integers(0, 99),
    ),
    st.just(({"type": "bnode", "value": "b0"}, BNode("b0"))),
)  # fmt: skip
ROWS = st.lists(st.dictionaries(st.sampled_from("xyz"), TERMS, max_size=3), max_size=5)


def portions(text: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.integers(1, 40), st.booleans(), st.booleans())
def test_rows_do_not_depend_on_the_portions_they_come_in(rows, size: int, late_head: bool, ascii_only: bool):
    results = {
        "bindings": [{name: told for name, (told, _) in row.items()} for row in rows],
        "distinct": False,
    }
    answer = {"results": results, "head": {"vars": ["x", "y", "z"]}}
    ordered = answer if late_head else dict(reversed(answer.items()))
    text = json.dumps(ordered, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    found = list(json_rows(portions(text, size)))
    assert found == [{name: term for name, (_, term) in row.items()} for row in rows]


def test_rows_come_before_the_answer_ends():
    def answer() -> Iterator[bytes]:
        yield b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "urn:a"}}, '
        raise AssertionError("asked for more than the first row needs")

    assert next(json_rows(answer())) == {"x": URIRef("urn:a")}


@pytest.mark.parametrize(
    "text",
    [
        '{"head": {}, "boolean": true}',
        '{"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": []}}',
        "{}",
        "[]",
        "busy",
        "",
    ],
)
def test_what_is_no_table_is_refused_at_once(text: str):
    with pytest.raises(ValueError, match=r"no table|no JSON"):
        json_rows([text.encode()])


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("", "not whole"),
        (", ", "not whole"),
        ("]", "not whole"),
        ("]}", "not whole"),
        ("]}} the query took too long", "behind its end"),
        (', "x"]}}', "no object"),
        (', {"x": {"type": "triple", "value": {}}}]}}', "no place for the term"),
        (", Timed out]}}", "no JSON"),
    ],
)
def test_an_answer_that_is_not_whole_is_no_answer(rest: str, said: str):
    text = '{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "urn:a"}}'
    rows = json_rows([text.encode(), rest.encode()])
    assert next(rows) == {"x": URIRef("urn:a")}
    with pytest.raises(ValueError, match=said):
        list(rows)
