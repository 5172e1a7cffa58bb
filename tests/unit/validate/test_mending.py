"""The fix list says what lifts completeness, by as much as mending it really does."""

from __future__ import annotations

from datetime import date

from aimsgraph.store import memory_view
from aimsgraph.validate import examined, load_shapes
from aimsgraph.validate.examination import Examination

PREFIXES = """
@prefix ex: <https://example.org/> . @prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DATA = """
ex:anna a aims:Owner ; rdfs:label "Anna" . ex:ben a aims:Owner ; rdfs:label "Ben" .
ex:r a aims:Risk ; rdfs:label "R" ; aims:ownedBy ex:anna .
ex:q a aims:Risk ; rdfs:label "Q" ; aims:ownedBy ex:anna , ex:ben .
ex:d a aims:Dataset ; rdfs:label "D" .
ex:c a aims:Control ; rdfs:label "C" ; aims:ownedBy ex:ben ; aims:evidencedBy ex:e .
ex:e a aims:Evidence ; rdfs:label "E" .
"""


def of(data: str) -> Examination:
    return examined(memory_view(PREFIXES + data), today=date(2026, 9, 30))


def test_the_owner_with_most_to_lift_stands_first_and_what_nobody_owns_is_nobodys():
    found = of(DATA).mendings().mendings
    treated = [one for one in found if one.label == "Risk has a treatment"]
    assert {one.owner_label: (one.checks, [node.label for node in one.nodes]) for one in treated} == {
        "Anna": (2, ["Q", "R"]), "Ben": (1, ["Q"]),
    }  # fmt: skip
    owners = list(dict.fromkeys(one.owner_label for one in found))
    totals = [sum(one.checks for one in found if one.owner_label == owner) for owner in owners[:-1]]
    assert totals == sorted(totals, reverse=True)
    assert owners[-1] is None
    assert {node.label for one in found if one.owner is None for node in one.nodes} == {"D"}


def test_a_node_without_an_owner_is_work_of_the_owners_of_what_it_is_linked_with():
    found = of(DATA).mendings().mendings
    assert {one.owner_label for one in found for node in one.nodes if node.label == "E"} == {"Ben"}


def test_of_each_owner_what_lifts_most_stands_first():
    found = of(DATA).mendings().mendings
    for owner in {one.owner for one in found}:
        lifts = [one.lift for one in found if one.owner == owner]
        assert lifts == sorted(lifts, reverse=True)


def test_mending_lifts_completeness_by_what_was_said():
    before = of(DATA)
    (promised,) = (
        one for one in before.mendings().mendings if one.label == "Risk has a treatment" and one.checks == 2
    )
    after = of(DATA + "ex:r aims:treatment aims:Avoid . ex:q aims:treatment aims:Avoid .")
    was, now = (one.validation.completeness.overall for one in (before, after))
    assert now.applicable == was.applicable
    assert (now.passed - was.passed, (now.passed - was.passed) / was.applicable) == (
        promised.checks,
        promised.lift,
    )


def test_advice_and_what_is_mended_are_no_work():
    answer = of('ex:anna a aims:Owner ; rdfs:label "Anna" .').mendings()
    counting = {check.iri for check in load_shapes().checks if check.demanded and check.severity != "info"}
    assert {one.shape for one in answer.mendings} <= counting
