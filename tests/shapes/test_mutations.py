"""Each statement of the example organisation left out in turn: exactly the findings come and go that follow from it.

``mutations.tsv`` holds what every single statement does; what stands in it is held against the shapes as rdflib reads
them, and against pySHACL, neither of which shares anything with the evaluator that made it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, SH, BNode, Literal, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.paths import InvPath, SequencePath, eval_path

from aimsgraph.validate import validate
from aimsgraph.validate.peer import degraded, examined, results_in
from aimsgraph.vocab import local_name
from tests.property import tries
from tests.shapes.mutations import (
    SHAPE,
    TODAY,
    Effect,
    Example,
    Mutations,
    component_name,
    example,
    read_snapshot,
    statements,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.paths import Path
    from rdflib.term import Node

    from aimsgraph.validate import Shape
    from aimsgraph.validate.examined_graph import ExaminedGraph
    from tests.shapes.mutations import Statement

Key = tuple[str, str, str]

KNOWN = read_snapshot()
#: The shapes about a date that has passed, a wrong value or an order: they find what is there, not what is missing.
#: The others among them ask for one of several statements, all of which the example has.
SILENT = """
    AboveAppetiteAccepted AcceptanceCurrent AcceptanceInOrder AmountNotNegative AppetiteLevelKnown AppetiteStated
    ApproverIndependent AuditedWithinYear AuditorIndependent BooleanWellFormed ClassKnown ClosedAfterRaised
    CollectedAfterObserved CompetenceCurrent DateWellFormed DependencyInOrder DerivationAcyclic DocumentReviewed
    DocumentTypeKnown DriftKept EffectReviewerIndependent EffectivenessResultKnown EvaluatedOnOtherData
    EvidenceApprovedLater ExpectedLossIsMean FractionInRange GateKnown HarmLevelKnown HashWellFormed
    ImpactAssessedBeforeDeployment ImpactReassessedAfterChange ImpactReviewedInTime ImplementsRequirement
    IncidentClosedLater IncidentDetectedLater IndependenceHolds IndependenceKnown LabelSingle LifecycleStageKnown
    LossNotNegative LossStatedOnce ManagementReviewed NewestTestPassed NoticeBeforeUse NoticeFollowsChange
    NoticeGiven ObservationInOrder OrdinalInRange OverseerCurrent OversightAssigned OversightModeKnown OwnerCurrent
    PolicyReviewed ProhibitedNotDeployed RecordedAfterCollected ResidualNotAboveInherent RetiredAfterDeployed
    ReviewedAfterCompleted RiskAssessed RiskFamilyKnown RiskTierKnown RiskTypeInFamily SampleWithinPopulation
    SingleValued StatusKnown TestOutcomeKnown TesterIndependent ThresholdKept ThresholdKindKnown TreatmentKnown
    ValidityInOrder WaiverCurrent WaiverIndependent
