"""A changeset has exactly one patch text, and replaying gives the net."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aimsgraph.store.patch import Replay, patch_text
from tests.unit.store.conftest import G1, quad

LINES = st.lists(st.tuples(st.booleans(), st.sampled_from("abc")), max_size=12)


def test_a_patch_is_sorted_lines_with_a_or_d():
    text = patch_text([quad("b", "p", "x", G1), quad("a", "p", "x", G1)], [quad("c", "p", "x", G1)])
    assert text == (
        b"A <https://example.org/a> <https://example.org/p> <https://example.org/x> <https://example.org/graph/1> .\n"
        b"A <https://example.org/b> <https://example.org/p> <https://example.org/x> <https://example.org/graph/1> .\n"
        b"D <https://example.org/c> <https://example.org/p> <https://example.org/x> <https://example.org/graph/1> .\n"
    )


def test_the_order_of_the_quads_does_not_matter():
    quads = [quad(name, "p", "x", G1) for name in "cab"]
    assert patch_text(quads, []) == patch_text(sorted(quads, key=str), [])


@given(steps=LINES)
def test_replay_agrees_with_a_set(steps: list[tuple[bool, str]]):
    content: set[str] = set()
    replay = Replay()
    for add, name in steps:
        if add == (name in content):
            continue  # a changeset adds only what is not there, and removes only what is
        (content.add if add else content.remove)(name)
        replay.apply(f"{'A' if add else 'D'} {name}\n".encode())
    assert replay.added == {name.encode() for name in content}
    assert replay.removed == set()
