"""When findings came up and went away is read from the history of the store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from aimsgraph import store
from aimsgraph.store import memory_view, open_writer, quad_of, steps
from aimsgraph.validate import ledger, read_shapes

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.ledger import Ledger

PREFIXES = """
    @prefix : <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix aims: <https://w3id.org/aimsgraph/ns#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = '''
    :Owned a sh:PropertyShape ; sh:targetClass :Risk ; sh:path :owner ; sh:minCount 1 ; sh:message "{$this} is alone." .
    :Valid a sh:NodeShape ; sh:targetClass :Evidence ; sh:message "{$this} expired." ; sh:sparql [ sh:prefixes :x ;
        sh:select """SELECT $this { aims:evaluation aims:evaluationDate ?d .
                                    $this <https://example.org/until> ?u FILTER (?u < ?d) }""" ] .
    :x sh:declare [ sh:prefix "aims" ; sh:namespace "https://w3id.org/aimsgraph/ns#"^^xsd:anyURI ] .
'''


@pytest.fixture
def history(tmp_path: Path):
    """Make a store from the states of one source, and tell its findings over time."""

    def made(*states: tuple[str, str], today: str, fixed: bool = False) -> Ledger:
        path = tmp_path / "s"
        store.create(path, now=datetime(2026, 1, 1, tzinfo=UTC))
        with open_writer(path) as writer:
            for day, text in states:
                quads = [quad_of(*statement) for statement in memory_view(PREFIXES + text).to_rdflib()]
                now = datetime.fromisoformat(day).replace(tzinfo=UTC)
                writer.replace("urn:g", quads, author="ada", message=day, now=now)
        shapes = tmp_path / "shapes.ttl"
        shapes.write_text(PREFIXES + SHAPES)
        return ledger(steps(path), read_shapes([shapes]), today=date.fromisoformat(today), fixed=fixed)

    return made


def told(answer: Ledger) -> list[tuple[str, str, int | None, str | None, int | None]]:
    return [
        (
            span.finding.message, str(span.first_seen), span.opened_by,
            None if span.closed_on is None else str(span.closed_on), span.closed_by,
        )
        for span in answer.spans
    ]  # fmt: skip


def test_a_finding_is_opened_by_one_changeset_and_closed_by_another(history):
    answer = history(
        ("2026-01-02", ":r a :Risk ; :owner :o ."),
        ("2026-02-03", ":r a :Risk . :s a :Risk ."),
        ("2026-03-04", ":r a :Risk ; :owner :o . :s a :Risk ."),
        today="2026-05-01",
    )
    assert told(answer) == [
        ("“s” is alone.", "2026-02-03", 2, None, None),
        ("“r” is alone.", "2026-02-03", 2, "2026-03-04", 3),
    ]


def test_what_comes_up_again_stands_twice(history):
    answer = history(
        ("2026-01-02", ":r a :Risk ."),
        ("2026-02-03", ":r a :Risk ; :owner :o ."),
        ("2026-03-04", ":r a :Risk ."),
        today="2026-05-01",
    )
    assert [row[1:] for row in told(answer)] == [
        ("2026-03-04", 3, None, None), ("2026-01-02", 1, "2026-02-03", 2),
    ]  # fmt: skip


def test_a_new_name_does_not_make_a_new_finding(history):
    answer = history(
        ("2026-01-02", ":r a :Risk ."), ("2026-02-03", ':r a :Risk ; rdfs:label "R" .'), today="2026-05-01"
    )
    assert told(answer) == [("“R” is alone.", "2026-01-02", 1, None, None)]


def test_what_the_passing_of_days_brings_names_no_changeset(history):
    evidence = ':e a :Evidence ; :until "2026-01-31"^^xsd:date .'
    answer = history(
        ("2026-01-02", evidence), ("2026-02-03", evidence + " :f a :Evidence ."), today="2026-05-01"
    )
    assert told(answer) == [("“e” expired.", "2026-02-03", None, None, None)]


def test_what_was_expired_when_it_came_is_the_changesets(history):
    answer = history(
        ("2026-01-02", ":f a :Evidence ."),
        ("2026-02-03", ':e a :Evidence ; :until "2026-01-31"^^xsd:date . :f a :Evidence .'),
        today="2026-05-01",
    )
    assert told(answer) == [("“e” expired.", "2026-02-03", 2, None, None)]


def test_with_a_fixed_day_nothing_comes_by_the_passing_of_days(history):
    evidence = ':e a :Evidence ; :until "2026-01-31"^^xsd:date .'
    states = (("2026-01-02", evidence), ("2026-02-03", evidence + " :f a :Evidence ."))
    assert told(history(*states, today="2026-01-20", fixed=True)) == []


def test_a_store_without_changesets_has_no_findings(history):
    answer = history(today="2026-05-01")
    assert (answer.spans, answer.snapshot) == ((), "none")


def test_completeness_is_told_after_each_changeset_and_for_today(history):
    answer = history(
        ("2026-01-02", ":r a :Risk ; :owner :o ."),
        (
            "2026-02-03",
            ":r a :Risk . :s a :Risk ; :owner :o . :e a :Evidence ; :until '2026-03-01'^^xsd:date .",
        ),
        today="2026-05-01",
    )
    told = [
        (one.changeset, str(one.date), one.overall.passed, one.overall.applicable) for one in answer.moments
    ]
    assert told == [(1, "2026-01-02", 1, 1), (2, "2026-02-03", 2, 3), (None, "2026-05-01", 1, 3)]
