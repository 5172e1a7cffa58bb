from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimsgraph.render.metrics import balanced, printable, text_width, wrap

WORDS = st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1), min_size=1)


def test_a_width_is_the_sum_of_helveticas_advances_with_room_for_wider_fonts() -> None:
    assert text_width("AV", 10) == pytest.approx((667 + 667) / 1000 * 10 * 1.17)
    assert text_width("é", 10) == text_width("e", 10)
    assert text_width("漢", 10) == pytest.approx(11.7)
    assert text_width("e\u0301", 10) == text_width("e", 10)


@given(WORDS)
def test_no_line_is_wider_than_asked_unless_it_is_a_single_character(words: list[str]) -> None:
    lines = wrap(" ".join(words), 80, 12, lines=1_000)
    assert all(text_width(line, 12) <= 80 or len(line) == 1 for line in lines)


@given(WORDS)
def test_wrapping_loses_no_character_while_lines_are_left(words: list[str]) -> None:
    text = " ".join(words)
    assert "".join(wrap(text, 80, 12, lines=10_000)).replace(" ", "") == "".join(words)


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    lines = wrap("one two three four five six", 40, 12, lines=2)
    assert lines[-1].endswith("…")
    assert len(lines) == 2


def test_a_no_break_space_is_not_a_place_to_break() -> None:
    assert wrap("works 50\u00a0%", 55, 12) == ["works", "50\u00a0%"]


def test_nothing_wraps_to_nothing() -> None:
    assert wrap("", 80, 12) == []
    assert balanced("", 80, 12) == []


def test_balanced_lines_leave_no_short_last_line() -> None:
    text = "Credit scoring model 7.2"
    assert wrap(text, 150, 12, bold=True) == ["Credit scoring model", "7.2"]
    assert balanced(text, 150, 12, bold=True) == ["Credit scoring", "model 7.2"]


@given(WORDS)
def test_balancing_needs_no_more_lines_than_wrapping(words: list[str]) -> None:
    text = " ".join(words)
    assert len(balanced(text, 120, 12)) == len(wrap(text, 120, 12))


@given(st.text())
def test_printable_text_holds_nothing_that_xml_forbids(text: str) -> None:
    kept = printable(text + "\x00\x0b\ufffe\ud800")
    assert not any(
        character < " "
        or "\x7f" <= character <= "\x9f"
        or "\ud800" <= character <= "\udfff"
        or character in "\ufffe\uffff"
        for character in kept
    )
