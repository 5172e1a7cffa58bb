"""Every backend shows the same content in the same way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import requests
from rdflib import Literal, URIRef
from rdflib.compare import isomorphic

from aimsgraph import ingest, store
from aimsgraph.errors import QueryInvalidError
from aimsgraph.store.whole import many_rows
from tests.contract.servers import SERVERS, started
from tests.contract.servers.shortcomings import SHORTCOMINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.store import View

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
EX = "https://example.org/"
TEXT = """@prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:a ex:p ex:b , ex:c , "b" ; ex:n 1.50 , true , "x"@en-GB ; rdfs:label "A" . ex:b ex:p ex:a . ex:c ex:q [ ex:n 3 ] ."""


@pytest.fixture(scope="module", params=["memory", "embedded", *SERVERS])
def view(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    if request.param == "memory":
        yield store.memory_view(TEXT)
        return
    folder = tmp_path_factory.mktemp("view")
    (folder / "a.ttl").write_text(TEXT)
    (folder / "b.ttl").write_text(f"<{EX}b> <{EX}p> <{EX}a> .")  # which a.ttl says too
    store.create(folder / "aims.store", now=NOW)
    with store.open_writer(folder / "aims.store") as writer:
        ingest.load_files(writer, [folder / "a.ttl", folder / "b.ttl"], author="a", now=NOW)
        content = list(writer.view().store)
    if request.param == "embedded":
        yield store.open_view(folder / "aims.store")
        return
    with started(request.param) as endpoint:
        fill(endpoint, content)
        yield store.open_place(endpoint)


def fill(endpoint: store.Endpoint, quads: list[ox.Quad]) -> None:
    """Put each graph of a store on a server, the default one too unless the server's is the union of the others."""
    profile = endpoint.kind()
    graphs: dict[object, list[ox.Triple]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    for graph, triples in graphs.items():
        named = isinstance(graph, ox.NamedNode)
        if not named and profile.default_graph == "union":
            continue
        with endpoint.session() as session:
            assert endpoint.graphs is not None
            done = session.put(
                endpoint.graphs,
                params={"graph": graph.value} if named else {"default": ""},
                data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES),
                headers={"Content-Type": "application/n-triples"},
                timeout=60,
            )
        assert done.status_code in (requests.codes.created, requests.codes.no_content, requests.codes.ok), (
            done.text
        )


@pytest.fixture(autouse=True)
def shortcoming(request: pytest.FixtureRequest) -> None:
    """Expect a test to fail on the server that is known not to do it; that it passes is then a failure."""
    name, claim = request.node.callspec.params["view"], request.node.originalname
    for server, test, reason in SHORTCOMINGS:
        if (server, test) == (name, claim):
            request.applymarker(pytest.mark.xfail(reason=reason, strict=True))


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


def test_a_path_may_start_anywhere(view: View):
    rows = view.select(f"SELECT DISTINCT ?s ?o WHERE {{ ?s <{EX}p>+ ?o FILTER(ISIRI(?o)) }}")
    found = {(str(row["s"]).removeprefix(EX), str(row["o"]).removeprefix(EX)) for row in rows}
    assert found == {(start, end) for start in "ab" for end in "abc"}


@pytest.mark.parametrize("sign", ["+", "*"])
def test_a_path_around_a_circle_comes_back(view: View, sign: str):
    rows = view.select(f"SELECT DISTINCT ?o WHERE {{ <{EX}a> <{EX}p>{sign} ?o FILTER(ISIRI(?o)) }}")
    assert {str(row["o"]) for row in rows} == {EX + "a", EX + "b", EX + "c"}


def test_the_end_of_a_path_may_be_bound(view: View):
    query = f"SELECT DISTINCT ?s WHERE {{ ?s <{EX}p>* ?end }}"
    assert {str(row["s"]) for row in view.select(query, {"end": URIRef(EX + "c")})} == {
        EX + "a",
        EX + "b",
        EX + "c",
    }


def test_a_long_answer_comes_whole(view: View):
    assert len(view.select(many_rows(12_000))) == 12_000


def test_text_comes_back_sign_by_sign(view: View):
    text = 'a"b\tc\nd\\e \U0001f600 \U00020000 e\u0301'
    (row,) = view.select("SELECT ?text WHERE { ?s ?p ?o } LIMIT 1", {"text": Literal(text)})
    assert row == {"text": Literal(text)}
