"""On a server an update or a removal leaves the changeset that it leaves in a folder, and a dry run tells it before."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import pytest

import aimsgraph
from aimsgraph import store
from aimsgraph.errors import (
    LimitExceededError,
    QueryInvalidError,
    StoreMovedError,
    TimeLimitError,
    UsageError,
)
from aimsgraph.query import Limits, update
from aimsgraph.store import remote_trial
from aimsgraph.vocab import GRAPH, INFERRED_GRAPH, SOURCE_GRAPH
from tests.contract.servers import described
from tests.contract.test_writer_contract import READ
from tests.contract.writers import PLACES, Places
from tests.unit.store.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Place = Path | store.Endpoint

PREFIX: Final = f"PREFIX : <https://example.org/> PREFIX s: <{SOURCE_GRAPH}> PREFIX g: <{GRAPH}>\n"
WHO: Final[dict[str, Any]] = {"author": "ada", "message": "because", "now": NOW}
DATA: Final = (
    'INSERT DATA { GRAPH s:a.ttl { :a a :Risk ; :label "A"@en , "A" ; :weight 1.50 ; :next :b ; :flag true . '
    ":b a :Risk ; :label 'B' ; :weight 007 ; :next :c . :c a :Control ; :next :a ; :label 'C' } "
    "GRAPH s:b.ttl { :a :next :b ; :owned :ana . :ana a :Owner ; :label 'Ana' } "
    "GRAPH :own { :d a :Thing ; :label 'D' . :a a :Risk } }"
)
#: What is done after the other: every kind of operation, and patterns of which a part of the store is enough or is not.
REQUESTS: Final = (
    "DELETE { ?thing :owned :ana } INSERT { ?thing :owned :bo ; :since 2026 } WHERE { ?thing :owned :ana }",
    "INSERT { ?x :list (1 2) ; :of [ :is ?y ] } WHERE { ?x :next ?y }",
    "DELETE { ?s :label ?l } WHERE { ?s :label ?l ; a :Risk }",
    "INSERT { ?s :same ?o . ?g :states ?s } WHERE { ?s a :Risk . GRAPH ?g { ?s ?p ?o } FILTER(ISIRI(?o)) }",
    "INSERT { ?s :any ?g } WHERE { GRAPH ?g { OPTIONAL { :no :no ?s } } VALUES ?s { :v } }",
    "INSERT { ?s :reaches ?o } WHERE { ?s a :Risk ; :next+ ?o FILTER NOT EXISTS { ?o a :Risk } }",
    "INSERT { :a :touches ?o } WHERE { :a (:next|^:owned)* ?o }",
    "DELETE { ?s :weight ?w } INSERT { ?s :weight ?v } WHERE { ?s :weight ?w BIND(?w * 2 AS ?v) } ;\n"
    "INSERT { ?s :heavy true } WHERE { ?s :weight ?w FILTER(?w > 5) } ;\n"
    "DELETE { GRAPH s:a.ttl { ?s :next ?o } } WHERE { ?s :next ?o ; :heavy true }",
    "WITH s:a.ttl DELETE { ?s ?p ?o } INSERT { ?s :was ?o } WHERE { ?s a :Control ; ?p ?o }",
    "INSERT { :count :is ?n } WHERE { { SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(?g = :own) } } }",
    "INSERT { GRAPH :notes { ?c :number ?n } } USING g:history WHERE { ?c aims:changesetNumber ?n } ;\n"
    "INSERT { :seen :author ?l } WHERE { GRAPH g:history { ?c a ?type ; "
    "prov:wasAssociatedWith ?w . ?w rdfs:label ?l } }",
    "COPY s:b.ttl TO :copy ; ADD DEFAULT TO :copy ; CREATE GRAPH :new ; MOVE :own TO s:moved.ttl",
    "INSERT { ?s :none ?o } WHERE { ?s a :Nothing ; ?p ?o } ; DELETE DATA { :a :flag true } ; "
    "CREATE SILENT GRAPH s:b.ttl",
    "CLEAR GRAPH s:a.ttl ; INSERT { :left :is ?s } WHERE { ?s :next ?o }",
    "DROP NAMED",
    "INSERT DATA { :a :p 'x'@en-GB , 1e3 , '2026-03-03T12:00:00+02:00'^^<http://www.w3.org/2001/XMLSchema#dateTime> }",
    "CLEAR ALL",
)


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    """The servers of this module."""
    found = Places()
    yield found
    found.close()


@pytest.fixture(params=[name for name in PLACES if name not in ("embedded", "memory")])
def place(request: pytest.FixtureRequest, places: Places, tmp_path: Path) -> store.Endpoint:
    """An empty store on each kind of server."""
    where = places.empty(request.param, tmp_path)
    store.create(where, now=NOW)
    assert isinstance(where, store.Endpoint)
    return where


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty store in a folder, to compare with."""
    path = tmp_path / "reference.store"
    store.create(path, now=NOW)
    return path


