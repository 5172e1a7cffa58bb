"""Numbered things stand in the order in which people count."""

from __future__ import annotations

from aimsgraph.order import natural


def test_numbers_count_as_numbers_whatever_they_are_written_in():
    expected = [
        "A.2", "A.9", "A.10", "Annex I", "Annex III", "Annex IV", "Annex V", "Annex IX", "Annex X", "Annex XIII",
        "Article 4", "Article 4a", "Article 5", "Chapter II", "Chapter III Section 1", "Chapter IV",
    ]  # fmt: skip
    assert sorted(set(expected), key=natural) == expected


def test_a_word_of_the_same_letters_is_a_word():
    assert natural("MIX VIa") == [(-1, "MIX VIa")]
