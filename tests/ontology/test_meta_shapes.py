"""The ontology keeps its own style guide, and the style guide catches what it is there to catch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyshacl import validate
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SH

from aimsgraph import resources
from tests.ontology.conftest import ALIGNMENTS, MODULES, read

if TYPE_CHECKING:
    from rdflib.term import Node

META = resources.folder("shapes") / "meta.ttl"
PREFIXES = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix area: <https://w3id.org/aimsgraph/area/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/> .
@prefix iso42001: <https://w3id.org/aimsgraph/iso42001/> .
@prefix mod: <https://w3id.org/aimsgraph/ontology/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vs: <http://www.w3.org/2003/06/sw-vocab-status/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
LABEL = 'rdfs:label "nice"@en ; '
DEFINITION = 'skos:definition "Something nice."@en ; '
SINCE = 'aims:since "0.1.0" ; '
STATUS = 'vs:term_status "stable" ; '
CORE = "rdfs:isDefinedBy mod:core "
BY = SINCE + STATUS + CORE
IMPACT = (
    "aims:impactDirection aims:ObjectToSubject ; aims:flowKind aims:Use ; "
    "aims:defaultTransmission 0.5 ; aims:impactDimension aims:Quality ; "
)
NAMED = 'skos:prefLabel "nice"@en ; ' + DEFINITION + "skos:inScheme iso42001:scheme ; "
HEADER = (
    'dcterms:title "Nice"@en ; dcterms:description "A nice module."@en ; dcterms:license ex:licence ; '
    'dcterms:creator "Us" ; dcterms:issued "2026-11-23"^^xsd:date ; owl:versionIRI ex:0.1.0 '
)
Result = tuple[str, str, str]


def results(data: Graph, focus: list[Node] | None = None) -> set[Result]:
    """Return (focus, path, component) of every result of the style guide, on all nodes or on those in ``focus``."""
    _, report, _ = validate(data, shacl_graph=Graph().parse(META), focus_nodes=focus)
    assert isinstance(report, Graph)
    return {
        (
            short(report.value(result, SH.focusNode)),
            short(report.value(result, SH.resultPath)),
            short(report.value(result, SH.sourceConstraintComponent)).removesuffix("ConstraintComponent"),
        )
        for result in report.objects(None, SH.result)
    }


def short(term: object) -> str:
    if not isinstance(term, URIRef):
        return "" if term is None else "nameless"
    return str(term).rpartition("#" if "#" in term else "/")[2]


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return read([*MODULES, *ALIGNMENTS])


def test_the_ontology_keeps_its_style_guide(ontology: Graph) -> None:
    assert results(ontology) == set()


OK = {
    "class": "ex:Nice a owl:Class ; " + LABEL + DEFINITION + BY,
    "property with impact": "ex:nice a owl:ObjectProperty ; " + LABEL + DEFINITION + IMPACT + BY,
    "guarding property": "ex:nice a owl:ObjectProperty ; "
    + LABEL
    + DEFINITION
    + "aims:guardRole aims:GuardsOutgoingEdges ; "
    + BY,
    "requirement": "ex:R1 a aims:Requirement ; skos:notation 'R1' ; aims:inArea area:data-governance ; "
    + NAMED
    + BY,
    "module": "ex:module a owl:Ontology ; " + HEADER,
    "borrowed class": "ex:Nice a owl:Class ; rdfs:isDefinedBy ex:theirs ; " + LABEL + DEFINITION,
    "deprecated class": "ex:Nice a owl:Class ; owl:deprecated true ; dcterms:isReplacedBy aims:Model ; "
    'vs:term_status "archaic" ; ' + SINCE + LABEL + DEFINITION + CORE,
}
BAD: dict[str, tuple[str, set[Result]]] = {
    "class without anything": (
        "ex:Nice a owl:Class",
        {
            ("Nice", "label", "MinCount"),
            ("Nice", "definition", "MinCount"),
            ("Nice", "isDefinedBy", "MinCount"),
        },
    ),
    "label without language": (
        "ex:Nice a owl:Class ; rdfs:label 'nice' ; " + DEFINITION + BY,
        {("Nice", "label", "LanguageIn")},
    ),
    "two labels": (
        "ex:Nice a owl:Class ; rdfs:label 'neat'@en ; " + LABEL + DEFINITION + BY,
        {("Nice", "label", "UniqueLang")},
    ),
    "two definitions": (
        "ex:nice a owl:AnnotationProperty ; skos:definition 'Neat.'@en ; " + LABEL + DEFINITION + BY,
        {("nice", "definition", "UniqueLang")},
    ),
    "definition in German": (
        "ex:nice a owl:AnnotationProperty ; skos:definition 'Etwas Nettes.'@de ; " + LABEL + BY,
        {("nice", "definition", "LanguageIn")},
    ),
    "definition that is no sentence": (
        "ex:nice a owl:DatatypeProperty ; skos:definition 'something nice'@en ; " + LABEL + BY,
        {("nice", "definition", "Pattern")},
    ),
    "two modules": (
        "ex:nice a owl:DatatypeProperty ; rdfs:isDefinedBy mod:risk ; " + LABEL + DEFINITION + BY,
        {("nice", "isDefinedBy", "MaxCount")},
    ),
    "module as text": (
        "ex:nice a owl:DatatypeProperty ; rdfs:isDefinedBy 'core' ; " + LABEL + DEFINITION,
        {("nice", "isDefinedBy", "NodeKind")},
    ),
    "class without a name": (
        "[] a owl:Class ; " + LABEL + DEFINITION + BY,
        {("nameless", "", "NodeKind"), ("nameless", "", "Pattern")},
    ),
    "without the version it came with": (
        "ex:Nice a owl:Class ; " + STATUS + LABEL + DEFINITION + CORE,
        {("Nice", "", "Or")},
    ),
    "with two versions it came with": (
        "ex:Nice a owl:Class ; aims:since '0.2.0' ; " + LABEL + DEFINITION + BY,
        {("Nice", "", "Or")},
    ),
    "with a version that is none": (
        "ex:nice a owl:ObjectProperty ; aims:since 'May' ; " + STATUS + LABEL + DEFINITION + CORE,
        {("nice", "", "Or")},
    ),
    "without a status": (
        "ex:nice a owl:ObjectProperty ; " + SINCE + LABEL + DEFINITION + CORE,
        {("nice", "", "Or")},
    ),
    "with a status that is none": (
        "ex:Nice a skos:ConceptScheme ; vs:term_status 'good' ; " + SINCE + LABEL + DEFINITION + CORE,
        {("Nice", "", "Or")},
    ),
    "deprecated, without a word more": (
        "ex:Nice a owl:Class ; owl:deprecated true ; " + LABEL + DEFINITION + BY,
        {("Nice", "", "Or"), ("Nice", "term_status", "HasValue")},
    ),
    "not deprecated, in so many words": (
        "ex:Nice a owl:Class ; owl:deprecated false ; skos:changeNote 'No.'@en ; vs:term_status 'archaic' ; "
        + SINCE
        + LABEL
        + DEFINITION
        + CORE,
        {("Nice", "deprecated", "In")},
    ),
    "class with a small letter": (
        "ex:nice a owl:Class ; " + LABEL + DEFINITION + BY,
        {("nice", "", "Pattern")},
    ),
    "property with a capital": (
        "ex:Nice a owl:ObjectProperty ; " + LABEL + DEFINITION + BY,
        {("Nice", "", "Pattern")},
    ),
    "domain that types nodes": (
        "ex:nice a owl:ObjectProperty ; rdfs:domain aims:Model ; " + LABEL + DEFINITION + BY,
        {("nice", "domain", "In")},
    ),
    "range that types nodes": (
        "ex:nice a owl:ObjectProperty ; rdfs:range aims:Dataset ; " + LABEL + DEFINITION + BY,
        {("nice", "range", "In")},
    ),
    "only a direction": (
        "ex:nice a owl:ObjectProperty ; aims:impactDirection aims:SubjectToObject ; "
        + LABEL
        + DEFINITION
        + BY,
        {
            ("nice", "flowKind", "MinCount"),
            ("nice", "defaultTransmission", "MinCount"),
            ("nice", "impactDimension", "MinCount"),
        },
    ),
    "only a transmission": (
        "ex:nice a owl:ObjectProperty ; aims:defaultTransmission 0.5 ; " + LABEL + DEFINITION + BY,
        {
            ("nice", "flowKind", "MinCount"),
            ("nice", "impactDirection", "MinCount"),
            ("nice", "impactDimension", "MinCount"),
        },
    ),
    "both directions": (
        "ex:nice a owl:ObjectProperty ; aims:impactDirection aims:SubjectToObject ; "
        + IMPACT
        + LABEL
        + DEFINITION
        + BY,
        {("nice", "impactDirection", "MaxCount")},
    ),
    "values from the wrong lists": (
        "ex:nice a owl:ObjectProperty ; aims:impactDirection aims:Quality ; aims:flowKind aims:Quality ; "
        "aims:defaultTransmission 1.5 ; aims:impactDimension aims:Use ; " + LABEL + DEFINITION + BY,
        {
            ("nice", "impactDirection", "In"),
            ("nice", "flowKind", "Class"),
            ("nice", "defaultTransmission", "MaxInclusive"),
            ("nice", "impactDimension", "Class"),
        },
    ),
    "two kinds and two transmissions": (
        "ex:nice a owl:ObjectProperty ; aims:flowKind aims:Supply ; aims:defaultTransmission 0.7 ; "
        + IMPACT
        + LABEL
        + DEFINITION
        + BY,
        {("nice", "flowKind", "MaxCount"), ("nice", "defaultTransmission", "MaxCount")},
    ),
    "transmission that is no decimal and below zero": (
        "ex:nice a owl:ObjectProperty ; aims:impactDirection aims:ObjectToSubject ; aims:flowKind aims:Use ; "
        "aims:defaultTransmission -1 ; aims:impactDimension aims:Quality ; " + LABEL + DEFINITION + BY,
        {("nice", "defaultTransmission", "Datatype"), ("nice", "defaultTransmission", "MinInclusive")},
    ),
    "guard and edge at once": (
        "ex:nice a owl:ObjectProperty ; aims:guardRole aims:GuardsOutgoingEdges ; "
        + IMPACT
        + LABEL
        + DEFINITION
        + BY,
        {("nice", "impactDirection", "MaxCount")},
    ),
    "guard of unknown role": (
        "ex:nice a owl:ObjectProperty ; aims:guardRole aims:Quality , aims:Use ; " + LABEL + DEFINITION + BY,
        {("nice", "guardRole", "Class"), ("nice", "guardRole", "MaxCount")},
    ),
    "bare concept": (
        "ex:C1 a skos:Concept",
        {
            ("C1", "prefLabel", "MinCount"),
            ("C1", "definition", "MinCount"),
            ("C1", "inScheme", "MinCount"),
            ("C1", "isDefinedBy", "MinCount"),
        },
    ),
    "concept in other tongues, in two schemes, of two modules": (
        "ex:C1 a skos:Concept ; skos:prefLabel 'nett'@de ; skos:definition 'etwas'@de ; "
        "skos:inScheme iso42001:scheme , ex:nowhere ; rdfs:isDefinedBy mod:core , ex:nowhere",
        {
            ("C1", "prefLabel", "LanguageIn"),
            ("C1", "definition", "LanguageIn"),
            ("C1", "definition", "Pattern"),
            ("C1", "inScheme", "MaxCount"),
            ("C1", "inScheme", "Class"),
            ("C1", "isDefinedBy", "MaxCount"),
            ("C1", "isDefinedBy", "Class"),
        },
    ),
    "concept named and explained twice": (
        "ex:C1 a skos:Concept ; skos:prefLabel 'neat'@en ; skos:definition 'Neat.'@en ; " + NAMED + BY,
        {("C1", "prefLabel", "UniqueLang"), ("C1", "definition", "UniqueLang")},
    ),
    "level without rank": ("ex:L1 a aims:RiskLevel ; " + NAMED + BY, {("L1", "rank", "MinCount")}),
    "level with odd ranks": (
        "ex:L1 a aims:RiskLevel ; aims:rank 0.5 , 2 ; " + NAMED + BY,
        {("L1", "rank", "MaxCount"), ("L1", "rank", "Datatype"), ("L1", "rank", "MinInclusive")},
    ),
    "area about nothing": (
        "ex:A1 a aims:ControlArea ; " + NAMED + BY,
        {("A1", "speaksAbout", "MinCount"), ("A1", "nameless", "MinCount")},
    ),
    "area about an unknown class": (
        "ex:A1 a aims:ControlArea ; aims:speaksAbout ex:Nothing ; "
        + NAMED
        + BY
        + ". iso42001:8.4 aims:inArea ex:A1",
        {("A1", "speaksAbout", "Class")},
    ),
    "requirement without number and area": (
        "ex:R1 a aims:Requirement ; " + NAMED + BY,
        {("R1", "notation", "MinCount"), ("R1", "", "Or")},
    ),
    "requirement with two numbers, parents, kinds": (
        "ex:R1 a aims:Requirement ; skos:notation 'R1' , 'R2' ; skos:broader iso42001:4 , iso42001:5 ; "
        "aims:requirementKind aims:ControlGroup , aims:ReferenceControl ; aims:inArea area:data-governance ; "
        + NAMED
        + BY,
        {
            ("R1", "notation", "MaxCount"),
            ("R1", "broader", "MaxCount"),
            ("R1", "requirementKind", "MaxCount"),
        },
    ),
    "requirement with values of the wrong kind": (
        "ex:R1 a aims:Requirement ; skos:notation 1 ; skos:broader iso42001:C.2 ; "
        "aims:requirementKind aims:Quality ; aims:inArea aims:Quality ; " + NAMED + BY,
        {
            ("R1", "notation", "Datatype"),
            ("R1", "broader", "Class"),
            ("R1", "requirementKind", "Class"),
            ("R1", "inArea", "Class"),
        },
    ),
    "module without a header": (
        "ex:module a owl:Ontology",
        {
            ("module", "title", "MinCount"),
            ("module", "description", "MinCount"),
            ("module", "license", "MinCount"),
            ("module", "creator", "MinCount"),
            ("module", "issued", "MinCount"),
            ("module", "versionIRI", "MinCount"),
        },
    ),
    "module with everything twice": (
        "ex:module a owl:Ontology ; dcterms:title 'Neat'@en ; dcterms:description 'Neat.'@en ; "
        "dcterms:license ex:other ; dcterms:issued '2026-11-24'^^xsd:date ; owl:versionIRI ex:0.2.0 ; "
        + HEADER,
        {
            ("module", "title", "UniqueLang"),
            ("module", "description", "UniqueLang"),
            ("module", "license", "MaxCount"),
            ("module", "issued", "MaxCount"),
            ("module", "versionIRI", "MaxCount"),
        },
    ),
    "module with values of the wrong kind": (
        "ex:module a owl:Ontology ; dcterms:title 'Nett'@de ; dcterms:description 'Nett.'@de ; "
        "dcterms:license 'free' ; dcterms:creator 'Us' ; dcterms:issued 'today' ; owl:versionIRI '0.1.0'",
        {
            ("module", "title", "LanguageIn"),
            ("module", "description", "LanguageIn"),
            ("module", "license", "NodeKind"),
            ("module", "issued", "Datatype"),
            ("module", "versionIRI", "NodeKind"),
        },
    ),
}


def judged(ontology: Graph, text: str) -> set[Result]:
    """Return what the style guide says about the nodes of a snippet that is added to the ontology."""
    snippet = Graph().parse(data=f"{PREFIXES}{text} .", format="turtle")
    nodes = set(snippet.subjects())
    # pySHACL can be pointed at nodes with a name only.
    named = all(isinstance(node, URIRef) for node in nodes)
    return results(ontology + snippet, focus=list(nodes) if named else None)


@pytest.mark.parametrize("claim", OK)
def test_good_terms_pass(ontology: Graph, claim: str) -> None:
    assert judged(ontology, OK[claim]) == set()


@pytest.mark.parametrize("claim", BAD)
def test_bad_terms_are_reported_exactly(ontology: Graph, claim: str) -> None:
    text, expected = BAD[claim]
    assert judged(ontology, text) == expected


def test_every_constraint_of_the_style_guide_is_caught_by_some_bad_term() -> None:
    shapes = Graph().parse(META)
    parameters = {
        SH.minCount: "MinCount", SH.maxCount: "MaxCount", SH.nodeKind: "NodeKind", SH.languageIn: "LanguageIn",
        SH.uniqueLang: "UniqueLang", SH.pattern: "Pattern", SH["in"]: "In", SH["class"]: "Class", SH["or"]: "Or",
        SH.datatype: "Datatype", SH.minInclusive: "MinInclusive", SH.maxInclusive: "MaxInclusive",
        SH.hasValue: "HasValue",
    }  # fmt: skip
    caught = {(path, component) for _, found in BAD.values() for _, path, component in found}
    declared = {
        (short(shapes.value(shape, SH.path)), parameters[parameter])
        for shape, parameter in shapes.subject_predicates()
        if parameter in parameters and (None, None, shape) not in _alternatives(shapes)
    }
    assert len(declared) > 30
    assert declared - caught == set()


def _alternatives(shapes: Graph) -> Graph:
    """Return the statements that name the branches of sh:or and sh:not, which are not reported by themselves."""
    found = Graph()
    for denied in shapes.objects(None, SH["not"]):
        found.add((denied, RDF.first, denied))
    for listed in shapes.objects(None, SH["or"]):
        for branch in shapes.items(listed):
            found.add((listed, RDF.first, branch))
    return found


def _targets(shapes: Graph, node: Node) -> list[Node]:
    return [*shapes.objects(node, SH.targetClass), *shapes.objects(node, SH.targetSubjectsOf)]


def test_every_shape_says_what_it_wants_and_how_to_mend_it() -> None:
    shapes = Graph().parse(META)
    named = {node for node in shapes.subjects(RDF.type, SH.NodeShape) if _targets(shapes, node)}
    assert len(named) == 15
    fix = URIRef("https://w3id.org/aimsgraph/ns#fix")
    assert [shape for shape in named if shapes.value(shape, fix) is None] == []
