"""Writes are changesets: exact, idempotent, chained, all or none."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimsgraph import store
from aimsgraph.errors import StoreLockedError, StoreUnusableError, UsageError
from aimsgraph.store import Change, transaction
from aimsgraph.store.packs import PatchWriter
from aimsgraph.vocab import HISTORY_GRAPH, PROV
from tests.unit.store.conftest import EX, G1, G2, NOW, quad, union

if TYPE_CHECKING:
    from pathlib import Path

WHO: dict[str, Any] = {"author": "ada", "message": "because", "now": NOW}


def test_a_write_leaves_one_changeset_that_says_everything(folder: Path):
    with store.open_writer(folder) as writer:
        made = writer.apply([quad("a", "p", "b")], graph=G1, source="x.ttl", source_sha256="ab" * 32, **WHO)
    view = store.open_view(folder)
    assert store.changesets(view) == [made]
    assert made is not None
    assert made.model_dump() == {
        "number": 1,
        "hash": made.hash,
        "parent": None,
        "author": "ada",
        "time": NOW,
        "message": "because",
        "source": "x.ttl",
        "source_sha256": "ab" * 32,
        "graph": G1,
        "added": 1,
        "removed": 0,
    }
    assert view.snapshot == made.hash
    assert view.graphs() == sorted([G1, HISTORY_GRAPH])
    assert union(view) == {"<a> <p> <b>"}


def test_the_history_is_seen_by_graph_only(folder: Path):
    with store.open_writer(folder) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    view = store.open_view(folder)
    pattern = f"{{ ?c a <{PROV}Activity> }}"
    assert not view.ask(f"ASK {pattern}")
    assert view.ask(f"ASK {{ GRAPH <{HISTORY_GRAPH}> {pattern} }}")


def test_writing_the_same_again_changes_nothing(folder: Path):
    quads = [quad("a", "p", "b"), quad("a", "p", 1)]
    with store.open_writer(folder) as writer:
        assert writer.replace(G1, quads, **WHO) is not None
        head = writer.head
        assert writer.replace(G1, quads, **WHO) is None
        assert writer.apply(quads, graph=G1, **WHO) is None
        assert writer.apply([], [quad("z", "p", "b")], graph=G1, **WHO) is None
        assert writer.head == head


def test_literals_are_compared_as_the_store_keeps_them(folder: Path):
    decimal = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    written = [
        ox.Quad(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "p"), literal)
        for literal in (ox.Literal("1.50", datatype=decimal), ox.Literal("x", language="en-GB"))
    ]
    with store.open_writer(folder) as writer:
        made = writer.replace(G1, written, **WHO)
        assert made is not None
        assert made.added == 2
        assert writer.replace(G1, written, **WHO) is None
    assert store.verify(folder).intact


def test_replacing_removes_what_left_and_adds_what_came(folder: Path):
    with store.open_writer(folder) as writer:
        writer.replace(G1, [quad("a", "p", "b"), quad("a", "p", "c")], **WHO)
        made = writer.replace(G1, [quad("a", "p", "c"), quad("a", "p", "d")], **WHO)
    assert made is not None
    assert (made.added, made.removed) == (1, 1)
    assert union(store.open_view(folder)) == {"<a> <p> <c>", "<a> <p> <d>"}


def test_the_union_keeps_what_another_source_still_says(folder: Path):
    with store.open_writer(folder) as writer:
        writer.replace(G1, [quad("a", "p", "b")], **WHO)
        writer.replace(G2, [quad("a", "p", "b")], **WHO)
        writer.replace(G1, [], **WHO)
        assert union(writer.view()) == {"<a> <p> <b>"}
        writer.replace(G2, [], **WHO)
        assert union(writer.view()) == set()
    assert store.open_view(folder).graphs() == [HISTORY_GRAPH]
    assert store.verify(folder).intact


def test_several_changes_are_one_transaction_and_see_each_other(folder: Path):
    with store.open_writer(folder) as writer:
        writer.replace(G1, [quad("a", "p", "b")], **WHO)
        made = writer.commit(
            [
                Change(G1, "ada", "out", [], (), True),
                Change(G2, "ada", "in", [quad("a", "p", "b")], (), True),
                Change(G2, "ada", "again", [quad("a", "p", "b")], (), True),
                Change(G2, "ada", "out again", [], [quad("a", "p", "b")]),
                Change(G1, "ada", "back", [quad("a", "p", "b")]),
            ],
            now=NOW,
        )
    assert [change and (change.number, change.added, change.removed) for change in made] == [
        (2, 0, 1),
        (3, 1, 0),
        None,
        (4, 0, 1),
        (5, 1, 0),
    ]
    assert union(store.open_view(folder)) == {"<a> <p> <b>"}
    assert store.verify(folder).intact


def test_what_fails_in_the_middle_leaves_no_trace(folder: Path):
    class WrongError(Exception):
        pass

    def failing() -> Any:
        yield quad("x", "p", "y")
        raise WrongError

    with store.open_writer(folder) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        changes = [Change(G1, "ada", "fine", [quad("c", "p", "d")]), Change(G2, "ada", "bad", failing())]
        with pytest.raises(WrongError):
            writer.commit(changes, now=NOW)
        assert union(writer.view()) == {"<a> <p> <b>"}
        assert writer.apply([quad("e", "p", "f")], graph=G1, **WHO).number == 2  # type: ignore[union-attr]
    assert store.verify(folder).intact


def test_an_interrupt_while_quads_stream_leaves_the_store_as_it_was(folder: Path):
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with store.open_writer(folder) as writer:
        with pytest.raises(KeyboardInterrupt):
            writer.commit([Change(G1, "ada", "m", [quad("a", "p", "b")])], now=NOW, progress=interrupt)
        assert writer.head == store.open_view(folder).snapshot
        assert union(writer.view()) == set()
    assert [path.name for path in (folder / "changesets").iterdir()] == []


def test_the_patch_of_a_changeset_that_never_was_is_overwritten(folder: Path):
    (folder / "changesets" / "00000001.patch.gz").write_bytes(b"left by a crash")
    assert store.verify(folder).intact
    with store.open_writer(folder) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    assert store.verify(folder).intact


@pytest.mark.parametrize("bulk", [0, 10**9], ids=["bulk loader", "transaction"])
def test_both_ways_of_adding_give_the_same_store(folder: Path, monkeypatch: pytest.MonkeyPatch, bulk: int):
    monkeypatch.setattr(transaction, "BULK", bulk)
    with store.open_writer(folder) as writer:
        writer.apply([quad("a", "p", "b"), quad("a", "p", 7)], graph=G1, **WHO)
        writer.apply([quad("a", "p", "b")], graph=G2, **WHO)
    assert len(union(store.open_view(folder))) == 2
    assert store.verify(folder).intact


def test_a_second_writer_is_refused_until_the_first_is_done(folder: Path):
    with store.open_writer(folder) as writer:
        with pytest.raises(StoreLockedError, match="Another process"), store.open_writer(folder):
            pass
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    with store.open_writer(folder):
        pass


def test_a_view_beside_a_writer_does_not_change(folder: Path):
    with store.open_writer(folder) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        view = store.open_view(folder)
        writer.apply([quad("c", "p", "d")], graph=G1, **WHO)
        assert view.count() == 1
        assert store.open_view(folder).count() == 2


def test_views_open_while_a_writer_tidies_up(folder: Path):
    with store.open_writer(folder) as writer:
        for number in range(30):
            writer.apply([quad(f"s{number}", "p", item) for item in range(50)], graph=G1, **WHO)
            view = store.open_view(folder)
            assert (view.snapshot, view.count()) == (writer.head, 50 * (number + 1))


def test_blank_nodes_the_history_and_a_closed_writer_are_refused(folder: Path):
    blank = ox.Quad(ox.BlankNode(), ox.NamedNode(EX + "p"), ox.NamedNode(EX + "b"))
    with store.open_writer(folder) as writer:
        with pytest.raises(UsageError, match="blank node"):
            writer.apply([blank], graph=G1, **WHO)
        with pytest.raises(UsageError, match="history"):
            writer.apply([quad("a", "p", "b")], graph=HISTORY_GRAPH, **WHO)
    with pytest.raises(UsageError, match="closed"):
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)


def test_a_full_disk_is_told_and_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with store.open_writer(folder) as writer:
        with monkeypatch.context() as patched:
            patched.setattr(PatchWriter, "close", full)
            with pytest.raises(StoreUnusableError, match="No space left on device"):
                writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        assert writer.apply([quad("a", "p", "b")], graph=G1, **WHO) is not None
    assert store.verify(folder).intact


def test_a_disk_that_is_full_only_after_the_write_is_told_so_and_nothing_is_written_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def full_then(*words: Any) -> None:
        transaction.transact(*words)
        raise OSError(28, "No space left on device")

    with store.open_writer(folder) as writer:
        with monkeypatch.context() as patched:
            patched.setattr("aimsgraph.store.writer.transact", full_then)
            with pytest.raises(StoreUnusableError, match="may not all be on the disk: No space left"):
                writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        assert union(writer.view()) == {"<a> <p> <b>"}
        assert writer.apply([quad("a", "p", "b")], graph=G1, **WHO) is None
    assert len(store.changesets(store.open_view(folder))) == 1
    assert store.verify(folder).intact


def test_times_in_any_zone_chain_alike(folder: Path):
    local = datetime(2026, 9, 30, 14, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with store.open_writer(folder) as writer:
        made = writer.apply([quad("a", "p", "b")], graph=G1, author="a", message="m", now=local)
    assert store.changesets(store.open_view(folder)) == [made]
    assert store.verify(folder).intact


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LITERAL = st.one_of(
    TEXT.map(ox.Literal),
    st.integers().map(
        lambda n: ox.Literal(str(n), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    ),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(
        lambda n: ox.Literal(f"{n:f}", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    ),
    st.floats().map(lambda n: ox.Literal(n)),
    st.tuples(TEXT, st.sampled_from(["en", "de-CH"])).map(lambda pair: ox.Literal(pair[0], language=pair[1])),
    st.dates().map(
        lambda d: ox.Literal(d.isoformat(), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    ),
)
QUADS = st.lists(
    st.builds(
        lambda s, o: ox.Quad(ox.NamedNode(f"{EX}s{s}"), ox.NamedNode(EX + "p"), o), st.integers(0, 3), LITERAL
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(st.tuples(st.sampled_from([G1, G2]), QUADS), min_size=1, max_size=5))
def test_whatever_is_written_verifies_and_the_union_is_the_sum_of_the_sources(
    tmp_path_factory: pytest.TempPathFactory, states: list[tuple[str, list[ox.Quad]]]
):
    folder = tmp_path_factory.mktemp("law") / "aims.store"
    store.create(folder, now=NOW)
    with store.open_writer(folder) as writer:
        for graph, quads in states:
            writer.replace(graph, quads, **WHO)
            assert writer.replace(graph, quads, **WHO) is None
    assert store.verify(folder).first_difference is None
    view = store.open_view(folder)
    named = {q.triple for q in view.store if q.graph_name in (ox.NamedNode(G1), ox.NamedNode(G2))}
    assert {q.triple for q in view.store.quads_for_pattern(None, None, None, ox.DefaultGraph())} == named
