"""A server that holds a store answers as the store does, and what is wrong with a server is told."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from bench.oxigraph_server import program, serving

import aimsgraph
from aimsgraph.errors import (
    AimsgraphError,
    StoreAlteredError,
    StoreExistsError,
    StoreNotFoundError,
    StoreUnusableError,
    UsageError,
)
from aimsgraph.store import open_view
from aimsgraph.vocab import SOURCE_GRAPH
from aimsgraph_api.session import Session
from aimsgraph_api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aimsgraph.engine import Graph

TSV: Final = "text/tab-separated-values; charset=utf-8"
YES: Final = (200, "application/sparql-results+json", b'{"head":{},"boolean":true}')
NO: Final = (200, "application/sparql-results+json", b'{"head":{},"boolean":false}')
SAMPLE: Final = (200, TSV, b'?a\t?b\t?c\n<urn:aimsgraph:a>\t"a\\t\\"b\\\\"\t\n"c"@en\t1\t""\n')
#: What is asked on opening: whether there is anything, a table that is easily damaged, whether the history shows.
OPENED: Final = (YES, SAMPLE, NO, YES)


@pytest.fixture(scope="module")
def both(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Graph, Graph]]:
    """The example organisation in a folder, and on a server."""
    if program() is None:
        pytest.skip("the Oxigraph server is not installed (package oxigraph)")
    folder = demo_folder / "aimsgraph-demo" / "meridian.store"
    quads = tmp_path_factory.mktemp("server") / "meridian.nq"
    view = open_view(folder)
    ox.serialize(view.store, quads, format=ox.RdfFormat.N_QUADS)
    with serving(quads) as address:
        yield aimsgraph.open(folder), aimsgraph.open(address)


def test_a_server_gives_the_findings_scores_and_snapshot_of_the_store(both: tuple[Graph, Graph]):
    here, there = (graph.validate(per_node=True) for graph in both)
    assert there == here
    assert len(there.findings) > 20


def test_each_profile_and_system_is_judged_alike(both: tuple[Graph, Graph]):
    here, there = (graph.validate(profile="pre-deployment", systems=["Credit scoring"]) for graph in both)
    assert there == here


def test_a_copy_of_a_server_is_a_copy_of_the_store(both: tuple[Graph, Graph]):
    here, there = (graph.view().to_rdflib() for graph in both)
    assert set(there) == set(here)


def test_lineage_impact_and_trace_are_those_of_the_store(both: tuple[Graph, Graph]):
    here, there = both
    assert there.lineage("Credit scorecard v3") == here.lineage("Credit scorecard v3")
    evidence = here.path.parent.parent / "examples"
    assert there.impact("Bureau extract 2026", evidence_root=evidence) == here.impact(
        "Bureau extract 2026", evidence_root=evidence
    )
    assert there.trace("iso42001:A.7.4", evidence_root=evidence) == here.trace(
        "iso42001:A.7.4", evidence_root=evidence
    )


def test_a_server_is_exported_as_the_store_is(both: tuple[Graph, Graph], tmp_path: Path):
    answers = [
        graph.export_parquet(tmp_path / name) for graph, name in zip(both, ("here", "there"), strict=True)
    ]
    assert answers[0].snapshot == answers[1].snapshot
    for one, other in zip(answers[0].tables, answers[1].tables, strict=True):
        tables = [pq.read_table(table.path).to_pylist() for table in (one, other)]
        assert len(tables[0]) > 100
        assert sorted(map(str, tables[0])) == sorted(map(str, tables[1]))


def test_the_command_line_takes_an_address(both: tuple[Graph, Graph]):
    here, there = both
    words = [sys.executable, "-m", "aimsgraph", "validate", "--json", "--fail-on", "never", "--store"]
    answers = [
        subprocess.run([*words, str(graph.place)], capture_output=True, text=True, check=True).stdout
        for graph in (here, there)
    ]
    assert json.loads(answers[0]) == json.loads(answers[1])


def test_a_copy_of_a_store_has_a_log_and_no_proof_and_is_not_written_to(both: tuple[Graph, Graph]):
    here, there = both
    assert there.log() == here.log()
    assert there.verify().first_difference == "The patch of changeset 1 is missing."
    with pytest.raises(StoreAlteredError, match="patch of changeset 2 is missing"):
        there.diff("1")
    with pytest.raises(StoreNotFoundError, match="no store on the server"):
        there.load("a.ttl")
    with pytest.raises(StoreExistsError, match="already"):
        aimsgraph.init(str(there.place))
    with pytest.raises(UsageError, match="no folder"):
        there.path  # noqa: B018 - asking for it is the attempt


@contextmanager
def stand_in(*answers: tuple[int, str, bytes]) -> Iterator[str]:
    """Serve on loopback: each request gets the next answer, the last one again and again."""
    waiting = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, kind, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body) + (100 if body.endswith(b"BROKEN") else 0)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://user:secret@127.0.0.1:{server.server_port}/query"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, "text/html", b"<p>Welcome"), "answers in the format text/html"),
        ((401, "text/plain", b"who are you"), "status 401: who are you"),
        ((503, "text/plain", b"later"), "status 503: later"),
        ((302, "text/plain", b""), "status 302"),
        ((200, "application/sparql-results+json", b"{"), "it is no JSON"),
    ],
)
def test_what_is_no_endpoint_is_refused_on_opening(answer: tuple[int, str, bytes], said: str):
    with stand_in(answer) as address, pytest.raises(StoreUnusableError, match=said) as raised:
        aimsgraph.open(address)
    assert "secret" not in str(raised.value)
    assert raised.value.hint


@pytest.mark.parametrize(
    "body",
    [
        b"?a\t?b\n<urn:a>\t<urn:b>\n<urn:a>\t<urn:bBROKEN",
        b"?a\t?b\n<urn:a>\t<urn:b>\nThe query took too long\n",
        b"?a\t?b\n<urn:a>\t<urn:b>\t<urn:c>\n",
    ],
    ids=["cut off", "a message within", "a cell too many"],
)
def test_an_answer_that_breaks_off_after_status_200_is_an_error(body: bytes):
    with stand_in(*OPENED, (200, TSV, body)) as address:
        view = aimsgraph.open(address).view()
        with pytest.raises(StoreUnusableError, match="breaks off"):
            view.select("SELECT ?a ?b WHERE { ?a ?p ?b }")


def test_a_server_that_is_not_there_is_told():
    with stand_in(YES) as address:
        pass
    with pytest.raises(AimsgraphError, match="no connection can be made"):
        aimsgraph.open(address)


def test_the_api_reads_a_server_too(both: tuple[Graph, Graph]):
    here, there = (Session(Settings(str(graph.place))).validation(None) for graph in both)
    assert there == here
    assert here.findings


JSON_TABLE: Final = "application/sparql-results+json"


def test_graphs_of_a_server_can_be_chosen(both: tuple[Graph, Graph]):
    here, there = both
    chosen = [graph for graph in here.view().graphs() if graph.startswith(SOURCE_GRAPH)][:2]
    clauses = " ".join(f"FROM <{graph}>" for graph in chosen) + f" FROM NAMED <{chosen[0]}>"
    text = f"SELECT (COUNT(*) AS ?n) {clauses} {{ ?s ?p ?o FILTER EXISTS {{ GRAPH ?g {{ ?s ?q ?r }} }} }}"
    assert here.query(text).rows == there.query(text).rows
    assert int(str(here.query(text).rows[0][0])) > 10


def test_tables_are_read_as_json_where_tsv_damages_them():
    damaged = (200, TSV, b'"a"\t"b"\t"c"\n"urn:aimsgraph:a"\t"a"\t\n"c"\t1\t""\n')
    whole = json.dumps(
        {
            "head": {"vars": ["a", "b", "c"]},
            "results": {
                "bindings": [
                    {
                        "a": {"type": "uri", "value": "urn:aimsgraph:a"},
                        "b": {"type": "literal", "value": 'a\t"b\\'},
                    },
                    {
                        "a": {"type": "literal", "value": "c", "xml:lang": "en"},
                        "b": {
                            "type": "literal",
                            "value": "1",
                            "datatype": "http://www.w3.org/2001/XMLSchema#integer",
                        },
                        "c": {"type": "literal", "value": ""},
                    },
                ]
            },
        }
    ).encode()
    rows = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "urn:x"}}]}}'
    with stand_in(YES, damaged, (200, JSON_TABLE, whole), NO, YES, (200, JSON_TABLE, rows)) as address:
        view = aimsgraph.open(address).view()
        assert [str(row["x"]) for row in view.rows("SELECT ?x WHERE { ?x ?p ?o }")] == ["urn:x"]


def test_a_server_whose_tables_all_damage_terms_is_refused():
    damaged = (200, JSON_TABLE, b'{"head": {"vars": ["a"]}, "results": {"bindings": [{}, {}]}}')
    with stand_in(YES, damaged) as address, pytest.raises(StoreUnusableError, match="do not keep terms"):
        aimsgraph.open(address)


def test_a_graph_is_read_as_turtle_where_there_are_no_n_triples():
    turtle = (200, "text/turtle", b"@prefix e: <urn:e:> . e:a e:b e:c .")
    with stand_in(*OPENED, (200, TSV, b"?n\n1\n"), turtle) as address:
        assert len(aimsgraph.open(address).view().to_rdflib()) == 1


def test_a_copy_that_is_shorter_than_the_count_is_refused():
    short = (200, "application/n-triples", b"<urn:a> <urn:b> <urn:c> .\n")
    count = (200, TSV, b"?n\n2\n")
    with stand_in(*OPENED, count, short, count) as address:
        view = aimsgraph.open(address).view()
        with pytest.raises(StoreUnusableError, match="cuts answers off at 1 triples"):
            view.to_rdflib()
