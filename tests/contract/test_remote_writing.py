"""Many who write to one server, and are killed or cut off while they do: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

import pyoxigraph as ox
import pytest
import requests
from bench.oxigraph_server import program, serving

from aimsgraph import store
from aimsgraph.errors import (
    InferenceFailedError,
    StoreAlteredError,
    StoreExistsError,
    StoreLockedError,
    StoreMovedError,
    StoreNotFoundError,
    StoreTooNewError,
    StoreUnusableError,
    UsageError,
)
from aimsgraph.store import Endpoint, remote_commit, remote_writer
from aimsgraph.store import server as server_module
from aimsgraph.store.remote_lock import Ticket
from aimsgraph.store.remote_writer import open_remote_writer
from aimsgraph.store.reserved import MANIFEST_GRAPH, PATCHES_GRAPH, STORE, TICKETS_GRAPH
from aimsgraph.vocab import AIMS, GRAPH, HISTORY_GRAPH, INFERRED_GRAPH, OWL, RDF
from tests import program as program_of_ours
from tests.unit.store.conftest import EX, G1, NOW, quad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WHO: Final[dict[str, Any]] = {"author": "ada", "message": "because", "now": NOW}
ROOT: Final = Path(__file__).resolve().parents[2]
WRITERS, KILLS = 8, int(os.environ.get("AIMSGRAPH_KILL_ROUNDS", "20")) // 2

#: Writes for ever, small and larger changes by turns, and tells each that is acknowledged.
KEEN: Final = """
import sys
from datetime import UTC, datetime
import pyoxigraph as ox
from aimsgraph import store
from aimsgraph.store import remote_commit
from aimsgraph.store.remote_writer import open_remote_writer
remote_commit.INLINE = int(sys.argv[2])
now = datetime(2026, 9, 30, 12, tzinfo=UTC)
node = ox.NamedNode
with open_remote_writer(store.Endpoint(sys.argv[1]), lease=1.5) as writer:
    number = len(store.changesets(writer.view()))
    while True:
        quads = [ox.Quad(node(f"urn:s{number}"), node("urn:p"), ox.Literal(item)) for item in range(50)]
        if number % 3 == 2:
            made = writer.replace("urn:g", quads, author="a", message="m", now=now)
        else:
            made = writer.apply(quads, graph="urn:g", author="a", message="m", now=now)
        number += 1
        print(made.number, made.hash, flush=True)
"""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An empty store on an Oxigraph server of its own."""
    if program() is None:
        pytest.skip("the Oxigraph server is not installed (package oxigraph)")
    with serving() as address:
        place = Endpoint(address)
        store.create(place, now=NOW)
        yield place


