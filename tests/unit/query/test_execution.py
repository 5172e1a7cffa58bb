from __future__ import annotations

import json
import os
import platform
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from aimsgraph.errors import (
    LimitExceededError,
    QueryInvalidError,
    QueryRefusedError,
    StoreNotFoundError,
    StoreUnusableError,
    TimeLimitError,
)
from aimsgraph.query import Limits, run
from aimsgraph.query.limit import MIB
from aimsgraph.store import create, memory_view, open_view

EX = "https://example.org/meridian/"
CROSS_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
WORKER = Path(__file__).parents[3] / "src" / "aimsgraph" / "query" / "worker.py"

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def children() -> set[str]:
    return {
        child
        for task in Path("/proc/self/task").iterdir()
        for child in (task / "children").read_text(encoding="ascii").split()
    }


def test_a_select_gives_columns_and_rows(location: Path) -> None:
    answer = run(location, "SELECT ?s ?n { ?s ex:number ?n OPTIONAL { ?s ex:next ?x } } ORDER BY ?s LIMIT 2")
    assert answer.columns == ("s", "n")
    assert answer.rows == (
        (URIRef(EX + "s0"), Literal("0", datatype=XSD.integer)),
        (URIRef(EX + "s1"), Literal("1", datatype=XSD.integer)),
    )


def test_the_columns_of_select_star_stand_in_the_order_of_the_text(location: Path) -> None:
    answer = run(location, "SELECT * { ?zebra ex:next ?ant . ?ant ex:next ?mule }")
    assert answer.columns == ("zebra", "ant", "mule")
    assert [str(cell).removeprefix(EX) for cell in answer.rows[0]] == ["s1", "s2", "s3"]


def test_ask_and_construct_are_answered(location: Path) -> None:
    assert run(location, "ASK { ex:s1 ex:next ex:s2 }").boolean is True
    assert run(location, "ASK { ex:s2 ex:next ex:s1 }").boolean is False
    assert len(run(location, "CONSTRUCT WHERE { ?s ex:next ?o }")) == 2


def test_the_history_is_reached_by_its_name_only(location: Path) -> None:
    assert len(run(location, "SELECT * { ?s ex:message ?o }")) == 0
    assert (
        len(run(location, "SELECT * { GRAPH <https://w3id.org/aimsgraph/graph/history> { ?s ?p ?o } }")) == 1
    )


@linux
def test_a_query_that_takes_too_long_is_killed(location: Path) -> None:
    before = children()
    with pytest.raises(TimeLimitError) as caught:
        run(location, CROSS_PRODUCT, limits=Limits(seconds=0.5))
    assert caught.value.exit_status == 3
    assert children() <= before


@pytest.mark.skipif(sys.platform != "linux", reason="the system keeps no limit on a process's data")
def test_a_query_that_takes_too_much_memory_is_stopped(location: Path) -> None:
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c"
    with pytest.raises(LimitExceededError, match="250 MiB of memory"):
        run(location, text, limits=Limits(memory=250 * MIB))


def test_more_rows_than_allowed_are_no_answer(location: Path) -> None:
    text = "SELECT * { ?s ?p ?o }"
    whole = len(run(location, text))
    assert len(run(location, text, limits=Limits(rows=whole))) == whole
    with pytest.raises(LimitExceededError, match=f"{whole - 1} rows") as caught:
        run(location, text, limits=Limits(rows=whole - 1))
    assert caught.value.exit_status == 3


def test_more_bytes_than_allowed_are_no_answer(location: Path) -> None:
    with pytest.raises(LimitExceededError, match="10,000 bytes"):
        run(location, "SELECT ?o { ?s ex:text ?o }", limits=Limits(bytes=10_000))
    with pytest.raises(LimitExceededError, match="10,000 bytes"):
        run(location, "CONSTRUCT WHERE { ?s ex:text ?o }", limits=Limits(bytes=10_000))


def _has_opened_the_store(worker: str) -> bool:
    status = Path(f"/proc/{worker}/status")
    return bool(worker) and status.exists() and "Threads:\t1\n" not in status.read_text(encoding="ascii")


@linux
def test_ctrl_c_ends_the_worker_with_the_caller(location: Path, tmp_path: Path) -> None:
    script = tmp_path / "ask.py"
    script.write_text(
        "import sys, threading\nfrom pathlib import Path\nfrom aimsgraph.query import run, Limits\n"
        "print('ready', flush=True)\n"
        f"run(Path({str(location)!r}), {CROSS_PRODUCT!r}, limits=Limits(seconds=600))\n",
        encoding="utf-8",
    )
    caller = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert caller.stdout is not None
    assert caller.stderr is not None
    assert caller.stdout.readline() == "ready\n"
    worker = ""
    while not _has_opened_the_store(worker):
        assert caller.poll() is None
        worker = Path(f"/proc/{caller.pid}/task/{caller.pid}/children").read_text(encoding="ascii").strip()
    caller.send_signal(signal.SIGINT)
    complaint = caller.communicate()[1]
    assert "KeyboardInterrupt" in complaint
    assert not Path(f"/proc/{worker}").exists()


