"""Three questions look for latest measurements in ways of their own: each finds those that a plain reckoning finds."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.query import bind, catalogue
from aimsgraph.query.binding import engine_text
from aimsgraph.query.safety import read
from aimsgraph.vocab import AIMS

TODAY = date(2026, 9, 30)
METRICS = range(4)
Measured = list[tuple[int, date, str | None]]

#: Measurements of few metrics on few days, so that many share a day: of which, when, and the value, if one was noted.
MEASURED = st.lists(
    st.tuples(
        st.sampled_from(METRICS),
        st.integers(-1, 3).map(lambda back: TODAY - timedelta(days=back)),
        st.sampled_from(("0.1", "0.2", None)),
    ),
    max_size=12,
)


def stored(measured: Measured) -> ox.Store:
    lines = [f"@prefix : <{AIMS}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."]
    lines.extend(
        f"<urn:{one}> a :Metric, :Objective ; :driftLimit 0.5 ; :measuredBy <urn:{one}> ." for one in METRICS
    )
    for number, (metric, day, value) in enumerate(measured):
        lines.append(f'<urn:at/{number}> :ofMetric <urn:{metric}> ; :measuredOn "{day}"^^xsd:date .')
        if value is not None:
            lines.append(f"<urn:at/{number}> :measuredValue {value} .")
    store = ox.Store()
    store.load("\n".join(lines).encode(), ox.RdfFormat.TURTLE)
    return store


def latest(measured: Measured) -> Counter[tuple[str, Decimal | None, str | None]]:
    found: Counter[tuple[str, Decimal | None, str | None]] = Counter()
    for metric in METRICS:
        past = [(day, value) for one, day, value in measured if one == metric and day <= TODAY]
        last = max((day for day, _ in past), default=None)
        values = [Decimal(value) for day, value in past if day == last and value is not None]
        found.update((f"urn:{metric}", value, str(last)) for value in values)
        if not values:
            found[f"urn:{metric}", None, None] = 1
    return found


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("metrics-out-of-bounds", "metric"),
        ("metrics-that-drifted", "metric"),
        ("objectives-against-target", "objective"),
    ],
)
@settings(deadline=None)
@given(measured=MEASURED)
def test_a_question_finds_exactly_the_latest_measurements(
    name: str, subject: str, measured: Measured
) -> None:
    saved = catalogue()[name]
    text = engine_text(read(saved.text), bind(saved, {}, TODAY, None)).text
    found: Counter[tuple[str, Decimal | None, str | None]] = Counter()
    for row in stored(measured).query(text):
        value, day = row["measured"], row["measured_on"]
        found[row[subject].value, value and Decimal(value.value), day and day.value] += 1
    expected = latest(measured)
    # One of them tells equal measurements once.
    assert found == (Counter(set(expected)) if name == "metrics-that-drifted" else expected)