def run(text: str, *words: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-c", text, *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip


def names(place: Endpoint) -> set[str]:
    """All named graphs on the server, also those that no view lists."""
    rows = store.RemoteView(place).select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    return {str(row["g"]) for row in rows}


def tell(place: Endpoint, update: str) -> None:
    place.send_update(place.session(), update)


def test_threads_that_share_a_writer_take_turns(endpoint: Endpoint):
    with store.open_writer(endpoint) as writer:
        threads = [
            threading.Thread(target=lambda n=n: writer.apply([quad(f"s{n}", "p", "o")], graph=G1, **WHO))
            for n in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert store.open_place(endpoint).count() == WRITERS
    assert store.verify(endpoint).first_difference is None


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_whole_changesets():
    """Two writers on a server of their own each: one writes in one update, one by a graph beside."""
    if program() is None:
        pytest.skip("the Oxigraph server is not installed (package oxigraph)")
    # Most of the time goes in waiting until the ticket of the dead is out: they are waited for side by side.
    with serving() as one, serving() as other, ThreadPoolExecutor(2) as pool:
        list(pool.map(killed_and_looked_at, (one, other), (2000, 20)))


def killed_and_looked_at(address: str, inline: int) -> None:
    endpoint = Endpoint(address)
    store.create(endpoint, now=NOW)
    chance = random.Random(inline)  # noqa: S311 - moments to kill at, not secrets
    acknowledged: list[list[str]] = []
    for _ in range(KILLS):
        writer = run(KEEN, endpoint.address, str(inline))
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(chance.randrange(1, 4))]
        time.sleep(chance.random() / 5)
        writer.kill()
        lines += writer.communicate()[0].splitlines(keepends=True)
        told = [line.split() for line in lines if line.endswith("\n")]
        with open_remote_writer(endpoint, lease=1.5) as looking:
            known = [[str(one.number), one.hash] for one in store.changesets(looking.view())]
            acknowledged += told
            assert known[: len(acknowledged)] == acknowledged, inline
            assert len(known) <= len(acknowledged) + 1, inline
            acknowledged = known
            assert store.verify(endpoint).first_difference is None, inline
    assert acknowledged, inline
    assert names(endpoint) <= {"urn:g", HISTORY_GRAPH, PATCHES_GRAPH, MANIFEST_GRAPH}, inline


def abandoned(place: Endpoint, lease: float) -> Ticket:
    """A ticket whose owner is as good as dead: it is not seen any more."""
    ticket = Ticket(place, lease=lease)
    ticket.take()
    ticket._over.set()
    return ticket


def test_what_a_dead_writer_left_behind_is_cleared_away(endpoint: Endpoint):
    dead = abandoned(endpoint, 0.2)
    graph = dead.staging()
    tell(endpoint, f"INSERT DATA {{ GRAPH {graph} {{ <{EX}a> <{EX}p> <{EX}b> }} }}")
    assert store.open_place(endpoint).graphs() == []
    with store.open_writer(endpoint) as writer:
        assert graph.value not in names(endpoint)
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    assert names(endpoint) == {G1, HISTORY_GRAPH, PATCHES_GRAPH, MANIFEST_GRAPH}
    assert TICKETS_GRAPH not in names(endpoint)


def test_one_who_waits_too_long_is_told_who_writes(endpoint: Endpoint):
    with store.open_writer(endpoint):
        before = names(endpoint)
        with (
            pytest.raises(StoreLockedError, match=f"process {os.getpid()} on"),
            open_remote_writer(endpoint, patience=0.2),
        ):
            pass
        assert names(endpoint) == before


def test_a_writer_that_was_held_up_and_lost_its_turn_writes_nothing(endpoint: Endpoint):
    slept = abandoned(endpoint, 0.2)
    late = remote_writer.RemoteWriter(server_module.Server(endpoint), slept)
    with store.open_writer(endpoint) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        with pytest.raises(StoreLockedError, match="held up"):
            late.apply([quad("c", "p", "d")], graph=G1, **WHO)
        # Also when it is already past that look, the update itself finds neither its ticket nor its head.
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Ticket, "check", lambda _: None)
            with pytest.raises(StoreMovedError):
                late.apply([quad("c", "p", "d")], graph=G1, **WHO)
        writer.apply([quad("e", "p", "f")], graph=G1, **WHO)
    assert store.open_place(endpoint).count() == 2
    assert store.verify(endpoint).first_difference is None


def test_a_history_with_two_ends_is_refused_aloud(endpoint: Endpoint):
    with store.open_writer(endpoint) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        other = f'<{GRAPH}changeset/1> <https://w3id.org/aimsgraph/ns#changesetHash> "sha256:{"0" * 64}"'
        tell(endpoint, f"INSERT DATA {{ GRAPH <{HISTORY_GRAPH}> {{ {other} }} }}")
    with pytest.raises(StoreAlteredError, match="not one chain"), store.open_writer(endpoint):
        pass
    assert not store.verify(endpoint).intact


def test_somebody_who_writes_past_the_tickets_is_noticed_by_the_one_who_has_the_turn(endpoint: Endpoint):
    with store.open_writer(endpoint) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        send = server_module.Server.update

        def beside(server: server_module.Server, text: str, *, patience: float = 600.0) -> None:
            send(server, text, patience=patience)
            other = f'<{GRAPH}changeset/2> <https://w3id.org/aimsgraph/ns#changesetHash> "sha256:{"0" * 64}"'
            tell(endpoint, f"INSERT DATA {{ GRAPH <{HISTORY_GRAPH}> {{ {other} }} }}")

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(server_module.Server, "update", beside)
            with pytest.raises(StoreAlteredError, match="not one chain from changeset 2 on"):
                writer.apply([quad("c", "p", "d")], graph=G1, **WHO)


def test_a_store_of_a_later_format_is_neither_read_nor_written(endpoint: Endpoint):
    tell(endpoint, f"INSERT DATA {{ GRAPH <{MANIFEST_GRAPH}> {{ <{GRAPH}store> <{STORE}format> 99 }} }}")
    for attempt in (store.open_place, lambda place: store.open_writer(place).__enter__()):
        with pytest.raises(StoreTooNewError):
            attempt(endpoint)


