"""Whatever is written, in whatever order, a store in memory goes through the same states as one in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from aimsgraph import store
from aimsgraph.store.archive import archive_of
from aimsgraph.store.past import open_past
from tests.property.test_history_laws import COMMITS, NOW, SLOW, content

if TYPE_CHECKING:
    import pytest

    from aimsgraph.store import Change


@SLOW
@given(commits=COMMITS)
def test_a_memory_and_a_folder_go_through_the_same_changesets(
    tmp_path_factory: pytest.TempPathFactory, commits: list[list[Change]]
):
    folder, memory = tmp_path_factory.mktemp("law") / "aims.store", store.Memory()
    heads = []
    for place in (folder, memory):
        store.create(place, now=NOW)
        with store.open_writer(place) as writer:
            heads.append([(writer.commit(changes, now=NOW), writer.head) for changes in commits])
    assert heads[1] == heads[0]
    assert content(memory.view()) == content(store.open_view(folder))
    for number in range(1, memory.number + 1):
        assert archive_of(memory).patch(number) == archive_of(folder).patch(number)
    assert store.verify(memory) == store.verify(folder)
    assert store.verify(memory).first_difference is None
    middle = str(memory.number // 2)
    assert content(store.open_place(memory, middle)) == content(open_past(folder, middle))  # type: ignore[arg-type]
    assert store.difference(memory, middle) == store.difference(folder, middle)


@SLOW
@given(commits=COMMITS)
def test_who_looked_at_a_memory_sees_what_was_there(commits: list[list[Change]]):
    memory = store.Memory()
    store.create(memory, now=NOW)
    seen = []
    with store.open_writer(memory) as writer:
        latest = writer.view()
        for changes in commits:
            writer.commit(changes, now=NOW)
            seen.append((memory.view(), content(latest)))
    for view, then in seen:
        assert content(view) == then
        number = len(store.changesets(view))
        assert content(store.open_place(memory, str(number))) == then  # type: ignore[arg-type]
