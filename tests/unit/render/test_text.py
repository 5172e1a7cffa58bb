from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimsgraph.model.finding import Score
from aimsgraph.render.text import completeness_words, kinds_of_gap, percent, percent_range, rows_to_markdown
from tests.unit.render.conftest import finding


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.1234, "12.3 %"),
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.5, "50.0 %"),
        (0.00004, "< 0.1 %"),
        (0.99996, "> 99.9 %"),
        (None, "not known"),
    ],
)
def test_a_share_reads_as_per_cent(value: float | None, said: str) -> None:
    assert percent(value) == said


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_what_is_not_certain_never_reads_as_certain(value: float) -> None:
    assert percent(value) not in ("0 %", "0.0 %", "100 %", "100.0 %")


def test_an_interval_reads_as_a_range_and_none_as_exact() -> None:
    assert percent_range((0.119, 0.127)) == "11.9 % to 12.7 %"
    assert percent_range(None) == "exact"


def test_nothing_applicable_is_not_assessed() -> None:
    assert completeness_words(Score(key="a", label="A", passed=0, applicable=0, ratio=None)) == "not assessed"
    assert completeness_words(Score(key="a", label="A", passed=1, applicable=4, ratio=0.25)) == "25.0 %"


def test_a_markdown_table_survives_bars_and_line_breaks() -> None:
    assert rows_to_markdown(["a", "b"], [["x|y", None], ["1\n2", "c\\d"]]) == (
        "| a | b |\n| --- | --- |\n| x\\|y |  |\n| 1 2 | c\\\\d |\n"
    )


def test_gaps_of_a_kind_are_one_with_the_number_of_nodes_graver_and_commoner_first() -> None:
    gaps = [
        finding("A", "one", "warning", None),
        finding("B", "three", "violation", None),
        finding("B", "two", "violation", None),
        finding("B", "two", "violation", None, path="aims:accepts"),
        finding("C", "four", "violation", None),
        finding("A", "five", "info", None),
    ]
    shown = [(found.focus_label, found.severity, number) for found, number in kinds_of_gap(gaps)]
    assert shown == [
        ("three", "violation", 2),
        ("four", "violation", 1),
        ("one", "warning", 1),
        ("five", "info", 1),
    ]