def test_a_query_with_a_service_never_reaches_the_worker(location: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        for text in (
            f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ VALUES ?x {{ <http://127.0.0.1:{port}/> }} FILTER(1<?b)SERVICE?x#>\n{{ ?s ?p ?o }} }}",
            f'SELECT * {{ FILTER(1<#>"""\n2) SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} #""") \n}}',
            f"LOAD <http://127.0.0.1:{port}/>",
        ):
            with pytest.raises((QueryRefusedError, QueryInvalidError)):
                run(location, text)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="no seccomp filter here",
)
@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_the_worker_could_not_connect_even_if_told_to(location: Path, silent: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        request = {
            "database": str(location / "db"),
            "query": f"SELECT * {{ SERVICE {silent}<{url}> {{ ?s ?p ?o }} }}",
            "form": "terms",
            "hidden": "none",
            "seconds": 10,
            "rows": 10,
            "bytes": 1000,
            "memory": 1024 * MIB,
        }
        done = subprocess.run(
            [sys.executable, "-P", WORKER],
            input=json.dumps(request).encode(),
            capture_output=True,
            check=True,
        )
        with pytest.raises(BlockingIOError):
            server.accept()
    last = json.loads(done.stdout.splitlines()[-1])
    assert "end" in last if silent else last["error"] == "engine"


def test_a_view_in_memory_is_asked_in_a_process_too() -> None:
    view = memory_view("@prefix ex: <https://example.org/meridian/> . ex:a ex:p 1 , 'x'@en .")
    assert view.location is None
    answer = run(view, "SELECT ?o { ex:a ex:p ?o } ORDER BY STR(?o)")
    assert [row[0] for row in answer.rows] == [Literal("1", datatype=XSD.integer), Literal("x", lang="en")]
    with pytest.raises(TimeLimitError):
        run(memory_view(*_many()), CROSS_PRODUCT, limits=Limits(seconds=0.5))


def _many() -> list[str]:
    return [f"<urn:s{number}> <urn:p> <urn:o{number % 7}> ." for number in range(300)]


def test_a_store_may_be_asked_while_another_process_writes_it(tmp_path: Path) -> None:
    import pyoxigraph as ox

    create(tmp_path / "s", now=datetime(2026, 9, 30, tzinfo=UTC))
    store = ox.Store(tmp_path / "s" / "db")
    iri = ox.NamedNode("urn:a")
    store.add(ox.Quad(iri, iri, iri))
    assert len(run(tmp_path / "s", "SELECT * { ?s ?p ?o }")) == 1
    store.add(ox.Quad(iri, iri, ox.Literal("b")))
    assert len(run(tmp_path / "s", "SELECT * { ?s ?p ?o }")) == 2


def test_no_store_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFoundError):
        run(tmp_path / "none", "SELECT * { ?s ?p ?o }")


def test_a_view_of_a_store_is_asked_where_the_store_lies(location: Path) -> None:
    assert run(open_view(location), "ASK { ex:s1 ex:next ex:s2 }").boolean is True


def test_a_damaged_database_is_said_plainly(tmp_path: Path) -> None:
    create(tmp_path / "s", now=datetime(2026, 9, 30, tzinfo=UTC))
    (tmp_path / "s" / "db" / "CURRENT").unlink()
    with pytest.raises(StoreUnusableError, match="cannot be opened"):
        run(tmp_path / "s", "ASK { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT ?s {\n  ?s a aims:Risk .\n  FILTER(?s = ) }", 3, 17),
        ("SELECT ?s {\n  ?s ?p }", 2, 9),
        ("SELECT ?s { ?s ?p ?o", 1, 21),
    ],
)
def test_the_engine_is_asked_where_a_syntax_fault_is(
    location: Path, text: str, line: int, column: int
) -> None:
    with pytest.raises(QueryInvalidError) as caught:
        run(location, text)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (line, column)


def test_the_worker_loads_nothing_but_the_engine_and_the_standard_library() -> None:
    code = (
        f"import runpy, sys; runpy.run_path({str(WORKER)!r}, run_name='worker');"
        "print([m for m in ('rdflib', 'pydantic', 'yaml', 'aimsgraph.query') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ})
    assert done.stdout.strip() == b"[]"
