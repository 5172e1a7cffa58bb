"""An OWL 2 RL reasoner finds no contradiction, and tells no node that it is something else."""

from __future__ import annotations

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import RDF, RDFS, Graph, Namespace, URIRef

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


@pytest.mark.parametrize(
    "claim",
    [
        "ex:thing a aims:Model , aims:Dataset",
        "ex:thing a aims:AISystem , aims:BusinessProcess",
        "ex:thing a aims:Metric , aims:Measurement",
        "ex:thing aims:versionOf ex:thing",
        "ex:one aims:versionOf ex:two . ex:two aims:versionOf ex:one",
    ],
)
def test_a_mix_up_is_a_contradiction(claim: str) -> None:
    graph = concluded(Graph().parse(data=f"{PREFIXES}{claim} .", format="turtle"))
    assert len(set(graph.objects(None, CONTRADICTION))) >= 1


def test_a_slip_in_the_data_changes_no_class() -> None:
    """A system that is said to be trained on something stays a system and does not become a model."""
    text = "ex:system a aims:AISystem ; aims:trainedOn ex:data ; aims:mitigates ex:risk ; aims:guards ex:data"
    graph = concluded(Graph().parse(data=f"{PREFIXES}{text} .", format="turtle"))
    assert kinds(graph, {EX.system, EX.data, EX.risk}) == {(EX.system, AIMS + "AISystem")}
    assert set(graph.objects(None, CONTRADICTION)) == set()
