from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aimsgraph.model.node import Edge
from aimsgraph.render.diagram import Diagram, diagram, impact_diagram, lineage_diagram
from tests.unit.render.conftest import BASE, DATA, MODEL, SNAPSHOT, SYSTEM, ref
from tests.unit.render.test_diagram import HOSTILE, many

if TYPE_CHECKING:
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Lineage

GOLDEN = Path(__file__).parent / "golden"


def read(drawn: Diagram) -> Any:
    return json.loads(drawn.render("cytoscape"))


def test_the_cytoscape_json_of_an_impact_is_exactly_this(impact: Impact):
    assert impact_diagram(impact).render("cytoscape") == (GOLDEN / "impact.cyjs").read_bytes()


def test_the_elements_are_nodes_and_edges_with_data_and_classes(impact: Impact):
    elements = read(impact_diagram(impact))["elements"]
    assert [(node["data"]["id"], node["classes"]) for node in elements["nodes"]] == [
        (DATA.id, "t-Dataset start"),
        (MODEL.id, "t-Model"),
        (SYSTEM.id, "t-AISystem"),
    ]
    assert elements["nodes"][2]["data"] == {
        "id": SYSTEM.id, "label": "Credit scoring", "name": "Credit scoring", "type": "aims:AISystem", "start": False,
        "hops": 2, "probability": 0.4, "claimed": 0.1, "assured": 0.4, "inherent": 0.5,
    }  # fmt: skip
    assert elements["edges"] == [
        {
            "data": {
                "id": "e1", "source": DATA.id, "target": MODEL.id, "label": "trains", "property": "aims:trainedOn",
                "transmission": 0.8, "basis": "default", "controls": [BASE + "ctl/a", BASE + "ctl/b"],
            },
            "classes": "basis-default guarded",
        },
        {
            "data": {
                "id": "e2", "source": MODEL.id, "target": SYSTEM.id, "label": "used by", "property": "aims:usesModel",
                "basis": "unknown",
            },
            "classes": "basis-unknown",
        },
    ]  # fmt: skip


def test_the_data_of_the_graph_say_what_was_asked_when_and_of_what(lineage: Lineage):
    assert read(lineage_diagram(lineage))["data"] == {
        "title": "What it stands on and carries: Credit model",
        "name": "What it stands on and carries: Credit model",
        "filter": "All hops. As of 2026-09-30, snapshot 0123456789ab",
        "question": "lineage",
        "direction": "both",
        "complete": True,
        "stopped_by": "nothing",
        "date": "2026-09-30",
        "snapshot": SNAPSHOT,
        "controls": [],
    }


def test_every_class_of_a_node_has_a_style(impact: Impact):
    document = read(impact_diagram(impact))
    styled = {rule["selector"] for rule in document["style"]}
    classes = {f"node.{name}" for node in document["elements"]["nodes"] for name in node["classes"].split()}
    signs = {f"edge.{name}" for edge in document["elements"]["edges"] for name in edge["classes"].split()}
    assert classes | signs <= styled


@pytest.mark.parametrize("label", [*HOSTILE, "مجموعة بيانات", "x" * 500])
def test_any_label_and_iri_comes_back_as_it_went_in(label: str):
    node = ref("o'dd\"?a=<&>{}|\\^`é漢#frag%20", "my:Odd.Type", label)
    loop = Edge(source=node.id, target=node.id, property="aims:dependsOn")
    elements = read(diagram(label, [node], [loop]))["elements"]
    shown = " ".join(label.replace("\x00", "").replace("\x07", "").split()) or "frag%20"
    assert (elements["nodes"][0]["data"]["id"], elements["nodes"][0]["data"]["label"]) == (node.id, shown)
    assert elements["nodes"][0]["classes"] == "t-my-Odd-Type"
    assert (elements["edges"][0]["data"]["source"], elements["edges"][0]["data"]["target"]) == (node.id,) * 2


def test_identifiers_are_unique_and_every_end_is_a_node():
    nodes, edges = many(300)
    elements = read(diagram("t", nodes, edges))["elements"]
    names = [item["data"]["id"] for kind in ("nodes", "edges") for item in elements[kind]]
    assert len(set(names)) == len(names) == len(nodes) + len(edges)
    assert {edge["data"][end] for edge in elements["edges"] for end in ("source", "target")} <= set(names)


def test_boxes_of_a_collapse_have_identifiers_even_without_a_type():
    nodes = [ref("a", "", "A"), ref("b", "aims:Dataset", "B")]
    elements = read(diagram("t", nodes, [], collapse="type"))["elements"]
    assert [node["data"]["id"] for node in elements["nodes"]] == ["other", "aims:Dataset"]


def test_a_graph_without_nodes_is_a_graph():
    assert read(diagram("t", [], []))["elements"] == {"nodes": [], "edges": []}
