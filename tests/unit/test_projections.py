"""The dependencies that a graph keeps follow its changesets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest

from aimsgraph import store, trace
from tests.conftest import NewStore
from tests.property.test_projection_laws import content

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from aimsgraph.engine import Graph
    from aimsgraph.store import View

HEAD = "@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix ex: <https://example.org/> .\n"
PREFIXES = HEAD.replace("@prefix", "PREFIX").replace("> .", ">")


@pytest.fixture
def graph(tmp_path: Path, new_store: NewStore) -> Graph:
    return new_store(tmp_path / "a.store")


def load(graph: Graph, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ttl").write_text(HEAD + text)
    graph.load(tmp_path / "a.ttl")
    graph.refresh()


def test_a_change_is_brought_into_what_is_kept(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(graph, tmp_path, "ex:m aims:trainedOn ex:d . ex:s aims:usesModel ex:m .")
    day = graph.today()
    graph._projected(day)
    made = []
    anew = trace.project
    monkeypatch.setattr(trace, "project", lambda *given, **words: made.append(1) or anew(*given, **words))
    for text in (
        "ex:m aims:trainedOn ex:e . ex:s aims:usesModel ex:m . ex:c aims:guards ex:m .",
        "ex:m aims:trainedOn ex:e ; aims:qualifiedDependency [ aims:on ex:e ; aims:transmission 0.25 ] .",
        "ex:m aims:trainedOn ex:e .",
    ):
        load(graph, tmp_path, text)
        found = graph._projected(day)
        assert not made
        assert content(found) == content(anew(graph.view(), today=day))
    assert graph._projected(day) is found


def test_a_new_annotation_has_the_dependencies_read_anew(graph: Graph, tmp_path: Path) -> None:
    load(graph, tmp_path, "ex:a ex:p ex:b .")
    day = graph.today()
    assert "https://example.org/a" not in graph._projected(day).index
    load(graph, tmp_path, "ex:a ex:p ex:b . ex:p aims:impactDirection aims:SubjectToObject .")
    assert "https://example.org/a" in graph._projected(day).index


def test_what_is_not_known_to_have_changed_is_not_guessed(graph: Graph, tmp_path: Path) -> None:
    first = graph.view().snapshot
    load(graph, tmp_path, "ex:m aims:trainedOn ex:d .")
    view = graph.view()
    assert store.changes_since(graph.place, "sha256:0", view, most=100) is None
    assert store.changes_since(graph.place, first, view, most=0) is None
    assert store.changes_since(graph.place, view.snapshot, view, most=0) == ()
    said = store.changes_since(graph.place, first, view, most=100)
    assert said is not None
    assert ("https://example.org/m", "https://example.org/d") in {(str(s), str(o)) for s, _, o in said}


def test_many_statements_are_read_from_files_as_few_are(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        f"ex:n{at} aims:dependsOn ex:n{at // 2} . ex:n{at} aims:trainedOn <urn:é{at}> ." for at in range(50)
    ]
    load(graph, tmp_path, "\n".join([*lines, 'ex:n1 aims:dependsOn "text\\n\\tand more" , 7 , _:b .']))
    day = graph.today()
    expected = content(trace.project(graph.view(), today=day))
    monkeypatch.setattr("aimsgraph.store.links.MANY", 3)
    assert content(trace.project(graph.view(), today=day)) == expected
    assert len(expected["source"][0]) == 101  # type: ignore[index]


def test_what_is_at_hand_does_not_wait_for_what_is_being_read(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = graph.today()
    begins = f'aims:dependencyValidFrom "{day}"^^<http://www.w3.org/2001/XMLSchema#date>'
    load(
        graph, tmp_path, f"ex:m aims:trainedOn ex:d ; aims:qualifiedDependency [ aims:on ex:d ; {begins} ] ."
    )
    view = graph.view()
    found = graph._projected(day)
    begun, go = Event(), Event()
    anew = trace.project

    def slowly(view: View, *, today: date) -> trace.Projection:
        begun.set()
        assert go.wait(60)
        return anew(view, today=today)

    monkeypatch.setattr(trace, "project", slowly)
    with ThreadPoolExecutor() as pool:
        others = [
            pool.submit(graph.projections.of, view, graph.place, day - timedelta(days=1)) for _ in range(2)
        ]
        try:
            assert begun.wait(60)
            at_hand = pool.submit(graph.projections.of, view, graph.place, day)
            assert at_hand.result(timeout=60) is found
            assert not any(other.done() for other in others)
        finally:
            go.set()
        # Two that ask for the same are served by one reading.
        assert others[0].result() is others[1].result()


def test_what_was_forgotten_while_it_was_read_is_not_kept(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, view = graph.today(), graph.view()
    anew = trace.project

    def meanwhile(view: View, *, today: date) -> trace.Projection:
        graph.projections.forget(view.snapshot)
        return anew(view, today=today)

    monkeypatch.setattr(trace, "project", meanwhile)
    graph.projections.of(view, graph.place, day)
    assert len(graph.projections) == 0


def test_a_trial_drops_nothing_that_its_graph_keeps(graph: Graph, tmp_path: Path) -> None:
    load(graph, tmp_path, "ex:m aims:trainedOn ex:d .")
    found = graph._projected(graph.today())
    with graph.trial() as trial:
        assert trial._projected(graph.today()) is found
        for text in ("ex:a aims:trainedOn ex:b", "ex:b aims:trainedOn ex:c"):
            trial.update(f"{PREFIXES} INSERT DATA {{ {text} }}")
            trial._projected(graph.today())
    assert graph.projections.kept(graph.view().snapshot, graph.today()) is found


def test_a_trace_reads_no_dependencies_that_are_at_hand(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(
        graph, tmp_path,
        "ex:s a aims:AISystem ; aims:usesModel ex:m . ex:m aims:trainedOn ex:d . "
        "ex:c a aims:Control ; aims:guards ex:d .",
    )  # fmt: skip
    whole = graph.trace("https://example.org/s")
    assert [control.label for control in whole.controls] == ["c"]
    monkeypatch.setattr("aimsgraph.trace.standing.project", None)
    monkeypatch.setattr(trace, "project", None)
    assert graph.trace("https://example.org/s") == whole
