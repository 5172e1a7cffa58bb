from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import UsageError
from aimsgraph.model.impact import ImpactEdge
from aimsgraph.model.node import Edge, NodeRef
from aimsgraph.render.diagram import FORMATS, diagram, impact_diagram, lineage_diagram
from tests.unit.render.conftest import BASE, DATA, MODEL, SYSTEM, document, ref

if TYPE_CHECKING:
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Lineage

GOLDEN = Path(__file__).parent / "golden"
NBSP = "\u00a0"


def test_the_dot_text_of_a_lineage_is_exactly_this(lineage: Lineage) -> None:
    drawn = lineage_diagram(lineage)
    assert drawn.dot == (GOLDEN / "lineage.dot").read_text(encoding="utf-8")


def test_the_dot_text_of_an_impact_is_exactly_this(impact: Impact) -> None:
    assert impact_diagram(impact).dot == (GOLDEN / "impact.dot").read_text(encoding="utf-8")


def test_the_mermaid_text_of_an_impact_is_exactly_this(impact: Impact) -> None:
    assert impact_diagram(impact).mermaid() == (GOLDEN / "impact.mermaid").read_text(encoding="utf-8")


def test_a_picture_says_direction_limit_date_and_snapshot(lineage: Lineage) -> None:
    drawn = lineage_diagram(lineage)
    assert drawn.title == "What it stands on and carries: Credit model"
    assert drawn.sketch.subtitle == "All hops.\nAs of 2026-09-30, snapshot 0123456789ab"


def test_arrows_read_in_the_direction_of_impact(lineage: Lineage) -> None:
    drawn = lineage_diagram(lineage)
    labels = {box.name: box.label for box in drawn.sketch.boxes}
    assert [(labels[line.source], line.words, labels[line.target]) for line in drawn.sketch.lines] == [
        ("Bureau records", "trains", "Credit model"),
        ("Credit model", "used by", "Credit scoring"),
    ]


def test_an_impact_carries_chances_bases_and_guards(impact: Impact) -> None:
    drawn = impact_diagram(impact).sketch
    assert [box.note for box in drawn.boxes] == ["", f"80{NBSP}% likely", f"40{NBSP}% likely"]
    assert [(line.number, line.basis, line.guards) for line in drawn.lines] == [
        (f"80{NBSP}%", "default", ("C1", "C2!")),
        ("?", "unknown", ()),
    ]
    assert [(guard.code, guard.label) for guard in drawn.guards] == [
        ("C1", f"Range checks, works 70{NBSP}%"),
        ("C2", f"Drift alarm, works 0{NBSP}%, claimed 60{NBSP}%, not verified"),
    ]


def test_controls_without_a_name_are_counted_on_the_arrow() -> None:
    edge = ImpactEdge(
        source=DATA.id,
        target=MODEL.id,
        property="aims:trainedOn",
        transmission=1.0,
        basis="assessed",
        controls=(BASE + "x", BASE + "y"),
    )
    drawn = diagram("t", [DATA, MODEL], [edge])
    assert drawn.sketch.lines[0].guards == ("+2",)
    assert "+1, +2 …: that many" in drawn.dot


def test_the_legend_shows_only_the_types_in_the_picture() -> None:
    drawn = diagram("t", [DATA, SYSTEM, DATA], [])
    assert drawn.sketch.types == ("aims:Dataset", "aims:AISystem")
    assert re.findall(r"legend\d+ .*shape=(\w+)", drawn.dot) == ["cylinder", "component"]


def test_the_legend_explains_only_the_signs_in_the_picture() -> None:
    dot = diagram("t", [DATA, MODEL], []).dot
    for sign in ("Double outline", "Dashed", "Dotted", "Per cent", "no evidence"):
        assert sign not in dot


HOSTILE = [
    'say "hello"',
    "<b>bold</b>",
    "R&D & co",
    "two\nlines",
    "back\\slash \\N \\G \\l end\\",
    "Zürich 漢字 عربى 🙂",
    "</TABLE>>];}",
    "a;b{c}|d",
    "\x00\x07null",
    "",
]


