from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from aimsgraph.validate.evaluation import EVALUATION, EVALUATION_DATE, set_evaluation
from aimsgraph.vocab import AIMS


def stated(graph: Graph) -> dict[str, date]:
    return {
        str(predicate).removeprefix(AIMS): value.toPython()  # type: ignore[attr-defined]
        for predicate, value in graph.predicate_objects(EVALUATION)
        if str(predicate).startswith(AIMS)
    }


def test_the_day_and_the_days_derived_from_it_are_stated() -> None:
    graph = Graph()
    set_evaluation(graph, date(2026, 9, 30))
    assert stated(graph) == {
        "evaluationDate": date(2026, 9, 30),
        "recentSince": date(2026, 7, 2),
        "yearAgo": date(2025, 9, 30),
    }


def test_a_second_day_replaces_the_first() -> None:
    graph = Graph()
    set_evaluation(graph, date(2026, 9, 30))
    set_evaluation(graph, date(2024, 3, 1))
    assert [str(day) for day in graph.objects(EVALUATION, EVALUATION_DATE)] == ["2024-03-01"]
    assert stated(graph)["yearAgo"] == date(2023, 3, 2)


@given(st.dates())
def test_every_day_can_be_today(today: date) -> None:
    graph = Graph()
    set_evaluation(graph, today)
    assert (
        stated(graph)["yearAgo"] <= stated(graph)["recentSince"] <= stated(graph)["evaluationDate"] == today
    )
