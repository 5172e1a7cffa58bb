from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from aimsgraph.render.diagram import Diagram, diagram, impact_diagram, lineage_diagram
from aimsgraph.render.report import GLOSSARY, MOST_ROWS, report_html
from tests.unit.render.conftest import DATA, SNAPSHOT, TODAY, finding, ref

if TYPE_CHECKING:
    from aimsgraph.model.finding import Validation
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.node import Value
    from aimsgraph.model.trace import Trace

VOID = {"meta", "link", "br", "img", "hr", "input"}
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover='x' {{ 7*7 }}"


class Page(HTMLParser):
    """Reads a page strictly: tags close in order; keeps ids, links, headings and what it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.loads: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("src", "href", "xlink:href", "action", "data", "poster", "srcset"):
                self.loads.append(value or "")
            elif name.startswith("on"):
                self.handlers.append(name)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def parts(validation: Validation, lineage: Lineage, impact: Impact, trace: Trace) -> dict[str, Any]:
    return {
        "title": "State of the AI management system",
        "today": TODAY,
        "snapshot": SNAPSHOT,
        "counts": {"aims:Dataset": 1234, "things": 2},
        "validation": validation,
        "lineage": lineage,
        "impact": impact,
        "trace": trace,
        "diagrams": {
            "lineage": lineage_diagram(lineage),
            "impact": impact_diagram(impact),
            "A picture": diagram("A picture", [DATA], []),
        },
        "generated_by": "aimsgraph 0.1.0",
    }


def test_a_page_is_whole_and_loads_nothing(parts: dict[str, Any]) -> None:
    html = report_html(**parts)
    page = Page(html)
    assert page.loads == ["data:,"]
    assert page.handlers == []
    assert "script" not in page.tags
    assert not re.search(r"url\(|@import", html)
    assert page.tags.count("svg") == 3


def test_every_link_of_the_contents_leads_to_a_heading_and_ids_are_unique(parts: dict[str, Any]) -> None:
    page = Page(report_html(**parts))
    assert len(page.ids) == len(set(page.ids))
    assert len(page.links) == 9
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_every_table_has_a_caption_and_every_head_cell_a_scope(parts: dict[str, Any]) -> None:
    html = report_html(**parts)
    assert html.count("<table>") == html.count("<caption>") > 10
    assert not re.search(r"<th(?![a-z])(?![^>]*scope=)", html)


def test_a_page_knows_dark_paper_and_its_own_date_and_snapshot(parts: dict[str, Any]) -> None:
    html = report_html(**parts)
    assert "@media screen and (prefers-color-scheme: dark)" in html
    assert "@media print" in html
    assert html.count(SNAPSHOT) == 2
    assert "aimsgraph 0.1.0 for 2026-09-30" in html


def test_numbers_stand_as_per_cent_with_their_interval(parts: dict[str, Any]) -> None:
    text = Page(report_html(**parts)).text
    for said in ("70.0 %", "7 of 10 checks passed", "79.0 % to 81.0 %", "exact", "1,234", "not assessed"):
        assert said in text


def test_findings_stand_under_their_area_and_the_rest_under_none(parts: dict[str, Any]) -> None:
    html = report_html(**parts)
    summaries = re.findall(r"<summary><strong>(.*?)</strong> (.*?)</summary>", html)
    assert summaries == [
        ("AI risk management", "2 violations"),
        ("Data governance", "1 warning"),
        ("Without a control area", "1 info"),
        ("Rules not exercised", "1, because no record is of the kind they check"),
    ]


def test_the_order_of_the_worst_may_be_given(parts: dict[str, Any], validation: Validation) -> None:
    html = report_html(**parts, worst=validation.findings[2:3])
    section = html[html.index('id="gaps"') : html.index('id="completeness"')]
    assert re.findall(r'<th scope="row">(.*?)</th>', section) == ["data one"]


def test_evidence_status_is_a_sign_and_a_word(parts: dict[str, Any]) -> None:
    html = report_html(**parts)
    for status, sign, words in (
        ("fresh", "✓", "counts"),
        ("expired", "✗", "expired"),
        ("altered", "!", "altered"),
        ("file-missing", "?", "file missing"),
    ):
        assert f'<span class="badge {status}"><span aria-hidden="true">{sign}</span> {words}</span>' in html


def test_a_reader_finds_every_word_explained(parts: dict[str, Any]) -> None:
    html = report_html(**parts)
    assert len(GLOSSARY) >= 12
    assert all(f"<dt>{term}</dt>" in html for term, _ in GLOSSARY)


def test_without_lineage_impact_and_trace_there_are_no_empty_sections(validation: Validation) -> None:
    html = report_html(title="t", today=TODAY, snapshot=SNAPSHOT, counts={}, validation=validation)
    page = Page(html)
    assert len(page.links) == 5
    assert not {"lineage", "impact", "trace", "pictures"} & set(page.ids)


def test_long_tables_stop_and_say_how_much_is_left(parts: dict[str, Any], validation: Validation) -> None:
    found = tuple(finding("S", f"node {n}", "warning", None) for n in range(MOST_ROWS + 1_500))
    parts["validation"] = validation.model_copy(update={"findings": found})
    assert "and 1,500 more, not shown here" in report_html(**parts)


def poisoned(value: Value) -> Any:
    """The same object with the attack in every text that a user can write."""

    def walk(data: Any, key: str = "") -> Any:
        if isinstance(data, dict):
            return {name: walk(inner, name) for name, inner in data.items()}
        if isinstance(data, list):
            return [walk(inner, key) for inner in data]
        fixed = {"severity", "status", "kind", "direction", "stopped_by", "basis", "method", "id", "source"}
        fixed |= {"target", "date", "collected_on", "valid_until", "sha256", "snapshot", "nodes"}
        return ATTACK if isinstance(data, str) and key not in fixed else data

    return type(value).model_validate(walk(value.model_dump(mode="json")))


def test_no_text_of_a_user_becomes_markup(parts: dict[str, Any]) -> None:
    for name in ("validation", "lineage", "impact", "trace"):
        parts[name] = poisoned(parts[name])
    parts |= {"title": ATTACK, "counts": {ATTACK: 1}, "generated_by": ATTACK}
    parts["diagrams"] = {
        "lineage": lineage_diagram(parts["lineage"]),
        "impact": impact_diagram(parts["impact"]),
        ATTACK: diagram(ATTACK, [ref("x", ATTACK, ATTACK)], [], subtitle=ATTACK),
    }
    page = Page(report_html(**parts))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert page.handlers == []
    assert page.loads == ["data:,"]
    assert "49" not in page.text


def test_a_picture_given_as_text_is_shown_as_a_lifeless_image(parts: dict[str, Any]) -> None:
    parts["diagrams"] = {"mine": "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"}
    page = Page(report_html(**parts))
    assert "script" not in page.tags
    assert next(load for load in page.loads if load != "data:,").startswith("data:image/svg+xml;base64,")


def test_a_picture_that_takes_too_long_is_replaced_by_its_text(parts: dict[str, Any]) -> None:
    drawn: Diagram = parts["diagrams"]["impact"]
    html = report_html(**parts, timeout=0.001)
    assert "was stopped" in html
    assert "The picture as DOT text" in html
    assert drawn.dot.splitlines()[0] in html
