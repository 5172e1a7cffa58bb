"""What the catalogue says about the entries of the standards is whole: evidence, documents, stages, areas.

The lists stand here by hand. Numbers and titles of ISO/IEC 42001 itself are tested beside this.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from rdflib import DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import SKOS

from aimsgraph import resources
from aimsgraph.query import catalogue
from aimsgraph.store import memory_view, resolve
from aimsgraph.vocab import AREA, ISO42001, local_name
from tests.ontology.conftest import FOLDER, read
from tests.ontology.test_iso42001 import CLAUSES, CONTROLS, GROUPS, SUBGROUPS
from tests.ontology.test_terms import AREAS

if TYPE_CHECKING:
    from rdflib.term import Node

    from aimsgraph.store import View

AIMS = Namespace("https://w3id.org/aimsgraph/ns#")
DOCUMENT = "https://w3id.org/aimsgraph/document/"
PAGES = {
    "42001": "https://www.iso.org/standard/81230.html",
    "42005": "https://www.iso.org/standard/44545.html",
    "22989": "https://www.iso.org/standard/74296.html",
    "5338": "https://www.iso.org/standard/81118.html",
}

#: What each clause wants documented: public lists agree on these, save the one for clause 8.1.
MANDATORY = {
    "4.3": {"scope"},
    "5.2": {"ai-policy"},
    "6.1.1": {"risk-criteria", "risk-and-opportunity-actions"},
    "6.1.2": {"risk-assessment-process"},
    "6.1.3": {"risk-treatment-process", "statement-of-applicability", "risk-treatment-plan"},
    "6.1.4": {"impact-assessment-process", "impact-assessment-results"},
    "6.2": {"ai-objectives"},
    "7.2": {"competence-records"},
    "8.1": {"operation-records"},
    "8.2": {"risk-assessment-results"},
    "8.3": {"risk-treatment-results"},
    "8.4": {"impact-assessment-results"},
    "9.1": {"monitoring-results"},
    "9.2.2": {"audit-programme", "audit-reports"},
    "9.3.3": {"management-review-results"},
    "10.2": {"nonconformity-records", "corrective-action-results"},
}
#: Documents that a clause demands and that serve a control as well.
SHARED = {
    "A.2.2": "ai-policy",
    "A.5.2": "impact-assessment-process",
    "A.5.3": "impact-assessment-results",
    "A.5.4": "impact-assessment-results",
    "A.5.5": "impact-assessment-results",
}
PROCESSES_OF_STAGES = {
    "Inception": "business or mission analysis; stakeholder needs and requirements definition",
    "DesignAndDevelopment": """system requirements definition; system architecture definition; design definition;
        knowledge acquisition; AI data engineering; implementation; integration""",
    "VerificationAndValidation": "verification; validation",
    "DeploymentStage": "transition",
    "OperationAndMonitoring": "operation; maintenance",
    "ContinuousValidation": "continuous validation",
    "ReEvaluation": "",
    "Retirement": "disposal",
}


@pytest.fixture(scope="module")
def iso42001() -> Graph:
    return read([FOLDER / "iso42001.ttl"])


@pytest.fixture(scope="module")
def iso42005() -> Graph:
    return read([FOLDER / "iso42005.ttl"])


@pytest.fixture(scope="module")
def documents() -> Graph:
    return read([FOLDER / "documents.ttl"])


def leaves(graph: Graph) -> set[Node]:
    return {node for node in graph.subjects(SKOS.notation) if (None, SKOS.broader, node) not in graph}


def numbers(graph: Graph, nodes: set[Node]) -> set[str]:
    return {str(graph.value(node, SKOS.notation)) for node in nodes}


# Usual evidence and sources


@pytest.mark.parametrize(("name", "count"), [("iso42001", 98), ("iso42005", 27)])
def test_every_entry_without_parts_says_what_evidence_usually_shows_it(
    name: str, count: int, request: pytest.FixtureRequest
) -> None:
    graph: Graph = request.getfixturevalue(name)
    assert set(graph.subjects(AIMS.usualEvidence)) == leaves(graph)
    assert len(leaves(graph)) == count
    for node, text in graph.subject_objects(AIMS.usualEvidence):
        assert isinstance(text, Literal)
        assert text.language == "en", node
        assert re.fullmatch(r"[A-Z].{59,259}\.", str(text)), node


def test_evidence_is_told_for_32_clauses_10_objectives_38_controls_and_18_entries_of_annex_c(
    iso42001: Graph,
) -> None:
    told = numbers(iso42001, set(iso42001.subjects(AIMS.usualEvidence)))
    assert len(told & set(CLAUSES)) == 32
    assert told >= set(CONTROLS)
    assert len([number for number in told if number.endswith(".1") and number.startswith("A.")]) == 10
    assert len([number for number in told if number.startswith("C.")]) == 18
    assert told.isdisjoint({*GROUPS, *SUBGROUPS})


def test_no_sentence_stands_at_two_entries(iso42001: Graph, iso42005: Graph, documents: Graph) -> None:
    sentences = Counter(
        sentence
        for graph in (iso42001, iso42005, documents)
        for saying in (SKOS.definition, AIMS.usualEvidence)
        for text in graph.objects(None, saying)
        for sentence in re.split(r"(?<=[.;]) ", str(text))
    )
    assert [sentence for sentence, count in sentences.items() if count > 1] == []
    assert len(sentences) > 390


@pytest.mark.parametrize(
    ("name", "page"), [("iso42001", "42001"), ("iso42005", "42005"), ("documents", "42001")]
)
def test_every_scheme_and_every_entry_names_its_source(
    name: str, page: str, request: pytest.FixtureRequest
) -> None:
    graph: Graph = request.getfixturevalue(name)
    described = {*graph.subjects(SKOS.inScheme), *graph.subjects(RDF.type, SKOS.ConceptScheme)}
    assert len(described) > 30
    for node in described:
        assert list(graph.objects(node, DCTERMS.source)) == [URIRef(PAGES[page])], node


# Documents


def test_each_clause_demands_these_documents(documents: Graph) -> None:
    found: dict[str, set[str]] = {}
    for kind, requirement in documents.subject_objects(AIMS.requiredBy):
        number = str(requirement).removeprefix(ISO42001)
        if number in CLAUSES:
            found.setdefault(number, set()).add(str(kind).removeprefix(DOCUMENT))
    assert found == MANDATORY


def test_the_mandatory_documents_are_those_that_a_clause_demands(documents: Graph) -> None:
    members = set(documents.subjects(SKOS.inScheme, AIMS.DocumentTypes))
    assert {local_name(str(node)) for node in members} == set().union(*MANDATORY.values())
    assert len(members) == 21
    assert set(documents.objects(AIMS.DocumentTypes, SKOS.hasTopConcept)) == members


def test_every_control_has_a_document_that_usually_shows_it_at_work(documents: Graph) -> None:
    own = set(documents.subjects(SKOS.inScheme, AIMS.ControlDocumentTypes))
    shown = Counter(str(documents.value(node, AIMS.requiredBy)).removeprefix(ISO42001) for node in own)
    assert set(shown) == set(CONTROLS) - set(SHARED)
    assert set(shown.values()) == {1}
    assert len(own) == 33
    for number, name in SHARED.items():
        assert (URIRef(DOCUMENT + name), AIMS.requiredBy, URIRef(ISO42001 + number)) in documents
    assert set(documents.objects(AIMS.ControlDocumentTypes, SKOS.hasTopConcept)) == own


def test_a_doubtful_document_says_why(documents: Graph) -> None:
    noted = {str(node).removeprefix(DOCUMENT) for node in documents.subjects(SKOS.editorialNote)}
    assert noted == {"operation-records", "risk-criteria"}


# Stages


@pytest.mark.parametrize("stage", PROCESSES_OF_STAGES)
def test_a_stage_names_the_life_cycle_processes_at_work_in_it(stage: str, modules: Graph) -> None:
    wanted = [one for one in re.split(r";\s+", " ".join(PROCESSES_OF_STAGES[stage].split())) if one]
    note = str(modules.value(AIMS[stage], SKOS.scopeNote) or "")
    said = note.removeprefix("Processes of ISO/IEC 5338:2023: ").removesuffix(".")
    assert [one for one in said.split("; ") if one] == wanted
    assert (modules.value(AIMS[stage], SKOS.editorialNote) is None) == bool(wanted)
    pages = {PAGES["22989"], PAGES["5338"]} if wanted else {PAGES["22989"]}
    assert {str(page) for page in modules.objects(AIMS[stage], DCTERMS.source)} == pages


def test_no_life_cycle_process_is_named_at_two_stages() -> None:
    named = "; ".join(" ".join(text.split()) for text in PROCESSES_OF_STAGES.values() if text).split("; ")
    assert len(named) == len(set(named)) == 16
    assert len(PROCESSES_OF_STAGES) == 8


# Areas


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return read(resources.files("shapes", "*.ttl"))


@pytest.mark.parametrize("area", AREAS)
def test_each_area_has_clauses_controls_shapes_queries_and_classes(
    area: str, modules: Graph, iso42001: Graph, shapes: Graph
) -> None:
    node = URIRef(AREA + area)
    within = numbers(iso42001, set(iso42001.subjects(AIMS.inArea, node)))
    assert within & set(CLAUSES)
    assert within & set(CONTROLS)
    assert set(shapes.subjects(AIMS.checksArea, node))
    assert [name for name, saved in catalogue().items() if saved.area == area]
    assert set(modules.objects(node, AIMS.speaksAbout))


def test_no_requirement_shape_or_query_is_in_an_area_that_is_none(modules: Graph, shapes: Graph) -> None:
    areas = {URIRef(AREA + area) for area in AREAS}
    assert set(modules.objects(None, AIMS.inArea)) == areas
    assert set(shapes.objects(None, AIMS.checksArea)) == areas
    assert {saved.area for saved in catalogue().values()} == set(AREAS)


def test_every_shape_about_a_requirement_checks_one_that_is_there(shapes: Graph, modules: Graph) -> None:
    checked = set(shapes.objects(None, AIMS.checksRequirement))
    assert len(checked) > 20
    assert [node for node in checked if (node, RDF.type, AIMS.Requirement) not in modules] == []


@pytest.fixture(scope="module")
def ontology() -> View:
    """The whole ontology with crosswalks and alignments, as a store holds it."""
    return memory_view(*(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.ttl")))


@pytest.mark.parametrize("area", AREAS)
def test_an_area_goes_by_its_short_name_its_curie_and_its_label(area: str, ontology: View) -> None:
    label = resolve(ontology, area).label
    assert {resolve(ontology, name).id for name in (area, f"area:{area}", label)} == {AREA + area}
