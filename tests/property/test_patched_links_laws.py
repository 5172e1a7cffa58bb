"""What the patches of a store tell of its links is what its database states, whatever was added and removed before."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimsgraph.store import Change, create, open_place, open_writer, patched_links, second_reader
from aimsgraph.store import links as reading
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.ends import Numbering
from aimsgraph.store.folder import CHANGESETS
from aimsgraph.store.links import links
from aimsgraph.store.packs import spans
from aimsgraph.store.patched_links import PatchedLinks
from aimsgraph.store.second_reader import SecondReader

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PROPERTIES = ("urn:p", "urn:p2", "urn:none")
NODES = ("urn:a", "urn:b", "urn:é", "urn:a>b".replace(">", "-"))
TERM = st.sampled_from(NODES).map(ox.NamedNode)
QUAD = st.builds(
    ox.Quad,
    TERM,
    st.sampled_from((*PROPERTIES[:2], "urn:other")).map(ox.NamedNode),
    st.one_of(TERM, st.just(ox.Literal("urn:a"))),
    st.sampled_from(("urn:g1", "urn:g2")).map(ox.NamedNode),
)
STEP = st.tuples(st.lists(QUAD, max_size=6), st.lists(QUAD, max_size=4))


@pytest.fixture(autouse=True)
def told() -> Iterator[list[bool]]:
    """Have all links read from patches, and note where that was not done."""
    noted: list[bool] = []
    many, written = reading.MANY, reading._written

    def by_engine(*words: object) -> Iterator[tuple[int, Iterator[bytes]]]:
        noted.append(True)
        return written(*words)  # type: ignore[arg-type]

    reading.MANY, reading._written = -1, by_engine  # type: ignore[misc, assignment]
    cheaper, patched_links.CHEAPER = patched_links.CHEAPER, 1_000  # type: ignore[misc]
    yield noted
    reading.MANY, reading._written = many, written  # type: ignore[misc]
    patched_links.CHEAPER = cheaper  # type: ignore[misc]


def pairs(view: EmbeddedView) -> list[tuple[str, str, str]]:
    found = links(view, PROPERTIES)
    return sorted(
        (found.names[s].decode(), found.predicates[p], found.names[o].decode())
        for s, p, o in zip(found.subject, found.predicate, found.object, strict=True)
    )


def write(path: Path, *steps: tuple[list[ox.Quad], list[ox.Quad]]) -> None:
    with open_writer(path) as writer:
        for added, removed in steps:
            writer.commit([Change(None, "Ada", "a step", added, removed)], now=NOW)


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have the patches read by two processes on any machine; note the bytes that the second one takes."""
    taken: list[int] = []
    takes = SecondReader.takes

    def noting(self: SecondReader, text: bytes) -> bool:
        if takes(self, text):
            taken.append(len(text))
            return True
        return False

    monkeypatch.setattr(SecondReader, "takes", noting)
    monkeypatch.setattr(second_reader, "SHORTEST", 0)
    monkeypatch.setattr(second_reader, "processors", lambda: 2)
    return taken


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=6), st.booleans())
def test_the_patches_say_what_the_database_says_whether_one_reads_them_or_two(
    told: list[bool], readers: list[int], steps: list[tuple[list[ox.Quad], list[ox.Quad]]], alone: bool
) -> None:
    second_reader.SHORTEST = sys.maxsize if alone else 0  # type: ignore[misc]
    readers.clear()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "aims.store")
        create(path, now=NOW)
        write(path, *steps)
        view = open_place(path)
        assert isinstance(view, EmbeddedView)
        told.clear()
        assert pairs(view) == sorted(view.edges(PROPERTIES))
        assert told == [] or not any(view.edges(PROPERTIES))
        assert told or bool(readers) is not alone


def three(path: Path) -> EmbeddedView:
    create(path, now=NOW)
    a, b = (ox.NamedNode(name) for name in NODES[:2])
    quads = [ox.Quad(a, ox.NamedNode("urn:p"), b, ox.NamedNode(f"urn:g{number}")) for number in (1, 2)]
    write(path, ([quads[0]], []), ([quads[1]], []), ([], [quads[0]]))
    view = open_place(path)
    assert isinstance(view, EmbeddedView)
    return view


def test_nobody_asks_the_engine_where_the_patches_are_shorter(tmp_path: Path, told: list[bool]) -> None:
    view = three(tmp_path / "aims.store")
    assert pairs(view) == [("urn:a", "urn:p", "urn:b")]
    assert told == []


