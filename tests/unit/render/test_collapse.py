from __future__ import annotations

import pytest

from aimsgraph.model.impact import ImpactEdge
from aimsgraph.model.node import Edge, NodeRef
from aimsgraph.render.diagram import Diagram, diagram
from tests.unit.render.conftest import BASE, ref

NBSP = "\u00a0"
KINDS = {"d": "aims:Dataset", "m": "aims:Model", "s": "aims:AISystem", "p": "aims:BusinessProcess"}


def drawn(arrows: str, *, collapse: str = "system", **more: object) -> Diagram:
    """Draw what ``d1>s1 d2>s1`` says; a name's first letter is its type."""
    pairs = [arrow.split(">") for arrow in arrows.split()]
    names = dict.fromkeys(name for pair in pairs for name in pair)
    nodes = [ref(name, KINDS[name[0]], name.upper()) for name in names]
    edges = [Edge(source=BASE + a, target=BASE + b, property="aims:dependsOn") for a, b in pairs]
    return diagram("t", nodes, edges, collapse=collapse, **more)  # type: ignore[arg-type]


def held(picture: Diagram) -> dict[str, str]:
    """What each box of a system says that it holds."""
    return {
        box.label: box.detail.replace(NBSP, " ")
        for box in picture.sketch.boxes
        if box.type == "aims:AISystem"
    }


def apart(picture: Diagram) -> dict[str, str]:
    """How many nodes the boxes of types stand for."""
    return {box.caption: box.label for box in picture.sketch.boxes if box.type != "aims:AISystem"}


def test_a_system_holds_what_only_it_stands_on():
    picture = drawn("d1>m1 m1>s1 d2>s2 d3>s1 d3>s2")
    assert held(picture) == {"S1": "and 1 × Dataset, 1 × Model", "S2": "and 1 × Dataset"}
    assert apart(picture) == {"Dataset": "1 node"}


def test_what_lies_behind_a_system_belongs_to_that_system_though_another_stands_on_it():
    assert held(drawn("d1>s1 s1>d2 d2>s2")) == {"S1": "and 1 × Dataset", "S2": "and 1 × Dataset"}


def test_what_meets_no_system_and_what_meets_several_stand_apart_by_type():
    picture = drawn("d1>s1 d1>m1 m1>s2 s1>p1 p1>p2")
    assert held(picture) == {"S1": "", "S2": "and 1 × Model"}
    assert apart(picture) == {"Dataset": "1 node", "Business process": "2 nodes"}


def test_a_cycle_without_a_system_belongs_to_the_one_it_leads_to():
    assert held(drawn("d1>d2 d2>d1 d2>s1 s1>d1")) == {"S1": "and 2 × Dataset"}


def test_links_inside_a_system_are_counted_in_the_subtitle_and_the_others_are_drawn():
    picture = drawn("d1>m1 m1>s1 s1>p1 s1>p2", subtitle="All hops.")
    assert picture.sketch.subtitle == (
        "All hops.\n5 nodes and 4 links. A box per AI system holds what only that system stands on; the rest has a "
        "box per type. Not drawn: 2 links inside a system."
    )
    assert [(line.source, line.target, line.number) for line in picture.sketch.lines] == [
        ("n1", "n2", "2 links")
    ]


def test_without_systems_everything_stands_apart_by_type():
    picture = drawn("d1>m1 d2>m1")
    assert apart(picture) == {"Dataset": "2 nodes", "Model": "1 node"}


def test_a_box_says_the_likeliest_harm_inside_and_where_the_question_starts():
    picture = drawn("d1>s1 d2>d1", probabilities={BASE + "s1": 0.2, BASE + "d1": 0.7}, focus=[BASE + "d2"])
    (box,) = picture.sketch.boxes
    assert (box.caption, box.label, box.note, box.focus) == (
        "AI system · start", "S1, with D2", f"up to 70{NBSP}% likely", True
    )  # fmt: skip


def test_a_system_where_the_question_starts_is_not_named_twice():
    (box,) = drawn("d1>s1", focus=[BASE + "s1"]).sketch.boxes
    assert (box.caption, box.label) == ("AI system · start", "S1")


def test_the_subtitle_says_that_controls_and_gates_are_not_drawn():
    nodes = [ref("d1", "aims:Dataset", "D"), ref("s1", "aims:AISystem", "S")]
    edge = ImpactEdge(
        source=nodes[0].id, target=nodes[1].id, property="aims:usesDataset",
        transmission=0.5, basis="assessed", controls=(BASE + "c",),
    )  # fmt: skip
    for collapse in ("system", "type"):
        picture = diagram("t", nodes, [edge], collapse=collapse)  # type: ignore[arg-type]
        assert picture.sketch.subtitle.endswith(" Controls are not drawn.")
        assert picture.sketch.gates() == {}
        gated = diagram("t", nodes, [edge], collapse=collapse, gates={nodes[1].id: 2})  # type: ignore[arg-type]
        assert gated.sketch.subtitle.endswith(" Controls and gates are not drawn.")


def test_one_box_per_type_can_be_asked_for_however_few_there_are():
    picture = drawn("d1>s1 d2>s1", collapse="type")
    assert picture.collapsed
    assert picture.sketch.subtitle == "3 nodes and 2 links, one box per type."


@pytest.mark.parametrize(("count", "boxes"), [(299, 299), (300, 300), (301, 1)])
def test_more_than_300_nodes_collapse_unless_told_otherwise(count: int, boxes: int):
    nodes = [NodeRef(id=f"urn:{n}", type="aims:Dataset", label=str(n)) for n in range(count)]
    assert len(diagram("t", nodes, []).sketch.boxes) == boxes
    assert len(diagram("t", nodes, [], collapse="none").sketch.boxes) == count
    assert diagram("t", nodes, [], collapse="none").sketch.subtitle == ""


def test_ends_that_are_not_among_the_nodes_count_as_nodes():
    nodes = [NodeRef(id=f"urn:{n}", type="aims:Dataset", label=str(n)) for n in range(300)]
    edge = Edge(source="urn:elsewhere", target="urn:1", property="aims:dependsOn")
    assert diagram("t", nodes, [edge]).collapsed
