"""What a change would do, beside what is so today; and that doing it does just that."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph.errors import NodeNotFoundError, QueryInvalidError, UsageError
from tests.conftest import NewStore

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.engine import Graph
    from aimsgraph.model.what_if import WhatIf

EX = "https://example.org/meridian/"
DAY = date(2026, 9, 30)
PREFIXES = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/meridian/> .
"""
FIRST = """
ex:raw a aims:Dataset ; rdfs:label "Raw" .
ex:old a aims:Model ; rdfs:label "Old model" ; aims:trainedOn ex:raw .
ex:system a aims:AISystem ; rdfs:label "Scoring" ; aims:usesModel ex:old ; aims:affectsParty ex:people .
ex:people a aims:AffectedParty ; rdfs:label "Applicants" .
ex:risk a aims:Risk ; rdfs:label "Poisoning" ; aims:threatens ex:raw .
"""
#: Another source: a second model on a part of the data, and one more user of the first, qualified.
SECOND = """
ex:new a aims:Model ; rdfs:label "New model" ;
  aims:qualifiedDependency [ aims:on ex:raw ; aims:via aims:trainedOn ; aims:transmission 0.1 ] .
ex:report a aims:AISystem ; rdfs:label "Reporting" ; aims:usesModel ex:old ;
  aims:qualifiedDependency [ aims:on ex:old ; aims:transmission 0.5 ] .
"""
CHECK = """
ex:check a aims:Control ; rdfs:label "Check" ; aims:guards ex:raw ; aims:designEffectiveness 0.5 ;
  aims:evidencedBy ex:proof .
ex:proof a aims:Evidence ; rdfs:label "Proof" ; aims:collectedOn "2026-09-01"^^xsd:date .
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> Path:
    folder = tmp_path_factory.mktemp("reasoning")
    for name, text in (("first", FIRST), ("second", SECOND), ("check", CHECK)):
        (folder / f"{name}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    graph = new_store(folder / "aims.store")
    graph.load(folder / "first.ttl", folder / "second.ttl")
    return folder


@pytest.fixture
def graph(template: Path, tmp_path: Path) -> Graph:
    copy = tmp_path / "aims.store"
    aimsgraph.open(template / "aims.store").back_up(copy)
    return aimsgraph.open(copy)


def numbers(answer: WhatIf) -> dict[str, tuple[float | None, float | None]]:
    return {
        node.label: (node.today and node.today.assured, node.then and node.then.assured)
        for node in answer.nodes
    }


def test_an_empty_update_makes_no_difference(graph: Graph) -> None:
    answer = graph.what_if("Raw", update="DELETE DATA { }", lineage="Scoring", direction="up", date=DAY)
    assert (answer.nodes, answer.opened, answer.closed, answer.added, answer.removed) == ((), (), (), 0, 0)
    assert answer.today == answer.then
    assert answer.unchanged == answer.today.hurt == 5
    assert answer.lineage is not None
    assert (answer.lineage.appears, answer.lineage.disappears) == ((), ())


def test_no_change_at_all_makes_no_difference(graph: Graph) -> None:
    answer = graph.what_if("Raw", date=DAY, validate=False)
    assert (answer.changes, answer.nodes, answer.today) == ((), (), answer.then)
    assert answer.today.findings is None


def test_what_is_exact_on_one_side_only_is_not_told_as_changed(graph: Graph, tmp_path: Path) -> None:
    many = "ex:unsure rdfs:subPropertyOf aims:dependsOn ; aims:defaultTransmission 0.5 .\n"
    many += "ex:x a aims:Model ; ex:unsure ex:raw . ex:y a aims:Model ; ex:unsure ex:raw , ex:x .\n"
    many += "\n".join(f"ex:b{at} a aims:Model ; ex:unsure ex:x , ex:y ." for at in range(300))
    (tmp_path / "many.ttl").write_text(PREFIXES + many, encoding="utf-8")
    graph.load(tmp_path / "many.ttl")
    graph.refresh()
    gone = " ".join(f"ex:b{at}" for at in range(100, 200))
    update = f"PREFIX ex: <{EX}> DELETE {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {gone} }} ?s ?p ?o }}"
    answer = graph.what_if("Raw", update=update, validate=False, date=DAY)
    assert {node.turn for node in answer.nodes} == {"disappears"}
    assert len(answer.nodes) == 100
    assert (answer.today.method, answer.today.worlds) == (answer.then.method, answer.then.worlds)


def test_nothing_is_written(graph: Graph) -> None:
    before = graph.view().snapshot
    graph.what_if("Raw", remove_nodes=["Old model"], date=DAY, validate=False)
    assert aimsgraph.open(graph.path).view().snapshot == before
    assert len(aimsgraph.open(graph.path).log()) == len(graph.log())


def test_a_node_withdrawn_takes_along_what_was_said_of_it(graph: Graph) -> None:
    answer = graph.what_if("Raw", remove_nodes=["Old model"], lineage="Scoring", direction="up", date=DAY)
    turns = {node.label: node.turn for node in answer.nodes}
    assert turns == dict.fromkeys(("Old model", "Scoring", "Applicants", "Reporting"), "disappears")
    assert all(node.difference == -node.today.assured for node in answer.nodes if node.today)
    assert (answer.today.hurt, answer.then.hurt, answer.unchanged) == (5, 1, 1)
    assert answer.then.risk.harm == 0.0 < answer.today.risk.harm
    assert answer.lineage is not None
    assert {node.label for node in answer.lineage.disappears} == {"Old model", "Raw"}
    (change,) = answer.changes
    assert (change.kind, change.text) == ("remove-node", "Remove “Old model”.")
    assert change.update is not None
    graph.update(change.update)
    assert "Old model" not in {node.label for node in graph.nodes()}
    rows = graph.query("SELECT ?q WHERE { ?q <https://w3id.org/aimsgraph/ns#transmission> 0.5 }")
    assert len(rows) == 0


def test_a_source_that_is_withdrawn_hurts_nothing_any_more(graph: Graph) -> None:
    answer = graph.what_if("Raw", remove_nodes=["Raw"], date=DAY, validate=False)
    assert (answer.then.hurt, answer.unchanged) == (0, 0)


def test_what_depended_on_one_model_depends_on_the_other(graph: Graph) -> None:
    answer = graph.what_if("Raw", switch=[("Old model", "New model")], date=DAY, validate=False)
    found = numbers(answer)
    trained = next(n.assured for n in graph.impact("Raw", date=DAY).nodes if n.label == "Old model")
    used = found["Scoring"][0] / trained  # type: ignore[operator]
    assert found["Scoring"][1] == pytest.approx(0.1 * used)
    # The qualified dependency moves with its transmission; so does the source's own graph.
    assert found["Reporting"] == (pytest.approx(trained * 0.5), pytest.approx(0.1 * 0.5))
    assert "Old model" not in found
    assert (answer.added, answer.removed) == (3, 3)
    assert all(node.turn == "less-likely" for node in answer.nodes)


def test_a_node_that_depends_on_what_it_replaces_still_does(graph: Graph) -> None:
    more = f"INSERT DATA {{ <{EX}new> <http://www.w3.org/ns/prov#wasDerivedFrom> <{EX}old> }}"
    answer = graph.what_if(
        "Raw", update=more, switch=[("Old model", "New model")], lineage="Scoring", direction="up", date=DAY,
        validate=False,
    )  # fmt: skip
    assert answer.lineage is not None
    assert {node.label for node in answer.lineage.appears} == {"New model"}
    assert answer.lineage.disappears == ()
    assert [change.kind for change in answer.changes] == ["update", "switch"]


def test_a_control_added_by_a_file_counts(graph: Graph, template: Path) -> None:
    answer = graph.what_if("Raw", add=[template / "check.ttl"], date=DAY)
    for before, after in numbers(answer).values():
        assert before is not None
        assert after == pytest.approx(before / 2)
    assert (answer.then.controls - answer.today.controls, answer.then.verified - answer.today.verified) == (
        1,
        1,
    )
    assert answer.today.risk.harm > answer.then.risk.harm
    assert {one.focus for one in answer.opened} >= {EX + "check"}
    assert answer.today.findings is not None
    assert answer.then.findings is not None
    assert sum(answer.then.findings.values()) - sum(answer.today.findings.values()) == (
        len(answer.opened) - len(answer.closed)
    )
    assert answer.changes[0].text == "Load check.ttl."


def test_a_source_that_only_the_change_brings_may_be_named(graph: Graph, template: Path) -> None:
    assert graph.what_if("Check", add=[template / "check.ttl"], date=DAY, validate=False).then.hurt == 0
    with pytest.raises(NodeNotFoundError):
        graph.what_if("Check", update="DELETE DATA { }", date=DAY)


@pytest.mark.parametrize(
    "update",
    [
        f"DELETE WHERE {{ <{EX}system> <https://w3id.org/aimsgraph/ns#usesModel> ?m }}",
        f"PREFIX aims: <https://w3id.org/aimsgraph/ns#> INSERT DATA {{ <{EX}c> a aims:Control ; "
        f"aims:guards <{EX}old> ; aims:designEffectiveness 0.9 ; aims:unverifiedEffectiveness 0.25 }}",
        f"PREFIX aims: <https://w3id.org/aimsgraph/ns#> INSERT DATA {{ <{EX}people> aims:leak 0.5 . "
        f"<{EX}more> a aims:BusinessProcess . <{EX}system> aims:supportsProcess <{EX}more> }}",
    ],
)
def test_really_doing_it_gives_the_same_numbers(graph: Graph, update: str) -> None:
    answer = graph.what_if("Raw", update=update, date=DAY)
    before = {node.id: node for node in graph.impact("Raw", date=DAY).nodes}
    graph.update(update)
    impact = graph.impact("Raw", date=DAY)
    after = {node.id: node for node in impact.nodes}
    assert answer.nodes
    for node in answer.nodes:
        for side, real in ((node.today, before), (node.then, after)):
            found = real.get(node.id)
            assert (side and (side.inherent, side.claimed, side.assured, side.min_hops)) == (
                found and (found.inherent, found.claimed, found.assured, found.min_hops)
            )
    same = before.keys() & after.keys() - {node.id for node in answer.nodes}
    assert len(same) == answer.unchanged
    assert answer.then.sum_assured == pytest.approx(sum(node.assured for node in impact.nodes))
    assert answer.then.risk == graph.fix_first(date=DAY).today
    assert answer.then.findings == graph.validate(date=DAY).counts


def test_what_is_wrong_with_the_change_is_told(graph: Graph) -> None:
    with pytest.raises(QueryInvalidError):
        graph.what_if("Raw", update="DELETE everything")
    with pytest.raises(NodeNotFoundError):
        graph.what_if("Raw", switch=[("Old model", "Nobody")])


def test_a_probability_is_explained_by_its_graph(graph: Graph) -> None:
    found = graph.explain_impact("Raw", target="Applicants", date=DAY)
    (node,) = [one for one in graph.impact("Raw", date=DAY).nodes if one.label == "Applicants"]
    assert found.probability == pytest.approx(node.assured)
    assert found.text.startswith("If “Raw” goes wrong, “Applicants” is hurt with a probability of")
    with pytest.raises(UsageError, match="Name at least one node"):
        graph.explain_impact(target="Applicants")
