"""The structure of ISO/IEC 42005:2025 stands here by hand: the steps of its process, the elements of its record."""

from __future__ import annotations

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import SKOS

from tests.ontology.conftest import FOLDER, read

AIMS = Namespace("https://w3id.org/aimsgraph/ns#")
ISO42005 = "https://w3id.org/aimsgraph/iso42005/"
PROCESS = {
    "5": "Developing and implementing an AI system impact assessment process",
    "5.1": "General",
    "5.2": "Documenting the process",
    "5.3": "Integration with other organizational management processes",
    "5.4": "Timing of AI system impact assessment",
    "5.5": "Scope of the AI system impact assessment",
    "5.6": "Allocating responsibilities",
    "5.7": "Establishing thresholds for sensitive uses, restricted uses and impact scales",
    "5.8": "Performing the AI system impact assessment",
    "5.9": "Analysing the results of the AI system impact assessment",
    "5.10": "Recording and reporting",
    "5.11": "Approval process",
    "5.12": "Monitoring and review",
    "6": "Documenting the AI system impact assessment",
}
ELEMENTS = {
    "6.2": "Scope of the AI system impact assessment",
    "6.3": "AI system information",
    "6.3.1": "AI system description",
    "6.3.2": "AI system functionalities and capabilities",
    "6.3.3": "AI system purpose",
    "6.3.4": "Intended uses",
    "6.3.5": "Unintended uses",
    "6.4": "Data information and quality",
    "6.4.2": "Data information",
    "6.4.3": "Data quality documentation",
    "6.5": "Algorithm and model information",
    "6.6": "Deployment environment",
    "6.6.1": "Geographical area and languages",
    "6.6.2": "Deployment environment complexity and constraints",
    "6.7": "Relevant interested parties",
    "6.8": "Actual and reasonably foreseeable impacts",
    "6.8.2": "Benefits and harms",
    "6.8.3": "AI system failures and reasonably foreseeable misuse",
    "6.9": "Measures to address harms and benefits",
}
#: Known from third parties alone, and marked so.
UNSURE = {"6.3.4", "6.4.3", "6.5", "6.6", "6.6.1", "6.6.2", "6.8.2", "6.8.3"}


@pytest.fixture(scope="module")
def iso42005() -> Graph:
    return read([FOLDER / "iso42005.ttl"])


def titles(graph: Graph, kind: URIRef) -> dict[str, str]:
    return {
        str(graph.value(node, SKOS.notation)): str(graph.value(node, SKOS.prefLabel))
        for node in graph.subjects(AIMS.requirementKind, kind)
    }


def test_the_assessment_process_has_these_steps(iso42005: Graph) -> None:
    assert titles(iso42005, AIMS.GuidanceClause) == PROCESS


def test_the_documentation_of_an_assessment_has_these_elements(iso42005: Graph) -> None:
    assert titles(iso42005, AIMS.DocumentationElement) == ELEMENTS
    assert len(ELEMENTS) == 19


def test_every_entry_of_iso_42005_is_named_by_its_number_and_stands_under_the_next_shorter_one(
    iso42005: Graph,
) -> None:
    entries = list(iso42005.subject_objects(SKOS.notation))
    assert len(entries) == len(PROCESS) + len(ELEMENTS) == 33
    for node, number in entries:
        above = str(number).rpartition(".")[0]
        assert node == URIRef(ISO42005 + str(number))
        assert set(iso42005.objects(node, SKOS.broader)) == ({URIRef(ISO42005 + above)} if above else set())
        assert list(iso42005.objects(node, SKOS.inScheme)) == [URIRef(ISO42005 + "scheme")]


def test_a_title_that_rests_on_third_parties_says_so(iso42005: Graph) -> None:
    assert {
        str(iso42005.value(node, SKOS.notation)) for node in iso42005.subjects(SKOS.editorialNote)
    } == UNSURE
