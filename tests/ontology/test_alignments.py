"""The alignments name terms that exist, of the right sort, and each pair of terms is related once."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, ODRL2, ORG, OWL, PROV, SDO, SKOS, TIME

from aimsgraph.vocab import AIMS, AREA, ISO42001
from tests.ontology import published_terms as published
from tests.ontology.conftest import FOLDER, read

if TYPE_CHECKING:
    from pathlib import Path

EXTENDS = {RDFS.subClassOf, RDFS.subPropertyOf}
MATCHES = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
#: A statement in the other direction: how the program reads data that use a term of theirs.
READ_AS = {URIRef(AIMS + "readAs"), URIRef(AIMS + "readInverseAs")}
OURS = (AIMS, ISO42001, AREA, "https://w3id.org/aimsgraph/document/")

OUTCOMES = {
    "Passed": "passed",
    "Failed": "failed",
    "CannotTell": "cantTell",
    "Inapplicable": "inapplicable",
    "Untested": "untested",
}

DPV, DPV_RISK, DPV_AI = "https://w3id.org/dpv#", "https://w3id.org/dpv/risk#", "https://w3id.org/dpv/ai#"
DPV_AIACT = "https://w3id.org/dpv/legal/eu/aiact#"
AIRO, VAIR = "https://w3id.org/airo#", "https://w3id.org/vair#"

#: Each file: its title, what it was written against, and how many statements it makes.
FILES: Final[dict[str, tuple[str, set[str], int]]] = {
    "airo": ("Alignment with AIRO 1.0", {"https://w3id.org/airo/1.0"}, 39),
    "croissant": (
        "Alignment with Croissant 1.0, its RAI vocabulary 1.0 and schema.org",
        {"http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"},
        21,
    ),
    "dcat": (
        "Alignment with DCAT 3 and DCMI Terms",
        {
            "https://www.w3.org/TR/2024/REC-vocab-dcat-3-20240822/",
            "https://www.dublincore.org/specifications/dublin-core/dcmi-terms/2020-01-20/",
        },
        23,
    ),
    "dpv": ("Alignment with DPV 2.3", {"https://w3id.org/dpv/2.3"}, 64),
    "dpv-ai": ("Alignment with the AI extension of DPV 2.3", {"https://w3id.org/dpv/2.3/ai"}, 30),
    "dpv-eu-aiact": (
        "Alignment with the EU AI Act extension of DPV 2.3",
        {"https://w3id.org/dpv/2.3/legal/eu/aiact"},
        39,
    ),
    "dpv-risk": ("Alignment with the risk extension of DPV 2.3", {"https://w3id.org/dpv/2.3/risk"}, 40),
    "dqv": ("Alignment with DQV 2016-12-15", {"https://www.w3.org/TR/2016/NOTE-vocab-dqv-20161215/"}, 12),
    "earl": ("Alignment with EARL 1.0", {"https://www.w3.org/TR/2017/NOTE-EARL10-Schema-20170202/"}, 17),
    "foaf-vcard": (
        "Alignment with FOAF 0.99 and the vCard Ontology 2014-05-22",
        {"http://xmlns.com/foaf/spec/20140114.html", "http://www.w3.org/TR/2014/NOTE-vcard-rdf-20140522/"},
        17,
    ),
    "ml-schema": ("Alignment with ML Schema 1.0", {"http://www.w3.org/2016/03/mls#"}, 10),
    "odrl": ("Alignment with ODRL 2.2", {"https://www.w3.org/TR/2018/REC-odrl-vocab-20180215/"}, 11),
    "org": ("Alignment with ORG 2014-01-16", {"http://www.w3.org/TR/2014/REC-vocab-org-20140116/"}, 13),
    "owl-time": (
        "Alignment with OWL-Time 2017-10-19",
        {"https://www.w3.org/TR/2017/REC-owl-time-20171019/"},
        17,
    ),
    "p-plan": ("Alignment with P-Plan 1.3", {"http://vocab.linkeddata.es/p-plan/version/03062014/"}, 13),
    "prov-o": ("Alignment with PROV-O 2013-04-30", {"http://www.w3.org/TR/2013/REC-prov-o-20130430/"}, 31),
    "skos": (
        "Alignment with SKOS 2009-08-18",
        {"http://www.w3.org/TR/2009/REC-skos-reference-20090818/"},
        10,
    ),
    "spdx-ai": (
        "Alignment with SPDX 3.0.1, profiles AI and Dataset",
        {"https://spdx.org/rdf/3.0.1/terms/"},
        30,
    ),
    "vair": ("Alignment with VAIR 1.0", {"https://w3id.org/vair/1.0"}, 40),
}
EACH_FILE = pytest.mark.parametrize("name", FILES)

#: The vocabularies whose files are at hand: file of ours, file of theirs, its ontology.
AT_HAND: Final[dict[str, tuple[str, str, str]]] = {
    "airo": ("airo-vair/airo.ttl", AIRO, "1.0"),
    "dpv": ("dpv-2.3/dpv/dpv.ttl", DPV, "2.3"),
    "dpv-ai": ("dpv-2.3/ai/ai.ttl", DPV_AI, "2.3"),
    "dpv-eu-aiact": ("dpv-2.3/legal/eu/aiact/eu-aiact.ttl", DPV_AIACT, "2.3"),
    "dpv-risk": ("dpv-2.3/risk/risk.ttl", DPV_RISK, "2.3"),
    "vair": ("airo-vair/vair/vair.ttl", VAIR, "1.0"),
}


def _namespace(*namespaces: object) -> frozenset[str]:
    return frozenset(
        str(term) for namespace in namespaces for term in dir(namespace) if isinstance(term, URIRef)
    )


#: The others: every term that their owners published, from rdflib or read from the publication.
KNOWN: Final[dict[str, frozenset[str]]] = {
    "croissant": _namespace(SDO) | published.CROISSANT | published.RAI,
    "dcat": _namespace(DCAT, DCTERMS) | published.DCAT_3,
    "dqv": published.DQV,
    "earl": published.EARL,
    "foaf-vcard": _namespace(FOAF) | published.VCARD,
    "ml-schema": published.ML_SCHEMA,
    "odrl": _namespace(ODRL2),
    "org": _namespace(ORG),
    "owl-time": _namespace(TIME),
    "p-plan": published.P_PLAN,
    "prov-o": _namespace(PROV),
    "skos": _namespace(SKOS),
    "spdx-ai": published.SPDX,
}
#: Values of theirs that begin with a small letter: the outcomes of tests, and levels.
VALUES = {f"http://www.w3.org/ns/earl#{name}" for name in OUTCOMES.values()} | {
    f"https://spdx.org/rdf/3.0.1/terms/AI/SafetyRiskAssessmentType/{name}"
    for name in ("low", "medium", "high", "serious")
}


@cache
def aligned(name: str) -> Graph:
    return read([FOLDER / "alignments" / f"{name}.ttl"])


def links(name: str) -> list[tuple[str, URIRef, str]]:
    """The statements of the file about terms of ours."""
    return [(str(s), URIRef(str(p)), str(o)) for s, p, o in aligned(name) if str(s).startswith(OURS)]


def small(iri: str) -> bool:
    return iri.replace("/", "#").rpartition("#")[2][0].islower()


@EACH_FILE
def test_each_file_names_the_version_it_was_written_against(name: str) -> None:
    title, version, _ = FILES[name]
    (ontology,) = aligned(name).subjects(RDF.type, OWL.Ontology)
    assert [str(text) for text in aligned(name).objects(ontology, DCTERMS.title)] == [title]
    assert {str(link) for link in aligned(name).objects(ontology, RDFS.seeAlso)} == version


@EACH_FILE
def test_each_file_relates_terms_of_ours_to_terms_of_that_vocabulary_and_imports_nothing(name: str) -> None:
    found = links(name)
    assert len(found) == FILES[name][2]
    assert {predicate for _, predicate, _ in found} <= EXTENDS | MATCHES
    assert not [target for _, _, target in found if target.startswith("https://w3id.org/aimsgraph/")]
    (ontology,) = aligned(name).subjects(RDF.type, OWL.Ontology)
    others = {p for s, p, _ in aligned(name) if s != ontology and not str(s).startswith(OURS)}
    assert others <= READ_AS
    assert not set(aligned(name).objects(None, OWL.imports))


@EACH_FILE
def test_the_terms_of_ours_are_declared(name: str, modules: Graph) -> None:
    assert [source for source, _, _ in links(name) if (URIRef(source), RDF.type, None) not in modules] == []


@pytest.mark.parametrize("name", KNOWN)
def test_every_term_exists(name: str) -> None:
    targets = {target for _, _, target in links(name)}
    assert targets - KNOWN[name] == set()


@pytest.mark.shared_data
@pytest.mark.parametrize("name", AT_HAND)
def test_every_term_exists_in_the_published_file(name: str, shared_data: Path) -> None:
    path, namespace, version = AT_HAND[name]
    graph = read([shared_data / path])
    (ontology,) = {URIRef(namespace[:-1])} & set(graph.subjects(RDF.type, OWL.Ontology))
    assert {str(text) for text in graph.objects(ontology, OWL.versionInfo)} == {version}
    assert {str(iri) for iri in graph.objects(ontology, OWL.versionIRI)} == FILES[name][1]
    targets = {target for _, _, target in links(name)}
    assert [target for target in targets if not target.startswith(namespace)] == []
    assert [target for target in targets if (URIRef(target), RDF.type, None) not in graph] == []


@pytest.mark.shared_data
def test_what_rdf_schema_calls_a_class_is_written_with_a_capital(shared_data: Path) -> None:
    """So that the first letter may stand for the kind below."""
    graph = read([shared_data / path for path, _, _ in AT_HAND.values()])
    kinds = {OWL.Class, RDFS.Class}, {OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property}
    targets = {target for name in AT_HAND for _, _, target in links(name)}
    properties = {target for target in targets if set(graph.objects(URIRef(target), RDF.type)) & kinds[1]}
    assert properties == {target for target in targets if small(target)}


def test_a_class_is_related_to_a_class_and_a_property_to_a_property(modules: Graph) -> None:
    properties = {
        str(term)
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        for term in modules.subjects(RDF.type, kind)
    }
    classes = {str(term) for term in modules.subjects(RDF.type, OWL.Class)}
    mixed = [
        (source, target)
        for name in FILES
        for source, predicate, target in links(name)
        if (small(target) and target not in VALUES) != (source in properties)
        or (predicate == RDFS.subClassOf and source not in classes)
        or (predicate == RDFS.subPropertyOf and source not in properties)
    ]
    assert mixed == []


def test_the_outcomes_of_tests_are_the_five_of_earl() -> None:
    found = {
        (s.removeprefix(AIMS), o.rpartition("#")[2]) for s, p, o in links("earl") if p == SKOS.exactMatch
    }
    assert found == set(OUTCOMES.items())


def test_two_terms_are_related_once_and_in_one_way() -> None:
    pairs = Counter((source, target) for name in FILES for source, _, target in links(name))
    assert len(pairs) > 450
    assert [pair for pair, times in pairs.items() if times > 1] == []


def test_no_match_repeats_what_the_modules_say(modules: Graph) -> None:
    """A superclass in the modules, or one inherited, is not told again as a match."""
    whole = modules + sum((aligned(name) for name in FILES), Graph())
    repeated = [
        (source, target)
        for name in FILES
        for source, predicate, target in links(name)
        if predicate in MATCHES
        and URIRef(target)
        in {
            *whole.transitive_objects(URIRef(source), RDFS.subClassOf),
            *whole.transitive_objects(URIRef(source), RDFS.subPropertyOf),
        }
    ]
    assert repeated == []


def test_no_alignment_makes_one_dependency_count_twice(modules: Graph, alignments: Graph) -> None:
    """A reasoner that follows sub-properties must not turn one annotated edge into two."""
    annotated = set(modules.subjects(URIRef(AIMS + "impactDirection")))
    assert len(annotated) > 10
    whole = modules + alignments
    for term in annotated:
        above = set(whole.transitive_objects(term, RDFS.subPropertyOf)) - {term}
        assert above & annotated == set(), term
