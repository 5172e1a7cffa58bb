"""The ontology says who made it, which version it is, on what terms it may be used, and how it is to be found."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

import pytest
from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import VANN, VOID

from aimsgraph.vocab import AIMS, PREFIXES
from tests.ontology.conftest import ALIGNMENTS, FOLDER, MODULES, read

CROSSWALKS: Final = sorted((FOLDER / "crosswalks").glob("*.ttl"))
WHOLE: Final = URIRef("https://w3id.org/aimsgraph/ns")
DATASET: Final = URIRef("https://w3id.org/aimsgraph/dataset")
LICENCE: Final = URIRef("https://creativecommons.org/licenses/by/4.0/")
TRUE: Final = Literal(True)
BIBO: Final = Namespace("http://purl.org/ontology/bibo/")


@pytest.fixture(scope="module")
def everything() -> Graph:
    return read([*MODULES, *ALIGNMENTS, *CROSSWALKS])


def test_every_file_has_the_version_of_the_program(everything: Graph) -> None:
    files = list(everything.subjects(RDF.type, OWL.Ontology))
    assert len(files) == len([*MODULES, *ALIGNMENTS, *CROSSWALKS]) > 50
    versions = {str(everything.value(file, OWL.versionInfo)) for file in files}
    assert versions == {version("aimsgraph")}
    named = {file: everything.value(file, OWL.versionIRI) for file in files}
    assert named == {file: URIRef(f"{file}/{version('aimsgraph')}") for file in files}


def test_every_file_has_the_same_open_licence(everything: Graph) -> None:
    files = set(everything.subjects(RDF.type, OWL.Ontology))
    assert {everything.value(file, DCTERMS.license) for file in files} == {LICENCE}


def test_the_ontology_says_how_to_name_cite_and_judge_it(modules: Graph) -> None:
    assert modules.value(WHOLE, VANN.preferredNamespacePrefix) == Literal("aims")
    assert str(modules.value(WHOLE, VANN.preferredNamespaceUri)) == AIMS
    assert modules.value(WHOLE, BIBO.status) == URIRef("http://purl.org/ontology/bibo/status/draft")
    assert modules.value(WHOLE, DCTERMS.publisher) == modules.value(WHOLE, DCTERMS.creator)
    citation = str(modules.value(WHOLE, DCTERMS.bibliographicCitation))
    assert f"Version {version('aimsgraph')}, 2026. {WHOLE}" in citation


def test_it_is_described_as_a_dataset_with_examples_that_exist(everything: Graph) -> None:
    assert everything.value(DATASET, RDF.type) == VOID.Dataset
    assert everything.value(DATASET, DCTERMS.license) == LICENCE
    space = str(everything.value(DATASET, VOID.uriSpace))
    examples = set(everything.objects(DATASET, VOID.exampleResource))
    assert len(examples) == 4
    assert [node for node in examples if not str(node).startswith(space)] == []
    assert [node for node in examples if (node, RDF.type, None) not in everything] == []
    vocabularies = {str(name) for name in everything.objects(DATASET, VOID.vocabulary)}
    used = {str(term) for triple in everything for term in triple if isinstance(term, URIRef)}
    assert [name for name in vocabularies if not any(term.startswith(name) for term in used)] == []


def test_every_namespace_that_is_announced_has_one_prefix_which_commands_know(everything: Graph) -> None:
    said = {
        (str(everything.value(node, VANN.preferredNamespacePrefix)), str(space))
        for node, space in everything.subject_objects(VANN.preferredNamespaceUri)
    }
    assert len(said) >= 11
    assert said - set(PREFIXES.items()) == set()


def test_what_is_deprecated_is_archaic_and_nothing_else_is(everything: Graph) -> None:
    status = URIRef("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")
    deprecated = set(everything.subjects(OWL.deprecated, TRUE))
    assert deprecated == set(everything.subjects(status, Literal("archaic")))
    assert len(set(everything.subjects(status))) > 260
    assert len(set(everything.subjects(RDF.type, SKOS.ConceptScheme))) > 20
