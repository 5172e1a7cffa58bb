"""An answer is made short enough, what is left is part of it, and what was left out is told."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.errors import LimitExceededError
from aimsgraph.mcp.cutting import cut, size

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=1500),
    lambda inner: (
        st.lists(inner, max_size=9) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=4)
    ),
    max_leaves=40,
)


def part_of(less: object, more: object) -> bool:
    """Say whether texts and lists of ``less`` are beginnings of those of ``more``, all else the same."""
    if isinstance(less, str) and isinstance(more, str):
        return more.startswith(less)
    if isinstance(less, list) and isinstance(more, list):
        return len(less) <= len(more) and all(map(part_of, less, more))
    if isinstance(less, dict) and isinstance(more, dict):
        return less.keys() == more.keys() and all(part_of(less[name], more[name]) for name in less)
    return less == more


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text("xyz", min_size=1, max_size=2), VALUES, max_size=5), st.integers(200, 5000))
def test_what_is_left_is_short_enough_and_a_part(answer, most: int):
    before = copy.deepcopy(answer)
    try:
        shown, cuts = cut(answer, most)
    except LimitExceededError:
        return
    assert size(shown) <= most
    assert part_of(shown, before)
    assert (shown == before) is (not cuts)
    assert answer == before


def test_the_longest_list_goes_first():
    answer = {"few": [1, 2, 3], "many": [{"name": "x" * 20}] * 100, "said": "y" * 50}
    shown, cuts = cut(answer, 800)
    assert (shown["few"], shown["said"]) == ([1, 2, 3], "y" * 50)
    assert cuts == {"many": {"shown": len(shown["many"]), "of": 100}}
    assert len(json.dumps(shown, separators=(",", ":"))) <= 800


def test_a_long_text_is_cut_off_before_rows_are():
    shown, cuts = cut({"rows": [{"text": "z" * 5000}, {"text": "short"}]}, 2000)
    assert [len(row["text"]) for row in shown["rows"]] == [1000, 5]
    assert cuts == {"rows.text": {"shown": 1000, "of": 5000}}


def test_what_cannot_be_shortened_is_an_error():
    with pytest.raises(LimitExceededError):
        cut({f"key {number}": number for number in range(1000)}, 1000)