def test_a_server_without_a_store_is_not_written_to():
    if program() is None:
        pytest.skip("the Oxigraph server is not installed (package oxigraph)")
    with serving() as address:
        with pytest.raises(StoreNotFoundError, match="aimsgraph init"), store.open_writer(Endpoint(address)):
            pass
        assert names(Endpoint(address)) == set()
        tell(Endpoint(address), f"INSERT DATA {{ <{EX}a> <{EX}p> <{EX}b> }}")
        with pytest.raises(StoreExistsError):
            store.create(Endpoint(address), now=NOW)
        assert names(Endpoint(address)) == set()


@contextmanager
def in_between(place: Endpoint, cut: Callable[[str, int], str]) -> Iterator[Endpoint]:
    """Stand between a writer and its server; ``cut`` says of each commit (its text, its number) what befalls it."""
    commits = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            nonlocal commits
            body = self.rfile.read(int(self.headers["Content-Length"]))
            text = unquote_plus(body.decode()) if self.path == "/update" else ""
            fate = "pass"
            if "patchHash" in text:
                commits += 1
                fate = cut(text, commits)
            if fate == "drop":
                self.hang_up()
                return
            answer = requests.post(
                place.address.replace("/query", self.path), data=body, timeout=60,
                headers={name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers},
            )  # fmt: skip
            if fate == "mute":
                self.hang_up()
                return
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def hang_up(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    between = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=between.serve_forever, daemon=True)
    thread.start()
    try:
        yield Endpoint(f"http://127.0.0.1:{between.server_port}/query")
    finally:
        between.shutdown()
        between.server_close()
        thread.join()


@pytest.mark.parametrize("fate", ["mute", "drop"], ids=["the answer is lost", "the question is lost"])
def test_a_write_whose_answer_does_not_come_is_done_once(endpoint: Endpoint, fate: str):
    def once(_text: str, number: int) -> str:
        return fate if number == 1 else "pass"

    with in_between(endpoint, once) as place, store.open_writer(place) as writer:
        made = writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        assert made is not None
        assert writer.head == made.hash
        writer.apply([quad("c", "p", "d")], graph=G1, **WHO)
    assert [one.number for one in store.changesets(store.open_place(endpoint))] == [1, 2]
    assert store.verify(endpoint).first_difference is None


def test_a_write_that_never_gets_through_is_an_error_and_nothing_is_written(endpoint: Endpoint):
    with (
        in_between(endpoint, lambda *_: "drop") as place,
        open_remote_writer(place, lease=1.0) as writer,
        pytest.raises(StoreUnusableError, match="no connection can be made"),
    ):
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    assert store.changesets(store.open_place(endpoint)) == []
    # The server might yet do it, so the ticket stands until its lease is up.
    assert TICKETS_GRAPH in names(endpoint)
    with pytest.raises(UsageError, match="closed"):
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    with store.open_writer(endpoint) as other:
        other.apply([quad("c", "p", "d")], graph=G1, **WHO)
    assert TICKETS_GRAPH not in names(endpoint)
    assert store.verify(endpoint).first_difference is None


def test_a_write_whose_inference_does_not_get_through_stands(endpoint: Endpoint):
    named = {"type": RDF + "type", "readAs": AIMS + "readAs", "Model": AIMS + "Model", "Class": OWL + "Class"}
    read = [
        ox.Quad(*(ox.NamedNode(named.get(name, EX + name)) for name in names))  # type: ignore[arg-type]
        for names in (("Model", "type", "Class"), ("Net", "readAs", "Model"), ("n", "type", "Net"))
    ]
    with (
        in_between(endpoint, lambda _text, number: "pass" if number == 1 else "drop") as place,
        open_remote_writer(place, lease=1.0) as writer,
        pytest.raises(InferenceFailedError, match="The write stands"),
    ):
        writer.apply(read, graph=G1, **WHO)
    assert [one.graph for one in store.changesets(store.open_place(endpoint))] == [G1]
    with store.open_writer(endpoint) as other:
        other.apply([quad("c", "p", "d")], graph=G1, **WHO)
    told = [one.graph for one in store.changesets(store.open_place(endpoint))]
    assert told == [G1, G1, INFERRED_GRAPH]
    assert store.verify(endpoint).first_difference is None


