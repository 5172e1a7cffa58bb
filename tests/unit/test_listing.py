"""Pages of nodes, and all of one node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph.errors import NodeNotFoundError, UsageError
from aimsgraph.store import class_named, memory_view

if TYPE_CHECKING:
    from pathlib import Path

EX = "https://example.org/"
DATA = """
@prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix area: <https://w3id.org/aimsgraph/area/> .
ex:o a aims:Owner ; rdfs:label "Ada" .
ex:r1 a aims:Risk ; rdfs:label "Wrong scores" ; aims:ownedBy ex:o ; aims:inArea area:data-governance .
ex:r2 a aims:Risk ; rdfs:label "Late scores" ; aims:threatens ex:s .
ex:r3 a aims:Risk ; rdfs:label "Scores" ; aims:inArea area:data-governance .
ex:c a aims:Control ; rdfs:label "Look at scores" ; aims:implementationStatus aims:Implemented ; aims:ownedBy ex:o .
ex:s a aims:AISystem ; rdfs:label "Scoring"@en , "Bewertung"@de ; rdfs:comment "Scores people."@en ;
     aims:lifecycleStage aims:Retirement .
"""


def made(folder: Path) -> aimsgraph.Graph:
    (folder / "data.ttl").write_text(DATA, encoding="utf-8")
    graph = aimsgraph.init(folder / "aims.store")
    graph.load(folder / "data.ttl")
    return graph


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> aimsgraph.Graph:
    return made(tmp_path_factory.mktemp("listing"))


def ids(page) -> list[str]:
    return [node.id.removeprefix(EX) for node in page.nodes]


@pytest.mark.parametrize(
    ("wanted", "nodes"),
    [
        ({"type": "aims:Risk"}, ["r1", "r2", "r3"]),
        ({"type": "aims:Risk", "area": "data governance"}, ["r1", "r3"]),
        ({"owner": "Ada"}, ["c", "r1"]),
        ({"status": "Implemented"}, ["c"]),
        ({"status": "aims:Retirement"}, ["s"]),
        ({"type": "aims:Risk", "text": "scores"}, ["r3", "r1", "r2"]),
        ({"owner": "Ada", "text": "scores"}, ["c", "r1"]),
        ({"type": "Risk", "owner": "Ada"}, ["r1"]),
        ({"type": "aims:Incident"}, []),
        ({"text": "zzz"}, []),
    ],
)
def test_nodes_are_narrowed_by_each_filter_and_by_all_together(graph, wanted, nodes):
    assert ids(graph.node_page(**wanted)) == nodes
    assert [node.id for node in graph.nodes(**wanted)] == [EX + one for one in nodes]


@pytest.mark.parametrize(
    ("wanted", "limit"),
    [({}, 900), ({"type": "aims:Risk"}, 1), ({"text": "scores"}, 2), ({"text": "ai"}, 50)],
)
def test_pages_together_are_the_whole(graph, wanted, limit):
    page, found = graph.node_page(**wanted, limit=limit), []
    while True:
        found += page.nodes
        assert len(page.nodes) <= limit
        if page.next is None:
            break
        page = graph.node_page(**wanted, limit=limit, after=page.next)
    assert tuple(found) == graph.node_page(**wanted, limit=10_000).nodes


@pytest.mark.parametrize(("text", "rest"), [(None, ["r2a", "r3"]), ("scores", ["r2", "r2a"])])
def test_a_list_goes_on_after_its_place_when_the_store_has_changed(tmp_path, text, rest):
    graph = made(tmp_path)
    wanted = {"type": "aims:Risk", "text": text}
    first = graph.node_page(**wanted, limit=2)
    shown = ids(first)
    # The last one shown goes, one comes before the place and one after it.
    graph.update(
        f"DELETE {{ <{EX}{shown[-1]}> ?p ?o }} WHERE {{ <{EX}{shown[-1]}> ?p ?o }} ; "
        f"INSERT DATA {{ <{EX}r0> a <https://w3id.org/aimsgraph/ns#Risk> ; "
        f'<http://www.w3.org/2000/01/rdf-schema#label> "Of scores" . '
        f"<{EX}r2a> a <https://w3id.org/aimsgraph/ns#Risk> ; "
        f'<http://www.w3.org/2000/01/rdf-schema#label> "Lost scores" }}'
    )
    graph.refresh()
    assert ids(graph.node_page(**wanted, limit=10, after=first.next)) == rest


def test_what_was_found_is_found_anew_when_only_little_has_changed(tmp_path):
    graph = made(tmp_path)
    assert ids(graph.node_page(text="wrong", type="aims:Risk")) == ["r1"]
    graph.update(
        f"INSERT DATA {{ <{EX}r9> a <https://w3id.org/aimsgraph/ns#Risk> ; "
        f'<http://www.w3.org/2000/01/rdf-schema#label> "Wrong again" }}'
    )
    graph.refresh()
    before = graph.directories._kept[0].texts_at_hand
    assert ids(graph.node_page(text="wrong", type="aims:Risk")) == ["r1", "r9"]
    after = graph.directories._kept[0].texts_at_hand
    assert after.said.keys() - before.said.keys() == {EX + "r9"}


def test_a_place_in_another_list_is_refused(graph):
    page = graph.node_page(type="aims:Risk", limit=1)
    with pytest.raises(UsageError, match="another list"):
        graph.node_page(type="aims:Control", limit=1, after=page.next)
    for made_up in ("", "x", "W10", "e30", "ÿ", "[" * 5000, "WyJhIiwwLDFd"):
        with pytest.raises(UsageError):
            graph.node_page(text="scores", after=made_up)
    assert ids(graph.node_page(type="aims:Risk", after=EX + "r1")) == ["r2", "r3"]


def test_a_filter_that_names_nothing_is_told(graph):
    with pytest.raises(NodeNotFoundError):
        graph.node_page(owner="Nobody at all")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("aims:Rsik", "Did you mean aims:Risk?"),
        ("dataset", "Did you mean aims:Dataset"),
        ("aims:AiSystem", "Did you mean aims:AISystem"),
        ("https://w3id.org/aimsgraph/ns#Datasset", "Did you mean aims:Dataset"),
        ("not an iri>", "Name one by CURIE or IRI"),
        ("https://example.org/r1", "Name one by CURIE or IRI"),
        ("x" * 100_000, "Name one by CURIE or IRI"),
    ],
)
def test_a_class_that_there_is_not_is_refused_with_the_nearest_name(graph, name, hint):
    for ask in (graph.node_page, graph.nodes):
        with pytest.raises(UsageError, match="There is no class") as refused:
            ask(type=name)
        assert refused.value.hint.startswith(hint)
    with pytest.raises(UsageError, match="There is no class"):
        graph.common(of=[name])


def test_a_class_of_somebody_else_that_something_is_of_can_be_asked_for(tmp_path):
    graph = made(tmp_path)
    (tmp_path / "more.ttl").write_text("<urn:x:1> a <urn:x:Thing> .")
    graph.load(tmp_path / "more.ttl")
    assert [node.id for node in graph.nodes(type="urn:x:Thing")] == ["urn:x:1"]


@pytest.mark.parametrize("kind", ["owl:Class", "rdfs:Class"])
def test_a_class_of_a_vocabulary_that_nothing_is_of_yet_is_known(kind):
    view = memory_view(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        f"<urn:voc:Tunnel> a {kind} ."
    )
    assert class_named(view, "urn:voc:Tunnel") == "urn:voc:Tunnel"
    for name in ("urn:voc:Tunel", "tunnel"):
        with pytest.raises(UsageError) as refused:
            class_named(view, name)
        assert refused.value.hint.startswith("Did you mean urn:voc:Tunnel")


def test_a_store_without_an_ontology_is_asked_by_ours():
    view = memory_view("<urn:x:1> a <urn:x:Thing> . <urn:x:Other> a <http://www.w3.org/2002/07/owl#Class> .")
    assert class_named(view, "aims:Risk") == "https://w3id.org/aimsgraph/ns#Risk"
    assert class_named(view, "urn:x:Thing") == "urn:x:Thing"
    with pytest.raises(UsageError, match=r"There is no class aims:Rsik. Did you mean aims:Risk?"):
        class_named(view, "aims:Rsik")


def test_a_narrowing_that_there_is_not_is_not_passed_over(graph):
    for ask in (graph.nodes, graph.node_page):
        with pytest.raises(TypeError, match="nodes are not narrowed by kind, tipe"):
            ask(tipe="aims:Risk", kind="x")


def test_a_sheet_tells_all_of_one_node(graph):
    sheet = graph.node("Scoring")
    assert (sheet.id, sheet.type, sheet.types) == (EX + "s", "aims:AISystem", ("aims:AISystem",))
    assert [(one.text, one.language) for one in sheet.labels] == [("Bewertung", "de"), ("Scoring", "en")]
    assert [one.text for one in sheet.descriptions] == ["Scores people."]
    first = sheet.statements[0]
    assert (first.property, first.value) == ("rdf:type", "https://w3id.org/aimsgraph/ns#AISystem")
    assert first.label == "AI system"
    assert (sheet.stated, sheet.referred, sheet.next) == (len(sheet.statements), 1, None)
    assert [(one.property, one.node.id) for one in sheet.references] == [("aims:threatens", EX + "r2")]
    risk = graph.node(EX + "r1")
    assert [one.label for one in (*risk.owners, *risk.areas)] == ["Ada", "data governance"]


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_the_pages_of_a_sheet_together_are_the_whole(graph, limit):
    whole, said, referring, after = graph.node("aims:Risk", limit=1000), [], [], None
    while True:
        page = graph.node("aims:Risk", limit=limit, after=after)
        said += page.statements
        referring += page.references
        after = page.next
        if after is None:
            break
    assert (tuple(said), tuple(referring)) == (whole.statements, whole.references)
    assert (len(said), len(referring)) == (whole.stated, whole.referred)
