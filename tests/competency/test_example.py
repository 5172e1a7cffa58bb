"""What the example organisation promises: its numbers, its integrity and its planted gaps."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import PROV, XSD

from aimsgraph.validate import load_shapes, validate_graph

ROOT = Path(__file__).resolve().parents[2]
MERIDIAN = ROOT / "examples" / "meridian"
EX = "https://example.org/meridian/"
HOUSE = "https://w3id.org/aimsgraph/"
AIMS = Namespace(HOUSE + "ns#")
TODAY = Literal("2026-09-30", datatype=XSD.date)
ALTERED = URIRef(EX + "evidence/training-set-signoff-2026")
EXPIRED = {
    "bureau-intake-2026-04",
    "bureau-intake-2026-08",
    "bureau-poisoning-drill-2026",
    "data-quality-scorecard-2025-q2",
    "fraud-feature-screen-2025",
}
FAMILIES = ("BiasAndFairness", "Security", "Privacy", "Regulatory", "Operational", "Reputational")

LEAST = {
    "AISystem": 8,
    "Dataset": 30,
    "Risk": 40,
    "Control": 60,
    "Evidence": 100,
    "Owner": 8,
    "Supplier": 5,
    "AffectedParty": 5,
    "BusinessProcess": 5,
    "Incident": 10,
    "CorrectiveAction": 10,
    "Nonconformity": 5,
    "ImpactAssessment": 5,
    "RiskAssessment": 5,
    "Audit": 2,
    "ManagementReview": 1,
    "Objective": 5,
    "Policy": 5,
    "Metric": 10,
    "Measurement": 20,
    "OversightMeasure": 8,
    "TransparencyNotice": 8,
    "ApplicabilityEntry": 38,
    "RiskAcceptance": 2,
    "Dependency": 100,
    "ManagementSystem": 1,
    "ControlTest": 12,
    "Change": 8,
    "Deployment": 8,
    "Document": 20,
    "Responsibility": 8,
    "Competence": 8,
    "Benefit": 10,
    "Harm": 10,
}


def turtle_files() -> list[Path]:
    files = sorted(MERIDIAN.glob("*.ttl"))
    assert len(files) == 23
    return files


@cache
def example() -> Graph:
    graph = Graph()
    for path in turtle_files():
        graph.parse(path)
    return graph


@cache
def ontology() -> Graph:
    graph = Graph()
    files = sorted((ROOT / "ontology").glob("*.ttl"))
    assert len(files) >= 9
    for path in files:
        graph.parse(path)
    return graph


def prefixes() -> dict[str, str]:
    return {
        prefix: iri
        for path in turtle_files()
        for prefix, iri in re.findall(r"^@prefix (\w+): <([^>]+)> \.$", path.read_text("utf-8"), re.M)
    }


def planted() -> dict[str, URIRef]:
    """Return the planted gaps of the README: name of the gap → the node that has it."""
    table = (MERIDIAN / "README.md").read_text("utf-8").partition("## Planted gaps")[2]
    rows = re.findall(r"^\| ([^|`]+) \| `(\w+):([^`]+)` \| ([a-z-]+) \| [^|]+ \|$", table, re.M)
    known = prefixes()
    areas = {str(area) for area in ontology().subjects(RDF.type, AIMS.ControlArea)}
    assert {HOUSE + "area/" + row[3] for row in rows} <= areas
    return {gap.strip(): URIRef(known[prefix] + local) for gap, prefix, local, _area in rows}


def typed(name: str) -> set[URIRef]:
    return {node for node in example().subjects(RDF.type, AIMS[name]) if node is not None}  # type: ignore[misc]


@pytest.mark.parametrize(("name", "least"), LEAST.items())
def test_there_are_enough_of_each_kind(name: str, least: int) -> None:
    assert len(typed(name)) >= least


def test_models_and_versions_are_at_least_fifteen() -> None:
    assert len(typed("Model") | typed("ModelVersion")) >= 15


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_has_at_least_five_risks(family: str) -> None:
    assert len(set(example().subjects(AIMS.riskFamily, AIMS[family]))) >= 5


def test_every_risk_names_its_probability_and_most_its_loss() -> None:
    risks = typed("Risk")
    assert all((risk, AIMS.annualProbability, None) in example() for risk in risks)
    assert sum((risk, AIMS.expectedLoss, None) in example() for risk in risks) > len(risks) * 0.8


def test_every_named_node_has_one_label_and_no_two_share_it() -> None:
    graph = example()
    named = {node for node in graph.subjects(RDF.type) if isinstance(node, URIRef)}
    labels = Counter(str(label) for node in named for label in graph.objects(node, RDFS.label))
    assert [label for label, times in labels.items() if times > 1] == []
    assert all(len(list(graph.objects(node, RDFS.label))) == 1 for node in named)


def test_every_node_of_the_example_that_is_named_is_described() -> None:
    graph = example()
    described = set(graph.subjects(RDF.type))
    mentioned = {term for triple in graph for term in triple if str(term).startswith(EX)}
    assert mentioned - described == set()


def test_every_house_term_is_defined_in_the_ontology() -> None:
    used = {term for triple in example() for term in triple if isinstance(term, URIRef) and HOUSE in term}
    assert len(used) > 100
    shapes = {check.iri for check in load_shapes().checks}  # what a waiver lets pass
    assert {term for term in used if str(term) not in shapes} - set(ontology().subjects(RDF.type)) == set()


def test_every_annex_a_control_is_in_the_statement_and_all_but_two_are_implemented() -> None:
    annex = {
        node
        for node in example().objects(None, AIMS.aboutRequirement)
        if re.search(r"/iso42001/A\.\d+(\.\d+)+$", str(node))
    }
    assert len(annex) == 38
    controls = typed("Control")
    done = {node for control in controls for node in example().objects(control, AIMS.implements)}
    assert {str(node).rpartition("/")[2] for node in annex - done} == {"A.4.5", "A.8.3"}


def test_every_piece_of_evidence_is_its_file_except_the_altered_one() -> None:
    graph = example()
    differing = set()
    for node in typed("Evidence"):
        content = (MERIDIAN / str(graph.value(node, AIMS.location))).read_bytes()
        if hashlib.sha256(content).hexdigest() != str(graph.value(node, AIMS.sha256)):
            differing.add(node)
    assert differing == {ALTERED}


def test_every_file_of_evidence_belongs_to_one_piece() -> None:
    located = Counter(str(place) for place in example().objects(None, AIMS.location))
    shipped = {
        path.relative_to(MERIDIAN).as_posix() for path in (MERIDIAN / "evidence").rglob("*") if path.is_file()
    }
    assert set(located) == shipped
    assert max(located.values()) == 1


def test_no_two_files_of_evidence_say_the_same() -> None:
    contents = Counter(path.read_bytes() for path in (MERIDIAN / "evidence").rglob("*.*"))
    assert len(contents) >= 100
    assert max(contents.values()) == 1


def test_every_piece_of_evidence_belongs_to_a_control_and_every_control_has_one() -> None:
    controls = typed("Control")
    proven = {control: set(example().objects(control, AIMS.evidencedBy)) for control in controls}
    assert all(proven.values())
    assert set().union(*proven.values()) == typed("Evidence")


def test_datasets_are_derived_at_least_five_deep_without_going_in_circles() -> None:
    derived: defaultdict[URIRef, list[URIRef]] = defaultdict(list)
    datasets = typed("Dataset")
    for subject, source in example().subject_objects(PROV.wasDerivedFrom):
        if subject in datasets and source in datasets:
            derived[subject].append(source)  # type: ignore[index, arg-type]

    def depth(node: URIRef, above: frozenset[URIRef] = frozenset()) -> int:
        assert node not in above
        return max((1 + depth(source, above | {node}) for source in derived[node]), default=0)

    assert max(depth(node) for node in datasets) >= 5


def test_lending_decisions_come_back_to_the_scorecard_as_outcomes() -> None:
    assert (
        example()
        .query(
            """
        PREFIX aims: <https://w3id.org/aimsgraph/ns#>
        PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX ex: <https://example.org/meridian/>
        ASK {
            <https://example.org/meridian/model/credit-scorecard-v3>
                aims:trainedOn/prov:wasDerivedFrom+/aims:dependsOn/^aims:supportsProcess/aims:usesModel
                <https://example.org/meridian/model/credit-scorecard-v3>
        }"""
        )
        .askAnswer
    )


def test_gates_need_two_ways_in() -> None:
    process = URIRef(EX + "process/payment-hold")
    assert set(example().objects(process, AIMS.gate)) == {AIMS.AndGate}
    assert len(set(example().subjects(AIMS.supportsProcess, process))) == 2
    escalation = URIRef(EX + "process/legal-escalation")
    assert set(example().objects(escalation, AIMS.gateThreshold)) == {Literal(2)}
    assert len(set(example().subjects(AIMS.supportsProcess, escalation))) == 3


def test_nothing_that_is_said_to_have_happened_lies_after_the_reference_date() -> None:
    assert set(example().objects(None, AIMS.referenceDate)) == {TODAY}
    past = ("collectedOn", "approvedOn", "performedOn", "occurredOn", "closedOn", "completedOn", "measuredOn")
    later = {
        (subject, name)
        for name in past
        for subject, day in example().subject_objects(AIMS[name])
        if day.toPython() > TODAY.toPython()  # type: ignore[attr-defined]
    }
    assert later == set()


def test_planted_gaps_are_thirty_six_and_their_nodes_exist() -> None:
    gaps = planted()
    assert len(gaps) == 36
    assert {node for node in gaps.values() if (node, RDF.type, None) not in example()} == set()


def test_validation_finds_the_planted_gaps_and_nothing_else() -> None:
    # What a finding is about is sometimes the thing beside the node that is at fault.
    beside = {
        "acceptance/marketing-overreach-2025": "risk/marketing-overreach",
        "oversight/hiring-screener": "system/hiring-screener",
        "notice/account-takeover": "system/account-takeover",
    }
    nodes = {str(node).removeprefix(EX) for node in planted().values() if node != ALTERED}
    expected = {beside.get(node, node) for node in nodes} | {f"evidence/{name}" for name in EXPIRED}
    report = validate_graph(example(), today=date(2026, 9, 30))
    assert {finding.focus.removeprefix(EX) for finding in report.every_finding()} == expected
    assert {finding.focus.removeprefix(EX) for waiver in report.waivers for finding in waiver.findings} == {
        "dataset/device-fingerprints"
    }


def test_only_the_planted_pieces_of_evidence_have_expired() -> None:
    expired = {
        str(node).rpartition("/")[2]
        for node, day in example().subject_objects(AIMS.validUntil)
        if day.toPython() < TODAY.toPython()  # type: ignore[attr-defined]
        if (node, RDF.type, AIMS.Evidence) in example()
    }
    assert expired == EXPIRED


def test_oxigraph_reads_every_file_and_rewrites_no_literal() -> None:
    read: set[tuple[str, str]] = set()
    for path in turtle_files():
        for quad in ox.parse(path=str(path)):
            if isinstance(quad.object, ox.Literal):
                read.add((quad.object.value, quad.object.datatype.value))
    store = ox.Store()
    for path in turtle_files():
        store.load(path=str(path))
    kept = {
        (quad.object.value, quad.object.datatype.value)
        for quad in store
        if isinstance(quad.object, ox.Literal)
    }
    assert len(read) > 1000
    assert read == kept
    assert len(store) == len(example())
