"""The structure of ISO/IEC 42001:2023 is whole: every number and short title stands here by hand."""

from __future__ import annotations

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SKOS

from aimsgraph.vocab import AIMS, ISO42001
from tests.ontology.conftest import FOLDER, read

CLAUSES = {
    "4": "Context of the organization",
    "4.1": "Understanding the organization and its context",
    "4.2": "Needs and expectations of interested parties",
    "4.3": "Scope of the AIMS",
    "4.4": "AI management system",
    "5": "Leadership",
    "5.1": "Leadership and commitment",
    "5.2": "AI policy",
    "5.3": "Roles, responsibilities and authorities",
    "6": "Planning",
    "6.1": "Actions to address risks and opportunities",
    "6.1.1": "General",
    "6.1.2": "AI risk assessment",
    "6.1.3": "AI risk treatment",
    "6.1.4": "AI system impact assessment",
    "6.2": "AI objectives and planning to achieve them",
    "6.3": "Planning of changes",
    "7": "Support",
    "7.1": "Resources",
    "7.2": "Competence",
    "7.3": "Awareness",
    "7.4": "Communication",
    "7.5": "Documented information",
    "7.5.1": "General",
    "7.5.2": "Creating and updating",
    "7.5.3": "Control",
    "8": "Operation",
    "8.1": "Operational planning and control",
    "8.2": "AI risk assessment",
    "8.3": "AI risk treatment",
    "8.4": "AI system impact assessment",
    "9": "Performance evaluation",
    "9.1": "Monitoring, measurement, analysis and evaluation",
    "9.2": "Internal audit",
    "9.2.1": "General",
    "9.2.2": "Programme",
    "9.3": "Management review",
    "9.3.1": "General",
    "9.3.2": "Inputs",
    "9.3.3": "Results",
    "10": "Improvement",
    "10.1": "Continual improvement",
    "10.2": "Nonconformity and corrective action",
}
GROUPS = {
    "A.2": "Policies related to AI",
    "A.3": "Internal organization",
    "A.4": "Resources for AI systems",
    "A.5": "Assessing impacts of AI systems",
    "A.6": "AI system life cycle",
    "A.7": "Data for AI systems",
    "A.8": "Information for interested parties",
    "A.9": "Use of AI systems",
    "A.10": "Third-party and customer relationships",
}
SUBGROUPS = {"A.6.1": "Management guidance for AI system development", "A.6.2": "AI system life cycle"}
OBJECTIVES = ["A.2.1", "A.3.1", "A.4.1", "A.5.1", "A.6.1.1", "A.6.2.1", "A.7.1", "A.8.1", "A.9.1", "A.10.1"]
CONTROLS = {
    "A.2.2": "AI policy",
    "A.2.3": "Alignment with other organizational policies",
    "A.2.4": "Review of the AI policy",
    "A.3.2": "AI roles and responsibilities",
    "A.3.3": "Reporting of concerns",
    "A.4.2": "Resource documentation",
    "A.4.3": "Data resources",
    "A.4.4": "Tooling resources",
    "A.4.5": "System and computing resources",
    "A.4.6": "Human resources",
    "A.5.2": "AI system impact assessment process",
    "A.5.3": "Documentation of AI system impact assessments",
    "A.5.4": "Assessing AI system impact on individuals or groups of individuals",
    "A.5.5": "Assessing societal impacts of AI systems",
    "A.6.1.2": "Objectives for responsible development of AI system",
    "A.6.1.3": "Processes for responsible AI system design and development",
    "A.6.2.2": "Requirements and specification",
    "A.6.2.3": "Documentation of design and development",
    "A.6.2.4": "Verification and validation",
    "A.6.2.5": "Deployment",
    "A.6.2.6": "Operation and monitoring",
    "A.6.2.7": "Technical documentation",
    "A.6.2.8": "Recording of event logs",
    "A.7.2": "Data for development and enhancement of AI system",
    "A.7.3": "Acquisition of data",
    "A.7.4": "Quality of data",
    "A.7.5": "Data provenance",
    "A.7.6": "Data preparation",
    "A.8.2": "System documentation and information for users",
    "A.8.3": "External reporting",
    "A.8.4": "Communication of incidents",
    "A.8.5": "Information for interested parties",
    "A.9.2": "Processes for responsible use",
    "A.9.3": "Objectives for responsible use",
    "A.9.4": "Intended use of the AI system",
    "A.10.2": "Allocating responsibilities",
    "A.10.3": "Suppliers",
    "A.10.4": "Customers",
}
ANNEX_C_OBJECTIVES = {
    "C.2.1": "Accountability",
    "C.2.2": "AI expertise",
    "C.2.3": "Availability and quality of training and test data",
    "C.2.4": "Environmental impact",
    "C.2.5": "Fairness",
    "C.2.6": "Maintainability",
    "C.2.7": "Privacy",
    "C.2.8": "Robustness",
    "C.2.9": "Safety",
    "C.2.10": "Security",
    "C.2.11": "Transparency and explainability",
}
ANNEX_C_SOURCES = {
    "C.3.1": "Complexity of environment",
    "C.3.2": "Lack of transparency and explainability",
    "C.3.3": "Level of automation",
    "C.3.4": "Risk sources related to machine learning",
    "C.3.5": "System hardware issues",
    "C.3.6": "System life cycle issues",
    "C.3.7": "Technology readiness",
}
REQUIREMENT = URIRef(AIMS + "Requirement")
SCHEME = URIRef(ISO42001 + "scheme")


