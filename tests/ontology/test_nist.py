"""NIST AI RMF, its profile for generative AI, and the guidance beside ISO/IEC 42001 are whole and reached.

Every number and title stands here by hand. What all crosswalks have in common is tested elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SKOS

from aimsgraph.vocab import AIMS, ISO42001
from tests.ontology.conftest import FOLDER, read

NIST_RMF = "https://w3id.org/aimsgraph/nist-ai-rmf/"
NIST_GENAI = "https://w3id.org/aimsgraph/nist-ai-600-1/"
ISO23894 = "https://w3id.org/aimsgraph/iso23894/"
ISO42005 = "https://w3id.org/aimsgraph/iso42005/"

FUNCTIONS = {"GOVERN": "Govern", "MAP": "Map", "MEASURE": "Measure", "MANAGE": "Manage"}
SUBCATEGORIES = {
    "GOVERN 1": 7,
    "GOVERN 2": 3,
    "GOVERN 3": 2,
    "GOVERN 4": 3,
    "GOVERN 5": 2,
    "GOVERN 6": 2,
    "MAP 1": 6,
    "MAP 2": 3,
    "MAP 3": 5,
    "MAP 4": 2,
    "MAP 5": 2,
    "MEASURE 1": 3,
    "MEASURE 2": 13,
    "MEASURE 3": 3,
    "MEASURE 4": 3,
    "MANAGE 1": 4,
    "MANAGE 2": 4,
    "MANAGE 3": 2,
    "MANAGE 4": 3,
}
GENERATIVE_RISKS = {
    "2.1": "CBRN Information or Capabilities",
    "2.2": "Confabulation",
    "2.3": "Dangerous, Violent, or Hateful Content",
    "2.4": "Data Privacy",
    "2.5": "Environmental Impacts",
    "2.6": "Harmful Bias and Homogenization",
    "2.7": "Human-AI Configuration",
    "2.8": "Information Integrity",
    "2.9": "Information Security",
    "2.10": "Intellectual Property",
    "2.11": "Obscene, Degrading, and/or Abusive Content",
    "2.12": "Value Chain and Component Integration",
}
GUIDANCE_23894 = {
    "4": "Principles of AI risk management",
    "5": "Framework",
    "5.1": "General",
    "5.2": "Leadership and commitment",
    "5.3": "Integration",
    "5.4": "Design",
    "5.4.1": "Understanding the organization and its context",
    "5.4.2": "Articulating risk management commitment",
    "5.4.3": "Assigning organizational roles, authorities, responsibilities and accountabilities",
    "5.4.4": "Allocating resources",
    "5.4.5": "Establishing communication and consultation",
    "5.5": "Implementation",
    "5.6": "Evaluation",
    "5.7": "Improvement",
    "5.7.1": "Adapting",
    "5.7.2": "Continually improving",
    "6": "Risk management process",
    "6.1": "General",
    "6.2": "Communication and consultation",
    "6.3": "Scope, context and criteria",
    "6.3.1": "General",
    "6.3.2": "Defining the scope",
    "6.3.3": "External and internal context",
    "6.3.4": "Defining risk criteria",
    "6.4": "Risk assessment",
    "6.4.1": "General",
    "6.4.2": "Risk identification",
    "6.4.3": "Risk analysis",
    "6.4.4": "Risk evaluation",
    "6.5": "Risk treatment",
    "6.5.1": "General",
    "6.5.2": "Selection of risk treatment options",
    "6.5.3": "Preparing and implementing risk treatment plans",
    "6.6": "Monitoring and review",
    "6.7": "Recording and reporting",
}
#: Sections of ISO/IEC 42005 that an assessment passes through or documents; 6.1 is an introduction.
SECTIONS_42005 = {*(f"5.{n}" for n in range(1, 13)), *(f"6.{n}" for n in range(2, 10))}
LEAF_CLAUSES = [
    "4.1", "4.2", "4.3", "4.4", "5.1", "5.2", "5.3", "6.1.1", "6.1.2", "6.1.3", "6.1.4", "6.2", "6.3",
    "7.1", "7.2", "7.3", "7.4", "7.5.1", "7.5.2", "7.5.3", "8.1", "8.2", "8.3", "8.4", "9.1", "9.2.1",
    "9.2.2", "9.3.1", "9.3.2", "9.3.3", "10.1", "10.2",
]  # fmt: skip
CONTROLS = [
    "A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3", "A.4.2", "A.4.3", "A.4.4", "A.4.5", "A.4.6", "A.5.2",
    "A.5.3", "A.5.4", "A.5.5", "A.6.1.2", "A.6.1.3", "A.6.2.2", "A.6.2.3", "A.6.2.4", "A.6.2.5",
    "A.6.2.6", "A.6.2.7", "A.6.2.8", "A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6", "A.8.2", "A.8.3",
    "A.8.4", "A.8.5", "A.9.2", "A.9.3", "A.9.4", "A.10.2", "A.10.3", "A.10.4",
]  # fmt: skip
#: What ISO/IEC 42001 asks for and no outcome of NIST AI RMF answers.
WITHOUT_COUNTERPART = {
    "7.5.2": "The framework wants much documented and says nothing on title, format, review or approval of documents.",
    "7.5.3": "The framework says nothing on how documents are distributed, protected, kept and disposed of.",
}
MATCHES = [SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch]


def crosswalk(name: str) -> Graph:
    return read([FOLDER / "crosswalks" / f"{name}.ttl"])


@pytest.fixture(scope="module")
def rmf() -> Graph:
    return crosswalk("nist-ai-rmf")


@pytest.fixture(scope="module")
def genai() -> Graph:
    return crosswalk("nist-ai-600-1")


@pytest.fixture(scope="module")
def guidance() -> Graph:
    return crosswalk("iso23894")


@pytest.fixture(scope="module")
def impact() -> Graph:
    return crosswalk("iso42005")


def entries(graph: Graph, namespace: str) -> dict[str, str]:
    """The title of each entry, by its number."""
    return {
        str(graph.value(node, SKOS.notation)): str(graph.value(node, SKOS.prefLabel))
        for node in graph.subjects(SKOS.inScheme, URIRef(namespace + "scheme"))
    }


def pairs(graph: Graph) -> list[tuple[str, str]]:
    """Where each mapping comes from and where it goes."""
    return [
        (str(graph.value(node, URIRef(AIMS + "mapsFrom"))), str(graph.value(node, URIRef(AIMS + "mapsTo"))))
        for node in graph.subjects(RDF.type, URIRef(AIMS + "Mapping"))
    ]


def parents(graph: Graph, namespace: str) -> dict[str, str]:
    return {
        str(node).removeprefix(namespace): str(up).removeprefix(namespace)
        for node, up in graph[: SKOS.broader]
        if str(node).startswith(namespace)
    }


def subcategories() -> list[str]:
    return [f"{category}.{number}" for category, n in SUBCATEGORIES.items() for number in range(1, n + 1)]


def test_the_framework_has_4_functions_19_categories_and_72_subcategories(rmf: Graph) -> None:
    assert set(entries(rmf, NIST_RMF)) == {*FUNCTIONS, *SUBCATEGORIES, *subcategories()}
    assert (len(FUNCTIONS), len(SUBCATEGORIES), sum(SUBCATEGORIES.values())) == (4, 19, 72)
    assert len(entries(rmf, NIST_RMF)) == 95


def test_the_functions_bear_the_names_of_the_framework(rmf: Graph) -> None:
    titles = entries(rmf, NIST_RMF)
    assert {number: titles[number] for number in FUNCTIONS} == FUNCTIONS


def test_each_category_has_as_many_subcategories_as_in_the_framework(rmf: Graph) -> None:
    counted = Counter(up.replace("-", " ") for up in parents(rmf, NIST_RMF).values() if "-" in up)
    assert counted == SUBCATEGORIES


def test_each_category_stands_under_the_function_it_is_named_after(rmf: Graph) -> None:
    found = {node: up for node, up in parents(rmf, NIST_RMF).items() if "." not in node}
    assert found == {name.replace(" ", "-"): name.split()[0] for name in SUBCATEGORIES}


def test_entries_are_named_by_their_number(rmf: Graph, genai: Graph, guidance: Graph) -> None:
    named = [
        (str(node), namespace + str(number).replace(" ", "-"))
        for graph, namespace in ((rmf, NIST_RMF), (genai, NIST_GENAI), (guidance, ISO23894))
        for node, number in graph.subject_objects(SKOS.notation)
    ]
    assert len(named) == 95 + 12 + 35
    assert [pair for pair in named if pair[0] != pair[1]] == []


def test_no_two_subcategories_share_a_title_or_a_definition(rmf: Graph) -> None:
    for predicate in (SKOS.prefLabel, SKOS.definition):
        said = Counter(str(text) for _, text in rmf.subject_objects(predicate))
        assert len(said) == 96  # the scheme has a title and a definition, too
        assert [text for text, n in said.items() if n > 1] == []


def test_every_leaf_is_in_an_area(rmf: Graph, guidance: Graph) -> None:
    leaves = [
        (node, graph.value(node, URIRef(AIMS + "inArea"), any=True))
        for graph in (rmf, guidance)
        for node in graph.subjects(RDF.type, URIRef(AIMS + "Requirement"))
        if graph.value(predicate=SKOS.broader, object=node, any=True) is None
    ]
    assert len(leaves) == 72 + 28
    assert [node for node, area in leaves if area is None] == []


def test_every_clause_and_control_is_mapped_to_the_framework_or_says_why_not(rmf: Graph) -> None:
    asked = {*LEAF_CLAUSES, *CONTROLS}
    assert (len(LEAF_CLAUSES), len(CONTROLS), len(asked)) == (32, 38, 70)
    mapped = {start.removeprefix(ISO42001) for start, _ in pairs(rmf)}
    assert mapped | set(WITHOUT_COUNTERPART) == asked
    assert mapped & set(WITHOUT_COUNTERPART) == set()


def test_every_subcategory_is_reached_from_iso_42001(rmf: Graph) -> None:
    reached = {end.removeprefix(NIST_RMF).replace("-", " ") for _, end in pairs(rmf)}
    assert set(subcategories()) <= reached
    assert reached <= {*subcategories(), *SUBCATEGORIES}


def test_the_profile_has_the_twelve_risks_under_their_titles(genai: Graph) -> None:
    assert entries(genai, NIST_GENAI) == GENERATIVE_RISKS
    assert len(GENERATIVE_RISKS) == 12


def test_the_titles_of_the_risks_are_those_others_publish(shared_data: Path) -> None:
    nexus = shared_data / "ibm-ai-atlas-nexus/src/ai_atlas_nexus/data/knowledge_graph/nist_ai_rmf_data.yaml"
    risks = nexus.read_text(encoding="utf-8").partition("\nentries:\n")[2]
    published = re.findall(r"^  - id: nist-.*\n    name: (.+)$", risks, re.MULTILINE)
    assert {name.strip("\"'") for name in published} == set(GENERATIVE_RISKS.values())
    assert len(published) == 12


def test_every_generative_risk_is_met_by_a_control(genai: Graph) -> None:
    met = {end.removeprefix(NIST_GENAI) for start, end in pairs(genai) if start.startswith(ISO42001 + "A.")}
    assert met == set(GENERATIVE_RISKS)


def test_a_control_is_only_related_to_the_risk_it_meets(genai: Graph) -> None:
    for predicate in MATCHES:
        starts = [str(start) for start in genai.subjects(predicate) if str(start).startswith(ISO42001)]
        assert (len(starts) >= 25) is (predicate == SKOS.relatedMatch)
        assert not starts or predicate == SKOS.relatedMatch


def test_the_guidance_on_risk_has_the_clauses_of_the_standard(guidance: Graph) -> None:
    assert entries(guidance, ISO23894) == GUIDANCE_23894
    assert len(GUIDANCE_23894) == 35


def test_the_clauses_on_risk_stand_under_the_number_they_begin_with(guidance: Graph) -> None:
    expected = {number: number.rpartition(".")[0] for number in GUIDANCE_23894 if "." in number}
    assert parents(guidance, ISO23894) == expected
    assert len(expected) == 32


def test_the_impact_assessment_standard_is_reached_section_by_section(impact: Graph) -> None:
    numbers = {end.removeprefix(ISO42005) for _, end in pairs(impact)}
    assert {".".join(number.split(".")[:2]) for number in numbers} == SECTIONS_42005
    assert numbers - SECTIONS_42005 == {
        "6.3.2",
        "6.3.3",
        "6.3.4",
        "6.3.5",
        "6.4.2",
        "6.4.3",
        "6.6.2",
        "6.8.3",
    }
    assert len(SECTIONS_42005) == 20


@pytest.mark.parametrize(
    ("name", "mappings"), [("nist-ai-rmf", 158), ("nist-ai-600-1", 71), ("iso23894", 35), ("iso42005", 49)]
)
def test_each_crosswalk_has_its_mappings_once_and_no_clause_or_control_is_matched_exactly(
    name: str, mappings: int
) -> None:
    graph = crosswalk(name)
    found = pairs(graph)
    assert len(found) == len(set(found)) == mappings
    exact = {str(start) for start in graph.subjects(SKOS.exactMatch)}
    assert {start for start in exact if start.startswith(ISO42001)} == set()


@pytest.mark.parametrize(
    ("name", "start", "relation", "end"),
    [
        ("nist-ai-rmf", ISO42001 + "5.3", SKOS.closeMatch, NIST_RMF + "GOVERN-2.1"),
        ("nist-ai-rmf", ISO42001 + "A.6.2.4", SKOS.narrowMatch, NIST_RMF + "MEASURE-2.3"),
        ("nist-ai-rmf", ISO42001 + "A.5.4", SKOS.broadMatch, NIST_RMF + "MAP-5.1"),
        ("nist-ai-600-1", ISO42001 + "A.10.3", SKOS.relatedMatch, NIST_GENAI + "2.12"),
        ("iso23894", ISO42001 + "6.1.2", SKOS.closeMatch, ISO23894 + "6.4"),
        ("iso23894", ISO42001 + "6.1.1", SKOS.narrowMatch, ISO23894 + "6.3.4"),
        ("iso42005", ISO42001 + "8.4", SKOS.closeMatch, ISO42005 + "5.8"),
        ("iso42005", ISO42001 + "A.5.5", SKOS.broadMatch, ISO42005 + "6.8"),
    ],
)
def test_a_match_says_which_side_is_wider(name: str, start: str, relation: URIRef, end: str) -> None:
    graph = crosswalk(name)
    assert [p for p in MATCHES if (URIRef(start), p, URIRef(end)) in graph] == [relation]
