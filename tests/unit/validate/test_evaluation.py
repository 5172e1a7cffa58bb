from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from aimsgraph.validate.evaluation import EVALUATION, evaluation_days, evaluation_given, evaluation_triples
from aimsgraph.vocab import AIMS


def stated(today: date) -> dict[str, date]:
    return {str(term).removeprefix(AIMS): day.toPython() for term, day in evaluation_days(today).items()}


def test_the_day_and_the_days_derived_from_it_are_stated() -> None:
    assert stated(date(2026, 9, 30)) == {
        "evaluationDate": date(2026, 9, 30),
        "recentSince": date(2026, 7, 2),
        "yearAgo": date(2025, 9, 30),
    }


def test_queries_and_graphs_are_given_the_same() -> None:
    today = date(2024, 3, 1)
    said = {(s.n3(), p.n3()): o.n3() for s, p, o in evaluation_triples(today) if str(p).startswith(AIMS)}
    assert said == evaluation_given(today)
    assert {subject for subject, _ in said} == {EVALUATION.n3()}
    assert len(said) == 3


@given(st.dates())
def test_every_day_can_be_today(today: date) -> None:
    days = stated(today)
    assert days["yearAgo"] <= days["recentSince"] <= days["evaluationDate"] == today
