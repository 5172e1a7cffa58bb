"""The alignments name terms that exist, of the right sort, and leave our data as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, PROV, SKOS

from aimsgraph.vocab import AIMS, PREFIXES
from tests.ontology.conftest import FOLDER, read

if TYPE_CHECKING:
    from pathlib import Path

AIRO = "https://w3id.org/airo#"
DPV = ("https://w3id.org/dpv#", "https://w3id.org/dpv/risk#", "https://w3id.org/dpv/ai#")
MATCHES = {SKOS.closeMatch, SKOS.exactMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
LINKS = {RDFS.subClassOf, RDFS.subPropertyOf, *MATCHES}
IS_CLASS = {OWL.Class, RDFS.Class}
IS_PROPERTY = {OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property}
#: As the W3C notes give them; both vocabularies are small and closed.
ML_AND_QUALITY = {
    "http://www.w3.org/ns/mls#Model",
    "http://www.w3.org/ns/dqv#Dimension",
    "http://www.w3.org/ns/dqv#Metric",
    "http://www.w3.org/ns/dqv#QualityMeasurement",
    "http://www.w3.org/ns/dqv#isMeasurementOf",
    "http://www.w3.org/ns/dqv#value",
}


def links(name: str) -> list[tuple[URIRef, URIRef, URIRef]]:
    graph = read([FOLDER / "alignments" / f"{name}.ttl"])
    found = [triple for triple in graph if triple[0].startswith(AIMS)]
    assert {predicate for _, predicate, _ in found} <= LINKS
    return found


def assert_targets_fit(name: str, published: Graph, namespaces: tuple[str, ...]) -> int:
    """Every target is declared by its owner; superclasses are classes and superproperties are properties."""
    found = links(name)
    for _, predicate, target in found:
        assert str(target).startswith(namespaces), target
        kinds = set(published.objects(target, RDF.type))
        assert kinds & (IS_CLASS | IS_PROPERTY), f"{target} is not declared"
        if predicate == RDFS.subClassOf:
            assert kinds & IS_CLASS, target
        if predicate == RDFS.subPropertyOf:
            assert kinds & IS_PROPERTY, target
    return len(found)


@pytest.mark.shared_data
def test_every_airo_term_exists(shared_data: Path) -> None:
    published = read([shared_data / "airo-vair" / "airo.ttl"])
    assert assert_targets_fit("airo", published, (AIRO,)) == 24


@pytest.mark.shared_data
def test_every_dpv_term_exists(shared_data: Path) -> None:
    folder = shared_data / "dpv-2.3"
    published = read([folder / "dpv" / "dpv.ttl", folder / "risk" / "risk.ttl", folder / "ai" / "ai.ttl"])
    assert assert_targets_fit("dpv", published, DPV) == 59


@pytest.mark.shared_data
def test_what_airo_concludes_from_our_super_properties_is_what_we_say_anyway(shared_data: Path) -> None:
    """The range of airo:hasModel is the superclass of aims:Model, and so on: no node gets a class it had not."""
    published = read([shared_data / "airo-vair" / "airo.ttl"])
    aligned = read([FOLDER / "alignments" / "airo.ttl", *FOLDER.glob("*.ttl")])
    checked = 0
    for term, above in aligned.subject_objects(RDFS.subPropertyOf):
        if not str(above).startswith(AIRO):
            continue
        for theirs, ours in ((RDFS.domain, "domainIncludes"), (RDFS.range, "rangeIncludes")):
            for demanded in published.objects(above, theirs):
                for known in aligned.objects(term, URIRef(f"https://schema.org/{ours}")):
                    supers = set(aligned.transitive_objects(known, RDFS.subClassOf))
                    reached = {
                        top for up in supers for top in published.transitive_objects(up, RDFS.subClassOf)
                    }
                    assert demanded in reached, (term, above, demanded)
                    checked += 1
    assert checked == 3


@pytest.mark.shared_data
def test_dpv_states_no_domain_that_a_reasoner_would_act_on(shared_data: Path) -> None:
    folder = shared_data / "dpv-2.3"
    published = read([folder / "dpv" / "dpv.ttl", folder / "risk" / "risk.ttl", folder / "ai" / "ai.ttl"])
    above = {target for _, predicate, target in links("dpv") if predicate == RDFS.subPropertyOf}
    assert len(above) == 4
    assert not [term for term in above if (term, RDFS.domain, None) in published]
    assert not [term for term in above if (term, RDFS.range, None) in published]


def test_every_term_of_prov_dcat_and_dcmi_exists() -> None:
    known = {str(term) for namespace in (PROV, DCAT, DCTERMS) for term in dir_of(namespace)}
    targets = {str(target) for _, _, target in links("prov-dcat")}
    assert len(targets) == 20
    assert targets - known == set()


def test_every_term_of_ml_schema_and_dqv_exists() -> None:
    assert {str(target) for _, _, target in links("mls-dqv")} == ML_AND_QUALITY


def test_the_superclasses_in_the_design_are_reached(modules: Graph, alignments: Graph) -> None:
    whole = modules + alignments
    expected = {
        "AISystem": {PREFIXES["airo"] + "AISystem", DPV[2] + "AISystem"},
        "Model": {str(PROV.Entity), "http://www.w3.org/ns/mls#Model"},
        "Dataset": {str(DCAT.Dataset), str(PROV.Entity)},
        "AffectedParty": {PREFIXES["airo"] + "Stakeholder"},
        "Supplier": {str(PROV.Agent)},
        "Risk": {PREFIXES["airo"] + "Risk", DPV[0] + "Risk"},
        "Control": {PREFIXES["airo"] + "RiskControl"},
        "Owner": {str(PROV.Agent)},
        "Evidence": {str(PROV.Entity)},
        "Audit": {str(PROV.Activity)},
        "Incident": {str(PROV.Activity)},
        "Metric": {"http://www.w3.org/ns/dqv#Metric"},
        "Requirement": {str(SKOS.Concept)},
        "ControlArea": {str(SKOS.Concept)},
    }
    for name, wanted in expected.items():
        reached = {str(term) for term in whole.transitive_objects(URIRef(AIMS + name), RDFS.subClassOf)}
        assert wanted <= reached, name


def test_no_alignment_makes_one_dependency_count_twice(modules: Graph, alignments: Graph) -> None:
    """A reasoner that follows sub-properties must not turn one annotated edge into two."""
    annotated = set(modules.subjects(URIRef(AIMS + "impactDirection")))
    whole = modules + alignments
    for term in annotated:
        above = set(whole.transitive_objects(term, RDFS.subPropertyOf)) - {term}
        assert above & annotated == set(), term


def dir_of(namespace: object) -> list[object]:
    return [term for term in dir(namespace) if isinstance(term, URIRef)]
