"""Words in what nodes are called and described as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimsgraph import store
from aimsgraph.store.texts import EXACT, IN_DESCRIPTION, IN_LABEL, PREFIX
from aimsgraph.store.words import folded

EX = "https://example.org/"
DATA = """
@prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dcterms: <http://purl.org/dc/terms/> .
ex:a rdfs:label "Crédit" , "Kredit"@de .
ex:b rdfs:label "Credit scoring" ; dcterms:description "Scores loan applicants." .
ex:c rdfs:label "Scoring of credit" .
ex:d rdfs:label "Loan desk" ; skos:definition "Grants credit to whom the scoring lets pass." .
ex:loan-book-7 a ex:Book .
ex:e rdfs:label "Discredited" ; dcterms:identifier "LB-7" .
"""


def texts() -> store.Texts:
    return store.Texts(dict(store.read_texts(store.memory_view(DATA))))


def found(text: str) -> dict[str, int]:
    return {iri.removeprefix(EX): rank for iri, rank in texts().find(text).items()}


def test_what_is_called_so_comes_before_what_begins_so_before_words_in_labels_and_descriptions():
    assert found("credit") == {"a": EXACT, "b": PREFIX, "c": IN_LABEL, "d": IN_DESCRIPTION}


def test_neither_case_nor_accents_nor_signs_count():
    assert found("CRÉDIT") == found("credit") == found("  «credit» ")
    assert found("crédit-Scoring") == {"b": EXACT, "c": IN_LABEL, "d": IN_DESCRIPTION}


def test_every_word_has_to_begin_one():
    assert found("loan cred") == {"b": IN_DESCRIPTION, "d": IN_DESCRIPTION}
    assert found("score") == {"b": IN_DESCRIPTION}
    assert found("redit") == {}


def test_an_identifier_is_found_and_a_node_without_text_is_not():
    assert found("lb 7") == {"e": IN_DESCRIPTION}
    assert found("book") == {}


@pytest.mark.parametrize("text", ["", " ", "+++", "\x01", "\x02", "\n"])
def test_no_words_find_nothing(text):
    assert found(text) == {}


def test_what_is_read_again_is_what_would_be_read_at_once():
    changed = DATA.replace("Scoring of credit", "Points").replace("ex:e rdfs:label", "ex:f rdfs:label")
    view = store.memory_view(changed)
    renewed = texts().renewed(view, {EX + "c", EX + "e", EX + "f"})
    assert renewed.said == store.Texts(dict(store.read_texts(view))).said
    assert renewed.find("points") == {EX + "c": EXACT}
    assert renewed.find("lb-7") == {EX + "f": IN_DESCRIPTION}


@given(st.text(max_size=30))
def test_folding_again_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(st.lists(st.text(max_size=12), max_size=6))
def test_every_text_finds_itself(labels):
    said = {f"{EX}{number}": (f"\x01 {folded(label)} \x02", "") for number, label in enumerate(labels)}
    kept = store.Texts(said)
    for number, label in enumerate(labels):
        if folded(label):
            assert kept.find(label)[f"{EX}{number}"] == EXACT
