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


def guarded(source: NodeRef, target: NodeRef, *controls: str, property: str = "aims:dependsOn") -> ImpactEdge:
    return ImpactEdge(
        source=source.id, target=target.id, property=property, transmission=0.5, basis="assessed",
        controls=tuple(BASE + control for control in controls),
    )  # fmt: skip


def test_all_arrows_with_the_same_controls_leave_their_box_through_one_gate() -> None:
    edges = [guarded(DATA, MODEL, "a", "b"), guarded(DATA, SYSTEM, "a", "b"), guarded(MODEL, SYSTEM)]
    drawn = diagram("t", [DATA, MODEL, SYSTEM], edges)
    assert [(gate.name, gate.source, gate.codes) for gate in drawn.sketch.gates().values()] == [
        ("g1", "n1", ("+2",))
    ]
    assert re.findall(r"^\t(n\d|g\d) -> (n\d|g\d) ", drawn.dot, re.MULTILINE) == [
        ("n1", "g1"), ("g1", "n2"), ("g1", "n3"), ("n2", "n3"),
    ]  # fmt: skip
    arrows = [line.strip() for line in drawn.mermaid().splitlines() if "-->" in line or " --- " in line]
    assert [arrow.split()[::2] for arrow in arrows if "---" in arrow] == [["n1", "g1"]]
    assert [arrow.split()[0] for arrow in arrows if "-->" in arrow] == ["g1", "g1", "n2"]


def test_a_gate_with_no_verified_control_is_hollow_and_any_other_filled(impact: Impact) -> None:
    dot = impact_diagram(impact).dot
    assert re.findall(r'class="t-Control gate".*style=(\w+)', dot) == ["filled", "filled"]
    hollow = impact_diagram(impact.model_copy(update={"controls": impact.controls[1:], "edges": tuple(
        edge.model_copy(update={"controls": edge.controls[1:]}) for edge in impact.edges
    )})).dot  # fmt: skip
    assert re.findall(r'class="t-Control gate".*style=(\w+)', hollow) == ["dashed", "dashed"]
    assert ("Controls<" in dot, "None verified" in dot) == (True, False)
    assert ("Controls<" in hollow, "None verified" in hollow) == (False, True)


def test_a_guarded_loop_leaves_through_its_gate_and_comes_back() -> None:
    drawn = diagram("t", [DATA], [guarded(DATA, DATA, "a")])
    arrows = re.findall(r"^\t(\w+) -> ([ng]\d) ", drawn.dot, re.MULTILINE)
    assert arrows == [("n1", "g1"), ("g1", "n1")]
    assert "<svg" in drawn.svg()


def test_a_long_label_does_not_push_the_worth_of_a_control_off_the_legend(impact: Impact) -> None:
    control = impact.controls[1].model_copy(update={"label": "word " * 100})
    drawn = impact_diagram(impact.model_copy(update={"controls": (control,)}))
    assert drawn.sketch.guards[0].label.endswith(f"word…, works 0{NBSP}%, claimed 60{NBSP}%, not verified")
    assert "not verified<" in drawn.dot


@pytest.mark.parametrize(
    ("needed", "said"),
    [(1, ""), (2, "needs 2 of 3 arrows"), (3, "needs all 3 arrows"), (4, "needs 4 arrows, 3 drawn")],
)
def test_a_node_that_needs_several_arrows_says_how_many(needed: int, said: str) -> None:
    edges = [
        guarded(DATA, SYSTEM),
        guarded(MODEL, SYSTEM),
        guarded(DATA, SYSTEM, property="aims:usesDataset"),
    ]
    drawn = diagram("t", [DATA, MODEL, SYSTEM], edges, gates={SYSTEM.id: needed})
    assert [box.detail for box in drawn.sketch.boxes] == ["", "", said]
    assert ("bring harm" in drawn.dot) == bool(said)
    assert (said in drawn.mermaid()) == (said in drawn.svg()) == (said in drawn.dot) is True


def test_parallel_edges_with_equal_words_are_both_drawn() -> None:
    edges = [
        guarded(DATA, SYSTEM, property="aims:usesModel"), guarded(DATA, SYSTEM, property="aims:usesDataset")
    ]  # fmt: skip
    assert [line.words for line in diagram("t", [DATA, SYSTEM], edges).sketch.lines] == ["used by", "used by"]


@pytest.mark.parametrize("format", FORMATS)
def test_a_picture_of_nothing_can_be_made(format: str) -> None:
    drawn = diagram("Nothing", [], [])
    assert b"Nothing" in drawn.render(format) or format in ("png", "pdf")  # type: ignore[arg-type]
    assert "There is nothing to draw." in drawn.dot


@pytest.mark.parametrize("format", ["dot", "svg", "mermaid", "graphml", "cytoscape"])
def test_filter_and_date_stand_in_every_text(lineage: Lineage, format: str) -> None:
    text = lineage_diagram(lineage, filtered="Risks too.").render(format).decode()  # type: ignore[arg-type]
    for said in ("All hops. Risks too.", "2026-09-30", "0123456789ab"):
        assert said in text


@pytest.mark.parametrize("label", [*HOSTILE, "مجموعة بيانات", "👩‍👩‍👧‍👦", "x" * 500, "word " * 100])
def test_a_label_cannot_break_out_of_a_mermaid_text(label: str) -> None:
    node = ref("odd name", "aims:Dataset", label)
    lines = diagram("t", [node], [], subtitle=label).mermaid().splitlines()
    (box,) = [line for line in lines if line.startswith("  n1")]
    assert box.startswith('  n1[("')
    assert box.endswith('")]:::t-Dataset')
    assert not set('"<>{}[]()|;\\') & set(
        re.sub(r"#\d+;|<br/>", "", box[len('  n1[("') : -len('")]:::t-Dataset')])
    )


@pytest.mark.parametrize("name", ["p.svg", "p.gv", "p.mmd", "p.cyjs", "p.graphml", "P.SVG"])
def test_a_picture_is_saved_in_the_format_that_the_ending_names(
    lineage: Lineage, tmp_path: Path, name: str
) -> None:
    written = lineage_diagram(lineage).save(tmp_path / name)
    wanted = {"gv": "dot", "mmd": "mermaid", "cyjs": "cytoscape"}.get(name[2:], name[2:].lower())
    assert (written.format, written.bytes) == (wanted, (tmp_path / name).stat().st_size)
    assert (tmp_path / name).read_bytes() == lineage_diagram(lineage).render(wanted)  # type: ignore[arg-type]


def test_an_ending_that_names_no_format_is_refused(lineage: Lineage, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="graphml"):
        lineage_diagram(lineage).save(tmp_path / "p.bmp")
    assert list(tmp_path.iterdir()) == []
