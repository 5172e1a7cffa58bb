from __future__ import annotations

import pytest

from aimsgraph.render.words import basis_words, property_words, share, type_words


@pytest.mark.parametrize(
    ("curie", "words"),
    [
        ("aims:AISystem", "AI system"),
        ("aims:BusinessProcess", "Business process"),
        ("aims:Dataset", "Dataset"),
        ("acme:GPUCluster", "GPU cluster"),
        ("https://example.org/x#DataMart", "Data mart"),
        ("", "Other"),
    ],
)
def test_a_type_reads_as_plain_words(curie: str, words: str) -> None:
    assert type_words(curie).casefold() == words.casefold()


def test_a_known_property_says_what_the_tail_does_to_the_head() -> None:
    assert property_words("aims:trainedOn") == "trains"
    assert property_words("prov:wasDerivedFrom") == "source of"


def test_an_unknown_property_reads_as_its_own_name_and_given_words_go_first() -> None:
    assert property_words("acme:feedsInto") == "feeds into"
    assert property_words("acme:feedsInto", {"acme:feedsInto": "fills"}) == "fills"


def test_a_share_is_never_rounded_to_a_certainty() -> None:
    assert [share(value) for value in (0, 0.001, 0.5, 0.999, 1)] == [
        "0\u00a0%",
        "<1\u00a0%",
        "50\u00a0%",
        ">99\u00a0%",
        "100\u00a0%",
    ]


def test_an_unknown_transmission_is_a_question_mark() -> None:
    assert basis_words(None, "unknown") == "?"
    assert basis_words(0.8, "default") == "80\u00a0%"
