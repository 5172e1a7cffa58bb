"""The pool of workers: its answers, its limits, and what becomes of its processes."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import socket
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from aimsgraph.errors import (
    BusyError,
    ByteLimitError,
    MemoryLimitError,
    QueryInvalidError,
    QueryRefusedError,
    RowLimitError,
    TimeLimitError,
    UsageError,
    WorkerLostError,
)
from aimsgraph.query import database, run
from aimsgraph.query.limit import MIB
from aimsgraph.query.running import Question, decoded
from aimsgraph.store import mark, memory_view
from tests.unit.query.asking import ENDLESS, QUICK, Asking, children, linux, until

SELECT_FORMS = ("terms", "json", "xml", "csv", "tsv")
GRAPH_FORMS = ("ttl", "nt", "jsonld", "rdfxml", "csv", "tsv")
ROWS = "SELECT * { ?s ex:kind ?k ; ex:number ?n }"
TRIPLES = "CONSTRUCT { ?s ex:of ?k ; ex:has ?n } WHERE { ?s ex:kind ?k ; ex:number ?n }"


@pytest.fixture(scope="module")
def asking(location):
    with Asking(location) as found:
        yield found


@pytest.mark.parametrize(
    "text",
    [
        ROWS,
        "SELECT * { ?zebra ex:next ?ant . ?ant ex:next ?mule }",
        "SELECT ?s ?name { ?s ex:number ?n OPTIONAL { ?s ex:name ?name } } ORDER BY ?s",
        QUICK,
        TRIPLES,
        "DESCRIBE ex:s1",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    ],
)
def test_the_pool_gives_the_answers_of_a_process_for_one_question(asking, location, text):
    running = asyncio.run(asking.begin(text))
    assert decoded(running) == run(location, text)


def test_a_fault_is_told_with_its_place(asking):
    with pytest.raises(QueryInvalidError) as caught:
        asking.answer("SELECT ?s {\n  ?s a aims:Risk .\n  FILTER(?s = ) }")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (3, 17)


def test_what_asks_others_is_refused(asking):
    with pytest.raises(QueryRefusedError):
        asking.answer("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"), reason="no seccomp filter here"
)  # fmt: skip
def test_a_worker_that_lives_on_could_not_connect_even_if_told_to(asking):
    async def told(url):
        checked = await asking.pool.checked("ann", "SELECT * { ?s ?p ?o }")
        with database(asking.view) as place:
            question = Question.about(checked, place, asker="ann", form="json", limits=asking.pool.limits)
        service = f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"
        await asking.pool.begin(replace(question, request={**question.request, "query": service}))

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        with pytest.raises(QueryInvalidError, match="could not answer"):
            asyncio.run(told(f"http://127.0.0.1:{server.getsockname()[1]}/"))
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    ("text", "form", "rows"),
    [(ROWS, form, 4) for form in SELECT_FORMS] + [(TRIPLES, form, 8) for form in GRAPH_FORMS],
)
def test_the_limits_of_rows_and_bytes_are_exact(asking, text, form, rows):
    whole = asking.answer(text, form)
    assert asking.answer(text, form, rows=rows, bytes=len(whole)) == whole
    with pytest.raises(RowLimitError, match=f"{rows - 1} rows") as caught:
        asking.answer(text, form, rows=rows - 1)
    assert (caught.value.code, caught.value.exit_status) == ("row-limit", 3)
    with pytest.raises(ByteLimitError, match="bytes") as caught:
        asking.answer(text, form, bytes=len(whole) - 1)
    assert (caught.value.code, caught.value.exit_status) == ("byte-limit", 3)


def test_a_large_answer_that_grows_past_a_limit_while_it_is_read_is_no_answer(asking):
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with pytest.raises(RowLimitError):
        asking.answer(text, "tsv", rows=9_000)
    with pytest.raises(ByteLimitError):
        asking.answer(text, "tsv", bytes=3 * MIB)


@pytest.mark.parametrize(
    ("text", "form"), [(ROWS, "ttl"), (QUICK, "nt"), (TRIPLES, "json"), ("DESCRIBE ex:s1", "xml")]
)
def test_a_form_that_cannot_hold_the_answer_is_refused(asking, text, form):
    with pytest.raises(UsageError, match="cannot be written as"):
        asking.answer(text, form)


@linux
def test_a_question_whose_time_is_up_is_killed_and_a_new_worker_takes_the_place(location):
    others = children()
    with Asking(location) as asking:
        asking.answer(QUICK)
        # One reads texts, one has answered, one is there for the next question.
        before = until(lambda: len(found := children() - others) == 3 and found)
        with pytest.raises(TimeLimitError, match=r"0\.5 seconds"):
            asking.answer(ENDLESS, seconds=0.5)
        until(lambda: len(before - children()) == 1)
        until(lambda: children() - before)
        assert asking.answer(QUICK) == b"[true]\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the system keeps no limit on a process's data")
def test_a_question_that_takes_too_much_memory_is_stopped_and_the_next_one_is_answered(location):
    from aimsgraph.query import Limits

    with Asking(location, limits=Limits(memory=250 * MIB)) as asking:
        with pytest.raises(MemoryLimitError, match="250 MiB of memory") as caught:
            asking.answer("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c")
        assert caught.value.code == "memory-limit"
        assert asking.answer(QUICK) == b"[true]\n"


@linux
def test_workers_that_were_killed_from_outside_are_replaced(location):
    with Asking(location) as asking:
        for _ in range(3):
            assert asking.answer(QUICK) == b"[true]\n"
            for pid in children():
                os.kill(pid, signal.SIGKILL)


def _busy_worker(asking: Asking) -> int:
    """Return the process that works on a question, once there is one."""
    (seat,) = until(lambda: [one for one in asking.pool._crew._seats if one.worker])
    return seat.worker.pid


@linux
def test_a_question_is_asked_once_more_when_its_worker_is_killed_from_outside_and_then_given_up(location):
    async def asked(asking):
        question = asyncio.create_task(asking.read(ENDLESS))
        first = await asyncio.to_thread(_busy_worker, asking)
        os.kill(first, signal.SIGKILL)
        second = await asyncio.to_thread(
            lambda: until(lambda: (pid := _busy_worker(asking)) != first and pid)
        )
        os.kill(second, signal.SIGKILL)
        with pytest.raises(WorkerLostError) as caught:
            await question
        assert caught.value.code == "worker-lost"
        return first, second

    with Asking(location) as asking:
        assert not set(asyncio.run(asked(asking))) & children()


@linux
@pytest.mark.parametrize("text", [ENDLESS, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"])
def test_leaving_a_question_kills_its_worker(location, text):
    async def left(asking):
        question = asyncio.create_task(asking.begin(text, "json"))
        pid = await asyncio.to_thread(_busy_worker, asking)
        if text == ENDLESS:
            question.cancel()
        else:
            asking.pool.leave(await question)
        await asyncio.to_thread(until, lambda: pid not in children())
        await asyncio.to_thread(until, lambda: asking.pool.counts()["running"] == 0)

    with Asking(location) as asking:
        asyncio.run(left(asking))


@linux
def test_a_closed_pool_leaves_nothing_behind(location):
    before, threads = children(), threading.active_count()

    async def closed(asking):
        questions = [asyncio.create_task(asking.read(ENDLESS, asker=str(number))) for number in range(5)]
        await asyncio.to_thread(until, lambda: asking.pool.counts()["waiting"])
        asking.pool.close()
        return await asyncio.gather(*questions, return_exceptions=True)

    asking = Asking(location)
    ends = asyncio.run(closed(asking))
    assert {type(end) for end in ends} <= {BusyError, WorkerLostError}
    until(lambda: children() <= before)
    assert (
        threading.active_count() <= threads + 1
    )  # asyncio keeps one that waits for a process a moment longer
    with pytest.raises(BusyError, match="stopping"):
        asking.answer(QUICK)


def test_a_full_queue_is_said_at_once_and_a_long_wait_when_it_is_over(location):
    from aimsgraph.query import Limits

    async def asked(asking):
        await asking.pool.checked("ann", ENDLESS)
        await asking.pool.checked("ann", QUICK)
        held = [asyncio.create_task(asking.read(ENDLESS, asker=name, seconds=60)) for name in "abcd"]
        await asyncio.to_thread(until, lambda: asking.pool.counts()["waiting"] == 2)
        with pytest.raises(BusyError, match="too many questions wait"):
            await asking.read(QUICK)
        done: set[asyncio.Task[bytes]] = set()
        while len(done) < 2:
            done = (await asyncio.wait(held, return_when=asyncio.FIRST_COMPLETED))[0]
            await asyncio.sleep(0.01)
        assert {type(one.exception()) for one in done} == {BusyError}
        assert {str(one.exception()).count("did not come within 2 seconds") for one in done} == {1}
        for one in held:
            one.cancel()

    with Asking(location, waiting=2, limits=Limits(seconds=2), slow_after=60) as asking:
        asyncio.run(asked(asking))


def test_a_view_in_memory_is_asked_by_a_file_of_it(asking):
    async def asked(text):
        checked = await asking.pool.checked("ann", text)
        with database(
            memory_view("@prefix ex: <https://example.org/meridian/> . ex:a ex:p 1 , 'x'@en .")
        ) as place:
            question = Question.about(checked, place, asker="ann", form="csv", limits=asking.pool.limits)
            return b"".join((await asking.pool.begin(question)).portions)

    found = asyncio.run(asked("SELECT ?o { ex:a ex:p ?o } ORDER BY STR(?o)"))
    assert found.split() == [b"o", b"1", b"x"]


def test_a_store_gives_another_mark_after_each_write(tmp_path: Path):
    store = ox.Store(tmp_path / "db")
    marks = [mark(tmp_path)]
    for number in range(3):
        store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal(number)))
        marks.append(mark(tmp_path))
    assert len(set(marks)) == 4
    assert mark(tmp_path) == marks[-1]


def test_a_text_that_takes_long_to_be_read_is_given_up(location, monkeypatch):
    monkeypatch.setattr("aimsgraph.query.pool.CHECKING", 0.3)
    text = "SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(30_000))) + ")) }"
    with Asking(location) as asking, pytest.raises(TimeLimitError):
        asking.answer(text)