@pytest.fixture(scope="module")
def standard() -> Graph:
    """The entries of ISO/IEC 42001 alone: other frameworks have kinds and numbers like these."""
    return read([FOLDER / "iso42001.ttl"])


def titles(graph: Graph, kind: str) -> dict[str, str]:
    return {
        str(graph.value(node, SKOS.notation)): str(graph.value(node, SKOS.prefLabel))
        for node in graph.subjects(URIRef(AIMS + "requirementKind"), URIRef(AIMS + kind))
        if (node, SKOS.inScheme, SCHEME) in graph
    }


def annex_c(graph: Graph, parent: str) -> dict[str, str]:
    return {
        str(graph.value(node, SKOS.notation)): str(graph.value(node, SKOS.prefLabel))
        for node in graph.subjects(SKOS.broader, URIRef(ISO42001 + parent))
    }


def test_every_clause_and_subclause_is_there(standard: Graph) -> None:
    assert titles(standard, "ManagementClause") == CLAUSES
    assert len(CLAUSES) == 43


def test_annex_a_has_nine_groups_and_two_subgroups(standard: Graph) -> None:
    assert titles(standard, "ControlGroup") == GROUPS | SUBGROUPS
    assert len(GROUPS) == 9


def test_annex_a_has_ten_objectives_since_life_cycle_has_two(standard: Graph) -> None:
    named = {number: f"Objective: {(GROUPS | SUBGROUPS)[number.removesuffix('.1')]}" for number in OBJECTIVES}
    assert titles(standard, "ControlObjective") == named
    assert len(OBJECTIVES) == 10


def test_annex_a_has_exactly_these_38_controls(standard: Graph) -> None:
    assert titles(standard, "ReferenceControl") == CONTROLS
    assert len(CONTROLS) == 38


def test_annex_c_has_eleven_objectives_and_seven_risk_sources(standard: Graph) -> None:
    assert annex_c(standard, "C.2") == ANNEX_C_OBJECTIVES
    assert annex_c(standard, "C.3") == ANNEX_C_SOURCES
    assert (len(ANNEX_C_OBJECTIVES), len(ANNEX_C_SOURCES)) == (11, 7)


def test_nothing_of_annex_c_is_a_requirement(standard: Graph) -> None:
    scheme = set(standard.subjects(SKOS.inScheme, URIRef(ISO42001 + "annex-c")))
    assert len(scheme) == 20
    assert all(set(standard.objects(node, RDF.type)) == {SKOS.Concept} for node in scheme)


def test_no_other_module_adds_an_entry(modules: Graph, standard: Graph) -> None:
    for scheme in (SCHEME, URIRef(ISO42001 + "annex-c")):
        members = set(standard.subjects(SKOS.inScheme, scheme))
        assert set(modules.subjects(SKOS.inScheme, scheme)) == members
        assert len(members) == (102 if scheme == SCHEME else 20)


def test_there_are_no_requirements_besides_these(standard: Graph) -> None:
    numbers = {str(standard.value(node, SKOS.notation)) for node in standard.subjects(RDF.type, REQUIREMENT)}
    assert numbers == {*CLAUSES, *GROUPS, *SUBGROUPS, *OBJECTIVES, *CONTROLS}
    assert len(numbers) == 102


def test_every_entry_is_named_by_its_number(standard: Graph) -> None:
    for node, number in standard.subject_objects(SKOS.notation):
        assert node == URIRef(ISO42001 + str(number))


def test_every_entry_stands_under_the_number_it_begins_with(standard: Graph) -> None:
    parents = {
        str(node).removeprefix(ISO42001): str(up).removeprefix(ISO42001)
        for node, up in standard[: SKOS.broader]
    }
    numbers = [*CLAUSES, *SUBGROUPS, *OBJECTIVES, *CONTROLS, *ANNEX_C_OBJECTIVES, *ANNEX_C_SOURCES]
    assert parents == {number: number.rpartition(".")[0] for number in numbers if "." in number}


def test_the_entries_on_top_are_the_clauses_4_to_10_and_the_nine_groups(standard: Graph) -> None:
    top = {str(node) for node in standard.objects(SCHEME, SKOS.hasTopConcept)}
    assert top == {ISO42001 + number for number in [*map(str, range(4, 11)), *GROUPS]}


def test_every_entry_without_parts_is_in_an_area(standard: Graph) -> None:
    leaves = [
        node
        for node in standard.subjects(RDF.type, REQUIREMENT)
        if standard.value(predicate=SKOS.broader, object=node, any=True) is None
    ]
    assert len(leaves) == 43 - 11 + 10 + 38
    assert [node for node in leaves if standard.value(node, URIRef(AIMS + "inArea")) is None] == []


@pytest.mark.parametrize(
    ("number", "areas"),
    [
        ("6.1.3", {"ai-risk-management"}),
        ("8.4", {"ai-impact-assessment"}),
        ("A.7.5", {"data-governance"}),
        ("A.9.4", {"human-oversight"}),
        ("8.1", {"ai-governance", "data-governance", "model-management"}),
        ("10.2", {"continual-improvement", "incident-management"}),
        ("C.2.7", {"security-privacy"}),
        ("C.3.3", {"ai-risk-management", "human-oversight"}),
    ],
)
def test_requirements_are_sorted_into_the_expected_areas(
    standard: Graph, number: str, areas: set[str]
) -> None:
    found = standard.objects(URIRef(ISO42001 + number), URIRef(AIMS + "inArea"))
    assert {str(area).rpartition("/")[2] for area in found} == areas
