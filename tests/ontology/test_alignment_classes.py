"""With the alignments loaded, a thing of ours becomes a member of exactly the classes of others that we mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import OWL, XSD

from aimsgraph.vocab import AIMS
from tests.ontology.conftest import MODULES, read

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib.term import Node

EX = Namespace("https://example.org/")
PREFIXES: Final = {
    "airo": "https://w3id.org/airo#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "ai": "https://w3id.org/dpv/ai#",
    "risk": "https://w3id.org/dpv/risk#",
    "tech": "https://w3id.org/dpv/tech#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "mls": "http://www.w3.org/ns/mls#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
#: Every class of ours, and the classes of others that its members are in, as their owners define them.
CLASSES: Final[dict[str, str]] = {
    "AISystem": "airo:AISystem ai:AISystem ai:AI dpv:Technology tech:System",
    "AffectedParty": "airo:Stakeholder",
    "ApplicabilityEntry": "",
    "Assessment": "prov:Activity",
    "Audit": "prov:Activity",
    "BelongingEnd": "skos:Concept",
    "Benefit": "",
    "BusinessProcess": "",
    "Change": "prov:Activity",
    "Competence": "",
    "Control": "airo:RiskControl",
    "ControlArea": "skos:Concept",
    "ControlTest": "prov:Activity",
    "ControlType": "skos:Concept",
    "CorrectiveAction": "prov:Activity",
    "Dataset": "dcat:Dataset dcat:Resource dpv:Data prov:Entity",
    "Dependency": "",
    "Deployment": "prov:Activity",
    "Document": "prov:Entity foaf:Document",
    "DocumentType": "skos:Concept",
    "Evaluation": "",
    "Evidence": "prov:Entity",
    "FlowKind": "skos:Concept",
    "Gate": "skos:Concept",
    "GuardRole": "skos:Concept",
    "Harm": "",
    "ImpactAssessment": "prov:Activity",
    "ImpactDimension": "skos:Concept",
    "ImpactDirection": "skos:Concept",
    "ImplementationStatus": "skos:Concept",
    "Incident": "prov:Activity risk:Incident dpv:RiskConcept",
    "IndependenceLevel": "skos:Concept",
    "LifecycleStage": "skos:Concept",
    "ManagementReview": "prov:Activity",
    "ManagementSystem": "",
    "Mapping": "",
    "MatrixCell": "",
    "Measurement": "dqv:QualityMeasurement qb:Observation",
    "Metric": "dqv:Metric",
    "Model": "prov:Entity airo:AIModel airo:AIComponent ai:Model ai:AI dpv:Technology tech:Model "
    "mls:Model mls:InformationEntity",
    "ModelVersion": "prov:Entity airo:AIModel airo:AIComponent ai:Model ai:AI dpv:Technology tech:Model "
    "mls:Model mls:InformationEntity",
    "Nonconformity": "",
    "Objective": "",
    "OversightMeasure": "",
    "Owner": "prov:Agent foaf:Agent",
    "Policy": "prov:Entity foaf:Document",
    "Requirement": "skos:Concept",
    "RequirementKind": "skos:Concept",
    "Responsibility": "",
    "Risk": "airo:Risk airo:RiskConcept dpv:Risk dpv:RiskConcept",
    "RiskAcceptance": "",
    "RiskAppetite": "",
    "RiskMatrix": "",
    "RiskAssessment": "prov:Activity",
    "RiskFamily": "skos:Concept",
    "RiskLevel": "skos:Concept",
    "RiskTier": "skos:Concept",
    "RiskTreatmentOption": "skos:Concept",
    "RiskType": "skos:Concept",
    "SeverityOverride": "",
    "Supplier": "prov:Agent org:Organization foaf:Organization foaf:Agent",
    "TestOutcome": "skos:Concept",
    "TransparencyNotice": "",
    "Waiver": "",
}
#: What their owners say above the classes that we name.
ABOVE: Final[dict[str, str]] = {
    "airo:AIModel": "airo:AIComponent",
    "airo:Risk": "airo:RiskConcept",
    "dcat:Dataset": "dcat:Resource",
    "ai:AISystem": "ai:AI tech:System",
    "ai:Model": "ai:AI tech:Model",
    "ai:AI": "dpv:Technology",
    "dpv:Risk": "dpv:RiskConcept",
    "risk:Incident": "dpv:RiskConcept",
    "dqv:QualityMeasurement": "qb:Observation",
    "foaf:Organization": "foaf:Agent",
    "mls:Model": "mls:InformationEntity",
    "org:Organization": "foaf:Organization foaf:Agent",
}
#: The properties of others that we make super-properties: what they demand of a subject and of a value ("" nothing).
SUPER_PROPERTIES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("fix", "skos:note"): ("", ""),
    ("hasNotice", "dpv:hasNotice"): ("", ""),
    ("inArea", "dcterms:subject"): ("", ""),
    ("measuredValue", "dqv:value"): ("dqv:QualityMeasurement", ""),
    ("mitigates", "airo:mitigatesRiskConcept"): ("airo:RiskControl", "airo:RiskConcept"),
    ("mitigates", "dpv:mitigatesRisk"): ("", ""),
    ("ofMetric", "dqv:isMeasurementOf"): ("qb:Observation", "dqv:Metric"),
    ("performedBy", "prov:wasAssociatedWith"): ("prov:Activity", "prov:Agent"),
    ("realises", "risk:refersToRisk"): ("", ""),
    ("usesModel", "ai:hasModel"): ("", ""),
    ("usualEvidence", "skos:note"): ("", ""),
    ("usesModel", "airo:hasModel"): ("", "airo:AIModel"),
}
DOMAIN, RANGE = (URIRef(f"https://schema.org/{side}Includes") for side in ("domain", "range"))
LITERALS: Final[dict[Node, Node]] = {
    XSD.string: Literal("a"),
    XSD.integer: Literal(1),
    XSD.decimal: Literal("0.5", datatype=XSD.decimal),
    XSD.boolean: Literal(True),
    XSD.date: Literal("2026-01-01", datatype=XSD.date),
}
PUBLISHED = ("airo-vair/airo.ttl", "airo-vair/vair/vair.ttl", "dpv-2.3/dpv/dpv.ttl", "dpv-2.3/ai/ai.ttl",
             "dpv-2.3/risk/risk.ttl", "dpv-2.3/tech/tech.ttl", "dpv-2.3/legal/eu/aiact/eu-aiact.ttl")  # fmt: skip


def iri(curie: str) -> URIRef:
    prefix, _, name = curie.partition(":")
    return URIRef(PREFIXES[prefix] + name)


def expected(name: str) -> set[URIRef]:
    return {iri(curie) for curie in CLASSES[name].split()}


def of_others(kinds: set[Node]) -> set[Node]:
    return {kind for kind in kinds if str(kind).startswith(tuple(PREFIXES.values()))}


def their_axioms() -> Graph:
    graph = Graph()
    for below, above in ABOVE.items():
        for one in above.split():
            graph.add((iri(below), RDFS.subClassOf, iri(one)))
    for (_, term), (domain, range_) in SUPER_PROPERTIES.items():
        if domain:
            graph.add((iri(term), RDFS.domain, iri(domain)))
        if range_:
            graph.add((iri(term), RDFS.range, iri(range_)))
    return graph


def one_of_each(modules: Graph) -> Graph:
    """A member of each class, with every property that its class may carry, and what a property points at."""
    graph = Graph()
    for name in CLASSES:
        graph.add((EX[name], RDF.type, URIRef(AIMS + name)))
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty):
        for term in modules.subjects(RDF.type, kind):
            if not str(term).startswith(AIMS):
                continue
            for domain in modules.objects(term, DOMAIN):
                for range_ in set(modules.objects(term, RANGE)) or {RDFS.Resource}:
                    graph.add((member(domain), term, value(range_)))
    return graph


def member(kind: Node) -> URIRef:
    return EX[str(kind).removeprefix(AIMS)] if str(kind).startswith(AIMS) else EX.something


def value(kind: Node) -> Node:
    if kind in LITERALS:
        return LITERALS[kind]
    return EX.anything if kind == RDFS.Resource else member(kind)


@pytest.fixture(scope="module")
def concluded(modules: Graph, alignments: Graph) -> Graph:
    """The terms, the alignments, what their owners say of theirs, one of each, and all that OWL 2 RL concludes."""
    terms = read([path for path in MODULES if any(read([path]).subjects(RDFS.label))])
    graph = terms + alignments + their_axioms() + one_of_each(modules)
    assert len(one_of_each(modules)) > 300
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return graph


def test_the_table_has_every_class(modules: Graph) -> None:
    declared = {str(term) for term in modules.subjects(RDF.type, OWL.Class)}
    assert {AIMS + name for name in CLASSES} == {term for term in declared if term.startswith(AIMS)}


@pytest.mark.parametrize("name", CLASSES)
def test_a_member_of_our_class_is_in_exactly_these_classes_of_others(name: str, concluded: Graph) -> None:
    assert of_others(set(concluded.objects(EX[name], RDF.type))) == expected(name)


def test_a_member_of_our_class_is_in_no_vocabulary_that_the_table_does_not_know(concluded: Graph) -> None:
    known = (AIMS, *PREFIXES.values(), str(OWL), str(RDFS), str(RDF))
    strange = {
        (name, kind)
        for name in CLASSES
        for kind in concluded.objects(EX[name], RDF.type)
        if not str(kind).startswith(known)
    }
    assert strange == set()


def test_what_our_properties_point_at_gets_no_class_from_it(concluded: Graph) -> None:
    assert of_others(set(concluded.objects(EX.something, RDF.type))) == set()
    assert of_others(set(concluded.objects(EX.anything, RDF.type))) == set()


def test_nothing_contradicts_itself(concluded: Graph) -> None:
    error = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
    assert set(concluded.objects(None, error)) == set()


def test_these_are_the_super_properties(alignments: Graph) -> None:
    found = {(str(term), str(above)) for term, above in alignments.subject_objects(RDFS.subPropertyOf)}
    assert found == {(AIMS + term, str(iri(above))) for term, above in SUPER_PROPERTIES}


@pytest.mark.parametrize("pair", SUPER_PROPERTIES, ids="-".join)
def test_what_a_super_property_demands_is_said_of_our_classes_anyway(
    pair: tuple[str, str], modules: Graph, alignments: Graph
) -> None:
    whole = modules + alignments + their_axioms()
    for hint, demanded in zip((DOMAIN, RANGE), SUPER_PROPERTIES[pair], strict=True):
        known = set(modules.objects(URIRef(AIMS + pair[0]), hint))
        assert known or not demanded
        for kind in known if demanded else set():
            assert iri(demanded) in set(whole.transitive_objects(kind, RDFS.subClassOf)), kind


@pytest.mark.shared_data
def test_the_published_files_say_the_same_of_their_terms(shared_data: Path) -> None:
    """The two tables above hold for AIRO and DPV; the other vocabularies have no file here."""
    graph = read([shared_data / path for path in PUBLISHED])
    at_hand = ("airo:", "dpv:", "ai:", "risk:")
    checked = 0
    for curie in {target for row in CLASSES.values() for target in row.split()} & {*ABOVE, *above_all()}:
        if curie.startswith(at_hand):
            said = of_others(set(graph.transitive_objects(iri(curie), RDFS.subClassOf)))
            assert said == {iri(one) for one in (curie, *reached(curie))}, curie
            checked += 1
    assert checked == 11
    for (_, curie), demanded in SUPER_PROPERTIES.items():
        if curie.startswith(at_hand):
            above = set(graph.transitive_objects(iri(curie), RDFS.subPropertyOf))
            for side, kind in zip((RDFS.domain, RDFS.range), demanded, strict=True):
                said = {one for term in above for one in graph.objects(term, side)}
                allowed = {iri(one) for one in (kind, *reached(kind))} if kind else set()
                assert said <= allowed, (curie, side)


def above_all() -> set[str]:
    return {one for above in ABOVE.values() for one in above.split()}


def reached(curie: str) -> set[str]:
    """All that stands above a class of theirs, by the table."""
    direct = set(ABOVE.get(curie, "").split())
    return direct | {far for one in direct for far in reached(one)}
