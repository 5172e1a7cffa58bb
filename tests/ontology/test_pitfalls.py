"""The ontology avoids the faults that the catalogue of OOPS! lists, and the page on quality says what holds each."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, PROV, SDO, SKOS, VANN, VOID, XSD
from rdflib.term import Node

from aimsgraph import resources
from aimsgraph.validate import load_shapes
from tests.conftest import ROOT
from tests.ontology import pitfalls, published_terms
from tests.ontology.conftest import ALIGNMENTS, FOLDER, MODULES, read
from tests.ontology.pitfalls import CHECKS

CROSSWALKS = sorted((FOLDER / "crosswalks").glob("*.ttl"))
FILES = [*MODULES, *ALIGNMENTS, *CROSSWALKS]
PAGE = ROOT / "docs" / "ontology-quality.md"
#: What is so on purpose; the page gives the reasons.
MEANT: Final[dict[str, set[str]]] = {
    "P11": {
        *(f"{term} may start at anything" for term in ("inArea", "ownedBy", "qualifiedDependency")),
        *(f"{term} may lead to anything" for term in (
            "assesses", "changes", "mappingBasis", "measures", "on", "requiredFor", "responsibleFor", "waivesFor",
        )),
    },
    "P12": {
        "Dataset and http://rdfs.org/ns/void#Dataset share a name and no statement",
        "Deployment and https://w3id.org/vair#Deployment share a name and no statement",
        "RiskLevel and https://w3id.org/dpv/legal/eu/aiact#RiskLevel share a name and no statement",
        "testedOn and https://spdx.org/rdf/3.0.1/terms/Core/RelationshipType/testedOn share a name and no statement",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def whole() -> Graph:
    assert len(FILES) > 45
    return read(FILES)


@pytest.mark.parametrize("pitfall", CHECKS)
def test_the_ontology_avoids(pitfall: str, whole: Graph) -> None:
    assert len(pitfalls.ours(whole, OWL.Class)) > 50
    assert len(pitfalls.ours(whole, *pitfalls.RELATIONS)) > 150
    assert CHECKS[pitfall](whole) == MEANT.get(pitfall, set())


PREFIXES = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
LINKED = "schema:domainIncludes aims:A ; schema:rangeIncludes aims:B "
FAULTS: Final[dict[str, tuple[str, set[str]]]] = {
    "P02 one class under two names": (
        "aims:Owner owl:equivalentClass aims:Holder",
        {"Owner and Holder are said to be equivalent"},
    ),
    "P03 a property called is": ("aims:isA a owl:ObjectProperty", {"isA says what OWL has words for"}),
    "P03 a property labelled is": (
        "aims:kind a owl:ObjectProperty ; rdfs:label 'is kind of'@en",
        {"kind says what OWL has words for"},
    ),
    "P04 a class by itself": (
        "aims:A a owl:Class . aims:B a owl:Class . aims:C rdfs:subClassOf aims:B",
        {"A is tied to nothing"},
    ),
    "P05 inverses that do not meet": (
        f"aims:p {LINKED}; owl:inverseOf aims:q . aims:q {LINKED}",
        {"p and q do not start where the other ends"},
    ),
    "P07 two things in one class": (
        "aims:A a owl:Class ; rdfs:label 'model and dataset'@en",
        {"A is labelled as two things"},
    ),
    "P11 no start": (
        "aims:p a owl:ObjectProperty ; schema:rangeIncludes aims:B",
        {"p may start at anything"},
    ),
    "P11 no end": (
        "aims:p a owl:DatatypeProperty ; schema:domainIncludes aims:A",
        {"p may lead to anything"},
    ),
    "P12 namesakes": (
        "aims:uses a owl:ObjectProperty ; skos:closeMatch ex:employs . aims:owns a owl:ObjectProperty ; "
        "skos:closeMatch ex:uses , ex:owns",
        {"uses and https://example.org/uses share a name and no statement"},
    ),
    "P13 an inverse of what carries impact": (
        "aims:p aims:impactDirection aims:ObjectToSubject ; owl:inverseOf aims:q",
        {"p and q would carry impact twice"},
    ),
    "P14 a class described by its values": (
        "aims:A rdfs:subClassOf [ owl:onProperty aims:p ; owl:allValuesFrom aims:B ]",
        {"a class is described with allValuesFrom", "a class is described with onProperty"},
    ),
    "P17 a class that is an entry": ("aims:A a owl:Class , aims:RiskTier", {"A is a class and a RiskTier"}),
    "P19 two ranges": ("aims:p rdfs:range aims:A , aims:B", {"p has several statements of range"}),
    "P20 texts in each other's place": (
        "aims:A a owl:Class ; rdfs:label 'A thing that is.'@en ; skos:definition 'Thing'@en",
        {"A: the definition is no longer than the label", "A: the label is a sentence"},
    ),
    "P20 a version in words": ("ex:o a owl:Ontology ; owl:versionInfo 'first'", {"o: 'first' is no version"}),
    "P21 a class for the rest": (
        "aims:A a owl:Class ; rdfs:label 'other risk'@en",
        {"A takes what fits nowhere else"},
    ),
    "P22 a name with a stroke": (
        "aims:is_owned a owl:ObjectProperty ; rdfs:label 'is owned'@en",
        {"is_owned is labelled 'is owned'"},
    ),
    "P22 a name that is not the label": (
        "aims:keeper a owl:ObjectProperty ; rdfs:label 'owner'@en",
        {"keeper is labelled 'owner'"},
    ),
    "P23 a datatype of one's own": ("aims:Day a rdfs:Datatype", {"Day is a datatype of our own"}),
    "P23 a class for a datatype": ("aims:Date a owl:Class", {"Date is named like a datatype"}),
    "P24 a definition that goes round": (
        "aims:A rdfs:label 'tested control'@en ; skos:definition 'A control that is tested.'@en",
        {"A: the definition only repeats 'tested control'"},
    ),
    "P25 its own inverse": ("aims:p owl:inverseOf aims:p", {"p is its own inverse"}),
    "P26 symmetric with an inverse": (
        "aims:p a owl:SymmetricProperty ; owl:inverseOf aims:q",
        {"p is symmetric, yet has an inverse"},
    ),
    "P27 two properties for one": (
        "aims:p owl:equivalentProperty aims:q",
        {"p and q are said to be equivalent"},
    ),
    "P28 symmetric between unlike things": (
        f"aims:p a owl:SymmetricProperty ; {LINKED}",
        {"p is symmetric, yet ends at another kind than it starts"},
    ),
    "P29 transitive between unlike things": (
        f"aims:p a owl:TransitiveProperty ; {LINKED}",
        {"p is transitive, yet ends at another kind than it starts"},
    ),
    "P36 a name with an ending": (
        "<https://w3id.org/aimsgraph/core.ttl> a owl:Ontology",
        {"https://w3id.org/aimsgraph/core.ttl ends like a file"},
    ),
    "P40 an axiom about others": (
        "ex:A rdfs:subClassOf aims:A . ex:p a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:label 'p'@en",
        {"A, of others, is given a subClassOf", "p, of others, is made a FunctionalProperty"},
    ),
}
#: Faults that another check, given here, sees in passing.
CHECKED_BY: Final = {"P27": "P02"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_caught_exactly(fault: str) -> None:
    text, expected = FAULTS[fault]
    graph = Graph(bind_namespaces="none").parse(data=f"{PREFIXES}{text} .", format="turtle")
    assert CHECKS[CHECKED_BY.get(fault[:3], fault[:3])](graph) == expected


def test_every_check_is_caught_out_by_some_fault() -> None:
    assert {fault[:3] for fault in FAULTS} == {*CHECKS, *CHECKED_BY}


def test_p18_the_example_keeps_to_the_classes_that_its_properties_connect(modules: Graph) -> None:
    example = read(resources.files("examples", "*.ttl"))
    known = modules + example + load_shapes().graph

    def kinds(node: Node) -> set[Node | None]:
        if isinstance(node, Literal):
            return {node.datatype or XSD.string}
        said = known.objects(node, RDF.type)
        above: set[Node | None] = {
            up for kind in said for up in known.transitive_objects(kind, RDFS.subClassOf)
        }
        return above | ({RDF.Property} if OWL.ObjectProperty in above else set())

    uses = 0
    outside = set()
    for subject, predicate, value in example:
        for node, hint in ((subject, pitfalls.DOMAIN), (value, pitfalls.RANGE)):
            meant = set(modules.objects(predicate, hint))
            uses += bool(meant)
            if meant and not kinds(node) & meant:
                outside.add((pitfalls.name(predicate), pitfalls.name(hint)))
    assert uses > 5000
    assert outside == set()


@cache
def texts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in FILES}


def ambiguous(text: str) -> set[str]:
    """Return what keeps the names in a file from being whole without knowing where the file lies."""
    found = {line for line in text.splitlines() if re.match(r"@base|@prefix\s+:", line)}
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    return found | {name for name in re.findall(r"<([^<>\s]*)>", bare) if ":" not in name}


def test_p39_every_name_is_whole_and_our_namespaces_say_so_themselves(whole: Graph) -> None:
    assert {name: ambiguous(text) for name, text in texts().items() if ambiguous(text)} == {}
    stated = [str(iri) for iri in whole.objects(None, VANN.preferredNamespaceUri)]
    assert len(stated) == len(set(stated)) > 5
    assert [
        iri for iri in stated if not re.fullmatch(r"https://w3id\.org/aimsgraph/[a-z0-9-]+[#/]", iri)
    ] == []
    prefixes = {
        pair for text in texts().values() for pair in re.findall(r"^@prefix (\S+): <(\S+)>", text, re.M)
    }
    assert len(prefixes - {pair for pair in prefixes if pair[0] == "map"}) == len(
        {p for p, _ in prefixes} - {"map"}
    )


@pytest.mark.parametrize("line", ["@base <https://example.org/> .", "@prefix : <https://example.org/> ."])
def test_p39_a_base_and_an_empty_prefix_are_caught(line: str) -> None:
    assert ambiguous(f"{line}\n<https://example.org/a> a <b> . # <c>\n# <d>\n") == {line, "b", "c"}


def test_p40_the_terms_of_others_are_theirs(modules: Graph) -> None:
    """Those of the alignments and of what is read are held against the published lists elsewhere."""
    spaces = (DCAT, DCTERMS, PROV, SDO, SKOS, VANN, VOID)
    theirs = {str(term) for space in spaces for term in dir(space) if isinstance(term, URIRef)}
    by_hand = {
        "http://purl.org/ontology/bibo/status",
        "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status",
    }
    kinds = (OWL.Class, *pitfalls.RELATIONS, OWL.AnnotationProperty)
    used = {str(term) for kind in kinds for term in modules.subjects(RDF.type, kind)}
    used = {iri for iri in used if not iri.startswith(pitfalls.BASE)}
    assert len(used) > 35
    assert used - theirs - published_terms.DCAT_3 - by_hand == set()


def test_the_page_lists_the_41_pitfalls_once_each_and_names_only_what_exists() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| (P\d\d) \|", page, re.M) == [f"P{number:02}" for number in range(1, 42)]
    assert max(map(len, page.splitlines())) <= 140
    folders = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    files = set(re.findall(r"`(test_\w+\.py)`", page))
    claims = set(re.findall(r"`(test_\w+)(?:\[P\d\d\])?`", page))
    shapes = set(re.findall(r"`(shape:\w+)`", page))
    assert (len(files) > 8, len(claims) > 10, len(shapes) > 4) == (True, True, True)
    assert files - set(folders) == set()
    defined = set(re.findall(r"^def (test_\w+)", "\n".join(folders.values()), re.M))
    assert claims - defined == set()
    meta = resources.folder("shapes").joinpath("meta.ttl").read_text(encoding="utf-8")
    assert shapes - set(re.findall(r"^(shape:\w+) a sh:NodeShape", meta, re.M)) == set()
    assert set(re.findall(r"`test_the_ontology_avoids\[(P\d\d)\]`", page)) == set(CHECKS)