def test_a_large_write_goes_in_portions_and_leaves_no_staging_behind(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(server_module, "PORTION", 700)
    quads = [quad(f"s{number}", "p", number) for number in range(3000)]
    told: list[tuple[int, int]] = []
    with store.open_writer(endpoint) as writer:
        made = writer.commit(
            [store.Change(G1, "ada", "m", quads, (), True)], now=NOW, progress=lambda *done: told.append(done)
        )
        assert made[0] is not None
        assert made[0].added == 3000
        assert told
        again = writer.replace(G1, quads[100:], **WHO)
        assert again is not None
        assert (again.added, again.removed) == (0, 100)
        writer.replace(G1, [], **WHO)
    assert names(endpoint) == {HISTORY_GRAPH, PATCHES_GRAPH, MANIFEST_GRAPH}
    assert store.verify(endpoint).first_difference is None


def test_a_server_that_keeps_less_than_it_was_sent_gets_nothing_moved(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(remote_commit, "INLINE", 0)
    post = Endpoint.post_graph
    monkeypatch.setattr(
        Endpoint, "post_graph",
        lambda place, session, graph, triples: post(place, session, graph, triples.split(b"\n", 1)[1]),
    )  # fmt: skip
    with (
        store.open_writer(endpoint) as writer,
        pytest.raises(StoreUnusableError, match="was sent 2 triples and holds 1"),
    ):
        writer.apply([quad("a", "p", "b"), quad("c", "p", "d")], graph=G1, **WHO)
    assert names(endpoint) == {MANIFEST_GRAPH}


def test_a_server_without_a_graph_store_is_staged_by_updates(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(remote_commit, "INLINE", 0)
    monkeypatch.setattr(Endpoint, "takes_graphs", lambda _: False)
    value = ox.Quad(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "p"), ox.Literal('a "b"\n\U0001f600'))
    with store.open_writer(endpoint) as writer:
        writer.apply([value, quad("c", "p", "d")], graph=G1, **WHO)
    assert store.open_place(endpoint).count() == 2
    assert store.verify(endpoint).first_difference is None


@pytest.mark.slow
def test_the_commands_that_write_and_read_history_take_an_address(endpoint: Endpoint, tmp_path: Path):
    secret = endpoint.address.replace("http://", "http://user:secret@")
    said: list[str] = []

    def command(*words: str, status: int = 0) -> Any:
        done = program_of_ours.run([*words, "--store", secret], tmp_path, os.environ)
        assert done.returncode == status, done.stderr
        said.extend([done.stdout, done.stderr])
        return json.loads(done.stdout) if "--json" in words else None

    tell(endpoint, "DROP ALL")
    command("init")
    command("init", status=2)
    turtle = (ROOT / "examples" / "meridian" / "systems.ttl").read_text(encoding="utf-8")
    (tmp_path / "a.ttl").write_text(turtle, encoding="utf-8")
    loaded = command("load", "a.ttl", "--author", "ada", "--json")
    assert loaded["files"][0]["added"] > 100
    (tmp_path / "r.csv").write_text("ID,Title\nR1,It goes wrong\n", encoding="utf-8")
    command("import", "csv", "r.csv", "--json")
    (tmp_path / "a.ttl").write_text(turtle + "\n<urn:new> a <urn:Thing> .\n", encoding="utf-8")
    command("load", "a.ttl", "--json")
    changesets = command("log", "--json")["changesets"]
    assert [one["source"] for one in changesets if one["source"] in {"a.ttl", "r.csv"}] == [
        "a.ttl", "r.csv", "a.ttl",
    ]  # fmt: skip
    before = next(one["number"] for one in reversed(changesets) if one["source"] == "a.ttl") - 1
    assert [line.split(" ")[0] for line in command("diff", str(before), "--json")["added"]] == ["<urn:new>"]
    (tmp_path / "u.ru").write_text("DELETE WHERE { <urn:new> ?p ?o }", encoding="utf-8")
    (tmp_path / "b.ttl").write_text("<urn:b> a <urn:Thing> .", encoding="utf-8")
    history = command("log", "--json")
    tried = command("update", "u.ru", "--dry-run", "--json")["difference"]["removed"]
    assert [line.split(" ")[0] for line in tried] == ["<urn:new>"]
    assert len(command("remove", "r.csv", "--dry-run", "--json")["difference"]["removed"]) > 2
    assert len(command("load", "b.ttl", "--dry-run", "--json")["tried"]["added"]) == 1
    assert command("import", "csv", "r.csv", "--dry-run", "--json")["tried"]["added"] == []
    assert command("log", "--json") == history
    assert command("update", "u.ru", "--json")["difference"]["removed"] == tried
    assert command("remove", "r.csv", "--json")["changesets"][0]["source"] == "r.csv"
    assert command("verify", "--json")["intact"] is True
    assert "secret" not in "".join(said)