def heads(where: Place) -> list[str]:
    return [one.hash for one in store.changesets(store.open_place(where))]


def named(where: Place, folder: Path) -> Place:
    """What a person would name a store by."""
    return described(where, folder) if isinstance(where, store.Endpoint) else where


def test_an_update_leaves_the_changeset_that_it_leaves_in_a_folder(place: store.Endpoint, folder: Path):
    with store.open_writer(place) as writer, store.open_writer(folder) as reference:
        for number, request in enumerate((DATA, *REQUESTS)):
            edits = [
                update(one, PREFIX + request, source=f"{number}.ru", **WHO) for one in (reference, writer)
            ]
            assert edits[1] == edits[0], request
            assert edits[0].changesets or ":Nothing" in request, request
    assert heads(place) == heads(folder)
    assert store.verify(place).first_difference is None


def test_an_update_at_fault_leaves_nothing(place: store.Endpoint):
    with store.open_writer(place) as writer:
        update(writer, PREFIX + DATA, **WHO)
        for last in ("DROP GRAPH :owm", "CREATE GRAPH s:a.ttl", "COPY :none TO :own"):
            with pytest.raises(QueryInvalidError):
                update(writer, f"{PREFIX} DELETE WHERE {{ ?s :label ?o }} ;\n{last}", **WHO)
        with pytest.raises(StoreMovedError):
            update(writer, PREFIX + "INSERT DATA { :x :y :z }", expected="sha256:0", **WHO)
    assert len(heads(place)) == 1
    assert store.verify(place).first_difference is None


def test_only_what_a_pattern_looks_at_is_brought_here_and_no_more_than_allowed(place: store.Endpoint):
    many = " ".join(f":n{number} :value {number} ." for number in range(600))
    few = Limits(statements=100)
    with store.open_writer(place) as writer:
        update(writer, f"{PREFIX} INSERT DATA {{ GRAPH :own {{ {many} }} }} ;\n{DATA}", **WHO)
        narrow = update(writer, PREFIX + "DELETE WHERE { ?s a :Risk ; ?p ?o }", limits=few, **WHO)
        assert narrow.changesets[0].removed > 5
        in_graph = "DELETE WHERE { GRAPH s:b.ttl { ?s ?p ?o } }"
        assert update(writer, PREFIX + in_graph, limits=few, **WHO).changesets
        before = heads(place)
        for wide in ("DELETE WHERE { ?s ?p 7 }", "INSERT { ?s :p ?o } WHERE { ?s !:value ?o }"):
            with pytest.raises(LimitExceededError, match="more than 100 statements"):
                update(writer, PREFIX + wide, limits=few, **WHO)
        with pytest.raises(TimeLimitError):
            update(writer, PREFIX + in_graph, limits=Limits(seconds=0.001), **WHO)
        with pytest.raises(LimitExceededError, match="2 rows"):
            update(
                writer, PREFIX + "INSERT { ?s :p ?v } WHERE { ?s :value ?v }", limits=Limits(rows=2), **WHO
            )
    assert heads(place) == before


