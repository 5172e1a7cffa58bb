"""An OWL 2 RL reasoner finds no contradiction, and tells no node that it is something else."""

from __future__ import annotations

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.namespace import OWL

from aimsgraph import resources
from aimsgraph.vocab import AIMS
from tests.ontology.conftest import ALIGNMENTS, MODULES, read

#: Where owlrl writes down what contradicts itself.
CONTRADICTION = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
EX = Namespace("https://example.org/")
PREFIXES = "@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix ex: <https://example.org/> . "


def concluded(data: Graph) -> Graph:
    """Return ``data`` and the ontology with all that OWL 2 RL concludes; the standard's entries add nothing here."""
    graph = data + read([path for path in MODULES if path.stem != "iso42001"] + ALIGNMENTS)
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return graph


def kinds(graph: Graph, nodes: set[object]) -> set[tuple[object, str]]:
    return {
        (node, str(kind))
        for node, kind in graph.subject_objects(RDF.type)
        if node in nodes and str(kind).startswith(AIMS)
    }


def test_the_example_gains_superclasses_alone(modules: Graph) -> None:
    example = read(resources.files("examples", "*.ttl"))
    nodes = {node for node in example.subjects() if str(node).startswith("https://example.org/")}
    assert len(nodes) > 300
    said = kinds(example, nodes)
    above = {
        (node, str(up))
        for node, kind in said
        for up in modules.transitive_objects(URIRef(kind), RDFS.subClassOf)
    }
    graph = concluded(example)
    assert kinds(graph, nodes) - above == set()
    assert set(graph.objects(None, CONTRADICTION)) == set()


MIX_UPS = [
    "ex:thing a aims:Model , aims:Dataset",
    "ex:thing a aims:AISystem , aims:BusinessProcess",
    "ex:thing a aims:Metric , aims:Measurement",
    "ex:thing aims:versionOf ex:thing",
    "ex:one aims:versionOf ex:two . ex:two aims:versionOf ex:one",
    "ex:thing a aims:Owner , aims:AISystem",
    "ex:thing a aims:Supplier , aims:Dataset",
    "ex:thing a aims:AffectedParty , aims:Model",
    "ex:thing a aims:Risk , aims:RiskAcceptance",
    "ex:thing a aims:Risk , aims:Dataset",
    "ex:thing a aims:Control , aims:Requirement",
    "ex:thing a aims:Control , aims:Risk",
    "ex:thing a aims:ControlTest , aims:Control",
    "ex:thing a aims:Incident , aims:Risk",
    "ex:thing a aims:Nonconformity , aims:CorrectiveAction",
    "ex:thing a aims:Benefit , aims:Harm",
    "ex:thing a aims:Change , aims:AISystem",
    "ex:thing a aims:Deployment , aims:ModelVersion",
    "ex:thing aims:trainedOn ex:thing",
    "ex:thing aims:mitigates ex:thing",
    "ex:thing aims:changes ex:thing",
]
HARMLESS = [
    "ex:thing a aims:Owner , aims:AffectedParty",
    "ex:thing a aims:Supplier , aims:AffectedParty",
    "ex:thing a aims:Owner , aims:Supplier",
    "ex:thing a aims:Evidence , aims:Dataset",
    "ex:thing a aims:Evidence , aims:Document",
    "ex:thing a aims:AISystem , aims:Control",
    "ex:thing a aims:Policy , aims:Control",
    "ex:thing a aims:OversightMeasure , aims:Control",
    "ex:thing a aims:Incident , aims:Nonconformity",
    "ex:thing a aims:Audit , aims:ControlTest",
    "ex:thing a aims:CorrectiveAction , aims:Change",
    "ex:one aims:dependsOn ex:two . ex:two aims:dependsOn ex:one",
    "ex:thing aims:mitigates ex:one , ex:two ; aims:ownedBy ex:ann , ex:bob",
]


@pytest.fixture(scope="module")
def contradictions() -> set[str]:
    """What the reasoner objects to when every mix-up is said at once, each of a thing of its own."""
    claims = [claim.replace("ex:", f"ex:{number}-") for number, claim in enumerate(MIX_UPS)]
    graph = concluded(Graph().parse(data=f"{PREFIXES}{' . '.join(claims)} .", format="turtle"))
    return {str(text) for text in graph.objects(None, CONTRADICTION)}


@pytest.mark.parametrize("number", range(len(MIX_UPS)), ids=MIX_UPS)
def test_a_mix_up_is_a_contradiction(number: int, contradictions: set[str]) -> None:
    assert [text for text in contradictions if f"{EX}{number}-" in text] != []


def test_what_may_well_be_is_no_contradiction_and_makes_no_two_things_one() -> None:
    claims = [claim.replace("ex:", f"ex:{number}-") for number, claim in enumerate(HARMLESS)]
    graph = concluded(Graph().parse(data=f"{PREFIXES}{' . '.join(claims)} .", format="turtle"))
    assert set(graph.objects(None, CONTRADICTION)) == set()
    same = {(a, b) for a, b in graph.subject_objects(OWL.sameAs) if str(a).startswith(EX) and a != b}
    assert same == set()


def test_a_slip_in_the_data_changes_no_class() -> None:
    """A system that is said to be trained on something stays a system and does not become a model."""
    text = "ex:system a aims:AISystem ; aims:trainedOn ex:data ; aims:mitigates ex:risk ; aims:guards ex:data"
    graph = concluded(Graph().parse(data=f"{PREFIXES}{text} .", format="turtle"))
    assert kinds(graph, {EX.system, EX.data, EX.risk}) == {(EX.system, AIMS + "AISystem")}
    assert set(graph.objects(None, CONTRADICTION)) == set()


def test_no_property_makes_two_things_one(modules: Graph) -> None:
    """A functional object property would; so would its inverse kind, and a key."""
    merging = {
        term
        for kind in (OWL.FunctionalProperty, OWL.InverseFunctionalProperty)
        for term in modules.subjects(RDF.type, kind)
        if (term, RDF.type, OWL.DatatypeProperty) not in modules
    }
    assert merging == set()
    assert len(set(modules.subjects(RDF.type, OWL.FunctionalProperty))) == 5
    assert set(modules.subject_objects(OWL.hasKey)) == set()
