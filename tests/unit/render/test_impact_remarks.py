"""What the terminal says of an impact that is not all exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.cli.tables import impact_remarks

if TYPE_CHECKING:
    from aimsgraph.model.impact import Impact


def test_an_exact_whole_answer_needs_no_remark(impact: Impact) -> None:
    whole = {"method": "exact", "worlds": None, "controls_left_out": 0}
    assert impact_remarks(impact.model_copy(update=whole)) == []


def test_every_budget_that_was_reached_is_named(impact: Impact) -> None:
    cut = {
        "why_simulated": "steps",
        "worlds_left_out": 64,
        "controls_left_out": 1,
        "rare_left_out": 2,
        "paths_complete": False,
        "dimension": "aims:Quality",
        "without_dimension": 3,
    }
    assert impact_remarks(impact.model_copy(update=cut)) == [
        "Of 3 dependencies no dimension is stated; counted all the same.",
        "Simulated, because working it out exactly takes too many steps. "
        "Exact all the same: 2 of 2; estimated from its causes, being rare: 0.",
        "Left out for the size of the graph: 64 worlds, 1 control, estimates of 2 rare nodes.",
        "There may be ways more likely than those shown; not all were compared.",
    ]
