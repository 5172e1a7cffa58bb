"""The client's answers are those of the engine, and so are its errors."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph as Triples

import aimsgraph
from aimsgraph import errors, query
from aimsgraph.client import Client
from tests.clients.conftest import needs

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from aimsgraph.engine import Graph

MODEL, BUREAU, SCORING, APPLICANTS = (
    "Credit scorecard v3", "Bureau extract 2026", "Credit scoring", "Loan applicants",
)  # fmt: skip
DAY = date(2026, 6, 30)


def same(told: BaseModel, known: BaseModel) -> bool:
    """Compare by content: the engine's answers are of classes that can also draw themselves."""
    return told.model_dump() == known.model_dump() and isinstance(known, type(told))


@pytest.mark.parametrize(
    ("method", "words", "options"),
    [
        ("lineage", (MODEL,), {"hops": 2, "direction": "both", "date": DAY}),
        ("paths", (BUREAU, SCORING), {"most": 2}),
        ("common", (SCORING, "Transaction fraud detection"), {}),
        ("cycles", (), {}),
        ("weak_points", (SCORING,), {}),
        ("blast_radius", (), {"rows": 3, "threats": True}),
        ("impact", (BUREAU,), {"hops": 3, "date": DAY}),
        ("explain_impact", (BUREAU,), {"target": APPLICANTS}),
        ("risks", (), {"by": "area"}),
        ("fix_first", (), {"most": 2, "by": "loss"}),
        ("trace", ("iso42001:A.7.4",), {"date": DAY}),
        ("validate", (), {}),
        ("diff", ("5", "6"), {}),
        ("lineage_change", (MODEL,), {"since": "20"}),
    ],
)
def test_a_method_gives_the_value_objects_of_the_engine(client: Client, graph: Graph, method, words, options):
    assert same(getattr(client, method)(*words, **options), getattr(graph, method)(*words, **options))


def test_every_other_method_is_one_of_the_engine(graph: Graph):
    own = {"at", "close", "health", "search", "question", "questions", "ask", "sparql", "rows", "history"}
    own |= {"start_load", "jobs", "job", "wait", "result", "cancel"}
    methods = {name for name, _ in inspect.getmembers(Client, inspect.isfunction) if name[0] != "_"} - own
    assert len(methods) >= 18
    assert [name for name in methods if not hasattr(graph, name)] == []


def test_a_lineage_is_narrowed(client: Client, graph: Graph):
    narrowed = graph.filters(types=["aims:Supplier"], along=["use", "supply"])
    told = client.lineage(SCORING, types=["aims:Supplier"], along=["use", "supply"])
    assert told.nodes
    assert same(told, graph.lineage(SCORING, filters=narrowed))


def test_nodes_are_listed_and_found(client: Client, graph: Graph):
    assert client.nodes(type="aims:Risk") == graph.nodes(type="aims:Risk")
    assert client.nodes(limit=1200) == graph.nodes(limit=1200)  # more than a page
    assert client.search("scorecard", limit=3) == graph.nodes(text="scorecard", limit=3)
    page = client.node_page(type="aims:Risk", limit=2)
    assert client.node_page(type="aims:Risk", limit=2, after=page.next).nodes == tuple(
        graph.nodes(type="aims:Risk", limit=4)[2:]
    )


def test_a_node_is_told_whole(client: Client, graph: Graph):
    assert same(client.node(MODEL), graph.node(MODEL))
    told = client.node("https://example.org/meridian/applicability/A.8.3", findings=True)
    assert told.findings
    assert {one.focus for one in told.findings} == {told.id}


def test_the_history_is_told_whole(client: Client, graph: Graph):
    assert client.log() == graph.log()
    assert client.history(source="inventory.ttl").changesets == tuple(graph.log(source="inventory.ttl"))


def test_a_picture_is_that_of_the_engine(client: Client, graph: Graph):
    assert client.diagram(MODEL, hops=1, format="mermaid") == graph.diagram(MODEL, hops=1).render("mermaid")


def test_an_earlier_state_is_seen(client: Client, store: Path):
    earlier = client.at("20")
    assert same(earlier.trace("iso42001:A.7.4"), aimsgraph.open(store, as_of="20").trace("iso42001:A.7.4"))
    assert repr(earlier).endswith(", as of 20>")


@pytest.mark.parametrize("name", ["nobody", "Dorothea Vasquez of nowhere", "https://example.org/none"])
def test_an_error_is_the_engines_own(client: Client, graph: Graph, name: str):
    with pytest.raises(errors.AimsgraphError) as here:
        graph.trace(name)
    with pytest.raises(type(here.value)) as there:
        client.trace(name)
    assert (there.value.code, there.value.message, there.value.hint) == (
        here.value.code, here.value.message, here.value.hint,
    )  # fmt: skip


