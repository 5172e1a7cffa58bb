"""A write through the gate brings no new findings, and is what was tried."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph.errors import FindingsError, NodeNotFoundError, StoreMovedError, SyntaxProblemError, UsageError
from aimsgraph.vocab import EDITS_GRAPH
from tests.conftest import NewStore

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.engine import Graph

EX = "https://example.org/meridian/"
TURTLE = f"""@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <{EX}> .
ex:ana a aims:Owner ; rdfs:label "Ana" .
ex:lost a aims:Risk ; rdfs:label "Nobody's" .
ex:model a aims:Model ; rdfs:label "Scorecard" ; aims:ownedBy ex:ana ; aims:qualifiedDependency [ aims:on ex:data ] .
ex:data a aims:Dataset ; rdfs:label "Extract" ; aims:ownedBy ex:ana .
"""
OWNER = {"type": "Owner", "label": "Bo"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> Path:
    folder = tmp_path_factory.mktemp("first")
    (folder / "first.ttl").write_text(TURTLE, encoding="utf-8")
    graph = new_store(folder / "aims.store")
    graph.load(folder / "first.ttl", author="ana")
    return folder / "aims.store"


@pytest.fixture
def graph(first: Path, tmp_path: Path) -> Graph:
    shutil.copytree(first, tmp_path / "aims.store")
    return aimsgraph.open(tmp_path / "aims.store")


def test_what_brings_a_violation_is_refused_and_leaves_nothing(graph: Graph) -> None:
    before = graph.view().snapshot
    with pytest.raises(FindingsError) as caught:
        graph.write(lambda trial: trial.put_node("ex:risk", {"type": "Risk", "label": "New"}))
    found = caught.value.findings
    assert {one.focus for one in found} == {EX + "risk"}  # type: ignore[attr-defined]
    assert {one.severity for one in found} == {"violation"}  # type: ignore[attr-defined]
    graph.refresh()
    assert graph.view().snapshot == before


def test_what_was_wrong_before_does_not_stand_against_a_write(graph: Graph) -> None:
    assert any(one.severity == "violation" for one in graph.validate().findings)
    edit = graph.write(lambda trial: trial.patch_node("ex:lost", {"description": "Still nobody's"}))
    assert len(edit.difference.added) == 1


def test_the_changeset_is_the_one_that_was_tried(graph: Graph) -> None:
    edit = graph.write(lambda trial: trial.put_node("ex:bo", OWNER, author="bo", message="New here"))
    assert [one.hash for one in edit.changesets] == [graph.log()[-1].hash] == [graph.left]
    assert (graph.log()[-1].author, graph.log()[-1].message) == ("bo", "New here")
    assert graph.verify().intact


def test_what_is_random_is_written_as_it_was_tried(graph: Graph) -> None:
    tried: list[tuple[str, ...]] = []

    def work(trial: Graph) -> None:
        tried.append(
            trial.update("INSERT { ex:ana <urn:note> ?id } WHERE { BIND(STRUUID() AS ?id) }").difference.added
        )

    before = graph.view().snapshot
    graph.write(work)
    assert [graph.diff(before).added] == tried


def test_findings_that_are_accepted_stand_in_the_message(graph: Graph) -> None:
    edit = graph.write(
        lambda trial: trial.put_node("ex:risk", {"type": "Risk", "label": "New"}, message="I know"),
        accept=True,
    )
    ids = {
        one.id
        for one in graph.validate().findings
        if one.focus == EX + "risk" and one.severity == "violation"
    }
    message = edit.changesets[0].message
    assert message.startswith(f"I know [{len(ids)} new findings accepted: ")
    assert all(one in message for one in ids)
    assert graph.log()[-1].message == message
    plain = graph.write(lambda trial: trial.put_node("ex:bo", OWNER, message="Fine"), accept=True)
    assert plain.changesets[0].message == "Fine"


@pytest.mark.parametrize(("fail_on", "refused"), [("never", False), ("violation", False), ("info", True)])
def test_the_level_decides_what_stands_against_a_write(graph: Graph, fail_on: str, refused: bool) -> None:
    new = {"type": "Dataset", "label": "D", "ownedBy": ["ex:ana"], "wasDerivedFrom": ["ex:data"]}

    def write() -> object:
        return graph.write(lambda trial: trial.put_node("ex:d", new), fail_on=fail_on)  # type: ignore[arg-type]

    if refused:
        with pytest.raises(FindingsError):
            write()
    else:
        assert write()


def test_a_dry_run_judges_and_writes_nothing(graph: Graph) -> None:
    before = graph.view().snapshot
    graph.write(lambda trial: trial.put_node("ex:bo", OWNER), dry_run=True)
    graph.refresh()
    assert graph.view().snapshot == before
    with pytest.raises(FindingsError):
        graph.write(lambda trial: trial.put_node("ex:risk", {"type": "Risk", "label": "New"}), dry_run=True)


def test_a_write_upon_another_state_is_refused(graph: Graph) -> None:
    old = graph.view().snapshot
    graph.put_node("ex:bo", OWNER)
    with pytest.raises(StoreMovedError):
        graph.write(lambda trial: trial.put_node("ex:cy", OWNER), expected=old)
    graph.write(lambda trial: trial.put_node("ex:cy", OWNER), expected=graph.view().snapshot)


def test_somebody_who_writes_meanwhile_makes_it_be_tried_again(graph: Graph) -> None:
    other = aimsgraph.open(graph.place)
    runs: list[int] = []

    def work(trial: Graph) -> None:
        trial.put_node("ex:bo", OWNER)
        runs.append(1)
        if len(runs) == 1:
            other.put_node("ex:cy", OWNER)

    graph.write(work)
    assert len(runs) == 2
    assert graph.is_stated("ex:bo")
    assert graph.is_stated("ex:cy")


def test_a_file_passes_the_gate_too(graph: Graph, tmp_path: Path) -> None:
    file = tmp_path / "second.ttl"
    file.write_text(TURTLE.replace("ex:lost", "ex:lost2"), encoding="utf-8")
    with pytest.raises(FindingsError):
        graph.write(lambda trial: trial.load(file))
    file.write_text(TURTLE.partition("ex:lost")[0], encoding="utf-8")
    (loaded,) = graph.write(lambda trial: trial.load(file))
    assert loaded.changeset in {one.hash for one in graph.log()}


def test_a_node_that_is_put_has_what_is_said_and_nothing_else(graph: Graph) -> None:
    graph.put_node("ex:data", {"type": "Dataset", "label": "Other", "ownedBy": ["ex:ana"]})
    described = graph.view().select(
        f"SELECT ?p ?o WHERE {{ GRAPH ?g {{ <{EX}data> ?p ?o }} FILTER(?g != <urn:x>) }}"
    )
    assert sorted(str(row["o"]) for row in described if "inferred" not in str(row["o"])) == sorted(
        ["https://w3id.org/aimsgraph/ns#Dataset", "Other", EX + "ana"]
    )
    edit = graph.put_node("ex:data", {"type": "Dataset", "label": "Other", "ownedBy": ["ex:ana"]})
    assert edit.changesets == ()


def test_a_text_may_have_a_language(graph: Graph) -> None:
    edit = graph.patch_node("ex:ana", {"label": ["Ana", {"@value": "Anna", "@language": "de"}]})
    assert ['"Anna"@de' in line for line in edit.difference.added] == [True]


def test_what_stays_is_left_with_its_source(graph: Graph) -> None:
    edit = graph.put_node("ex:ana", {"type": "Owner", "label": "Ana B"})
    assert [line.rpartition("<")[2][:-3] for line in edit.difference.added] == [EDITS_GRAPH]
    assert len(edit.difference.removed) == 1


def test_the_nameless_parts_of_a_node_go_with_it(graph: Graph) -> None:
    edit = graph.put_node("ex:model", {"type": "Model", "label": "Scorecard", "ownedBy": ["ex:ana"]})
    assert sum("genid" in line for line in edit.difference.removed) == 2
    again = {"type": "Model", "label": "Scorecard", "ownedBy": ["ex:ana"],
             "qualifiedDependency": [{"on": "ex:data", "transmission": 0.5}]}  # fmt: skip
    assert len(graph.put_node("ex:model", again).difference.added) == 3
    assert graph.put_node("ex:model", again).changesets == ()


def test_a_patch_changes_the_properties_that_it_names(graph: Graph) -> None:
    graph.patch_node("ex:ana", b'{"label": ["Ana", "Anna"], "description": "d"}')
    edit = graph.patch_node("ex:ana", {"label": "Ana", "description": None})
    assert (len(edit.difference.added), len(edit.difference.removed)) == (0, 2)


def test_a_node_is_removed_with_what_leads_to_it(graph: Graph) -> None:
    edit = graph.remove_node("ex:data")
    assert sum(f"<{EX}data>" in line for line in edit.difference.removed) == 4
    with pytest.raises(NodeNotFoundError):
        graph.remove_node("ex:data")
    with pytest.raises(NodeNotFoundError):
        graph.patch_node("ex:data", {"label": "x"})


def test_a_new_node_is_not_written_over_an_old_one(graph: Graph) -> None:
    with pytest.raises(StoreMovedError):
        graph.put_node("ex:ana", OWNER, new=True)
    assert graph.put_node("ex:bo", OWNER, new=True).changesets


@pytest.mark.parametrize("node", ["aims:Risk", "no iri", "unknown:x y"])
def test_what_is_no_node_of_a_source_is_not_written(graph: Graph, node: str) -> None:
    with pytest.raises(UsageError):
        graph.put_node(node, OWNER)


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({"type": "Owner", "lable": "x", "ownedBy": "bo"}, ["lable"]),
        ({"type": "Nonsense", "ownedBy": "bo"}, ["'Nonsense' is no absolute IRI", "'bo' is no absolute IRI"]),
        ({"id": "ex:other", "type": "Owner"}, ["The record is of ex:other"]),
        ({"type": "Owner", "label": [["x"]]}, ["A list stands in a list"]),
        (b"[1]", ["one object"]),
        (b'{"label": NaN}', ["NaN is no number"]),
        (b'{"label": 1e400}', ["not JSON compliant"]),
        ({"http://a>b": 1, "label": {"@value": "x", "lang": "de"}}, ["http://a>b", "lang"]),
        (b'{"label": "\\ud800"}', ["surrogates not allowed"]),
        (b'{"a":' * 100_000, ["The JSON is broken"]),
        ({"type": "Owner", "ownedBy": {"id": "ex:c", "label": "C"}}, ["another node too"]),
    ],
)
def test_every_fault_of_a_record_is_told(graph: Graph, said: object, faults: list[str]) -> None:
    with pytest.raises(SyntaxProblemError) as caught:
        graph.put_node("ex:new", said)  # type: ignore[arg-type]
    told = " ".join(map(str, caught.value.problems))
    assert all(fault in told for fault in faults), told


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("turtle", "<{0}bo> a <urn:T> ; <urn:p> [ <urn:q> 1 ] ."),
        ("jsonld", '{{"@id": "{0}bo", "@type": "urn:T", "urn:p": {{"urn:q": 1}}}}'),
    ],
)
def test_a_node_is_described_in_rdf(graph: Graph, format: str, text: str) -> None:
    edit = graph.put_node("ex:bo", text.format(EX).encode(), format=format)
    assert len(edit.difference.added) == 3


@pytest.mark.parametrize(
    "text",
    [
        "<{0}cy> a <urn:T> .",
        "<relative> a <urn:T> .",
        "<{0}bo> a <x> .",
        "<{0}bo> <urn:p> <<( <urn:a> <urn:b> 1 )>> .",
    ],
)
def test_a_description_of_something_else_is_refused(graph: Graph, text: str) -> None:
    with pytest.raises(SyntaxProblemError):
        graph.put_node("ex:bo", text.format(EX).encode(), format="turtle")
