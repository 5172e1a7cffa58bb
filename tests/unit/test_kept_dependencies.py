"""The dependencies of a large store lie in its folder for the next process, which never believes what is not so."""

from __future__ import annotations

import fcntl
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph import kept_dependencies, store, trace
from tests.conftest import NewStore
from tests.property.test_projection_laws import content

if TYPE_CHECKING:
    from aimsgraph.engine import Graph

HEAD = "@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix ex: <https://example.org/> .\n"
CHAIN = "ex:m aims:trainedOn ex:d . ex:s aims:usesModel ex:m . ex:c aims:guards ex:m ."


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> Path:
    graph = new_store(tmp_path_factory.mktemp("loaded") / "a.store")
    load(graph, CHAIN)
    return graph.path


@pytest.fixture
def place(loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept_dependencies, "FEWEST_KEPT", 0)
    return Path(shutil.copytree(loaded, tmp_path / "a.store", ignore=shutil.ignore_patterns("views")))


def load(graph: Graph, text: str) -> None:
    file = graph.path.parent / "a.ttl"
    file.write_text(HEAD + text)
    graph.load(file)


def asked(place: Path, as_of: str | None = None) -> trace.Projection:
    """Ask as a new process would."""
    graph = aimsgraph.open(place, as_of=as_of)
    return graph._projected(graph.today())


def anew(place: Path) -> dict[str, object]:
    graph = aimsgraph.open(place)
    return content(trace.project(graph.view(), today=graph.today()))