def test_every_fault_of_a_request_is_told(client: Client):
    with pytest.raises(errors.UsageError) as found:
        client.lineage(MODEL, hops=0)
    assert [str(one) for one in found.value.problems] == [
        "it should be greater than or equal to 1 @ query.hops"
    ]


def test_each_code_is_of_the_class_that_has_it():
    for kind in errors.AimsgraphError.__subclasses__():
        assert errors.error_class(kind.code) is kind
    assert errors.error_class("something-new") is errors.AimsgraphError


def test_the_client_is_there_without_the_engine():
    heavy = ("rdflib", "pyoxigraph", "networkx", "numpy", "pandas", "pyshacl", "aimsgraph.engine")
    code = f"import sys, aimsgraph.client; print([one for one in {heavy!r} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# -- SPARQL, where the server has it ---------------------------------------------------------------------------

MODELS = "SELECT ?model ?label WHERE { ?model a aims:Model ; rdfs:label ?label } ORDER BY ?label"


@pytest.fixture
def asking(client: Client, address: str) -> Client:
    needs(address, "/sparql")
    return client


def test_rows_are_those_of_the_engine(asking: Client, graph: Graph):
    told, known = asking.sparql(MODELS), graph.query(MODELS)
    assert told.kind == "rows"
    assert told.columns == known.columns
    assert [tuple(map(str, row)) for row in told.rows] == [tuple(map(str, row)) for row in known.rows]
    assert told.to_pandas().equals(known.to_pandas())


def test_terms_are_typed(asking: Client):
    asked = 'SELECT (1 AS ?n) (1.5 AS ?d) ("x"@en AS ?t) (true AS ?b) (?gone AS ?u) ("2026-01-02"^^xsd:date AS ?day) {}'
    (row,) = asking.sparql(asked).values()
    assert row == {"n": 1, "d": 1.5, "t": "x", "b": True, "u": None, "day": date(2026, 1, 2)}
    (terms,) = asking.sparql(asked)
    assert "u" not in terms
    assert (terms["t"].language, terms["t"].datatype) == ("en", None)


def test_rows_come_as_a_stream(asking: Client):
    assert [str(row["label"]) for row in asking.rows(MODELS)] == [
        str(row["label"]) for row in asking.sparql(MODELS)
    ]


def test_yes_and_no_and_triples(asking: Client, graph: Graph):
    assert bool(asking.sparql("ASK { ?s a aims:Model }")) is True
    assert bool(asking.sparql("ASK { ?s a aims:Nothing }")) is False
    asked = "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a aims:Model ; rdfs:label ?l }"
    told = asking.sparql(asked)
    assert (told.kind, len(told)) == ("triples", len(graph.query(asked)))
    assert set(told.to_graph()) == set(graph.query(asked).to_graph())
    assert isinstance(told.to_graph(), Triples)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT * WHERE { ?s ?p }", errors.QueryInvalidError),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", errors.QueryRefusedError),
        ("DELETE WHERE { ?s ?p ?o }", errors.QueryRefusedError),
    ],
)
def test_what_sparql_is_refused_is_an_error_of_the_engine(asking: Client, text: str, kind):
    with pytest.raises(kind):
        asking.sparql(text)
    with pytest.raises(kind):
        asking.rows(text)  # at once, not at the first row


# -- saved questions ---------------------------------------------------------------------------------------------


@pytest.fixture
def answering(client: Client, address: str) -> Client:
    needs(address, "/api/v1/queries")
    return client


def test_questions_are_listed_as_they_are_here(answering: Client):
    known = query.catalogue()
    assert {one.id: one for one in answering.questions().queries} == known
    assert answering.questions(area="human-oversight") == query.matching(known, area="human-oversight")
    assert answering.question("controls-for-area") == known["controls-for-area"]
    with pytest.raises(errors.QueryNotFoundError):
        answering.question("no-such")


def test_a_question_is_answered_as_here(answering: Client, graph: Graph):
    told = answering.ask("controls-for-area", area="area:data-governance")
    known = graph.query("controls-for-area", {"area": "area:data-governance"})
    assert told.to_json() == json.loads(known.to_json())
    assert told


@pytest.mark.parametrize("words", [{}, {"area": "nonsense"}, {"area": "area:data-governance", "strange": 1}])
def test_a_wrong_parameter_is_an_error(answering: Client, words: dict[str, object]):
    with pytest.raises(errors.AimsgraphError) as found:
        answering.ask("controls-for-area", **words)
    assert found.value.code in ("usage", "query-invalid", "node-not-found")
