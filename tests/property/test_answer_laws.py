"""An answer as it is streamed says what the whole one says, in every form, whatever stands in it."""

from __future__ import annotations

import io
import json
from typing import Any, Final

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from aimsgraph.query import Limits, Result
from aimsgraph.query.binding import engine_text
from aimsgraph.query.construct import as_select
from aimsgraph.query.execution import asked
from aimsgraph.query.reply import result
from aimsgraph.query.safety import read
from aimsgraph.query.worker import answer
from aimsgraph.query.writing import GRAPHS

EX: Final = "https://example.org/"
NODE = st.sampled_from([ox.NamedNode(f"{EX}n{number}") for number in range(3)])
LINK = st.sampled_from([ox.NamedNode(f"{EX}{name}") for name in "pq"])
#: What XML and Turtle can hold too.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t\"'\\,;<&"), max_size=6
)
VALUE = st.one_of(
    NODE,
    TEXT.map(ox.Literal),
    TEXT.map(lambda text: ox.Literal(text, language="de")),
    st.integers(-3, 300).map(ox.Literal),
    st.booleans().map(ox.Literal),
)
DATA = st.lists(st.builds(ox.Quad, NODE, LINK, VALUE), max_size=8)
ROWS: Final = (
    "SELECT * { ?s <https://example.org/p> ?o OPTIONAL { ?o <https://example.org/q> ?b } }",
    "SELECT ?p (COUNT(*) AS ?n) (SAMPLE(?o) AS ?one) { ?s ?p ?o } GROUP BY ?p",
    "SELECT DISTINCT ?o { ?s (<https://example.org/p>|<https://example.org/q>)+ ?o } ORDER BY ?o",
    "ASK { ?s <https://example.org/q> ?o }",
)
TRIPLES: Final = (
    "CONSTRUCT { ?s <https://example.org/r> ?o } { ?s ?p ?o }",
    "CONSTRUCT { ?s <https://example.org/r> [ <https://example.org/of> ?o ] } { ?s <https://example.org/p> ?o }",
    "DESCRIBE <https://example.org/n0>",
)


def streamed(store: ox.Store, text: str, form: str) -> tuple[dict[str, Any], bytes]:
    checked = read(text)
    query, template = (None if form == "terms" else as_select(checked)) or (checked, None)
    request = {**asked(query, engine_text(query), Limits(), form), "template": template, "prefixes": {}}
    out = io.BytesIO()
    answer(request, lambda _: store, out)
    out.seek(0)
    head, body = json.loads(out.readline()), b""
    while "bytes" in (line := json.loads(out.readline())):
        body += out.read(line["bytes"])
    assert "end" in line, line
    return head, body


def whole(store: ox.Store, text: str) -> Result:
    head, body = streamed(store, text, "terms")
    return result(head, body.splitlines())


def holding(data: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(data)
    return store


@settings(max_examples=60, deadline=None)
@given(DATA, st.sampled_from(ROWS))
def test_rows_that_are_streamed_are_those_of_a_result(data: list[ox.Quad], text: str) -> None:
    store = holding(data)
    wanted = whole(store, text)
    for form in ("csv", "tsv"):
        assert streamed(store, text, form)[1] == wanted.render(form)
    assert json.loads(streamed(store, text, "json")[1]) == json.loads(wanted.to_json())
    found = ox.parse_query_results(streamed(store, text, "xml")[1], ox.QueryResultsFormat.XML)
    said = ox.parse_query_results(wanted.to_json().encode(), ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        assert bool(found) == wanted.boolean
    else:
        assert isinstance(found, ox.QuerySolutions)
        assert isinstance(said, ox.QuerySolutions)
        assert found.variables == said.variables
        assert [tuple(row) for row in found] == [tuple(row) for row in said]


@settings(max_examples=40, deadline=None)
@given(DATA, st.sampled_from(TRIPLES))
def test_triples_that_are_streamed_are_those_of_a_result(data: list[ox.Quad], text: str) -> None:
    store = holding(data)
    wanted = whole(store, text).to_graph()
    for form, named in GRAPHS.items():
        triples = ox.parse(streamed(store, text, form)[1], format=named)
        lines = ox.serialize((one.triple for one in triples), format=ox.RdfFormat.N_TRIPLES)
        assert isomorphic(Graph().parse(lines, format="nt"), wanted), form
