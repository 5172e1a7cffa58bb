from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.render.diagram import impact_diagram, lineage_diagram
from aimsgraph.render.metrics import text_width
from tests.unit.render.conftest import document

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Lineage

SPACE = {"s": "http://www.w3.org/2000/svg"}


def test_a_picture_has_title_description_and_role(impact: Impact) -> None:
    root = document(impact_diagram(impact).svg())
    assert root.get("role") == "img"
    named = [root.find(f"s:{tag}", SPACE) for tag in ("title", "desc")]
    assert root.get("aria-labelledby") == " ".join(part.get("id", "") for part in named if part is not None)
    assert next(part.text for part in named if part is not None) == (
        "What it hurts if this goes wrong: Bureau records"
    )
    assert "3 boxes (Dataset, Model, AI system) and 2 arrows" in root.findtext("s:desc", "", SPACE)


def test_a_picture_follows_the_readers_scheme_and_prints_light(impact: Impact) -> None:
    root = document(impact_diagram(impact).svg())
    style = root.findtext("s:style", "", SPACE)
    assert style.startswith("@media screen and (prefers-color-scheme:dark){")
    for kind in ("Dataset", "Model", "AISystem"):
        assert f".t-{kind} " in style
    assert ".t-Risk" not in style


def test_every_node_carries_the_class_of_its_type_and_its_iri(lineage: Lineage) -> None:
    root = document(lineage_diagram(lineage).svg())
    groups = root.findall(".//s:g[@data-node]", SPACE)
    assert {group.get("data-node"): group.get("class") for group in groups} == {
        "https://example.org/t/model": "node t-Model focus",
        "https://example.org/t/data": "node t-Dataset",
        "https://example.org/t/system": "node t-AISystem",
    }


def test_arrows_are_named_by_their_ends(lineage: Lineage) -> None:
    root = document(lineage_diagram(lineage).svg())
    titles = [group.findtext("s:title", "", SPACE) for group in root.findall(".//s:g", SPACE)]
    assert "Bureau records → Credit model" in titles
    assert not [title for title in titles if "n1" in title]


def test_a_picture_holds_no_version_and_loads_nothing(impact: Impact) -> None:
    svg = impact_diagram(impact).svg()
    for word in ("<!--", "<?xml", "DOCTYPE", "graphviz", "href", "url(", "@import", "<script", "<image"):
        assert word not in svg


def test_two_pictures_in_one_page_share_no_id(impact: Impact, lineage: Lineage) -> None:
    ids = [
        {element.get("id") for element in document(drawn.svg()).iter() if element.get("id")}
        for drawn in (impact_diagram(impact), lineage_diagram(lineage))
    ]
    assert not ids[0] & ids[1]


def test_no_text_runs_over_its_box(impact: Impact) -> None:
    """Width by Helvetica's metrics with room to spare, against the polygon or path drawn around it."""
    root = document(impact_diagram(impact).svg())
    checked = 0
    for group in root.findall(".//s:g[@data-node]", SPACE):
        shape = group.find("s:path", SPACE)
        shape = group.find("s:polygon", SPACE) if shape is None else shape
        assert shape is not None
        numbers = (shape.get("points") or shape.get("d", "").replace("C", " ").replace("M", "")).split()
        across = [float(pair.split(",")[0]) for pair in numbers]
        for text in group.findall("s:text", SPACE):
            size, bold = float(text.get("font-size", "0")), text.get("font-weight") == "bold"
            assert text_width(text.text or "", size, bold=bold) <= max(across) - min(across)
            checked += 1
    assert checked == 8


def test_a_machine_without_fonts_draws_the_same_picture(
    impact: Impact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = impact_diagram(impact)
    with_fonts = drawn.svg()
    none = tmp_path / "fonts.conf"
    none.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(none))
    assert drawn.svg() == with_fonts
