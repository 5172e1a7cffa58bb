"""Names kept in one text, and numbers kept for a few of many nodes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimsgraph.trace.few import Few, Groups
from aimsgraph.trace.names import Index, Names

TEXTS = st.sets(st.text(max_size=6), max_size=12)


def kept(texts: set[str]) -> Names:
    return Names.of(sorted(text.encode() for text in texts))


@given(TEXTS, TEXTS)
def test_names_are_a_sorted_list_with_numbers(texts: set[str], others: set[str]) -> None:
    names, ordered = kept(texts), sorted(texts)
    assert list(names) == ordered
    assert names == tuple(ordered)
    assert [names[at] for at in range(len(names))] == ordered
    assert {text: Index(names).get(text) for text in texts | others} == {
        text: ordered.index(text) if text in texts else None for text in texts | others
    }


@given(TEXTS, TEXTS, TEXTS)
def test_names_may_come_and_go(texts: set[str], gone: set[str], new: set[str]) -> None:
    gone, new = gone & texts, new - texts
    names = kept(texts)
    index = Index(names)
    altered, became = names.altered(
        sorted(index[text] for text in gone), sorted(text.encode() for text in new)
    )
    assert altered == kept((texts - gone) | new)
    assert all(altered[int(became[index[text]])] == text for text in texts - gone)


def test_a_number_out_of_range_names_nothing() -> None:
    names = kept({"a", "b"})
    assert (names[-1], names[0:2]) == ("b", ["a", "b"])
    with pytest.raises(IndexError):
        names[2]


def test_few_and_groups_are_mappings() -> None:
    few = Few.of({7: 3, 2: 1}, np.int64)
    assert (dict(few), list(few), 5 in few, few.get(7)) == ({2: 1, 7: 3}, [2, 7], False, 3)
    groups = Groups.of(np.array([4, 1, 4]), np.array([0, 1, 2]))
    assert dict(groups) == {1: (1,), 4: (0, 2)}
    assert list(groups.pairs()) == [(1, 1), (4, 0), (4, 2)]