def test_updates_that_count_at_once_lose_no_increment(place: store.Endpoint):
    increment = PREFIX + "DELETE { :n :is ?v } INSERT { :n :is ?w } WHERE { :n :is ?v BIND(?v + 1 AS ?w) }"

    def count() -> None:
        for _ in range(2):
            with store.open_writer(place) as writer:
                update(writer, increment, **WHO)

    with store.open_writer(place) as writer:
        update(writer, PREFIX + "INSERT DATA { :n :is 0 }", **WHO)
    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (row,) = store.open_place(place).select(
        "SELECT ?v WHERE { <https://example.org/n> <https://example.org/is> ?v }"
    )
    assert int(str(row["v"])) == 8
    assert store.verify(place).first_difference is None


def test_a_removal_leaves_the_changesets_that_it_leaves_in_a_folder(place: store.Endpoint, folder: Path):
    with store.open_writer(place) as writer, store.open_writer(folder) as reference:
        for one in (writer, reference):
            update(one, PREFIX + DATA, **WHO)
        names = ("a.ttl", "https://example.org/own")
        edits = [store.remove(one, names, author="ada", message=None, now=NOW) for one in (reference, writer)]
        assert edits[1] == edits[0]
        assert [one.source for one in edits[1].changesets] == list(names)
        with pytest.raises(UsageError, match=r"There is no source a.ttl.*Did you mean b.ttl"):
            store.remove(writer, ["a.ttl"], author="ada", message=None, now=NOW)
    assert heads(place) == heads(folder)
    assert store.verify(place).first_difference is None


def test_a_dry_run_tells_what_is_then_written_and_what_follows(
    place: store.Endpoint, folder: Path, tmp_path: Path
):
    (tmp_path / "read.ttl").write_text(READ, encoding="utf-8")
    rename = (
        PREFIX + "DELETE { ?m a ?t } INSERT { ?m a <urn:Other> ; :of [] } WHERE { ?m a ?t ; rdfs:label 'M' }"
    )
    told = []
    for where in (folder, place):
        graph = aimsgraph.open(named(where, tmp_path))
        tried = []
        with graph.trial() as trial:
            trial.load(tmp_path / "read.ttl")
            tried.append(trial.diff(graph.view().snapshot if heads(where) else "0"))
        assert heads(where) == []
        graph.load(tmp_path / "read.ttl")
        graph.refresh()
        for edit in (
            lambda graph=graph, **words: graph.update(rename, **words),
            lambda graph=graph, **words: graph.remove((tmp_path / "read.ttl").as_posix(), **words),
        ):
            before = heads(where)
            tried.append(edit(dry_run=True).difference)
            assert heads(where) == before
            edit()
            done = store.difference(where, before[-1])
            assert (tried[-1].added, tried[-1].removed) == (done.added, done.removed)
        told.append([(one.added, one.removed) for one in tried])
        inferred = [any(line.endswith(f"<{INFERRED_GRAPH}> .") for line in one.removed) for one in tried]
        assert inferred == [False, True, False]
        assert any(line.endswith(f"<{INFERRED_GRAPH}> .") for line in tried[0].added)
    assert told[0][0] == told[1][0]


def test_a_trial_of_a_server_that_somebody_else_writes_to_is_refused(place: store.Endpoint):
    with store.open_writer(place) as writer:
        update(writer, PREFIX + DATA, **WHO)
        read = store.open_place(place)
        assert read.snapshot == writer.head
        update(writer, PREFIX + REQUESTS[0], **WHO)
    with pytest.raises(StoreMovedError), store.trial(place, read):
        pass
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(remote_trial, "MOST", 10)
        with pytest.raises(LimitExceededError, match="more than 10 statements"), store.trial(place):
            pass
