"""A state is named by a changeset, a day or an instant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aimsgraph.errors import UsageError
from aimsgraph.model.changeset import Changeset
from aimsgraph.store.history import EMPTY
from aimsgraph.store.moment import instant_of, named


def changeset(number: int, time: str) -> Changeset:
    hashed = f"sha256:{'abc'[number - 1] * 4}{number:060d}"
    return Changeset(
        number=number, hash=hashed, parent=None, author="a", time=datetime.fromisoformat(time), message="m",
        source=None, source_sha256=None, graph=None, added=1, removed=0,
    )  # fmt: skip


KNOWN = [
    changeset(1, "2026-03-01T10:00:00+00:00"),
    changeset(2, "2026-03-03T23:30:00+00:00"),
    changeset(3, "2026-03-04T00:30:00+02:00"),
]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("head", 3),
        ("0", 0),
        ("2", 2),
        ("bbbb", 2),
        ("sha256:cccc", 3),
        ("2026-03-01", 1),
        ("2026-03-02", 1),
        ("2026-03-03", 3),
        ("2026-03-03T23:29:59Z", 3),
        ("2026-03-03T22:29Z", 1),
        ("2026-03-04T00:29+02:00", 1),
        ("2026-03-04T00:30+02:00", 3),
        ("2026-03-03T22:30", 3),
        ("2030-01-01", 3),
    ],
)
def test_a_name_stands_for_the_last_changeset_by_then(name: str, number: int):
    assert named(KNOWN, name) == (number, KNOWN[number - 1].hash if number else EMPTY)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("4", "There is no changeset 4"),
        ("ffff", "There is no changeset ffff"),
        ("²", "There is no changeset ²"),
        ("sha256:", "3 changesets have a hash that starts with"),
        (
            "2026-02-28",
            r"no state of the store as of 2026-02-28: its first changeset is of 2026-03-01T10:00:00\+00:00",
        ),
        ("2026-02-30", "2026-02-30 is no day"),
        ("2026-03-03T25:00", "no instant"),
    ],
)
def test_a_name_that_fits_nothing_is_told(name: str, told: str):
    with pytest.raises(UsageError, match=told):
        named(KNOWN, name)


def test_a_store_without_changesets_has_no_state_on_any_day():
    assert named([], "head") == (0, EMPTY)
    with pytest.raises(UsageError, match="it has none yet"):
        named([], "2026-03-03")


def test_a_day_reaches_to_its_end_and_an_instant_without_a_zone_is_utc():
    assert instant_of("2026-03-03") == datetime(2026, 3, 3, 23, 59, 59, 999999, UTC)
    assert instant_of("2026-03-03T12:00") == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert instant_of("12") is None


def test_a_name_of_very_many_digits_fits_nothing():
    with pytest.raises(UsageError, match="There is no changeset"):
        named(KNOWN, "1" * 5_000)
    assert named(KNOWN, "0" * 10 + "1") == named(KNOWN, "1")
