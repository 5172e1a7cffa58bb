"""Answers over HTTP: whole where they are small, portion by portion where not, and never a part taken for the whole."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pyoxigraph as ox
import pytest
import uvicorn
from fastapi import Request

import aimsgraph
from aimsgraph.query import Limits
from aimsgraph_api import create_app
from aimsgraph_api.access import PrincipalDependency
from aimsgraph_api.asking import MEDIA_TYPES, Asked, streamed, whole
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.server import bind
from aimsgraph_api.settings import Settings
from tests.unit.query.asking import ENDLESS, children, linux, until

LARGE = "CONSTRUCT { ?s ?p ?o . ?a ?p ?o } WHERE { ?s ?p ?o . ?a a owl:Class }"
SMALL = "SELECT * { ?s a owl:Class } ORDER BY ?s LIMIT 3"
LIMITS = Limits(seconds=20, rows=60_000, memory=2 << 30)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    place = tmp_path_factory.mktemp("asked") / "a.store"
    aimsgraph.init(place)
    return place


@pytest.fixture(scope="module")
def client(store):
    with serving(Settings(store, limits=LIMITS)) as found:
        yield found


@contextmanager
def serving(settings: Settings):
    """Serve a route of the tests' own, on loopback."""
    app = create_app(settings)

    @app.get("/asked")
    async def asked(
        request: Request, graph: GraphDependency, asking: PrincipalDependency, query: str, form: str = "json"
    ):
        return await streamed(request, Asked(query), graph, asking, form)

    @app.get("/whole")
    async def all_of_it(request: Request, graph: GraphDependency, asking: PrincipalDependency, query: str):
        return {"rows": len(await whole(request, Asked(query), graph, asking))}

    listening = bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=5))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            client.app = app
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def counts(client) -> dict:
    return client.app.state.session.pool.counts()


def raw(client, query: str, form: str = "nt", version: str = "1.1") -> socket.socket:
    """Send a request, and return the connection."""
    url = client.build_request("GET", "/asked", params={"query": query, "form": form}).url
    connection = socket.create_connection((url.host, url.port))
    head = f"GET {url.raw_path.decode()} HTTP/{version}\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    connection.sendall(head.encode())
    return connection


def everything(connection: socket.socket) -> bytes:
    with connection, connection.makefile("rb") as file:
        return file.read()


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_a_small_answer_comes_whole_with_its_length(client, form):
    answer = client.get("/asked", params={"query": SMALL, "form": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA_TYPES[form]
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("ttl", ox.RdfFormat.TURTLE),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdfxml", ox.RdfFormat.RDF_XML),
    ],
)
def test_a_large_graph_comes_in_portions_and_is_the_same_in_every_form(client, store, form, read):
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    with client.stream("GET", "/asked", params={"query": text, "form": form}) as answer:
        assert answer.headers["content-type"] == MEDIA_TYPES[form]
        assert "content-length" not in answer.headers
        body = answer.read()
    wanted = {
        quad.triple
        for quad in aimsgraph.open(store).view().store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    }
    assert {quad.triple for quad in ox.parse(body, read)} == wanted


def test_each_limit_has_a_code_of_its_own(store):
    few = Limits(seconds=30, rows=10, bytes=10_000, memory=250 << 20)
    for query, limits, status, code in (
        (ENDLESS, replace(few, seconds=1), 504, "time-limit"),
        ("SELECT * { ?s ?p ?o } LIMIT 11", few, 413, "row-limit"),
        ("SELECT (GROUP_CONCAT(STR(?s)) AS ?all) { ?s ?p ?o }", few, 413, "byte-limit"),
    ):
        with serving(Settings(store, limits=limits)) as client:
            answer = client.get("/asked", params={"query": query})
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert client.get("/whole", params={"query": query}).json()["code"] == code


def test_a_full_queue_asks_to_come_again(store):
    with serving(Settings(store, workers=1, waiting=0, limits=LIMITS)) as client:
        client.get("/asked", params={"query": SMALL})
        first, second = raw(client, ENDLESS, "json"), raw(client, ENDLESS, "json")
        until(lambda: counts(client)["running"])
        answer = client.get("/asked", params={"query": SMALL})
        first.close()
        second.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "5"


def test_an_answer_that_meets_a_limit_on_the_way_is_no_whole_message(client, caplog):
    with caplog.at_level(logging.WARNING):
        said = everything(raw(client, LARGE))
        assert said.startswith(b"HTTP/1.1 200")
        assert b"transfer-encoding: chunked" in said.lower()
        assert not said.endswith(b"0\r\n\r\n")
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/asked", params={"query": LARGE, "form": "nt"})
    assert "cut off" in caplog.text
    assert "(row-limit)" in caplog.text


def test_http_1_0_which_has_no_chunks_gets_the_length_or_the_error(client):
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    head, _, body = everything(raw(client, text, version="1.0")).partition(b"\r\n\r\n")
    assert re.search(rb"content-length: (\d+)", head)[1] == str(len(body)).encode()
    assert len(body) > 1 << 20
    said = everything(raw(client, LARGE, version="1.0"))
    assert said.split()[1] == b"413"
    assert json.loads(said.partition(b"\r\n\r\n")[2])["code"] == "row-limit"


@linux
@pytest.mark.parametrize("query", [ENDLESS, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"])
def test_who_hangs_up_is_worked_for_no_longer(client, query):
    connection = raw(client, query, "json")
    workers = until(lambda: counts(client)["running"] == 1 and children())
    if query != ENDLESS:
        assert connection.recv(100_000).startswith(b"HTTP/1.1 200")
    connection.close()
    until(lambda: counts(client)["running"] == 0)
    until(lambda: len(workers - children()) == 1)


def test_who_hangs_up_while_waiting_waits_no_longer(store):
    with serving(Settings(store, workers=1, limits=LIMITS)) as client:
        connections = [raw(client, ENDLESS, "json") for _ in range(5)]
        until(lambda: counts(client)["waiting"] >= 2)
        for connection in connections:
            connection.close()
        until(lambda: counts(client)["running"] + counts(client)["waiting"] == 0)


def test_the_next_question_sees_what_was_written(client, store):
    def said() -> list:
        answer = client.get("/asked", params={"query": "SELECT ?v { <urn:a> <urn:b> ?v } ORDER BY ?v"})
        return [row["v"]["value"] for row in answer.json()["results"]["bindings"]]

    graph = aimsgraph.open(store)
    before = said()
    for number in range(2):
        graph.update(f"INSERT DATA {{ <urn:a> <urn:b> {number} }}")
        assert said() == [*before, *map(str, range(number + 1))]
    past = client.get("/asked", params={"query": "ASK { <urn:a> <urn:b> ?v }", "as_of": "1"})
    assert past.json()["boolean"] is False


def test_a_text_of_which_the_reading_takes_long_holds_up_nobody(client):
    text = "SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(9_000))) + ")) }"
    connection = raw(client, text, "json")
    for number in range(3):
        assert client.get("/asked", params={"query": f"{SMALL} OFFSET {number}"}).status_code == 200
    connection.close()


@linux
def test_nothing_is_left_when_the_server_has_ended(store):
    before = children()
    with serving(Settings(store)) as client:
        client.get("/asked", params={"query": SMALL})
        assert children() - before
    end = time.monotonic() + 5
    while children() - before and time.monotonic() < end:
        time.sleep(0.01)
    assert not children() - before
