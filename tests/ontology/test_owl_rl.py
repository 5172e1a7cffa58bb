"""The ontology stays within OWL 2 RL, and the check of that catches what lies outside."""

from __future__ import annotations

from typing import Final

import pytest
from rdflib import RDF, BNode, Graph, URIRef
from rdflib.namespace import OWL

from tests.ontology.conftest import ALIGNMENTS, FOLDER, MODULES, read
from tests.ontology.owl_rl import violations

CROSSWALKS = sorted((FOLDER / "crosswalks").glob("*.ttl"))
FOAF, MLS, ORG = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/ns/mls#", "http://www.w3.org/ns/org#"
AIRO, DPV, DQV = "https://w3id.org/airo#", "https://w3id.org/dpv", "http://www.w3.org/ns/dqv#"
#: The alignments import nothing: these terms are declared by the vocabularies they are read together with.
THEIRS: Final[dict[URIRef, list[str]]] = {
    OWL.Class: [
        *(AIRO + name for name in ("AISystem", "AIModel", "Stakeholder", "Risk", "RiskControl")),
        f"{DPV}#Data", f"{DPV}#Risk", f"{DPV}/ai#AISystem", f"{DPV}/ai#Model", f"{DPV}/risk#Incident",
        f"{DQV}Metric", f"{DQV}QualityMeasurement", f"{MLS}Model", f"{ORG}Organization",
        f"{FOAF}Agent", f"{FOAF}Organization", f"{FOAF}Document",
    ],
    OWL.ObjectProperty: [
        f"{AIRO}hasModel", f"{AIRO}mitigatesRiskConcept", f"{DPV}/ai#hasModel", f"{DPV}/risk#refersToRisk",
        f"{DPV}#mitigatesRisk", f"{DPV}#hasNotice", f"{DQV}isMeasurementOf", "http://purl.org/dc/terms/subject",
        "http://www.w3.org/ns/prov#wasAssociatedWith",
    ],
    OWL.DatatypeProperty: [f"{DQV}value"],
    OWL.AnnotationProperty: ["http://www.w3.org/2004/02/skos/core#note"],
}  # fmt: skip


@pytest.fixture(scope="module")
def theirs() -> Graph:
    graph = Graph(bind_namespaces="none")
    for kind, terms in THEIRS.items():
        for term in terms:
            graph.add((URIRef(term), RDF.type, kind))
    return graph


@pytest.fixture(scope="module")
def crosswalks() -> Graph:
    assert len(CROSSWALKS) >= 6
    return read(CROSSWALKS)


def test_the_modules_are_in_owl_2_rl(modules: Graph) -> None:
    assert len(set(modules.subjects(RDF.type, OWL.Ontology))) == len(MODULES) > 20
    assert len(modules) > 4000
    assert violations(modules) == set()


def test_the_alignments_are_in_owl_2_rl_together_with_what_they_align_to(
    modules: Graph, alignments: Graph, theirs: Graph
) -> None:
    assert len(set(alignments.subjects(RDF.type, OWL.Ontology))) == len(ALIGNMENTS) > 15
    assert violations(modules + alignments + theirs) == set()


def test_a_term_of_others_is_declared_here_only_where_an_alignment_reasons_with_it(
    alignments: Graph, theirs: Graph
) -> None:
    assert len(theirs) == 28
    assert [term for term in theirs.subjects() if (None, None, term) not in alignments] == []


def test_the_crosswalks_are_in_owl_2_rl_but_for_the_days_from_which_entries_apply(
    modules: Graph, crosswalks: Graph
) -> None:
    """OWL 2 has no xsd:date. An entry of a law is data, and says its day as an organisation's data do."""
    assert violations(modules + crosswalks) == {"appliesFrom: values of the datatype date"}


def test_no_node_of_a_crosswalk_is_nameless(crosswalks: Graph) -> None:
    assert len(crosswalks) > 5000
    assert [triple for triple in crosswalks if any(isinstance(term, BNode) for term in triple)] == []


PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:A a owl:Class . ex:B a owl:Class . ex:p a owl:ObjectProperty . ex:q a owl:ObjectProperty .
ex:d a owl:DatatypeProperty . ex:e a owl:DatatypeProperty . ex:n a owl:AnnotationProperty .
ex:far a owl:ObjectProperty , owl:TransitiveProperty .
"""
WITHIN: Final[dict[str, str]] = {
    "a union as subclass": "[ owl:unionOf ( ex:A ex:B ) ] rdfs:subClassOf ex:A",
    "a list of individuals as subclass": "[ owl:oneOf ( ex:a ex:b ) ] rdfs:subClassOf ex:A",
    "something in the object as subclass": (
        "[ owl:onProperty ex:p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf ex:A"
    ),
    "some value as subclass": "[ owl:onProperty ex:d ; owl:someValuesFrom xsd:string ] rdfs:subClassOf ex:A",
    "one value as equivalent": "ex:A owl:equivalentClass [ owl:onProperty ex:p ; owl:hasValue ex:a ]",
    "all values as superclass": "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom ex:B ]",
    "the complement as superclass": "ex:A rdfs:subClassOf [ owl:complementOf ex:B ]",
    "at most one as superclass": "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxCardinality 1 ]",
    "at most none of a kind": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxQualifiedCardinality 0 ; owl:onClass owl:Thing ]"
    ),
    "a nameless inverse": "ex:A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf ex:p ] ; owl:allValuesFrom ex:B ]",
    "a key": "ex:A owl:hasKey ( ex:d )",
    "a class as individual": "ex:A ex:p ex:B",
    "an annotation with any datatype": 'ex:A ex:n "2026-11-23"^^xsd:date',
    "a transitive property above a counted one": (
        "ex:p rdfs:subPropertyOf ex:far . ex:p a owl:FunctionalProperty"
    ),
    "several disjoint": "[] a owl:AllDisjointClasses ; owl:members ( ex:A ex:B )",
    "a datatype of one's own": "ex:T a rdfs:Datatype ; owl:equivalentClass xsd:string . ex:d rdfs:range ex:T",
}
NAMELESS = "a nameless node"
OUTSIDE: Final[dict[str, tuple[str, set[str]]]] = {
    "everything as superclass": ("ex:A rdfs:subClassOf owl:Thing", {"owl:Thing stands as superclass"}),
    "everything as subclass": ("owl:Thing rdfs:subClassOf ex:A", {"owl:Thing stands as subclass"}),
    "everything as domain": ("ex:p rdfs:domain owl:Thing", {"owl:Thing stands as superclass"}),
    "everything as type": ("ex:a a owl:Thing", {"a: owl:Thing is outside the profile"}),
    "everything as equivalent": (
        "ex:A owl:equivalentClass owl:Thing", {"owl:Thing stands as equivalent class"}
    ),
    "a union as superclass": (
        "ex:A rdfs:subClassOf [ owl:unionOf ( ex:A ex:B ) ]", {"owl:unionOf stands as superclass"}
    ),
    "a union as equivalent": (
        "ex:A owl:equivalentClass [ owl:unionOf ( ex:A ex:B ) ]", {"owl:unionOf stands as equivalent class"}
    ),
    "a union with a name": ("ex:A owl:unionOf ( ex:A ex:B )", {"A: a named class with owl:unionOf"}),
    "a list as range": ("ex:p rdfs:range [ owl:oneOf ( ex:a ) ]", {"owl:oneOf stands as superclass"}),
    "some values as superclass": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:someValuesFrom ex:B ]",
        {"owl:someValuesFrom stands as superclass"},
    ),
    "some values within an intersection": (
        "ex:A rdfs:subClassOf [ owl:intersectionOf ( ex:B [ owl:onProperty ex:p ; owl:someValuesFrom ex:B ] ) ]",
        {"owl:someValuesFrom stands as superclass"},
    ),
    "all values as subclass": (
        "[ owl:onProperty ex:p ; owl:allValuesFrom ex:B ] rdfs:subClassOf ex:A",
        {"owl:allValuesFrom stands as subclass"},
    ),
    "the complement as disjoint": (
        "ex:A owl:disjointWith [ owl:complementOf ex:B ]", {"owl:complementOf stands as subclass"}
    ),
    "at most two": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxCardinality 2 ]", {"p: restricted to at most 2"}
    ),
    "at least one": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:minCardinality 1 ]",
        {f"{NAMELESS}: owl:minCardinality is outside the profile", "a nameless superclass with 0 known forms"},
    ),
    "related to itself": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:hasSelf true ]",
        {f"{NAMELESS}: owl:hasSelf is outside the profile", "a nameless superclass with 0 known forms"},
    ),
    "two forms in one": (
        "ex:A rdfs:subClassOf [ owl:complementOf ex:B ; owl:intersectionOf ( ex:A ex:B ) ]",
        {"a nameless superclass with 2 known forms"},
    ),
    "a restriction on nothing": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:n ; owl:allValuesFrom ex:B ]",
        {"n: no object or datatype property, but restricted"},
    ),
    "a restriction to a missing datatype": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:d ; owl:allValuesFrom xsd:date ]",
        {"date: no datatype of the profile"},
    ),
    "a disjoint union": (
        "ex:A owl:disjointUnionOf ( ex:B )", {"A: owl:disjointUnionOf is outside the profile"}
    ),
    "a reflexive property": (
        "ex:p a owl:ReflexiveProperty", {"p: owl:ReflexiveProperty is outside the profile"}
    ),
    "a chain": ("ex:p owl:propertyChainAxiom ( ex:q ex:q )", {"p: owl:propertyChainAxiom is outside the profile"}),
    "owl:real": ("ex:d rdfs:range owl:real", {"owl:real: no datatype of the profile"}),
    "owl:rational": (
        'ex:a ex:d "1/2"^^owl:rational', {"d: values of the datatype owl:rational"}
    ),
    "a datatype cut down": (
        "ex:T a rdfs:Datatype ; owl:equivalentClass [ owl:onDatatype xsd:integer ; owl:withRestrictions ( ) ]",
        {
            f"{NAMELESS}: owl:onDatatype is outside the profile",
            f"{NAMELESS}: owl:withRestrictions is outside the profile",
            f"{NAMELESS}: no datatype of the profile",
        },
    ),
    "an undeclared class": ("ex:a a ex:C . ex:A rdfs:subClassOf ex:C", {"C: no declared class"}),
    "an undeclared property": ("ex:a ex:r ex:b", {"r: no declared property"}),
    "an undeclared property with a domain": (
        "ex:r rdfs:domain ex:A", {"r: no declared property, but with a domain"}
    ),
    "an rdf:Property": ("ex:r a rdf:Property", {"r: Property is outside the profile"}),
    "an rdfs:Class": ("ex:C a rdfs:Class", {"C: Class is outside the profile"}),
    "two kinds of property": (
        "ex:p a owl:DatatypeProperty", {"p: owl:ObjectProperty and owl:DatatypeProperty at once"}
    ),
    "property and annotation": (
        "ex:d a owl:AnnotationProperty", {"d: owl:DatatypeProperty and owl:AnnotationProperty at once"}
    ),
    "class and datatype": ("ex:A a rdfs:Datatype", {"A: owl:Class and Datatype at once"}),
    "a literal where a thing belongs": (
        'ex:a ex:p "b"', {"p: an object property with the value 'b'"}
    ),
    "a thing where a literal belongs": ("ex:a ex:d ex:b", {"d: a datatype property that leads to b"}),
    "a property under one of another kind": (
        "ex:d rdfs:subPropertyOf ex:p", {"d and p: no two properties that subPropertyOf may tie"}
    ),
    "an annotation as equivalent": (
        "ex:n owl:equivalentProperty ex:n", {"n and n: no two properties that owl:equivalentProperty may tie"}
    ),
    "datatype properties as inverses": (
        "ex:d owl:inverseOf ex:e", {"d and e: no two properties that owl:inverseOf may tie"}
    ),
    "a symmetric datatype property": (
        "ex:d a owl:SymmetricProperty", {"d: cannot be owl:SymmetricProperty"}
    ),
    "an annotation as key": (
        "ex:A owl:hasKey ( ex:n )", {"n: no object or datatype property, but a key"}
    ),
    "transitive and irreflexive": (
        "ex:far a owl:IrreflexiveProperty", {"far: transitive and owl:IrreflexiveProperty"}
    ),
    "functional above a transitive one": (
        "ex:far rdfs:subPropertyOf ex:p . ex:p a owl:FunctionalProperty",
        {"p: transitive and owl:FunctionalProperty"},
    ),
    "asymmetric inverse of a transitive one": (
        "ex:p owl:inverseOf ex:far ; a owl:AsymmetricProperty", {"p: transitive and owl:AsymmetricProperty"}
    ),
    "transitive and disjoint": (
        "ex:far owl:propertyDisjointWith ex:p", {"far: transitive and disjoint with another"}
    ),
    "transitive among several disjoint": (
        "[] a owl:AllDisjointProperties ; owl:members ( ex:p ex:far )",
        {"far: transitive and disjoint with another"},
    ),
    "transitive and counted": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:far ; owl:maxCardinality 1 ]", {"far: transitive and counted"}
    ),
}  # fmt: skip


def judged(text: str) -> set[str]:
    return violations(Graph(bind_namespaces="none").parse(data=f"{PREFIXES}{text} .", format="turtle"))


def test_the_terms_that_the_claims_build_on_are_within() -> None:
    assert judged("ex:a a ex:A") == set()


@pytest.mark.parametrize("claim", WITHIN)
def test_what_the_profile_has_is_let_pass(claim: str) -> None:
    assert judged(WITHIN[claim]) == set()


@pytest.mark.parametrize("claim", OUTSIDE)
def test_what_the_profile_lacks_is_caught_exactly(claim: str) -> None:
    text, expected = OUTSIDE[claim]
    assert judged(text) == expected
