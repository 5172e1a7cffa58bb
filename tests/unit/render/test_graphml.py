from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx
import pytest

from aimsgraph.model.impact import ImpactEdge
from aimsgraph.model.node import Edge
from aimsgraph.render.diagram import Diagram, diagram, impact_diagram, lineage_diagram
from tests.unit.render.conftest import BASE, DATA, MODEL, SNAPSHOT, SYSTEM, ref
from tests.unit.render.test_diagram import HOSTILE, many

if TYPE_CHECKING:
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Lineage

GOLDEN = Path(__file__).parent / "golden"


def read(drawn: Diagram) -> Any:
    """The graph as networkx reads it."""
    return networkx.read_graphml(io.BytesIO(drawn.render("graphml")))


def test_the_graphml_of_an_impact_is_exactly_this(impact: Impact):
    assert impact_diagram(impact).render("graphml") == (GOLDEN / "impact.graphml").read_bytes()


def test_networkx_reads_the_nodes_and_edges_of_an_impact_with_their_types(impact: Impact):
    graph = read(impact_diagram(impact.model_copy(update={"gates": {SYSTEM.id: 2}})))
    assert graph.is_directed()
    assert dict(graph.nodes(data=True)) == {
        "n1": {"id": DATA.id, "label": "Bureau records", "type": "aims:Dataset", "start": True},
        "n2": {
            "id": MODEL.id, "label": "Credit model", "type": "aims:Model", "start": False, "hops": 1,
            "probability": 0.8, "claimed": 0.2, "assured": 0.8, "inherent": 0.9, "low": 0.79, "high": 0.81,
        },
        "n3": {
            "id": SYSTEM.id, "label": "Credit scoring", "type": "aims:AISystem", "start": False, "hops": 2,
            "probability": 0.4, "claimed": 0.1, "assured": 0.4, "inherent": 0.5, "needs": 2,
        },
    }  # fmt: skip
    assert list(graph.edges(data=True)) == [
        (
            "n1", "n2",
            {"id": "e1", "label": "trains", "property": "aims:trainedOn", "transmission": 0.8, "basis": "default",
             "controls": f"{BASE}ctl/a {BASE}ctl/b"},
        ),
        ("n2", "n3", {"id": "e2", "label": "used by", "property": "aims:usesModel", "basis": "unknown"}),
    ]  # fmt: skip


def test_the_graph_itself_says_what_was_asked_when_and_of_what(lineage: Lineage, impact: Impact):
    graph = read(lineage_diagram(lineage, filtered="Risks too."))
    assert {key: value for key, value in graph.graph.items() if not key.endswith("default")} == {
        "title": "What it stands on and carries: Credit model",
        "filter": "All hops. Risks too. As of 2026-09-30, snapshot 0123456789ab",
        "question": "lineage",
        "direction": "both",
        "complete": True,
        "stopped_by": "nothing",
        "date": "2026-09-30",
        "snapshot": SNAPSHOT,
    }
    asked = read(impact_diagram(impact)).graph
    assert (asked["question"], asked["method"], asked["worlds"], asked["seed"]) == (
        "impact", "simulated", 100_000, 42
    )  # fmt: skip
    controls = json.loads(asked["controls"])
    assert [(one["code"], one["id"], one["claimed"], one["assured"], one["verified"]) for one in controls] == [
        ("C1", BASE + "ctl/a", 0.7, 0.7, True),
        ("C2", BASE + "ctl/b", 0.6, 0.0, False),
    ]  # fmt: skip


@pytest.mark.parametrize("label", [*HOSTILE, "مجموعة بيانات", "👩‍👩‍👧‍👦", "x" * 500, "a\r\nb"])
def test_any_label_and_iri_comes_back_as_it_went_in(label: str):
    node = ref("o'dd\"?a=<&>{}|\\^`é漢#frag%20", "aims:Dataset", label)
    graph = read(diagram(label, [node], [Edge(source=node.id, target=node.id, property="aims:dependsOn")]))
    shown = " ".join(label.replace("\x00", "").replace("\x07", "").split())
    assert graph.nodes["n1"]["id"] == node.id
    assert graph.nodes["n1"]["label"] == (shown or "frag%20")
    assert graph.graph.get("title", "") == shown or shown == ""
    assert list(graph.edges()) == [("n1", "n1")]


def test_parallel_edges_stay_apart():
    edges = [
        Edge(source=DATA.id, target=SYSTEM.id, property=name)
        for name in ("aims:usesModel", "aims:usesDataset", "aims:dependsOn")
    ]
    graph = read(diagram("t", [DATA, SYSTEM], [*edges, edges[0]]))
    assert [data["property"] for *_, data in graph.edges(data=True)] == [edge.property for edge in edges]


def test_a_graph_without_nodes_is_a_graph():
    assert len(read(diagram("t", [], []))) == 0


def test_every_node_is_there_even_where_the_picture_has_one_box_per_type():
    nodes, edges = many(300)
    drawn = diagram("t", nodes, edges)
    graph = read(drawn)
    assert drawn.collapsed
    assert [data["id"] for _, data in graph.nodes(data=True)] == [node.id for node in nodes]
    assert graph.number_of_edges() == len(edges)


def test_a_collapse_that_was_asked_for_holds_for_the_data_too():
    edge = ImpactEdge(
        source=DATA.id, target=MODEL.id, property="aims:trainedOn", transmission=1.0, basis="assessed"
    )
    graph = read(
        diagram("t", [DATA, MODEL], [edge], collapse="type", probabilities={MODEL.id: 0.5}, focus=[DATA.id])
    )
    assert dict(graph.nodes(data=True)) == {
        "n1": {
            "id": "aims:Dataset", "label": "1 node, with Bureau records", "type": "aims:Dataset", "start": True,
            "count": 1,
        },
        "n2": {
            "id": "aims:Model", "label": "1 node", "type": "aims:Model", "start": False, "count": 1,
            "probability": 0.5,
        },
    }  # fmt: skip
    assert list(graph.edges(data=True)) == [
        ("n1", "n2", {"id": "e1", "label": "trains", "property": "aims:trainedOn", "count": 1})
    ]


def test_the_order_follows_the_answer_and_the_text_is_the_same_every_time(impact: Impact):
    assert impact_diagram(impact).render("graphml") == impact_diagram(impact).render("graphml")
