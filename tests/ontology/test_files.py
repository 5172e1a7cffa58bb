"""Every file reads the same everywhere, says what it is, and is reached from aims.ttl."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import OWL
from rdflib.util import from_n3

from tests.ontology.conftest import ALIGNMENTS, MODULES, read

FILES = [*MODULES, *ALIGNMENTS]
ONTOLOGY = "https://w3id.org/aimsgraph/ontology/"
EACH_FILE = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_the_files_are_these() -> None:
    assert [path.stem for path in MODULES] == [
        "aims", "annotation", "areas", "change", "concepts", "control", "core", "crosswalk", "document",
        "documents", "evidence", "external", "history", "impact", "incident", "iso42001", "iso42005", "oversight",
        "performance", "profile", "propagation", "requirement", "responsibility", "risk", "risks",
    ]  # fmt: skip
    assert [path.stem for path in ALIGNMENTS] == [
        "airo", "croissant", "dcat", "dpv-ai", "dpv-eu-aiact", "dpv-risk", "dpv", "dqv", "earl", "foaf-vcard",
        "ml-schema", "odrl", "org", "owl-time", "p-plan", "prov-o", "risks-dpv-vair", "skos", "spdx-ai", "vair",
    ]  # fmt: skip


@EACH_FILE
def test_rdflib_and_oxigraph_read_the_same_triples(path: Path) -> None:
    quads = list(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE))
    graph = Graph(bind_namespaces="none").parse(path, format="turtle")
    assert len(graph) == len({str(quad) for quad in quads}) > 10
    assert {tuple(from_n3(term.n3()) for term in triple) for triple in graph} == {
        tuple(from_n3(str(term)) for term in quad.triple) for quad in quads
    }


@EACH_FILE
def test_oxigraph_rewrites_no_literal(path: Path) -> None:
    store = ox.Store()
    store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE)
    written = {str(quad.triple) for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)}
    assert {str(quad.triple) for quad in store} == written


@EACH_FILE
def test_no_node_is_nameless(path: Path) -> None:
    quads = list(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE))
    assert not [quad for quad in quads if isinstance(quad.subject, ox.BlankNode)]
    assert not [quad for quad in quads if isinstance(quad.object, ox.BlankNode)]


@EACH_FILE
def test_each_file_is_one_ontology_named_after_it_with_a_version(path: Path) -> None:
    graph = read([path])
    name = str(path.with_suffix("").relative_to(MODULES[0].parent).as_posix())
    expected = URIRef("https://w3id.org/aimsgraph/ns" if name == "aims" else ONTOLOGY + name)
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [expected]
    assert list(graph.objects(expected, OWL.versionIRI)) == [URIRef(f"{expected}/0.1.0")]


@EACH_FILE
def test_every_prefix_is_used(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^@prefix ([\w-]+): ", text, flags=re.MULTILINE)
    body = re.sub(r'^@prefix .*$|"[^"]*"', "", text, flags=re.MULTILINE)
    assert declared == sorted(declared)
    assert [prefix for prefix in declared if not re.search(rf"(?<![\w-]){prefix}:", body)] == []


def test_aims_ttl_imports_every_module_and_nothing_else(modules: Graph) -> None:
    imports = set(modules.objects(URIRef("https://w3id.org/aimsgraph/ns"), OWL.imports))
    assert imports == {URIRef(ONTOLOGY + path.stem) for path in MODULES if path.stem != "aims"}


def test_only_our_own_modules_are_imported(modules: Graph, alignments: Graph) -> None:
    own = set(modules.subjects(RDF.type, OWL.Ontology))
    assert set(modules.objects(None, OWL.imports)) <= own
    assert not set(alignments.objects(None, OWL.imports))
