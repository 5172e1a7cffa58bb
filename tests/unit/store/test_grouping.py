"""What several threads write at once goes together, and each is answered for its own."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import StoreMovedError, UsageError
from aimsgraph.model.changeset import Changeset
from aimsgraph.store import FolderWriter, packs
from tests.unit.store.conftest import EX, G1, G2, NOW, quad, union

WHO: dict[str, Any] = {"author": "ada", "message": "because", "now": NOW}


def at_once(writer: store.Writer, *wishes: Any) -> list[Changeset | BaseException | None]:
    """Have each wish written by a thread of its own, all waiting for the writer's turn at first."""
    answers: list[Any] = [None] * len(wishes)

    def write(place: int) -> None:
        try:
            answers[place] = writer.apply(wishes[place](), graph=G1, **WHO)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is what the thread is told
            answers[place] = error

    threads = []
    with writer._turn:
        for place in range(len(wishes)):
            threads.append(threading.Thread(target=write, args=(place,)))
            threads[-1].start()
            while len(writer._waiting) <= place:
                pass
    for thread in threads:
        thread.join()
    return answers


def test_writes_that_wait_together_are_one_transaction_and_a_changeset_each(folder: Path):
    with store.open_writer(folder) as writer:
        made = at_once(writer, *(lambda n=n: [quad("a", "p", n)] for n in range(1, 6)))
    assert [change.number for change in made if isinstance(change, Changeset)] == [1, 2, 3, 4, 5]
    assert list(packs.spans(folder / "changesets")) == [(1, 5)]
    assert store.verify(folder).intact
    assert len(union(store.open_view(folder))) == 5


def test_one_that_is_at_fault_is_told_alone(folder: Path):
    class WrongError(Exception):
        pass

    def failing() -> Any:
        yield quad("x", "p", "y")
        raise WrongError

    blank = ox.Quad(ox.BlankNode(), ox.NamedNode(EX + "p"), ox.NamedNode(EX + "b"))
    with store.open_writer(folder) as writer:
        made = at_once(
            writer,
            lambda: iter([quad("a", "p", "b")]),
            failing,
            lambda: [blank],
            lambda: (quad("c", "p", item) for item in "de"),
            lambda: [quad("a", "p", "b")],
        )
    assert isinstance(made[1], WrongError)
    assert isinstance(made[2], UsageError)
    assert [change and change.added for change in (made[0], made[3], made[4])] == [1, 2, None]  # type: ignore[union-attr]
    assert union(store.open_view(folder)) == {"<a> <p> <b>", "<c> <p> <d>", "<c> <p> <e>"}
    assert store.verify(folder).intact


def test_an_interrupt_ends_one_thread_and_no_write_of_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    blank = ox.Quad(ox.BlankNode(), ox.NamedNode(EX + "p"), ox.NamedNode(EX + "b"))
    commit, tries = FolderWriter._commit, []

    def interrupted(writer: FolderWriter, requests: Any, close: Any) -> str:
        tries.append(len(requests))
        if tries == [4, 1]:  # one is at fault, so each is written by itself, and now somebody presses Ctrl-C
            raise KeyboardInterrupt
        return commit(writer, requests, close)

    monkeypatch.setattr(FolderWriter, "_commit", interrupted)
    wishes = (
        lambda: [quad("a", "p", "b")],
        lambda: [quad("c", "p", "d")],
        lambda: [blank],
        lambda: [quad("e", "p", "f")],
    )
    with store.open_writer(folder) as writer:
        made = at_once(writer, *wishes)
        head = writer.head
    assert [type(one) for one in made].count(KeyboardInterrupt) == 1
    assert isinstance(made[2], UsageError | KeyboardInterrupt)
    told = {one.hash for one in made if isinstance(one, Changeset)}
    known = store.changesets(store.open_view(folder))
    assert told == {one.hash for one in known}
    assert head == known[-1].hash


def test_a_write_that_was_given_up_while_it_waited_is_not_done_later(folder: Path):
    class StopError(Exception):
        pass

    def stop(_number: int, _frame: object) -> None:
        raise StopError

    def hold() -> Iterator[ox.Quad]:
        begun.set()
        while not stopped.wait(0.02):  # until it is seen that the main thread has given up
            if writer._waiting:
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        yield quad("a", "p", "b")

    begun, stopped = threading.Event(), threading.Event()
    before = signal.signal(signal.SIGUSR1, stop)
    try:
        with store.open_writer(folder) as writer:
            other = threading.Thread(target=lambda: writer.apply(hold(), graph=G1, **WHO))
            other.start()
            begun.wait()
            with pytest.raises(StopError):
                writer.apply([quad("c", "p", "d")], graph=G1, **WHO)
            stopped.set()
            other.join()
            writer.apply([quad("e", "p", "f")], graph=G1, **WHO)
    finally:
        stopped.set()
        signal.signal(signal.SIGUSR1, before)
    assert union(store.open_view(folder)) == {"<a> <p> <b>", "<e> <p> <f>"}


def test_a_write_upon_another_head_is_refused(folder: Path):
    with store.open_writer(folder) as writer:
        empty = writer.head
        writer.apply([quad("a", "p", "b")], graph=G1, expected=empty, **WHO)
        with pytest.raises(StoreMovedError, match="meanwhile"):
            writer.replace(G2, [quad("c", "p", "d")], expected=empty, **WHO)
        writer.replace(G2, [quad("c", "p", "d")], expected=writer.head, **WHO)
    assert len(store.changesets(store.open_view(folder))) == 2


def test_eight_threads_that_count_up_lose_nothing(folder: Path):
    """Each reads the number, adds one and writes it upon the head it read; when others came first it reads again."""
    counter, value = ox.NamedNode(EX + "counter"), ox.NamedNode(EX + "value")

    def up(writer: store.Writer) -> None:
        done = 0
        while done < 12:
            view = writer.view()
            (row,) = view.select(f"SELECT ?n WHERE {{ <{counter.value}> <{value.value}> ?n }}")
            old = int(str(row["n"]))
            try:
                writer.apply(
                    [ox.Quad(counter, value, ox.Literal(old + 1))],
                    [ox.Quad(counter, value, ox.Literal(old))],
                    graph=G1, expected=view.snapshot, **WHO,
                )  # fmt: skip
            except StoreMovedError:
                continue
            done += 1

    with store.open_writer(folder) as writer:
        writer.apply([ox.Quad(counter, value, ox.Literal(0))], graph=G1, **WHO)
        threads = [threading.Thread(target=up, args=(writer,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [row["n"].toPython() for row in writer.view().select("SELECT ?n WHERE { ?c ?p ?n }")] == [96]  # type: ignore[attr-defined]
    assert store.verify(folder).intact
