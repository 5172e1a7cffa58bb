"""Names for a state of the store: a changeset by number or hash, a day, an instant."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import UsageError
from aimsgraph.store.history import EMPTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.model.changeset import Changeset

#: A row of digits shorter than this is the number of a changeset, a longer one may be the start of a hash.
_LEAST_OF_HASH: Final = 8
#: A row of so many digits is no number of a changeset: nobody makes so many.
_MOST_DIGITS: Final = 19
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def named(known: Sequence[Changeset], name: str) -> tuple[int, str]:
    """Return number and hash of the changeset that a name stands for; 0 for the empty store before the first one.

    A name is a number, the start of a hash, ``head``, ``0``, a day (its end, UTC) or an instant with its time zone (UTC
    without): the last changeset that was there by then.

    :raises UsageError: it fits no changeset, or several.
    """
    if name == "head":
        return (known[-1].number, known[-1].hash) if known else (0, EMPTY)
    if (instant := instant_of(name)) is not None:
        return _by(known, instant, name)
    if name == "0":
        return 0, EMPTY
    # Of a row of more digits than one can count to, Python refuses to make a number.
    number = int(name) if name.isdecimal() and len(name) < _MOST_DIGITS else 0
    if 0 < number <= len(known):
        return number, known[number - 1].hash
    start = name if name.startswith("sha256:") else "sha256:" + name
    # A short row of digits is a number, also when no changeset has it and one's hash happens to begin so.
    is_number = name.isdecimal() and len(name) < _LEAST_OF_HASH
    fitting = [] if is_number else [changeset for changeset in known if changeset.hash.startswith(start)]
    if len(fitting) == 1 and name not in ("", "sha256:"):
        return fitting[0].number, fitting[0].hash
    what = f"{len(fitting)} changesets have a hash that starts with" if fitting else "There is no changeset"
    raise UsageError(
        f"{what} {name}.",
        hint=f"Name one by its number (1 to {len(known)}), by the start of its hash, by a day or an instant "
        "(2026-03-03, 2026-03-03T12:00Z), or head: aimsgraph log",
    )


def instant_of(name: str) -> datetime | None:
    """Return the instant up to which a day or an instant reaches, or None where a name is neither.

    :raises UsageError: it looks like one, and there is no such day or time.
    """
    if not _DAY.match(name):
        return None
    try:
        if _DAY.fullmatch(name):
            return datetime.combine(date.fromisoformat(name), time.max, UTC)
        instant = datetime.fromisoformat(name)
    except ValueError as error:
        raise UsageError(
            f"{name} is no day and no instant.", hint="Write it as 2026-03-03 or 2026-03-03T12:00:00+01:00."
        ) from error
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)


def _by(known: Sequence[Changeset], instant: datetime, name: str) -> tuple[int, str]:
    # The clock of a machine may have been set back: what counts is the order of the changesets.
    for changeset in reversed(known):
        if changeset.time <= instant:
            return changeset.number, changeset.hash
    first = (
        f"its first changeset is of {known[0].time.isoformat(timespec='seconds')}"
        if known
        else "it has none yet"
    )
    raise UsageError(
        f"There is no state of the store as of {name}: {first}.", hint="Name a later day: aimsgraph log"
    )
