"""The annotations that impact, lineage and diagrams run on have exactly these values."""

from __future__ import annotations

from decimal import Decimal

from rdflib import Graph, URIRef
from rdflib.namespace import PROV

from aimsgraph.vocab import AIMS

BACK, FORTH = "ObjectToSubject", "SubjectToObject"
EDGES = {
    str(PROV.wasDerivedFrom): (BACK, "Derivation", "0.8"),
    AIMS + "trainedOn": (BACK, "Derivation", "0.8"),
    AIMS + "evaluatedOn": (BACK, "Derivation", "0.2"),
    AIMS + "usesModel": (BACK, "Use", "0.9"),
    AIMS + "usesDataset": (BACK, "Use", "0.7"),
    AIMS + "dependsOn": (BACK, "Use", "0.7"),
    AIMS + "suppliedBy": (BACK, "Supply", "0.5"),
    AIMS + "supportsProcess": (FORTH, "Effect", "0.9"),
    AIMS + "affectsParty": (FORTH, "Effect", "0.9"),
    AIMS + "threatens": (FORTH, "Threat", "0.5"),
    AIMS + "involves": (FORTH, "Threat", "1"),
    AIMS + "realises": (FORTH, "Threat", "1"),
}


def name(term: object) -> str:
    return str(term).removeprefix(AIMS)


def test_these_properties_carry_impact_this_way(modules: Graph) -> None:
    found = {
        str(term): (
            name(direction),
            name(modules.value(term, URIRef(AIMS + "flowKind"))),
            str(modules.value(term, URIRef(AIMS + "defaultTransmission"))),
        )
        for term, direction in modules.subject_objects(URIRef(AIMS + "impactDirection"))
    }
    assert found == EDGES


def test_default_transmissions_are_probabilities(modules: Graph) -> None:
    values = [value.toPython() for value in modules.objects(None, URIRef(AIMS + "defaultTransmission"))]
    assert len(values) == 12
    assert all(isinstance(value, Decimal) and 0 < value <= 1 for value in values)


def test_mitigating_and_guarding_stop_outgoing_edges(modules: Graph) -> None:
    found = {(name(term), name(role)) for term, role in modules.subject_objects(URIRef(AIMS + "guardRole"))}
    assert found == {("mitigates", "GuardsOutgoingEdges"), ("guards", "GuardsOutgoingEdges")}


def test_every_dimension_is_carried_by_some_property(modules: Graph) -> None:
    carried = {name(value) for value in modules.objects(None, URIRef(AIMS + "impactDimension"))}
    assert carried == {
        "Quality", "FairnessDimension", "PrivacyDimension", "SafetyDimension",
        "AvailabilityDimension", "SecurityDimension",
    }  # fmt: skip