def kept(place: Path) -> Path:
    return place / "kept" / "dependencies"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The snapshots whose dependencies were read from the statements."""
    found: list[str] = []
    project = trace.project

    def noted(view: store.View, *, today) -> trace.Projection:
        found.append(view.snapshot)
        return project(view, today=today)

    monkeypatch.setattr(trace, "project", noted)
    return found


def test_the_next_process_finds_them(place: Path, made: list[str]) -> None:
    first = asked(place)
    assert [file.name for file in (place / "kept").iterdir()] == ["dependencies"]
    assert content(asked(place)) == content(first)
    assert len(made) == 1


def test_of_few_edges_nothing_is_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_dependencies, "FEWEST_KEPT", 3)
    asked(place)
    assert not (place / "kept").exists()


def test_what_changed_since_is_brought_in(
    place: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(place)
    before = kept(place).read_bytes()
    load(aimsgraph.open(place), CHAIN + " ex:t aims:usesModel ex:m .")
    found = asked(place)
    assert len(made) == 1
    assert content(found) == anew(place)
    assert kept(place).read_bytes() == before
    monkeypatch.setattr(kept_dependencies, "MOST_BEHIND", 0)
    asked(place)
    assert kept(place).read_bytes() != before
    assert content(asked(place)) == anew(place)


def test_on_another_day_they_are_used_while_nothing_begins_or_ends(place: Path, made: list[str]) -> None:
    graph = aimsgraph.open(place)
    day = graph.today()
    ends = f'aims:dependencyValidUntil "{day}"^^<http://www.w3.org/2001/XMLSchema#date>'
    load(graph, f"{CHAIN} ex:m aims:qualifiedDependency [ aims:on ex:d ; {ends} ] .")
    counts = []
    for later in (0, -1000, 0, 1, 2, 1000):
        found = aimsgraph.open(place)._projected(day + timedelta(days=later))
        assert found.today == day + timedelta(days=later)
        counts.append((len(found.source), len(made)))
    assert counts == [(2, 1), (2, 1), (2, 1), (1, 2), (1, 2), (1, 2)]


@pytest.mark.parametrize("damage", ["cut", "altered", "empty", "something else"])
def test_what_is_damaged_is_made_anew(place: Path, made: list[str], damage: str) -> None:
    first = asked(place)
    whole = kept(place).read_bytes()
    kept(place).write_bytes(
        {
            "cut": whole[:-7],
            "altered": whole.replace(b"/d", b"/e"),
            "empty": b"",
            "something else": b"x" * 900,
        }[damage]
    )
    assert content(asked(place)) == content(first)
    assert len(made) == 2
    assert kept(place).read_bytes() == whole


def test_what_another_version_wrote_is_made_anew(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aimsgraph.trace.written.program_version", lambda: "99")
    asked(place)
    monkeypatch.undo()
    monkeypatch.setattr(kept_dependencies, "FEWEST_KEPT", 0)
    first = kept(place).read_bytes()
    asked(place)
    assert kept(place).read_bytes() != first


def test_another_store_in_the_same_place_is_not_answered_from_it(place: Path, loaded: Path) -> None:
    asked(place)
    mine = place.parent / "mine"
    (place / "kept").rename(mine)
    load(aimsgraph.open(place), "ex:x aims:trainedOn ex:y .")
    asked(place)
    shutil.copyfile(kept(place), mine / "dependencies")
    other = Path(shutil.copytree(loaded, place.parent / "b.store", ignore=shutil.ignore_patterns("views")))
    mine.rename(other / "kept")
    assert content(asked(other)) == anew(other)


def test_where_nothing_may_be_written_all_goes_on(place: Path, made: list[str]) -> None:
    (place / "kept").write_text("in the way")
    assert content(asked(place)) == content(asked(place))
    assert len(made) == 2


def test_who_writes_at_the_same_time_is_left_to_it(place: Path) -> None:
    (place / "kept").mkdir()
    draft = place / "kept" / ".dependencies"
    with draft.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        asked(place)
        assert not kept(place).exists()
    asked(place)
    assert kept(place).exists()


def test_what_a_killed_writer_left_is_overwritten(place: Path, made: list[str]) -> None:
    (place / "kept").mkdir()
    (place / "kept" / ".dependencies").write_bytes(b"half" * 100_000)
    asked(place)
    asked(place)
    assert len(made) == 1
    assert [file.name for file in (place / "kept").iterdir()] == ["dependencies"]


def test_the_past_is_neither_kept_nor_answered_from_the_present(place: Path) -> None:
    number = aimsgraph.open(place).log()[-1].number
    load(aimsgraph.open(place), CHAIN + " ex:t aims:usesModel ex:m .")
    assert len(asked(place, as_of=str(number)).source) == 2
    assert not kept(place).exists()
    assert len(asked(place).source) == 3
    assert len(asked(place, as_of=str(number)).source) == 2


def test_a_trial_keeps_nothing(place: Path) -> None:
    graph = aimsgraph.open(place)
    with graph.trial() as trial:
        assert len(trial._projected(graph.today()).source) == 2
        assert not (trial.path / "kept").exists()
    assert not kept(place).exists()


def test_verify_tells_what_was_altered_and_passes_what_is_not_used(place: Path) -> None:
    asked(place)
    assert aimsgraph.open(place).verify().intact
    with store.derived(place, "dependencies") as file:
        assert file is not None
        right = trace.read(file)
    assert right is not None
    wrong = replace(right, target=right.target[::-1].copy())
    assert store.keep(place, "dependencies", 1000, lambda file: trace.write(wrong, file))
    told = aimsgraph.open(place).verify()
    assert not told.intact
    assert told.first_difference is not None
    assert told.first_difference.startswith("In kept/dependencies, which is kept to answer more quickly")
    strange = replace(wrong, snapshot="sha256:0")
    assert store.keep(place, "dependencies", 1000, lambda file: trace.write(strange, file))
    assert aimsgraph.open(place).verify().intact


def test_a_backup_leaves_them_out_and_compacting_leaves_them_be(place: Path, tmp_path: Path) -> None:
    asked(place)
    store.back_up(place, tmp_path / "copy")
    assert not (tmp_path / "copy" / "kept").exists()
    before = kept(place).read_bytes()
    store.compact(place)
    assert kept(place).read_bytes() == before
