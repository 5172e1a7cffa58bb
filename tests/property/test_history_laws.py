"""Laws of the history: every state is the replay of its changesets, and can be seen, compared and reached again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aimsgraph import store
from aimsgraph.store import Change
from aimsgraph.store.past import open_past
from aimsgraph.store.patch import Replay, lines_of, patch_text, quads_in
from aimsgraph.store.playing import play
from tests.property import tries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aimsgraph.store import EmbeddedView

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
EX = "https://example.org/"
GRAPHS = [EX + "graph/1", EX + "graph/2"]
QUADS = st.lists(
    st.builds(
        lambda s, o, g: ox.Quad(ox.NamedNode(EX + s), ox.NamedNode(EX + "p"), ox.Literal(o), ox.NamedNode(g)),
        st.sampled_from("ab"), st.integers(0, 2), st.sampled_from(GRAPHS),
    ),
    max_size=5,
)  # fmt: skip
CHANGES = st.builds(
    lambda graph, added, removed, replace: Change(graph, "ada", "m", added, removed, replace),
    st.sampled_from(GRAPHS), QUADS, QUADS, st.booleans(),
)  # fmt: skip
COMMITS = st.lists(st.lists(CHANGES, min_size=1, max_size=3), min_size=1, max_size=4)


#: Each example makes stores on disk: a failing one is shown as it was found.
SLOW = settings(
    max_examples=tries(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def content(view: EmbeddedView) -> list[bytes]:
    return lines_of(view.store)


def written(folder: Path, commits: Iterable[list[Change]]) -> dict[int, list[bytes]]:
    """Write the commits, and return the whole content, history included, after each changeset that ended one."""
    store.create(folder, now=NOW)
    states = {0: content(store.open_view(folder))}
    with store.open_writer(folder) as writer:
        for changes in commits:
            writer.commit(changes, now=NOW)
            states[len(store.changesets(writer.view()))] = content(writer.view())
    return states


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> pytest.TempPathFactory:
    return tmp_path_factory


@SLOW
@given(commits=COMMITS)
def test_as_of_each_changeset_the_store_is_as_it_was_then(
    fresh: pytest.TempPathFactory, commits: list[list[Change]]
):
    folder = fresh.mktemp("law") / "aims.store"
    states = written(folder, commits)
    for number, then in states.items():
        assert content(open_past(folder, str(number))) == then
    assert content(open_past(folder, "head")) == content(store.open_view(folder))
    assert store.verify(folder).first_difference is None


@SLOW
@given(commits=COMMITS, data=st.data())
def test_a_difference_leads_from_one_state_to_the_other_and_back(
    fresh: pytest.TempPathFactory, commits: list[list[Change]], data: st.DataObject
):
    folder = fresh.mktemp("law") / "aims.store"
    written(folder, commits)
    last = len(store.changesets(store.open_view(folder)))
    older, newer = (data.draw(st.integers(0, last)) for _ in range(2))
    there = store.difference(folder, str(older), str(newer))
    back = store.difference(folder, str(newer), str(older))
    assert (there.added, there.removed) == (back.removed, back.added)
    before, after = open_past(folder, str(older)), open_past(folder, str(newer))
    state = ox.Store()
    state.extend(before.store)
    play(
        state,
        removed=quads_in(line.encode() for line in there.removed),
        added=quads_in(line.encode() for line in there.added),
    )
    assert said(state) == said(after.store)


def said(found: ox.Store) -> list[bytes]:
    return lines_of(
        quad for quad in found if quad.graph_name != ox.NamedNode("https://w3id.org/aimsgraph/graph/history")
    )


@settings(max_examples=tries(100), deadline=None)
@given(before=QUADS, added=QUADS, removed=QUADS)
def test_doing_a_patch_and_undoing_it_changes_nothing(
    before: list[ox.Quad], added: list[ox.Quad], removed: list[ox.Quad]
):
    came = [quad for quad in dict.fromkeys(added) if quad not in before and quad not in removed]
    went = [quad for quad in dict.fromkeys(removed) if quad in before]
    replay = Replay()
    replay.apply(patch_text(came, went))
    replay.apply(patch_text(went, came))
    assert replay.added == replay.removed == set()
    state = ox.Store()
    play(state, removed=[], added=before)
    kept = lines_of(state)
    play(state, removed=went, added=came)
    play(state, removed=came, added=went)
    assert lines_of(state) == kept
