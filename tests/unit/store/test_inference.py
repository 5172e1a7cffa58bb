"""Each rule concludes exactly what it says, from small data; the result follows the sources and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import InferenceFailedError
from aimsgraph.store import inference as inferring
from aimsgraph.store.inference import Rule, conclusions, rules
from aimsgraph.vocab import HISTORY_GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, RDF, RULE
from tests.unit.store.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EX = "https://example.org/"
SOURCE = EX + "graph/source"
WHO = {"author": "ada", "message": "say", "now": NOW}
HEAD = (
    "".join(
        f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items() if prefix != "ex"
    )
    + """
@prefix : <https://example.org/> .
@prefix o: <https://example.org/other#> .
@prefix schema: <https://schema.org/> .
@prefix vair: <https://w3id.org/vair#> .
"""
)
#: A small vocabulary of ours, and how that of others (``o:``) is read.
VOCABULARY = """
aims:AISystem a owl:Class . aims:Model a owl:Class . aims:Risk a owl:Class . aims:Control a owl:Class .
aims:ModelVersion a owl:Class ; rdfs:subClassOf aims:Model .
aims:RiskType a owl:Class ; rdfs:subClassOf skos:Concept .
aims:HighRisk a aims:RiskTier .
aims:usesModel a owl:ObjectProperty ; aims:impactDirection aims:ObjectToSubject .
aims:dependsOn a owl:ObjectProperty ; aims:impactDirection aims:ObjectToSubject .
aims:threatens a owl:ObjectProperty ; aims:impactDirection aims:SubjectToObject .
aims:mitigates a owl:ObjectProperty ; aims:guardRole aims:GuardsOutgoingEdges .
aims:lifecycleStage a owl:ObjectProperty . aims:riskType a owl:ObjectProperty .
o:System aims:readAs aims:AISystem . o:Part aims:readAs aims:Model . o:FinePart aims:readAs aims:ModelVersion .
o:HighSystem aims:readAs aims:AISystem , aims:HighRisk .
o:FinePart rdfs:subClassOf o:Part . o:FinestPart rdfs:subClassOf o:FinePart .
o:Risk aims:readAs aims:Risk , aims:RiskType . o:RiskName aims:readAs aims:RiskType .
o:has aims:readAs aims:dependsOn . o:hasModel aims:readAs aims:usesModel ; rdfs:subPropertyOf o:has .
o:hasBest rdfs:subPropertyOf o:hasModel .
o:stage aims:readAs aims:lifecycleStage . o:Draft aims:readAs aims:Inception .
o:hasRisk aims:readInverseAs aims:threatens .
o:lowers aims:readAs aims:mitigates . o:loweredBy aims:readInverseAs aims:mitigates .
o:in aims:readAs skos:inScheme . skos:inScheme a owl:ObjectProperty .
aims:AISystem rdfs:subClassOf o:System . aims:Risk rdfs:subClassOf o:Risk . aims:RiskType rdfs:subClassOf o:RiskName .
aims:usesModel rdfs:subPropertyOf o:hasModel . aims:mitigates rdfs:subPropertyOf o:lowers .
"""


def quads(turtle: str, graph: str) -> list[ox.Quad]:
    place = ox.NamedNode(graph)
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, place)
        for quad in ox.parse(HEAD + turtle, ox.RdfFormat.TURTLE)
    ]


def triples(turtle: str) -> set[str]:
    return {str(quad.triple) for quad in quads(turtle, SOURCE)}


def memory(*statements: ox.Quad) -> ox.Store:
    """A store with the union written out, as on disk."""
    whole = ox.Store()
    for quad in statements:
        whole.add(quad)
        whole.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    return whole


def concluded(data: str) -> dict[str, set[str]]:
    """What each rule that concludes anything concludes from the data."""
    drawn = conclusions(memory(*quads(VOCABULARY, ONTOLOGY_GRAPH), *quads(data, SOURCE)))
    return {rule.id: {str(triple) for triple in found} for rule, found in drawn if found}


CASES: dict[str, tuple[str, dict[str, str]]] = {
    "a member of a class that is read": (
        ":s a o:System .", {"read-class": ":s a aims:AISystem ."}
    ),
    "the nearest class that is read decides": (
        ":p a o:FinestPart .", {"read-class": ":p a aims:ModelVersion ."}
    ),
    "an organisation's class below a class that is read": (
        ":Bot rdfs:subClassOf o:System . :s a :Bot .", {"read-class": ":s a aims:AISystem ."}
    ),
    "a broader concept leads to the class as a superclass does": (
        "o:Bot a rdfs:Class , skos:Concept ; skos:broader o:System . :s a o:Bot .",
        {"read-class": ":s a aims:AISystem ."},
    ),
    "a class is not a system though it is written as one": (
        "o:Bots a rdfs:Class , skos:Concept , o:System .", {}
    ),
    "a concept, a class and an entry of a taxonomy are kinds, the rest are things": (
        ":a a o:Risk . :b a o:Risk , skos:Concept . :c a o:Risk , owl:Class . :d a o:Risk ; o:in :list . "
        ":e a o:Risk ; schema:isPartOf :list . :list a skos:ConceptScheme . :f a o:Risk ; schema:isPartOf :book .",
        {
            "read-class": ":a a aims:Risk . :f a aims:Risk .",
            "read-kind": ":b a aims:RiskType . :c a aims:RiskType . :d a aims:RiskType . :e a aims:RiskType .",
        },
    ),
    "a system is one although somebody lists it in a taxonomy of risks": (
        ":s a o:System ; o:in :list .", {"read-class": ":s a aims:AISystem ."}
    ),
    "what is only ever read as a kind need not look like one": (
        ":a a o:RiskName .", {"read-kind": ":a a aims:RiskType ."}
    ),
    "a class of VAIR below a class of kinds": (
        ":k rdfs:subClassOf o:Risk ; a owl:Class , vair:Concept . :n rdfs:subClassOf o:Risk ; a owl:Class .",
        {"read-vair-kind": ":k a aims:RiskType ."},
    ),
    "a tier that is written as a class": (
        ":s a o:HighSystem .",
        {"read-class": ":s a aims:AISystem .", "read-tier": ":s aims:riskTier aims:HighRisk ."},
    ),
    "a property that is read, each statement once, by the nearest": (
        ":s o:has :a ; o:hasModel :b ; o:hasBest :c .",
        {"read-property": ":s aims:dependsOn :a ; aims:usesModel :b , :c ."},
    ),
    "a value that is read": (
        ":s o:stage o:Draft , :other .",
        {"read-property": ":s aims:lifecycleStage aims:Inception , :other ."},
    ),
    "a property that is read the other way round": (
        ':s o:hasRisk :r , "none" .', {"read-inverse-property": ":r aims:threatens :s ."}
    ),
    "no trouble travels to or from a kind": (
        ":s o:hasRisk :k ; o:has :c . :k a skos:Concept . :c a owl:Class . :d a skos:Concept ; o:has :s .", {}
    ),
    "a risk written as a member of its kind": (
        "o:Leak a skos:Concept , o:Risk . :s o:hasRisk :r . :r a o:Leak . :cause a o:Leak .",
        {
            "read-kind": "o:Leak a aims:RiskType .",
            "read-inverse-property": ":r aims:threatens :s .",
            "risk-of-kind": ":r a aims:Risk ; aims:riskType o:Leak .",
        },
    ),
    "a control of a risk, of its consequence and of its source": (
        ":r a o:Risk ; airo:hasConsequence :h . :h airo:hasImpact :i . :cause airo:isRiskSourceFor :r . "
        ":a o:lowers :r . :b o:lowers :i . :c o:lowers :cause . :r o:loweredBy :d . :e o:lowers :unknown . "
        "airo:detectsRiskConcept rdfs:subPropertyOf o:lowers . :f airo:detectsRiskConcept :r .",
        {
            "read-class": ":r a aims:Risk .",
            "read-mitigation": ":a a aims:Control ; aims:mitigates :r . :b a aims:Control ; aims:mitigates :r . "
            ":c a aims:Control ; aims:mitigates :r . :d a aims:Control ; aims:mitigates :r .",
        },
    ),
    "a control of one of our own risks": (
        ":r a aims:Risk . :a o:lowers :r .", {"read-mitigation": ":a a aims:Control ; aims:mitigates :r ."}
    ),
    "a control of what something has as its risk": (
        ":s o:hasRisk :r . :a o:lowers :r .",
        {
            "read-inverse-property": ":r aims:threatens :s .",
            "read-mitigation": ":a a aims:Control ; aims:mitigates :r .",
        },
    ),
    "a measure of a class that is not read is a control by what it does": (
        ":r a o:Risk ; o:loweredBy :c . :c a o:TechnicalMeasure . :idle a o:TechnicalMeasure .",
        {"read-class": ":r a aims:Risk .", "read-mitigation": ":c a aims:Control ; aims:mitigates :r ."},
    ),
    "a kind, a risk and what has a class of ours do not become controls by what they do": (
        ":r a aims:Risk . :k o:lowers :r ; a skos:Concept . :other a o:Risk ; o:lowers :r . "
        ":s a aims:AISystem ; o:lowers :r .",
        {
            "read-class": ":other a aims:Risk .",
            "read-mitigation": ":other aims:mitigates :r . :s aims:mitigates :r .",
        },
    ),
    "a member of an organisation's class below two of ours, the nearest only": (
        ":Net rdfs:subClassOf aims:ModelVersion . :m a :Net .", {"own-class": ":m a aims:ModelVersion ."}
    ),
    "an organisation's property below ours, unless trouble travels along it already": (
        ":feeds rdfs:subPropertyOf aims:dependsOn . :asks rdfs:subPropertyOf aims:dependsOn ; "
        "aims:impactDirection aims:ObjectToSubject . :s :feeds :a ; :asks :b .",
        {"own-property": ":s aims:dependsOn :a ."},
    ),
    "a name, the first in English or no language, where there is none": (
        ':s a o:System ; schema:name "Zoo"@en , "Ape" , "Affe"@de . :t a o:System ; schema:name "T" . '
        ':t rdfs:label "own" . :k a o:Risk , skos:Concept ; rdfs:label "leak"@en . :u schema:name "nothing of ours" .',
        {
            "read-class": ":s a aims:AISystem . :t a aims:AISystem .",
            "read-kind": ":k a aims:RiskType .",
            "name-thing": ':s rdfs:label "Ape" .',
            "name-kind": ':k skos:prefLabel "leak"@en .',
        },
    ),
    "what a source says already is not inferred": (
        ":s a o:System , aims:AISystem ; o:hasModel :m ; aims:usesModel :m .", {}
    ),
    "our own terms alone": (
        ":s a aims:AISystem ; aims:usesModel :m . :m a aims:ModelVersion . :c a aims:Control ; aims:mitigates :r .", {}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_rules_conclude_exactly(case: str):
    data, expected = CASES[case]
    assert concluded(data) == {rule: triples(found) for rule, found in expected.items()}


def test_every_rule_has_a_case_and_says_what_and_why():
    named = {rule for _, expected in CASES.values() for rule in expected}
    assert named == {rule.id for rule in rules()}
    assert len(rules()) == 12
    for rule in rules():
        assert rule.title
        assert rule.why.endswith(".")
        assert rule.iri == RULE + rule.id


# -- in a store ----------------------------------------------------------------------------------------------


def say(writer: store.Writer, turtle: str, graph: str = SOURCE) -> None:
    writer.replace(graph, quads(turtle, graph), **WHO)


def held(view: store.EmbeddedView, graph: str) -> set[str]:
    place = ox.NamedNode(graph)
    return {str(quad.triple) for quad in view.store.quads_for_pattern(None, None, None, place)}


def said(found: Iterable[str]) -> set[str]:
    """Without what the graph says of itself and of the rules."""
    return {text for text in found if not text.startswith((f"<{INFERRED_GRAPH}", f"<{RULE}"))}


@pytest.fixture
def taught(folder: Path) -> Path:
    """A store with the small vocabulary."""
    with store.open_writer(folder) as writer:
        say(writer, VOCABULARY, ONTOLOGY_GRAPH)
    return folder


def test_an_inference_is_a_changeset_of_its_own_that_names_its_rules(taught: Path):
    with store.open_writer(taught) as writer:
        say(writer, ":s a o:System ; o:hasModel :m .")
        view = writer.view()
        newest = store.changesets(view)[-1]
        assert (newest.number, newest.author, newest.source) == (3, "aimsgraph", "ontology/rules")
        assert newest.message == "Infer by read-class (1), read-property (1)"
        assert (newest.graph, newest.added, newest.removed) == (INFERRED_GRAPH, 8, 0)
        assert writer.head == newest.hash
    view = store.open_view(taught)
    assert said(held(view, INFERRED_GRAPH)) == triples(":s a aims:AISystem ; aims:usesModel :m .")
    assert held(view, SOURCE) == triples(":s a o:System ; o:hasModel :m .")
    assert view.ask("ASK { <https://example.org/s> a aims:AISystem ; aims:usesModel ?model }")
    assert store.verify(taught).intact


def test_the_inferred_graph_says_which_rules_made_it_and_why(taught: Path):
    with store.open_writer(taught) as writer:
        say(writer, ":s a o:System .")
    rows = store.open_view(taught).select(
        f"SELECT ?rule ?title ?why WHERE {{ GRAPH <{INFERRED_GRAPH}> {{ <{INFERRED_GRAPH}> prov:wasGeneratedBy ?rule . "
        "?rule rdfs:label ?title ; dcterms:description ?why } }"
    )
    assert [str(row["rule"]) for row in rows] == [RULE + "read-class"]
    assert str(rows[0]["title"]) == "A member of a class that is read as ours is a member of ours"
    assert str(rows[0]["why"]).startswith("Other vocabularies have classes")


def test_only_the_difference_is_written_and_nothing_when_there_is_none(taught: Path):
    with store.open_writer(taught) as writer:
        say(writer, ":s a o:System .")
        say(writer, ":s a o:System . :t a o:System .")
        newest = store.changesets(writer.view())[-1]
        assert (newest.number, newest.added, newest.removed) == (5, 1, 0)
        say(writer, ":s a o:System . :t a o:System ; :says :nothing .")
        assert len(store.changesets(writer.view())) == 6
        say(writer, ":s a o:System . :t a o:System ; :says :nothing .")
        assert len(store.changesets(writer.view())) == 6


def test_what_followed_from_a_source_goes_with_it(taught: Path):
    other = EX + "graph/other"
    with store.open_writer(taught) as writer:
        say(writer, ":s a o:System . :t a o:System .")
        say(writer, ":s a o:System .", other)
        say(writer, "")
        assert said(held(writer.view(), INFERRED_GRAPH)) == triples(":s a aims:AISystem .")
        say(writer, "", other)
        view = writer.view()
        assert store.changesets(view)[-1].message == "Infer nothing: no rule applies any more"
        assert view.graphs() == [HISTORY_GRAPH, ONTOLOGY_GRAPH]
        assert view.count() == len(triples(VOCABULARY))
    assert store.verify(taught).intact


def test_what_a_source_comes_to_say_itself_is_inferred_no_more(taught: Path):
    with store.open_writer(taught) as writer:
        say(writer, ":s a o:System .")
        say(writer, ":s a o:System , aims:AISystem .")
        assert held(writer.view(), INFERRED_GRAPH) == set()
        assert writer.view().ask("ASK { <https://example.org/s> a aims:AISystem }")
    assert store.verify(taught).intact


def test_a_reading_that_comes_after_the_data_is_applied(folder: Path):
    with store.open_writer(folder) as writer:
        say(writer, ":s a o:System .")
        assert len(store.changesets(writer.view())) == 1
        say(writer, VOCABULARY, ONTOLOGY_GRAPH)
        assert said(held(writer.view(), INFERRED_GRAPH)) == triples(":s a aims:AISystem .")


def test_what_somebody_writes_into_the_inferred_graph_does_not_stay(taught: Path):
    with store.open_writer(taught) as writer:
        say(writer, ":s a aims:Risk .", INFERRED_GRAPH)
        assert held(writer.view(), INFERRED_GRAPH) == set()
        assert not writer.view().ask("ASK { <https://example.org/s> a aims:Risk }")


@pytest.mark.parametrize("bulk", [False, True], ids=["commit", "fill"])
def test_a_failing_inference_is_told_as_such_and_the_next_write_makes_up_for_it(
    taught: Path, monkeypatch: pytest.MonkeyPatch, bulk: bool
):
    def write(writer: store.FolderWriter) -> None:
        statement = f"<{EX}s> <{RDF}type> <{EX}other#System>"
        if bulk:
            writer.fill(store.Change(SOURCE, "a", "m"), [f"{statement} <{SOURCE}> .\n".encode()], now=NOW)
        else:
            say(writer, statement + " .")

    monkeypatch.setattr(inferring, "rules", lambda: (Rule("broken", "t", "w", "CONSTRUCT nothing at all"),))
    with store.open_writer(taught) as writer:
        with pytest.raises(InferenceFailedError, match="The write stands") as told:
            write(writer)
        newest = store.changesets(writer.view())[-1]
        assert newest.hash in told.value.message
        assert (newest.graph, newest.added, writer.head) == (SOURCE, 1, newest.hash)
        assert held(writer.view(), INFERRED_GRAPH) == set()
        monkeypatch.undo()
        say(writer, ":x :y :z .", EX + "graph/other")
        assert said(held(writer.view(), INFERRED_GRAPH)) == triples(":s a aims:AISystem .")
    assert store.verify(taught).intact
