"""Many who count on one server at once, each by reading the number and writing the next: none is lost."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import pytest

from aimsgraph import store
from tests.contract.servers import SERVERS, described
from tests.contract.test_remote_writing import run
from tests.contract.writers import Places
from tests.unit.store.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aimsgraph.store import Endpoint

WRITERS: Final = 8
#: How often each writer counts; Virtuoso takes half a second to a second for each.
INCREMENTS: Final = {"oxigraph": 4, "jena": 2, "virtuoso": 1}

#: Reads a number under the writer, and writes the next one.
COUNTER: Final = """
import sys
from datetime import UTC, datetime
import pyoxigraph as ox
from aimsgraph import store
now = datetime(2026, 9, 30, 12, tzinfo=UTC)
subject, predicate = ox.NamedNode("urn:counter"), ox.NamedNode("urn:value")

def increment(place, who):
    with store.open_writer(place) as writer:
        rows = writer.view().select("SELECT ?n WHERE { <urn:counter> <urn:value> ?n }")
        old = [ox.Quad(subject, predicate, ox.Literal(int(row["n"]))) for row in rows]
        new = ox.Quad(subject, predicate, ox.Literal(int(rows[0]["n"]) + 1 if rows else 1))
        writer.apply([new], old, graph="urn:g", author=who, message="count", now=now, expected=writer.head)

if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(sys.argv[2])):
        increment(store.place(sys.argv[1]), sys.argv[3])
"""


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    """The servers of this module."""
    found = Places()
    yield found
    found.close()


@pytest.fixture(params=list(SERVERS))
def endpoint(request: pytest.FixtureRequest, places: Places, tmp_path: Path) -> Endpoint:
    """An empty store on each kind of server."""
    where = places.empty(request.param, tmp_path)
    assert isinstance(where, store.Endpoint)
    store.create(where, now=NOW)
    return where


@pytest.fixture
def increments(request: pytest.FixtureRequest) -> int:
    """How often each writer counts on the server of the test."""
    return INCREMENTS[request.node.callspec.params["endpoint"]]


def counted(place: Endpoint) -> list[int]:
    rows = store.open_place(place).select("SELECT ?n WHERE { <urn:counter> <urn:value> ?n }")
    return [int(str(row["n"])) for row in rows]


def test_eight_processes_that_count_lose_no_increment(endpoint: Endpoint, increments: int, tmp_path: Path):
    file = described(endpoint, tmp_path)
    writers = [run(COUNTER, str(file), str(increments), f"w{number}") for number in range(WRITERS)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert counted(endpoint) == [WRITERS * increments]
    made = store.changesets(store.open_place(endpoint))
    assert [changeset.number for changeset in made] == list(range(1, WRITERS * increments + 1))
    assert store.verify(endpoint).first_difference is None


def test_eight_threads_that_count_lose_no_increment(endpoint: Endpoint, increments: int):
    space: dict[str, Any] = {"__name__": "counter"}
    exec(COUNTER, space)  # noqa: S102 - the program that the processes run
    failed: list[BaseException] = []

    def count(number: int) -> None:
        try:
            for _ in range(increments):
                space["increment"](endpoint, f"w{number}")
        except BaseException as error:  # noqa: BLE001 - shown below
            failed.append(error)

    threads = [threading.Thread(target=count, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert counted(endpoint) == [WRITERS * increments]
    assert len(store.changesets(store.open_place(endpoint))) == WRITERS * increments
    assert store.verify(endpoint).first_difference is None
