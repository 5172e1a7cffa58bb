"""What is read as ours is published where it comes from, is of the same sort, and is turned round where it must be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.namespace import OWL, SKOS

from aimsgraph.vocab import AIMS
from tests.ontology.conftest import FOLDER, read

if TYPE_CHECKING:
    from pathlib import Path

READINGS = sorted((FOLDER / "rules").glob("*.ttl"))
READ_AS, INVERSE = URIRef(AIMS + "readAs"), URIRef(AIMS + "readInverseAs")
PUBLISHED = {
    "reading-ai-atlas-nexus": ("ibm-ai-atlas-nexus/graph_export/owl/ai-risk-ontology_schema.ttl",),
    "reading-airo": ("airo-vair/airo.ttl",),
    "reading-dpv": (
        "dpv-2.3/dpv/dpv.ttl",
        "dpv-2.3/risk/risk.ttl",
        "dpv-2.3/ai/ai.ttl",
        "dpv-2.3/tech/tech.ttl",
        "dpv-2.3/legal/eu/aiact/eu-aiact.ttl",
    ),
}
#: Not published, but written in published data: AIRO's namespace in capitals, DCAT by its specification's address.
FOUND_IN_DATA = ("https://w3id.org/AIRO#", "https://www.w3.org/TR/vocab-dcat-3/")
#: How many readings of classes and of properties each file holds, as in its text.
COUNTS = {"reading-ai-atlas-nexus": (9, 6), "reading-airo": (19, 19), "reading-dpv": (22, 14)}
IS_CLASS = {OWL.Class, RDFS.Class}
IS_PROPERTY = {OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property}
#: Properties of others that start at the thing where ours starts at its risk, control, incident or part.
TURNED = {
    "hasRisk": "threatens",
    "hasRiskControl": "guards",
    "hasControl": "guards",
    "hasIncident": "involves",
    "isMitigatedByMeasure": "mitigates",
    "isComponentOf": "dependsOn",
}


def readings(graph: Graph) -> list[tuple[URIRef, URIRef, URIRef]]:
    return [triple for triple in graph if triple[1] in (READ_AS, INVERSE)]


def is_property(term: URIRef, graph: Graph) -> bool:
    return bool(set(graph.objects(term, RDF.type)) & IS_PROPERTY)


def test_the_files_are_these_and_hold_so_many_readings(modules: Graph) -> None:
    counted = {}
    for path in READINGS:
        targets = [ours for _, _, ours in readings(read([path]))]
        properties = sum(is_property(ours, modules) for ours in targets)
        counted[path.stem] = (len(targets) - properties, properties)
    assert counted == COUNTS


@pytest.mark.parametrize("path", READINGS, ids=lambda path: path.stem)
def test_a_file_of_readings_says_what_it_is_and_nothing_but_readings(path: Path) -> None:
    graph = read([path])
    name = URIRef(f"https://w3id.org/aimsgraph/ontology/rules/{path.stem}")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [name]
    assert {predicate for subject, predicate, _ in graph if subject != name} <= {READ_AS, INVERSE}
    declared = re.findall(r"^@prefix ([\w-]+): ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert declared == sorted(declared)


@pytest.mark.shared_data
@pytest.mark.parametrize("path", READINGS, ids=lambda path: path.stem)
def test_what_is_read_is_published_and_classes_are_read_as_classes(
    path: Path, modules: Graph, shared_data: Path
) -> None:
    published = read([shared_data / name for name in PUBLISHED[path.stem]])
    checked = 0
    for theirs, _, ours in readings(read([path])):
        assert set(modules.objects(ours, RDF.type)) or ours == SKOS.inScheme, ours
        if str(theirs).startswith(FOUND_IN_DATA):
            continue
        kinds = set(published.objects(theirs, RDF.type))
        assert kinds & (IS_PROPERTY if is_property(ours, modules) else IS_CLASS), (
            f"{theirs} is not declared so"
        )
        checked += 1
    assert checked >= 15


def test_a_property_is_turned_round_when_it_starts_at_the_other_end() -> None:
    turned = {
        (re.split(r"[#/]", theirs)[-1], ours.removeprefix(AIMS))
        for theirs, how, ours in readings(read(READINGS))
        if how == INVERSE
    }
    assert turned == set(TURNED.items())
