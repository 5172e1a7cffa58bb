"""No hierarchy runs in a circle, and concepts stand to each other as SKOS allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.namespace import SKOS

from tests.ontology import hierarchies as check
from tests.ontology.conftest import ALIGNMENTS, FOLDER, MODULES, read

CROSSWALKS = sorted((FOLDER / "crosswalks").glob("*.ttl"))
FILES: Final = {
    "modules": MODULES,
    "alignments": ALIGNMENTS,
    "crosswalks": CROSSWALKS,
    "all": [*MODULES, *ALIGNMENTS, *CROSSWALKS],
}
HIERARCHIES: Final[dict[str, tuple[tuple[URIRef, ...], tuple[URIRef, ...]]]] = {
    "subClassOf": ((RDFS.subClassOf,), ()),
    "subPropertyOf": ((RDFS.subPropertyOf,), ()),
    "broader": ((SKOS.broader,), ()),
    "broader, narrower and their matches": (check.UP, check.DOWN),
}
#: How many steps up each set of files takes; so that no check passes by finding nothing.
STEPS: Final = {
    "subClassOf": {"modules": 38, "alignments": 17, "crosswalks": 0},
    "subPropertyOf": {"modules": 1, "alignments": 12, "crosswalks": 0},
    "broader": {"modules": 135, "alignments": 0, "crosswalks": 300},
    "broader, narrower and their matches": {"modules": 135, "alignments": 75, "crosswalks": 380},
}
Check = Callable[[Graph], set[str]]
CHECKS: Final[dict[str, Check]] = {
    "what is related is not wider (S27)": check.wider_and_related,
    "what matches exactly matches in no other way (S46)": check.exact_and_otherwise,
    "no label is preferred twice or stands in two places (S13, S14)": check.labels_twice,
    "every entry lies in its scheme, under an entry on top": check.out_of_place,
}


@pytest.fixture(scope="module")
def graphs() -> dict[str, Graph]:
    assert [len(FILES[files]) > 5 for files in FILES] == [True] * 4
    return {files: read(paths) for files, paths in FILES.items()}


@pytest.mark.parametrize("hierarchy", HIERARCHIES)
@pytest.mark.parametrize("files", FILES)
def test_no_hierarchy_runs_in_a_circle(files: str, hierarchy: str, graphs: dict[str, Graph]) -> None:
    edges = check.edges(graphs[files], *HIERARCHIES[hierarchy])
    steps = STEPS[hierarchy]
    assert sum(map(len, edges.values())) >= (sum(steps.values()) if files == "all" else steps[files])
    assert check.cycles(edges) == set()


@pytest.mark.parametrize("claim", CHECKS)
@pytest.mark.parametrize("files", FILES)
def test_concepts_stand_to_each_other_as_skos_allows(
    files: str, claim: str, graphs: dict[str, Graph]
) -> None:
    """The alignments and the crosswalks are read with the modules, in which the concepts they speak of stand."""
    graph = graphs[files] if files in {"modules", "all"} else graphs["modules"] + graphs[files]
    assert len(set(graph.subjects(RDF.type, SKOS.ConceptScheme))) >= 20
    assert len(set(graph.subjects(SKOS.inScheme))) >= 280
    assert CHECKS[claim](graph) == set()


def test_every_concept_is_in_a_scheme_that_is_described(graphs: dict[str, Graph]) -> None:
    """The shapes of the style guide hold this for the modules; here for the crosswalks as well."""
    graph = graphs["all"]
    kinds = {SKOS.Concept, *graph.transitive_subjects(RDFS.subClassOf, SKOS.Concept)}
    concepts = {node for kind in kinds for node in graph.subjects(RDF.type, kind)}
    schemes = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    assert len(concepts) > 640
    assert [node for node in concepts if not set(graph.objects(node, SKOS.inScheme)) & schemes] == []
    assert set(graph.objects(None, SKOS.inScheme)) == schemes


PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def parsed(text: str) -> Graph:
    return Graph(bind_namespaces="none").parse(data=f"{PREFIXES}{text} .", format="turtle")


CIRCLES: Final[dict[str, tuple[str, str, set[str]]]] = {
    "a line": ("broader", "ex:a skos:broader ex:b . ex:b skos:broader ex:c", set()),
    "two ways to one": ("broader", "ex:a skos:broader ex:b , ex:c . ex:b skos:broader ex:c", set()),
    "one above itself": ("subClassOf", "ex:A rdfs:subClassOf ex:A", {"A → A"}),
    "two above each other": (
        "subPropertyOf",
        "ex:p rdfs:subPropertyOf ex:q . ex:q rdfs:subPropertyOf ex:p",
        {"p → q → p"},
    ),
    "three in a circle, entered from outside": (
        "broader",
        "ex:a skos:broader ex:b . ex:b skos:broader ex:c . ex:c skos:broader ex:d . ex:d skos:broader ex:b",
        {"b → c → d → b"},
    ),
    "the shorter of two ways round": (
        "broader",
        "ex:a skos:broader ex:b , ex:c . ex:b skos:broader ex:c . ex:c skos:broader ex:a",
        {"a → c → a"},
    ),
    "two circles": (
        "broader",
        "ex:a skos:broader ex:b . ex:b skos:broader ex:a . ex:y skos:broader ex:z . ex:z skos:broader ex:y",
        {"a → b → a", "y → z → y"},
    ),
    "broader and narrower of one pair": (
        "broader, narrower and their matches",
        "ex:a skos:broader ex:b ; skos:narrower ex:b",
        {"a → b → a"},
    ),
    "broader and narrower that say the same": (
        "broader, narrower and their matches",
        "ex:a skos:broader ex:b . ex:b skos:narrower ex:a",
        set(),
    ),
    "up within a scheme and down by a match": (
        "broader, narrower and their matches",
        "ex:a skos:broader ex:b . ex:a skos:narrowMatch ex:c . ex:b skos:broadMatch ex:c",
        {"a → b → c → a"},
    ),
}
SCHEME = "ex:s a skos:ConceptScheme ; skos:hasTopConcept ex:top . ex:top skos:inScheme ex:s . "
FAULTS: Final[dict[str, tuple[Check, str, set[str]]]] = {
    "related to what is wider by way of another": (
        check.wider_and_related,
        "ex:a skos:broader ex:b . ex:b skos:broader ex:c . ex:c skos:related ex:a",
        {"a is related to c, which lies above it"},
    ),
    "related by a match to what is narrower": (
        check.wider_and_related,
        "ex:a skos:narrowMatch ex:b ; skos:relatedMatch ex:b",
        {"b is related to a, which lies above it"},
    ),
    "related beside each other": (
        check.wider_and_related,
        "ex:a skos:broader ex:c ; skos:related ex:b . ex:b skos:broader ex:c",
        set(),
    ),
    "exact and broad": (
        check.exact_and_otherwise,
        "ex:a skos:exactMatch ex:b . ex:b skos:broadMatch ex:a",
        {"b and a match exactly and by broadMatch"},
    ),
    "exact by way of another, and related": (
        check.exact_and_otherwise,
        "ex:a skos:exactMatch ex:b . ex:c skos:exactMatch ex:b . ex:a skos:relatedMatch ex:c",
        {"a and c match exactly and by relatedMatch"},
    ),
    "exact and close": (
        check.exact_and_otherwise,
        "ex:a skos:exactMatch ex:b ; skos:closeMatch ex:b",
        set(),
    ),
    "preferred and alternative": (
        check.labels_twice,
        "ex:a skos:prefLabel 'x'@en ; skos:altLabel 'x'@en , 'y'@en",
        {"a: 'x' is prefLabel and altLabel"},
    ),
    "alternative and hidden": (
        check.labels_twice,
        "ex:a skos:altLabel 'x'@en ; skos:hiddenLabel 'x'@en",
        {"a: 'x' is altLabel and hiddenLabel"},
    ),
    "two preferred labels in a language": (
        check.labels_twice,
        "ex:a skos:prefLabel 'x'@en , 'y'@en , 'z'@de",
        {"a: several preferred labels in 'en'"},
    ),
    "two preferred labels without a language": (
        check.labels_twice,
        "ex:a skos:prefLabel 'x' , 'y'",
        {"a: several preferred labels in 'no language'"},
    ),
    "the same label at two concepts": (
        check.labels_twice,
        "ex:a skos:prefLabel 'x'@en . ex:b skos:altLabel 'x'@en",
        set(),
    ),
    "a scheme with nothing on top": (
        check.out_of_place,
        "ex:s a skos:ConceptScheme . ex:a skos:inScheme ex:s",
        {"s: nothing on top"},
    ),
    "an entry at a loose end": (
        check.out_of_place,
        SCHEME + "ex:a skos:inScheme ex:s",
        {"a: under nothing on top of s"},
    ),
    "an entry some way down": (
        check.out_of_place,
        SCHEME + "ex:a skos:inScheme ex:s . ex:b skos:inScheme ex:s ; skos:broader ex:a . "
        "ex:a skos:broader ex:top",
        set(),
    ),
    "an entry under one of another scheme": (
        check.out_of_place,
        SCHEME + "ex:a skos:inScheme ex:s ; skos:broader ex:top , ex:b",
        {"a: in s, but under b, which is not"},
    ),
    "an entry under one of a scheme that its own requires": (
        check.out_of_place,
        SCHEME + "ex:b skos:inScheme ex:t . ex:s dcterms:requires ex:t . ex:top skos:broader ex:b , ex:c",
        {"top: in s, but under c, which is not", "top: on top of s, yet under another"},
    ),
    "an entry on top that is not in the scheme": (
        check.out_of_place,
        SCHEME + "ex:s skos:hasTopConcept ex:other",
        {"other: on top of s, but not in it"},
    ),
    "an entry on top that stands under another": (
        check.out_of_place,
        SCHEME + "ex:a skos:inScheme ex:s ; skos:narrower ex:top ; skos:broader ex:top",
        {"top: on top of s, yet under another"},
    ),
}


@pytest.mark.parametrize("claim", CIRCLES)
def test_a_circle_is_told_with_those_in_it(claim: str) -> None:
    hierarchy, text, expected = CIRCLES[claim]
    assert check.cycles(check.edges(parsed(text), *HIERARCHIES[hierarchy])) == expected


@pytest.mark.parametrize("claim", FAULTS)
def test_what_skos_rules_out_is_caught_exactly(claim: str) -> None:
    judge, text, expected = FAULTS[claim]
    assert judge(parsed(text)) == expected


def test_every_check_is_caught_out_by_some_fault() -> None:
    assert {judge for judge, _, expected in FAULTS.values() if expected} == set(CHECKS.values())
