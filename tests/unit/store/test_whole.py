"""An answer that was cut off is found out, and whole ones cost next to nothing."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimsgraph.store.whole import Wholeness, many_rows


def server(limit: int, asked: list[str]):
    """Answer as an engine does that cuts at ``limit`` rows."""

    def ask(query: str):
        asked.append(query)
        return iter([{}] * min(limit, int(query.rpartition(" ")[2])))

    return ask


@pytest.mark.parametrize("count", [1, 9, 10, 11, 101, 12_000])
def test_a_table_over_no_data_has_as_many_rows_as_wanted(count: int):
    assert len(list(ox.Store().query(many_rows(count)))) == count  # type: ignore[arg-type]


@given(st.sampled_from([100, 1_000, 1_024, 2_500, 10_000, 65_536, 100_000]), st.integers(0, 200_000))
def test_a_cut_answer_is_found_out_at_any_round_limit(limit: int, rows: int):
    assert Wholeness(server(limit, [])).holds(min(limit, rows)) == (rows < limit)


def test_no_answer_with_an_odd_number_of_rows_costs_a_question():
    asked: list[str] = []
    whole = Wholeness(server(10**9, asked))
    assert all(whole.holds(count) for count in (0, 1, 99, 12_345, 99_999))
    assert asked == []
    assert whole.holds(20_000)
    assert whole.holds(10_000)
    assert len(asked) == 1
