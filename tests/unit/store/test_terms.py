"""Terms cross between the engine and rdflib unharmed, and normalising is what the store does."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef

from aimsgraph.store.terms import Skolemizer, from_rdflib_term, normalised, quad_of, to_rdflib_term
from aimsgraph.vocab import GENID, XSD

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TYPES = [
    XSD + kind
    for kind in ("integer", "decimal", "date", "boolean", "anyURI", "dateTime", "nonNegativeInteger")
]
TERMS = st.one_of(
    TEXT.map(Literal),
    st.tuples(TEXT, st.sampled_from(["en", "de-ch"])).map(lambda pair: Literal(pair[0], lang=pair[1])),
    st.tuples(TEXT, st.sampled_from(TYPES)).map(
        lambda pair: Literal(pair[0], datatype=URIRef(pair[1]), normalize=False)
    ),
    st.sampled_from(["https://example.org/a", "urn:x:y"]).map(URIRef),
)


@given(term=TERMS)
def test_there_and_back_is_the_same_term(term: Literal | URIRef):
    assert to_rdflib_term(from_rdflib_term(term)) == term


@given(
    texts=st.lists(
        st.tuples(st.sampled_from(["1.50", "007", "true", "1", "2026-01-01Z", "x"]), st.sampled_from(TYPES))
    )
)
def test_normalised_quads_are_what_a_store_returns(texts: list[tuple[str, str]]):
    place = ox.NamedNode("urn:a")
    quads = [ox.Quad(place, place, ox.Literal(text, datatype=ox.NamedNode(kind))) for text, kind in texts]
    store = ox.Store()
    store.extend(quads)
    assert set(normalised(quads)) == set(store)


def test_blank_nodes_are_numbered_as_they_come_also_inside_triple_terms():
    names = Skolemizer("a%2Fb")
    one, two = ox.BlankNode("x"), ox.BlankNode("y")
    assert names.node(two).value == f"{GENID}a%2Fb/1"
    term = ox.Triple(one, ox.NamedNode("urn:p"), two)
    assert names.term(term) == ox.Triple(
        ox.NamedNode(f"{GENID}a%2Fb/2"), ox.NamedNode("urn:p"), ox.NamedNode(f"{GENID}a%2Fb/1")
    )


def test_what_rdflib_has_no_place_for_is_refused():
    node = ox.NamedNode("urn:a")
    with pytest.raises(ValueError, match="triple term"):
        to_rdflib_term(ox.Triple(node, node, node))
    assert to_rdflib_term(ox.BlankNode("x")) == BNode("x")
    assert from_rdflib_term(BNode("x")) == ox.BlankNode("x")


def test_a_quad_is_made_of_names_and_a_term():
    assert str(quad_of("urn:a", "urn:b", Literal("c"))) == '<urn:a> <urn:b> "c"'
