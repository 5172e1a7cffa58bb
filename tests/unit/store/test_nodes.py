"""Nodes are found by IRI, CURIE, label or identifier, and what is not found comes with what is close."""

from __future__ import annotations

import pytest

from aimsgraph import store
from aimsgraph.errors import NodeAmbiguousError, NodeNotFoundError
from aimsgraph.model.node import NodeRef
from aimsgraph.store import describe, list_nodes, memory_view, resolve

EX = "https://example.org/meridian/"
DATA = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix ex: <https://example.org/meridian/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
aims:Model a owl:Class ; rdfs:label "model"@en ; rdfs:subClassOf prov:Entity .
aims:ModelVersion a owl:Class ; rdfs:label "model version"@en ; rdfs:subClassOf aims:Model .
ex:m1 a aims:ModelVersion , aims:Model , prov:Entity , owl:NamedIndividual ; rdfs:label "Scorecard v1" .
ex:m2 a aims:Model ; skos:prefLabel "Karte"@de , "Card"@en ; dcterms:title "Not this" .
ex:m3 a aims:Model ; rdfs:label "Model" .
ex:t1 a aims:Dataset ; rdfs:label "Twin" . ex:t2 a aims:Dataset ; rdfs:label "twin" . ex:t3 rdfs:label "TWIN" .
ex:p foaf:name "Ada" . ex:q a foaf:Person . ex:r a [ a owl:Class ] .
"""
VIEW = memory_view(DATA)


def node(name: str, type_: str, label: str) -> NodeRef:
    return NodeRef(id=EX + name, type=type_, label=label)


@pytest.mark.parametrize(
    "name", [EX + "m1", f"<{EX}m1>", "ex:m1", "Scorecard v1", "scorecard V1", "  Scorecard v1  "]
)
def test_iri_curie_and_label_name_the_same_node(name: str):
    assert resolve(VIEW, name) == node("m1", "aims:ModelVersion", "Scorecard v1")


def test_a_class_is_named_by_iri_or_curie_only():
    assert resolve(VIEW, "model") == node("m3", "aims:Model", "Model")
    assert resolve(VIEW, "aims:Model").type == "owl:Class"
    with pytest.raises(NodeNotFoundError, match="model version"):
        resolve(VIEW, "model version")


def test_what_is_no_label_may_be_an_identifier():
    view = memory_view(DATA + 'ex:t1 dcterms:identifier "D-1" . ex:t2 dcterms:identifier "Model" , "d-2" . '
                       'ex:t3 dcterms:identifier "D-2" . ex:scheme dcterms:identifier "eu-ai-act" .')  # fmt: skip
    assert resolve(view, "d-1").id == EX + "t1"
    assert resolve(view, "eu-ai-act").id == EX + "scheme"
    assert resolve(view, "Model").id == EX + "m3"
    with pytest.raises(NodeAmbiguousError, match=f"{EX}t2.*{EX}t3"):
        resolve(view, "D-2")
    with pytest.raises(NodeNotFoundError, match=f"scheme <{EX}scheme>"):
        resolve(view, "eu-ai-ac")


def test_what_has_a_label_only_is_a_node():
    assert [found.id for found in list_nodes(VIEW, after=EX + "t2", limit=1)] == [EX + "t3"]


def test_the_exact_spelling_wins_over_another():
    assert resolve(VIEW, "Twin").id == EX + "t1"


def test_several_nodes_of_one_label_are_all_named():
    with pytest.raises(NodeAmbiguousError) as caught:
        resolve(VIEW, "tWiN")
    assert all(f"{EX}t{number}" in (caught.value.hint or "") for number in (1, 2, 3))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    "name", ["Scorecrad v1", "ex:m11", EX + "nope", "no such thing", "m1", "<", "", "a b:c"]
)
def test_an_unknown_name_is_told_with_at_most_five_close_ones(name: str):
    with pytest.raises(NodeNotFoundError) as caught:
        resolve(VIEW, name)
    assert len(caught.value.problems) <= 5


def test_a_misspelt_label_brings_the_right_one():
    with pytest.raises(NodeNotFoundError, match=f"Scorecard v1 <{EX}m1>"):
        resolve(VIEW, "Scorecrad v1")


def offered(name: str, like: str | None = None, more: str = "") -> list[str]:
    with pytest.raises(NodeNotFoundError) as caught:
        resolve(memory_view(DATA + more), name, like=like)
    return [problem.message.rpartition("/")[2].rstrip(">") for problem in caught.value.problems]


def test_what_is_offered_is_of_the_kind_of_the_example():
    more = 'ex:s1 a skos:ConceptScheme ; rdfs:label "Twin towns" . ex:s2 a skos:ConceptScheme ; rdfs:label "Two" .'
    assert {"t1", "s1"} < set(offered("twi", more=more))
    assert offered("twi", "ex:s2", more) == ["s1"]
    assert {"t1", "s1"} < set(offered("twi", "ex:unknown", more))


def test_all_of_a_small_kind_are_offered_where_no_name_is_close():
    assert offered("nonsense", "ex:t1") == ["t1", "t2"]
    many = " ".join(f"ex:d{number} a aims:Dataset ." for number in range(20))
    assert offered("nonsense", "ex:t1", many) == []


def test_of_the_nodes_with_one_name_that_beside_the_example_comes_first():
    more = (
        "<https://a.example/one/A.5> a aims:Requirement . <https://b.example/two/A.5> a aims:Requirement . "
    )
    more += "<https://b.example/two/A.6> a aims:Requirement ."
    with pytest.raises(
        NodeNotFoundError, match=r"mean: A\.5 <https://b\.example/two/A\.5>; A\.5 <https://a\.example/"
    ):
        resolve(memory_view(DATA + more), "A.5", like="https://b.example/two/A.6")


def test_a_mapping_is_never_offered():
    named = "Scorecard v1 to another"
    assert "map" in offered("Scorecard", more=f'ex:map a aims:Requirement ; rdfs:label "{named}" .')
    assert "map" not in offered("Scorecard", more=f'ex:map a aims:Mapping ; rdfs:label "{named}" .')


def test_types_and_labels_are_the_best_there_are():
    wanted = [EX + name for name in ("m1", "m2", "p", "q", "r", "unknown")]
    assert list(describe(VIEW, wanted).values()) == [
        node("m1", "aims:ModelVersion", "Scorecard v1"),
        node("m2", "aims:Model", "Card"),
        node("p", "", "Ada"),
        node("q", "foaf:Person", "q"),
        node("r", "", "r"),
        node("unknown", "", "unknown"),
    ]


def test_many_nodes_are_described_like_few():
    wanted = [f"{EX}n{number}" for number in range(600)] + [EX + "m1", "not an IRI"]
    found = describe(VIEW, wanted)
    assert list(found) == wanted
    assert found[EX + "m1"] == node("m1", "aims:ModelVersion", "Scorecard v1")


def test_nodes_are_listed_by_class_and_page():
    assert [found.id for found in list_nodes(VIEW, type="aims:Model")] == [EX + "m1", EX + "m2", EX + "m3"]
    assert [found.id for found in list_nodes(VIEW, type="https://w3id.org/aimsgraph/ns#Dataset")] == [
        EX + "t1",
        EX + "t2",
    ]
    assert [found.id for found in list_nodes(VIEW, type="aims:Model", limit=1, after=EX + "m1")] == [
        EX + "m2"
    ]
    assert list_nodes(VIEW, type="aims:Incident") == []


def test_pages_together_are_the_whole():
    whole = [found.id for found in list_nodes(VIEW)]
    paged: list[str] = []
    while page := list_nodes(VIEW, limit=2, after=paged[-1] if paged else None):
        paged += [found.id for found in page]
    assert paged == whole
    assert whole == sorted(whole)


def test_an_empty_view_has_no_nodes():
    assert list_nodes(store.memory_view()) == []
