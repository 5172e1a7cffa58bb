"""A small vocabulary and a small organisation, written out so that the tests depend on nothing else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from aimsgraph.model.node import NodeRef
from aimsgraph.store import describe, memory_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.store import View

TODAY = date(2026, 9, 30)
EX = "https://example.org/meridian/"

PREFIXES = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix ex: <https://example.org/meridian/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix iso42001: <https://w3id.org/aimsgraph/iso42001/> .
@prefix area: <https://w3id.org/aimsgraph/area/> .
"""

VOCABULARY = """
prov:wasDerivedFrom aims:impactDirection aims:ObjectToSubject ;
  aims:flowKind aims:Derivation ; aims:defaultTransmission 0.8 .
aims:trainedOn aims:impactDirection aims:ObjectToSubject ;
  aims:flowKind aims:Derivation ; aims:defaultTransmission 0.8 .
aims:usesModel aims:impactDirection aims:ObjectToSubject ;
  aims:flowKind aims:Use ; aims:defaultTransmission 0.9 .
aims:dependsOn aims:impactDirection aims:ObjectToSubject ;
  aims:flowKind aims:Use ; aims:defaultTransmission 0.7 .
aims:affectsParty aims:impactDirection aims:SubjectToObject ;
  aims:flowKind aims:Effect ; aims:defaultTransmission 0.9 .
aims:threatens aims:impactDirection aims:SubjectToObject ;
  aims:flowKind aims:Threat ; aims:defaultTransmission 0.5 .
aims:involves aims:impactDirection aims:SubjectToObject ;
  aims:flowKind aims:Threat ; aims:defaultTransmission 1.0 .
aims:realises aims:impactDirection aims:SubjectToObject ;
  aims:flowKind aims:Threat ; aims:defaultTransmission 1.0 .
aims:guards aims:guardRole aims:GuardsOutgoingEdges .
aims:mitigates aims:guardRole aims:GuardsOutgoingEdges .
aims:ModelVersion rdfs:subClassOf aims:Model .
aims:Audit rdfs:subClassOf aims:Assessment .
"""


@pytest.fixture(scope="session")
def graph() -> Callable[..., View]:
    """Put Turtle (with the usual prefixes) and the small vocabulary into memory."""

    def view(*texts: str) -> View:
        return memory_view(*(PREFIXES + text for text in (VOCABULARY, *texts)))

    return view


@pytest.fixture(scope="session")
def named() -> Callable[[View, str], NodeRef]:
    """Name a node by its local name, or by its IRI."""

    def ref(view: View, name: str) -> NodeRef:
        iri = name if "://" in name else EX + name
        return describe(view, [iri])[iri]

    return ref