def test_an_earlier_state_has_the_patches_up_to_it(tmp_path: Path, told: list[bool]) -> None:
    three(tmp_path / "aims.store")
    a, b = (ox.NamedNode(name) for name in NODES[:2])
    write(tmp_path / "aims.store", ([ox.Quad(b, ox.NamedNode("urn:p"), a, ox.NamedNode("urn:g1"))], []))
    view = open_place(tmp_path / "aims.store", "3")
    assert isinstance(view, EmbeddedView)
    assert pairs(view) == [("urn:a", "urn:p", "urn:b")]
    assert told == []


def test_without_a_patch_the_database_is_asked(tmp_path: Path, told: list[bool]) -> None:
    view = three(tmp_path / "aims.store")
    place = next(iter(spans(tmp_path / "aims.store" / CHANGESETS).values()))
    place.unlink()
    assert pairs(view) == [("urn:a", "urn:p", "urn:b")]
    assert told == [True]


def test_a_patch_that_was_altered_is_not_believed(tmp_path: Path, told: list[bool]) -> None:
    view = three(tmp_path / "aims.store")
    place = list(spans(tmp_path / "aims.store" / CHANGESETS).values())
    place[0].write_bytes(place[-1].read_bytes())
    assert pairs(view) == [("urn:a", "urn:p", "urn:b")]
    assert told == [True]


DYING = {
    "while it is told": "",
    "in the midst of a line": "sys.stdin.buffer.read(); sys.stdout.write('{\"names\": ')",
    "in the midst of a number": """sys.stdin.buffer.read(); print('{"names": 1, "runs": [[0, 2]]}\\naxxx', end="")""",
}


@pytest.mark.parametrize("moment", DYING)
def test_a_second_reader_that_dies_is_not_believed(
    tmp_path: Path, told: list[bool], readers: list[int], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    view = three(tmp_path / "aims.store")
    (tmp_path / "dying.py").write_text(
        f"import sys\nsys.stdin.buffer.readline()\n{DYING[moment]}\nsys.exit(3)\n"
    )
    monkeypatch.setattr(second_reader.ends, "__file__", str(tmp_path / "dying.py"))
    assert pairs(view) == [("urn:a", "urn:p", "urn:b")]
    assert readers
    assert told == [True]


def test_a_second_reader_that_finds_nothing_names_nothing() -> None:
    numbering = Numbering()
    with SecondReader(PROPERTIES) as second:
        if second.takes(b"A <urn:a> <urn:other> <urn:b> <urn:g1> .\n" * 2_000):
            assert list(second.found(numbering)) == []
    assert numbering == {}


def test_where_no_process_can_be_started_one_reads_alone(
    tmp_path: Path, told: list[bool], readers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = three(tmp_path / "aims.store")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    assert pairs(view) == [("urn:a", "urn:p", "urn:b")]
    assert readers == told == []


def test_a_second_reader_ends_with_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = second_reader.started

    def noting() -> subprocess.Popen[bytes] | None:
        if (process := start()) is not None:
            started.append(process)
        return process

    monkeypatch.setattr(second_reader, "started", noting)
    monkeypatch.setattr(second_reader, "processors", lambda: 2)
    pairs(three(tmp_path / "aims.store"))
    assert [process.returncode is None for process in started] == [False]


def test_what_is_named_too_often_in_the_history_is_asked_of_the_database(tmp_path: Path) -> None:
    view = three(tmp_path / "aims.store")
    assert PatchedLinks(view, PROPERTIES).is_cheaper(1)
    assert not PatchedLinks(view, PROPERTIES).is_cheaper(0)


def test_a_statement_that_one_changeset_adds_to_two_graphs_counts_once(tmp_path: Path) -> None:
    create(tmp_path / "aims.store", now=NOW)
    a, p = ox.NamedNode("urn:a"), ox.NamedNode("urn:p")
    quads = [ox.Quad(a, p, a, ox.NamedNode(f"urn:g{number}")) for number in (1, 2)]
    write(tmp_path / "aims.store", ([*quads, ox.Quad(a, p, ox.Literal("x"), ox.NamedNode("urn:g1"))], []))
    view = open_place(tmp_path / "aims.store")
    assert isinstance(view, EmbeddedView)
    assert pairs(view) == [("urn:a", "urn:p", "urn:a")]