"""


@pytest.fixture(scope="module")
def of() -> Example:
    return example()


def came(component: str) -> dict[Key, set[tuple[str, str]]]:
    """Statement → shape and node of each new finding of a component, as the snapshot has it."""
    found = {
        key: {(one.shape, one.focus) for one in effects if one[0] == "+" and one.component == component}
        for key, effects in KNOWN.items()
    }
    return {key: new for key, new in found.items() if new}


def looked_at(of: Example, check: Shape) -> set[Node]:
    """The nodes that a shape targets, as rdflib finds them."""
    nodes: set[Node] = set()
    for kind, term in check.targets:
        if kind == SH.targetClass:
            for cls in of.whole.transitive_subjects(RDFS.subClassOf, term):
                nodes |= set(of.whole.subjects(RDF.type, cls))
        elif kind == SH.targetSubjectsOf:
            nodes |= set(of.whole.subjects(term))
        elif kind == SH.targetObjectsOf:
            nodes |= set(of.whole.objects(None, term))
        else:
            nodes.add(term)
    return nodes


def steps(path: Node | Path) -> set[Node]:
    """The properties in a path."""
    if isinstance(path, URIRef):
        return {path}
    inner = [path.arg] if isinstance(path, InvPath) else path.args  # type: ignore[union-attr]
    return {step for part in inner for step in steps(part)}


def has(of: Example, node: Node, path: Node | Path) -> bool:
    return any(True for _ in eval_path(of.whole, (node, path, None)))


def lacking(of: Example, check: Shape) -> Iterator[tuple[Statement, Node]]:
    """Each statement without which a node that the shape looks at has no value left along its path."""
    path = parse_shacl_path(of.shapes.graph, of.shapes.graph.value(check.node, SH.path))
    nodes = {node for node in looked_at(of, check) if has(of, node, path)}
    for link in steps(path):
        for statement in list(of.data.triples((None, link, None))):
            # Only a sequence reaches further than the two ends of the statement.
            near = nodes if isinstance(path, SequencePath) else nodes & {statement[0], statement[2]}
            of.whole.remove(statement)
            # Without the statement that makes it a target, a node is not looked at: nothing is demanded of it.
            lost = [node for node in near if not has(of, node, path)]
            still = looked_at(of, check) if lost else set()
            of.whole.add(statement)
            yield from ((statement, node) for node in lost if node in still)


def test_leaving_out_the_only_value_that_a_count_demands_is_found_for_that_shape_and_node(
    of: Example,
) -> None:
    expected: dict[Key, set[tuple[str, str]]] = defaultdict(set)
    counted = [check for check in of.shapes.checks if (check.node, SH.minCount, None) in of.shapes.graph]
    assert len(counted) == 64  # twelve more counts stand within sh:or: none is demanded on its own
    for check in counted:
        assert list(of.shapes.graph.objects(check.node, SH.minCount)) == [Literal(1)]
        for statement, node in lacking(of, check):
            expected[of.key(statement)].add((local_name(check.iri), of.name(node)))
    assert came("MinCount") == expected


def test_leaving_out_the_only_class_of_a_value_is_found_for_each_node_that_needs_it(of: Example) -> None:
    expected: dict[Key, set[tuple[str, str]]] = defaultdict(set)
    for check in of.shapes.checks:
        path = of.shapes.graph.value(check.node, SH.path)
        for wanted in of.shapes.graph.objects(check.node, SH["class"]):
            below = set(of.whole.transitive_subjects(RDFS.subClassOf, wanted))
            for node in looked_at(of, check):
                for value in of.whole.objects(node, path):
                    classes = [cls for cls in of.whole.objects(value, RDF.type) if cls in below]
                    if len(classes) == 1 and (value, RDF.type, classes[0]) in of.data:
                        key = of.key((value, RDF.type, classes[0]))
                        expected[key].add((local_name(check.iri), of.name(node)))
    assert came("Class") == expected


def test_what_comes_and_goes_is_of_shapes_that_mention_the_property_or_class(of: Example) -> None:
    by_key = {of.key(statement): statement for statement in statements(of)}
    assert len(by_key) == len(of.data)
    unconcerned = {
        (key, one.shape)
        for key, effects in KNOWN.items()
        for one in effects
        if SHAPE + one.shape not in of.concerned(by_key[key])
    }
    assert unconcerned == set()


def test_each_shape_that_no_single_statement_makes_speak_is_known() -> None:
    of_all = {local_name(check.iri) for check in example().shapes.checks}
    speaking = {one.shape for effects in KNOWN.values() for one in effects if one.sign == "+"}
    assert of_all - speaking == set(SILENT.split())


def one_of_each_kind(of: Example) -> list[Statement]:
    """The first statement for each property, class of its subject, and set of shapes that it makes speak."""
    kinds: dict[object, Statement] = {}
    for statement in statements(of):
        effects = KNOWN.get(of.key(statement), ())
        cls = of.data.value(statement[0], RDF.type)
        shapes = frozenset((one.sign, one.shape) for one in effects)
        kinds.setdefault((statement[1], cls, shapes), statement)
    return list(kinds.values())


@pytest.mark.slow
def test_leaving_out_a_statement_does_exactly_what_the_snapshot_says(of: Example) -> None:
    mutations = Mutations(of)
    sample = one_of_each_kind(of)
    assert len(sample) > 500
    wrong = {
        key: (KNOWN.get(key, ()), found)
        for statement in sample
        if (found := mutations.effects(statement)) != KNOWN.get(key := of.key(statement), ())
    }
    assert wrong == {}


def test_no_other_shape_says_anything_about_a_statement_left_out(of: Example) -> None:
    before = every_outcome(of)
    assert sum(before.values()) == 40
    for statement in one_of_each_kind(of)[:: 50 // tries(1)]:  # a full run for each: by night of more of them
        with without(of.view.store, statement):
            after = every_outcome(of)
        changes = [one._replace(sign="+") for one in (after - before).elements()]
        changes += [one._replace(sign="-") for one in (before - after).elements()]
        assert tuple(sorted(changes)) == KNOWN.get(of.key(statement), ()), statement


def every_outcome(of: Example) -> Counter[Effect]:
    found = validate(of.view, today=TODAY).findings
    return Counter(
        Effect("", local_name(one.shape), component_name(URIRef(one.component)), _named(of, one.focus))
        for one in found
    )


def _named(of: Example, focus: str) -> str:
    return of.name(BNode(focus[2:]) if focus.startswith("_:") else URIRef(focus))


@pytest.mark.slow
def test_pyshacl_finds_the_same_where_a_query_speaks(of: Example) -> None:
    speaking: dict[str, Statement] = {}
    for statement in statements(of):
        for one in KNOWN.get(of.key(statement), ()):
            if one.sign == "+" and one.component not in {"MinCount", "Class"}:
                speaking.setdefault(one.shape, statement)
    assert len(speaking) == 50
    whole = examined(of.whole, TODAY)
    for shape, statement in list(speaking.items())[::3]:
        subject, link, value = statement
        before = by_peer(of, whole, shape)
        whole.remove((subject, link, degraded(value)))
        after = by_peer(of, whole, shape)
        whole.add((subject, link, degraded(value)))
        known = Counter((e.sign, e.focus) for e in KNOWN[of.key(statement)] if e.shape == shape)
        found = Counter(("+", node) for node in (after - before).elements())
        assert found + Counter(("-", node) for node in (before - after).elements()) == known, shape


def by_peer(of: Example, whole: ExaminedGraph, shape: str) -> Counter[str]:
    """The nodes about which pySHACL says something, by one shape."""
    results = results_in(whole, of.shapes.only(SHAPE + shape).graph)
    return Counter(of.name(one.focus) for one in results)
