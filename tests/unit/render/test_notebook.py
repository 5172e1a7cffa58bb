from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from aimsgraph.render.notebook import impact_html, lineage_html, rows_html, trace_html, validation_html

if TYPE_CHECKING:
    from aimsgraph.model.finding import Validation
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.trace import Trace


def cells(html: str) -> list[str]:
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag in {"table", "caption", "thead", "tbody", "tr", "th", "td", "p"}
            if tag in ("td", "th", "caption", "p"):
                found.append("")
            assert not attrs or attrs[0][0] in ("class", "scope")

        def handle_data(self, data: str) -> None:
            if found:
                found[-1] += data

    Reader().feed(html)
    return found


def test_every_cell_is_escaped() -> None:
    html = rows_html(["<a>"], [["<script>alert('x')</script>"], [None], ["&"]], caption="<i>")
    assert "<script" not in html
    assert cells(html) == ["<i>", "<a>", "<script>alert('x')</script>", "", "&"]


def test_rows_left_out_are_counted() -> None:
    html = rows_html(["n"], [[n] for n in range(1_060)], most=50)
    assert cells(html) == ["n", *map(str, range(50)), "and 1,010 more rows"]


def test_a_lineage_shows_label_type_and_hops(lineage: Lineage) -> None:
    assert cells(lineage_html(lineage)) == [
        *("Around Credit model", "node", "type", "hops"),
        *("Bureau records", "Dataset", "1"),
        *("Credit scoring", "AI system", "1"),
    ]


def test_an_impact_shows_inherent_claimed_and_assured(impact: Impact) -> None:
    shown = cells(impact_html(impact))
    assert shown[8:15] == ["Credit model", "Model", "90.0 %", "20.0 %", "80.0 %", "79.0 % to 81.0 %", "1"]
    assert shown[-2:] == ["exact", "2"]


def test_an_area_without_checks_is_not_assessed(validation: Validation) -> None:
    shown = cells(validation_html(validation))
    assert shown[shown.index("Human oversight") :][:4] == ["Human oversight", "not assessed", "0", "0"]


def test_a_trace_shows_status_in_words_and_controls_without_evidence(trace: Trace) -> None:
    shown = cells(trace_html(trace))
    for words in ("✓ counts", "✗ expired", "… not yet valid", "! altered", "? file missing", "? no date"):
        assert words in shown
    assert shown[shown.index("Drift alarm") :][:3] == ["Drift alarm", "nobody", "none"]
