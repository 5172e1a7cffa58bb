"""An update request is one changeset of what it removes and adds, or nothing at all."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import (
    AimsgraphError,
    LimitExceededError,
    QueryInvalidError,
    QueryRefusedError,
    StoreMovedError,
    TimeLimitError,
)
from aimsgraph.model.changeset import Edit
from aimsgraph.query import Limits, rehearse
from aimsgraph.query import update as carry_out
from aimsgraph.store.folder import CHANGESETS
from aimsgraph.vocab import (
    EDITS_GRAPH,
    GENID,
    GRAPH,
    HISTORY_GRAPH,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    SOURCE_GRAPH,
)

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
A, B, OWN = SOURCE_GRAPH + "a.ttl", SOURCE_GRAPH + "b.ttl", "https://example.org/own"
PREFIX = f"PREFIX : <https://example.org/> PREFIX s: <{SOURCE_GRAPH}> PREFIX g: <{GRAPH}>\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "aims.store"
    store.create(path, now=NOW)
    return path


def write(folder: Path, request: str, **words: object) -> Edit:
    with store.open_writer(folder) as writer:
        return carry_out(writer, PREFIX + request, author="ada", message="m", now=NOW, **words)  # type: ignore[arg-type]


def content(folder: Path) -> dict[str, set[str]]:
    """What each graph but the history holds, and the union as ``""``, without the long names."""
    view = store.open_view(folder)
    found: dict[str, set[str]] = {}
    for quad in view.store:
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        if graph != HISTORY_GRAPH:
            found.setdefault(graph, set()).add(str(quad.triple).replace("https://example.org/", ""))
    return found


def filled(folder: Path) -> None:
    """Put two sources that agree in one statement, and something of the ontology, into a store."""
    rows = [(A, "x", "p", "y"), (B, "x", "p", "y"), (A, "x", "q", "z"), (ONTOLOGY_GRAPH, "x", "q", "z")]
    node = ox.NamedNode
    quads = [
        ox.Quad(*(node("https://example.org/" + name) for name in names), node(graph))  # type: ignore[arg-type]
        for graph, *names in rows
    ]
    with store.open_writer(folder) as writer:
        writer.commit([store.Change(None, "a", "fill", quads)], now=NOW)


def test_a_request_is_one_changeset_that_says_who_why_and_by_which_text(folder: Path):
    edit = write(
        folder, "INSERT DATA { :a :p :b } ; INSERT DATA { GRAPH :own { :a :p :c } }", source="fix.ru"
    )
    (made,) = edit.changesets
    assert store.changesets(store.open_view(folder)) == [made]
    assert (made.author, made.message, made.source, made.graph) == ("ada", "m", "fix.ru", None)
    assert (made.added, made.removed) == (2, 0)
    assert made.source_sha256 is not None
    assert edit.difference == store.difference(folder, "0", "1")
    assert store.verify(folder).intact


def test_a_changeset_names_the_graph_when_it_is_one(folder: Path):
    assert write(folder, "INSERT DATA { :a :p :b }").changesets[0].graph == EDITS_GRAPH
    assert write(folder, "INSERT DATA { GRAPH s:a.ttl { :a :p :b } }").changesets[0].graph == A


def test_a_request_that_changes_nothing_leaves_no_changeset(folder: Path):
    write(folder, "INSERT DATA { :a :p :b }")
    edit = write(folder, "INSERT DATA { :a :p :b } ; INSERT DATA { :c :p :d } ; DELETE DATA { :c :p :d }")
    assert edit.changesets == ()
    assert edit.difference.added == edit.difference.removed == ()
    assert len(store.changesets(store.open_view(folder))) == 1


def test_what_is_added_outside_graph_goes_to_the_graph_of_edits(folder: Path):
    filled(folder)
    write(folder, "INSERT { ?y :of ?x } WHERE { ?x :p ?y }")
    assert content(folder)[EDITS_GRAPH] == {"<y> <of> <x>"}


@pytest.mark.parametrize(
    "request_text",
    ["DELETE DATA { :x :p :y }", "DELETE WHERE { ?x :p ?y }", "DELETE { ?x ?p :y } WHERE { ?x ?p :y }"],
)
def test_what_is_removed_outside_graph_goes_from_every_source_that_states_it(folder: Path, request_text: str):
    filled(folder)
    edit = write(folder, request_text)
    assert edit.changesets[0].removed == 2
    assert content(folder) == {
        A: {"<x> <q> <z>"},
        ONTOLOGY_GRAPH: {"<x> <q> <z>"},
        "": {"<x> <q> <z>"},
    }


def test_what_the_ontology_says_too_stays_in_it_and_in_the_union(folder: Path):
    filled(folder)
    write(folder, "DELETE WHERE { :x :q ?z }")
    assert content(folder)[ONTOLOGY_GRAPH] == {"<x> <q> <z>"}
    assert content(folder)[A] == {"<x> <p> <y>"}
    assert "<x> <q> <z>" in content(folder)[""]


def test_a_statement_removed_from_one_source_stays_in_the_other(folder: Path):
    filled(folder)
    write(folder, "DELETE DATA { GRAPH s:a.ttl { :x :p :y } }")
    assert content(folder)[B] == {"<x> <p> <y>"}
    assert "<x> <p> <y>" in content(folder)[""]


def test_a_later_operation_sees_what_an_earlier_one_did(folder: Path):
    write(
        folder,
        "INSERT DATA { :n :value 1 } ;\n"
        "DELETE { ?n :value ?v } INSERT { ?n :value ?w } WHERE { ?n :value ?v BIND(?v + 1 AS ?w) } ;\n"
        "DELETE { ?n :value ?v } INSERT { ?n :value ?w } WHERE { ?n :value ?v BIND(?v * 10 AS ?w) } ;\n"
        "INSERT { GRAPH :own { ?n :was ?v } } WHERE { GRAPH s:\\@edits { ?n :value ?v } } ;\n"
        "INSERT { :seen :graph ?g } WHERE { GRAPH ?g { :n :was ?v } }",
    )
    integer = '"20"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert content(folder) == {
        EDITS_GRAPH: {f"<n> <value> {integer}", "<seen> <graph> <own>"},
        OWN: {f"<n> <was> {integer}"},
        "": {f"<n> <value> {integer}", "<seen> <graph> <own>", f"<n> <was> {integer}"},
    }
    assert len(store.changesets(store.open_view(folder))) == 1
    assert store.verify(folder).intact


def test_a_failing_operation_leaves_nothing_of_those_before(folder: Path):
    filled(folder)
    before = store.open_view(folder).snapshot
    for last in ("DROP GRAPH :none", "CREATE GRAPH s:a.ttl", "COPY :none TO :own"):
        with pytest.raises(QueryInvalidError):
            write(folder, f"INSERT DATA {{ :a :p :b }} ;\nDELETE WHERE {{ ?s :q ?o }} ;\n{last}")
    assert store.open_view(folder).snapshot == before
    assert content(folder)[A] == {"<x> <p> <y>", "<x> <q> <z>"}
    assert list((folder / "views").iterdir()) == []


def test_a_graph_that_is_not_there_is_told_with_its_place_and_names_like_it(folder: Path):
    write(folder, "INSERT DATA { GRAPH :own { :a :p :b } }")
    with pytest.raises(QueryInvalidError) as caught:
        write(folder, "DROP GRAPH :owm")
    assert caught.value.problems[0].message == "there is no graph <https://example.org/owm>"
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 1)
    assert caught.value.hint == f"Did you mean {OWN}?"
    assert write(folder, "DROP SILENT GRAPH :owm").changesets == ()


def test_a_variable_may_stand_for_the_graph(folder: Path):
    filled(folder)
    write(
        folder,
        "DELETE { GRAPH ?g { ?x :p ?y } } INSERT { GRAPH ?g { ?x :r ?y } } WHERE { GRAPH ?g { ?x :p ?y } }",
    )
    assert content(folder)[A] == {"<x> <r> <y>", "<x> <q> <z>"}
    assert content(folder)[B] == {"<x> <r> <y>"}


@pytest.mark.parametrize(
    ("request_text", "graph", "column"),
    [
        ("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", HISTORY_GRAPH, 16),
        ("DELETE WHERE { GRAPH ?g { ?s :q ?o } }", ONTOLOGY_GRAPH, 22),
        (
            "INSERT { GRAPH ?g { :a :b :c } } WHERE { BIND(IRI(CONCAT(STR(g:), 'history')) AS ?g) }",
            HISTORY_GRAPH,
            16,
        ),
        ("INSERT { GRAPH ?g { :a :b :c } } WHERE { VALUES ?g { g:history } }", HISTORY_GRAPH, 16),
    ],
)
def test_a_variable_that_stands_for_a_reserved_graph_is_refused(
    folder: Path, request_text: str, graph: str, column: int
):
    filled(folder)
    before = store.open_view(folder).snapshot
    with pytest.raises(QueryRefusedError) as caught:
        write(folder, "INSERT DATA { :a :b :c } ; " + request_text)
    (problem,) = caught.value.problems
    assert problem.message == f"here it would write <{graph}>, which the store alone writes"
    assert (problem.line, problem.column) == (2, 27 + column)
    assert store.open_view(folder).snapshot == before


def test_with_is_where_an_operation_reads_and_writes(folder: Path):
    filled(folder)
    write(folder, "WITH s:a.ttl DELETE { ?x ?p ?y } INSERT { ?y ?p ?x } WHERE { ?x ?p ?y }")
    assert content(folder)[A] == {"<y> <p> <x>", "<z> <q> <x>"}
    assert content(folder)[B] == {"<x> <p> <y>"}


def test_using_chooses_what_is_read_and_not_what_is_written(folder: Path):
    filled(folder)
    write(
        folder,
        "INSERT { GRAPH :own { ?x :from ?g } } USING s:b.ttl USING NAMED s:a.ttl "
        "WHERE { ?x :p ?y GRAPH ?g { ?x :q ?z } }",
    )
    write(folder, "INSERT { GRAPH :own { ?x :all ?o } } USING s:b.ttl WHERE { ?x ?p ?o }")
    write(folder, "INSERT { GRAPH :own { ?x :named ?o } } USING s:b.ttl WHERE { GRAPH ?g { ?x ?p ?o } }")
    assert content(folder)[OWN] == {f"<x> <from> <{A}>", "<x> <all> <y>"}


def test_what_is_copied_or_moved_from_a_graph_that_is_not_there_changes_nothing(folder: Path):
    filled(folder)
    before = content(folder)
    for command in ("COPY", "MOVE", "ADD"):
        write(folder, f"{command} SILENT :nowhere TO s:a.ttl")
    assert content(folder) == before


def test_the_commands_on_graphs_leave_the_graphs_of_the_store_alone(folder: Path):
    filled(folder)
    write(folder, "INSERT DATA { :a :p :b }")
    write(folder, "CLEAR NAMED")
    assert set(content(folder)) == {EDITS_GRAPH, ONTOLOGY_GRAPH, ""}
    write(folder, "DROP ALL")
    assert set(content(folder)) == {ONTOLOGY_GRAPH, ""}
    assert len(store.changesets(store.open_view(folder))) == 4
    assert store.verify(folder).intact


def test_default_names_the_graph_of_edits(folder: Path):
    filled(folder)
    write(folder, "INSERT DATA { :a :p :b } ; COPY DEFAULT TO :own ; CLEAR DEFAULT ; ADD s:b.ttl TO DEFAULT")
    assert content(folder)[OWN] == {"<a> <p> <b>"}
    assert content(folder)[EDITS_GRAPH] == {"<x> <p> <y>"}
    write(folder, "MOVE DEFAULT TO :own")
    assert content(folder)[OWN] == {"<x> <p> <y>"}
    assert EDITS_GRAPH not in content(folder)


def test_awkward_literals_are_added_and_found_again_as_the_store_keeps_them(folder: Path):
    literals = [
        "1.50", "007", "1e0", "TRUE", "-5", "+.5", '"x"@en-GB', '"""a "quoted"\n line"""', '"😀"', '""',
        r"'tab\tand \\ \u00e9 \U0001F600'", '"2026-01-01T00:00:00+05:30"^^xsd:dateTime', '"<p>{?x}#;"',
        '"2026-01-01T00:00:00"^^xsd:dateTime', '"P1Y2M"^^xsd:duration', '"LOAD <http://x> SERVICE"',
        '"123456789012345678901234567890"^^xsd:integer', '"1.50"^^xsd:string', '"bad"^^xsd:integer',
    ]  # fmt: skip
    data = " , ".join(literals)
    added = write(folder, f"INSERT DATA {{ :a :p {data} }}").difference.added
    assert len(added) == len(literals)
    assert {line.split(" ", 2)[2].rpartition(" <")[0] for line in added} >= {
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"7"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"x"@en-gb',
        '"a \\"quoted\\"\\n line"',
        '"LOAD <http://x> SERVICE"',
        '"123456789012345678901234567890"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }
    assert store.verify(folder).intact
    moved = write(folder, "DELETE { ?s :p ?o } INSERT { ?s :q ?o } WHERE { ?s :p ?o }").difference
    assert (
        sorted(line.replace("org/q>", "org/p>") for line in moved.added) == list(moved.removed) == list(added)
    )
    gone = write(folder, f"DELETE DATA {{ :a :q {data} }}").difference
    assert gone.removed == moved.added
    assert content(folder) == {}


def test_new_nodes_are_iris_one_for_each_solution(folder: Path):
    write(folder, "INSERT DATA { :a :p _:x , _:y . _:x :q _:y . GRAPH :own { _:x :r (1) } }")
    write(folder, "INSERT { ?o :has [ :of ?s ] } WHERE { ?s :p ?o }")
    nodes = {
        word for quad in content(folder)[""] for word in str(quad).split() if word.startswith("<" + GENID)
    }
    assert len(nodes) == 2 + 1 + 2
    assert all("@edits/" in node for node in nodes)
    assert not any("_:" in quad for quad in content(folder)[""])


def test_nodes_made_in_where_become_iris_too(folder: Path):
    write(
        folder,
        "INSERT { ?b :p ?b } WHERE { BIND(BNODE() AS ?b) } ; DELETE { ?b :p ?b } WHERE { BIND(BNODE() AS ?b) }",
    )
    (statement,) = content(folder)[EDITS_GRAPH]
    assert statement.startswith("<" + GENID)


def test_what_is_no_statement_is_left_out(folder: Path):
    filled(folder)
    write(
        folder,
        "INSERT { ?y :p :x . :x ?l :y . :x :p ?none . GRAPH ?l { :x :p :z } GRAPH ?none { :x :p :z } :ok :p ?l } "
        "WHERE { :x :p ?x OPTIONAL { :x :none ?none } BIND('text' AS ?y) BIND(1 AS ?l) }",
    )
    assert content(folder)[EDITS_GRAPH] == {'<ok> <p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'}


def test_what_is_both_removed_and_added_is_there_afterwards(folder: Path):
    filled(folder)
    assert (
        write(folder, "WITH s:a.ttl DELETE { ?x :p ?y } INSERT { ?x :p ?y } WHERE { ?x :p ?y }").changesets
        == ()
    )


def test_a_rehearsal_writes_nothing_and_tells_what_the_update_then_does(folder: Path):
    filled(folder)
    request = (
        PREFIX + "DELETE { ?x :p ?y } INSERT { ?x :r [ :of ?y ; :list (1 2) ] } WHERE { ?x :p ?y } ;\n"
        "COPY s:a.ttl TO :own ; DROP GRAPH s:a.ttl"
    )
    patches = sorted(path.name for path in (folder / CHANGESETS).iterdir())
    view = store.open_view(folder)
    told = rehearse(view, request)
    assert store.open_view(folder).snapshot == view.snapshot
    assert sorted(path.name for path in (folder / CHANGESETS).iterdir()) == patches
    assert told.dry_run
    assert told.changesets == ()
    with store.open_writer(folder) as writer:
        done = carry_out(writer, request, author="a", message="m", now=NOW)
    assert (told.difference.added, told.difference.removed) == (
        done.difference.added,
        done.difference.removed,
    )
    assert store.difference(folder, "1", "2") == done.difference


def test_a_rehearsal_tells_what_follows_by_inference_too(folder: Path):
    read = "<https://example.org/net> aims:readAs aims:Model . aims:Model a owl:Class ."
    write(folder, f"INSERT DATA {{ {read} :m a :net }}")
    request = PREFIX + "DELETE { ?m a :net } INSERT { ?n a :net } WHERE { ?m a :net BIND(:n AS ?n) }"
    before = store.open_view(folder)
    told = rehearse(before, request).difference
    write(folder, request.removeprefix(PREFIX))
    done = store.difference(folder, before.snapshot)
    assert (told.added, told.removed) == (done.added, done.removed)
    inferred = [line for line in told.added if line.endswith(f"<{INFERRED_GRAPH}> .")]
    assert [line.split()[0] for line in inferred] == ["<https://example.org/n>"]
    before = store.open_view(folder)
    gone = store.rehearse_removal(before, ["@edits"]).difference
    with store.open_writer(folder) as writer:
        store.remove(writer, ["@edits"], author="a", message="m", now=NOW)
    assert gone.removed == store.difference(folder, before.snapshot).removed
    assert any(line.endswith(f"<{INFERRED_GRAPH}> .") for line in gone.removed)


def test_an_update_upon_another_head_than_expected_is_refused(folder: Path):
    filled(folder)
    read = store.open_view(folder).snapshot
    write(folder, "INSERT DATA { :a :p :b }", expected=read)
    for attempt in (
        lambda: write(folder, "INSERT DATA { :a :p :c }", expected=read),
        lambda: rehearse(store.open_view(folder), PREFIX + "INSERT DATA { :a :p :c }", expected=read),
    ):
        with pytest.raises(StoreMovedError):
            attempt()
    assert content(folder)[EDITS_GRAPH] == {"<a> <p> <b>"}


def test_threads_that_share_a_writer_lose_no_increment(folder: Path):
    write(folder, "INSERT DATA { :n :value 0 }")
    increment = (
        PREFIX + "DELETE { ?n :value ?v } INSERT { ?n :value ?w } WHERE { ?n :value ?v BIND(?v + 1 AS ?w) }"
    )
    done: list[int] = []

    def add(writer: store.Writer) -> None:
        for _ in range(4):
            try:
                carry_out(writer, increment, author="a", message="m", now=NOW)
            except StoreMovedError:
                continue
            done.append(1)

    with store.open_writer(folder) as writer:
        threads = [threading.Thread(target=add, args=(writer,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    (value,) = content(folder)[EDITS_GRAPH]
    assert value == f'<n> <value> "{len(done)}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert store.verify(folder).intact


@pytest.mark.parametrize(
    ("limits", "error"),
    [(Limits(rows=1), LimitExceededError), (Limits(seconds=0.3), TimeLimitError)],
)
def test_a_where_beyond_its_limits_writes_nothing(folder: Path, limits: Limits, error: type[AimsgraphError]):
    write(folder, "INSERT DATA { " + " ".join(f":n{i} :p :n{i + 1} ." for i in range(300)) + " }")
    before = store.open_view(folder).snapshot
    request = (
        "INSERT { ?a :q ?b } WHERE { ?a (:p|^:p)* ?b . ?c (:p|^:p)* ?d . ?d (:p|^:p)* ?e FILTER(?a != ?e) }"
    )
    with pytest.raises(error) as caught:
        write(folder, request, limits=limits)
    assert caught.value.exit_status == 3
    assert store.open_view(folder).snapshot == before
