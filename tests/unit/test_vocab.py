"""Names and their short forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimsgraph import vocab


@pytest.mark.parametrize(
    ("curie", "iri"),
    [
        ("aims:Model", "https://w3id.org/aimsgraph/ns#Model"),
        ("iso42001:A.6.2.4", "https://w3id.org/aimsgraph/iso42001/A.6.2.4"),
        ("ex:model/credit-scorecard", "https://example.org/meridian/model/credit-scorecard"),
    ],
)
def test_a_curie_expands_to_its_iri_and_back(curie: str, iri: str):
    assert vocab.expand(curie) == iri
    assert vocab.compact(iri) == curie


@pytest.mark.parametrize("name", ["nobody:Model", "Model", "https://w3id.org/x"])
def test_a_name_without_a_known_prefix_does_not_expand(name: str):
    assert vocab.expand(name) is None


def test_an_iri_outside_every_namespace_stays_as_it_is():
    assert vocab.compact("https://elsewhere.example/x") == "https://elsewhere.example/x"
    assert vocab.compact(vocab.AIMS) == vocab.AIMS


@given(st.sampled_from(sorted(vocab.PREFIXES)), st.text("abcXYZ019._/-", min_size=1))
def test_compacting_loses_nothing(prefix: str, local: str):
    iri = vocab.PREFIXES[prefix] + local
    assert vocab.expand(vocab.compact(iri)) == iri


@pytest.mark.parametrize(
    ("iri", "last"),
    [
        ("https://w3id.org/aimsgraph/ns#Model", "Model"),
        ("https://example.org/meridian/model/credit", "credit"),
        ("https://example.org/meridian/", "meridian"),
        ("urn:isbn:1", "urn:isbn:1"),
    ],
)
def test_the_local_name_is_the_last_part(iri: str, last: str):
    assert vocab.local_name(iri) == last