@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_comes_out_of_the_picture_as_it_went_in(label: str) -> None:
    node = ref("odd name", "aims:Dataset", label)
    svg = diagram(label, [node], [Edge(source=node.id, target=node.id, property="aims:dependsOn")]).svg()
    shown = " ".join(label.replace("\x00", "").replace("\x07", "").split()) or "odd name"
    root = document(svg)
    space = {"s": "http://www.w3.org/2000/svg"}
    (group,) = root.findall(".//s:g[@data-node]", space)
    texts = "".join(text.text or "" for text in group.findall("s:text", space))
    assert texts.replace(" ", "") == ("Dataset" + shown).replace(" ", "")
    assert group.findtext("s:title", namespaces=space) == f"{shown} · Dataset"


def test_ends_that_are_not_among_the_nodes_get_a_box() -> None:
    drawn = diagram(
        "t", [DATA], [Edge(source=DATA.id, target=BASE + "gone/thing", property="aims:trainedOn")]
    )
    assert [(box.label, box.caption) for box in drawn.sketch.boxes] == [
        ("Bureau records", "Dataset"),
        ("thing", "Other"),
    ]


def test_equal_arrows_are_drawn_once() -> None:
    edge = Edge(source=DATA.id, target=MODEL.id, property="aims:trainedOn")
    assert len(diagram("t", [DATA, MODEL], [edge, edge]).sketch.lines) == 1


def many(count: int) -> tuple[list[NodeRef], list[Edge]]:
    nodes = [ref(f"d{n}", "aims:Dataset", f"Dataset {n}") for n in range(count)] + [MODEL]
    edges = [Edge(source=node.id, target=MODEL.id, property="aims:trainedOn") for node in nodes[:-1]]
    edges.append(Edge(source=nodes[0].id, target=nodes[1].id, property="prov:wasDerivedFrom"))
    return nodes, edges


def test_too_many_nodes_collapse_to_one_box_per_type_with_counts() -> None:
    nodes, edges = many(300)
    drawn = diagram("t", nodes, edges, focus=[MODEL.id], probabilities={nodes[5].id: 0.25}, subtitle="s")
    assert drawn.collapsed
    assert [(box.caption, box.label, box.note) for box in drawn.sketch.boxes] == [
        ("Dataset", "300 nodes", f"up to 25{NBSP}% likely"),
        ("Model · start", "1 node, with Credit model", ""),
    ]
    assert [(line.words, line.number) for line in drawn.sketch.lines] == [
        ("trains", "300 links"),
        ("source of", "1 link"),
    ]
    assert drawn.sketch.subtitle == ("s\n301 nodes and 301 links, one box per type: too many to draw singly.")


def test_as_many_nodes_as_allowed_are_drawn_singly() -> None:
    nodes, edges = many(299)
    drawn = diagram("t", nodes, edges)
    assert not drawn.collapsed
    assert len(drawn.sketch.boxes) == 300


def test_a_long_list_of_sources_is_shortened_in_the_title(impact: Impact) -> None:
    sources = tuple(ref(f"s{n}", "aims:Risk", f"R{n}") for n in range(5))
    drawn = impact_diagram(impact.model_copy(update={"sources": sources}))
    assert drawn.title == "What it hurts if this goes wrong: R0, R1, 3 more"


def test_an_unknown_format_is_refused_with_the_list_of_known_ones() -> None:
    with pytest.raises(UsageError, match="dot, svg, png, pdf, mermaid"):
        diagram("t", [DATA], []).render("bmp")  # type: ignore[arg-type]


def test_every_format_has_its_signature(lineage: Lineage) -> None:
    begins = {
        "dot": b"digraph",
        "svg": b"<svg",
        "png": b"\x89PNG",
        "pdf": b"%PDF",
        "mermaid": b"---\ntitle",
        "graphml": b"<?xml",
        "cytoscape": b"{\n",
    }
    assert set(FORMATS) == set(begins)
    drawn = lineage_diagram(lineage)
    for wanted, start in begins.items():
        assert drawn.render(wanted).startswith(start)  # type: ignore[arg-type]


@pytest.mark.parametrize("format", ["svg", "png", "pdf"])
def test_the_same_input_gives_the_same_bytes(lineage: Lineage, format: str) -> None:
    drawn = lineage_diagram(lineage)
    assert drawn.render(format) == drawn.render(format)  # type: ignore[arg-type]


def test_a_pdf_does_not_carry_the_time_at_which_it_was_drawn(lineage: Lineage) -> None:
    drawn = lineage_diagram(lineage).render("pdf")
    assert {found[:4] for found in re.findall(rb"/CreationDate \(D:(\d+)", drawn)} <= {b"1970"}
