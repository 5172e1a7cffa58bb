"""When to ask a server again."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import requests

#: Seconds to wait before the first new try; each further one doubles it.
_PAUSE: Final = 0.2
#: A server that wants to be left alone for more seconds than this is not waited for.
LONGEST: Final = 60.0
#: What a server answers that has too much to do, and those in front of it while it is away.
_BUSY: Final = frozenset({429, 502, 503})


def pause(tried: int) -> float:
    """Return the seconds to wait after so many tries; a part is left to chance, so that askers do not come at once."""
    return float(_PAUSE * 2 ** (tried - 1) * random.uniform(0.5, 1))  # noqa: S311 - no secret


def wait(response: requests.Response, tried: int) -> float | None:
    """Return after how many seconds to ask again, or None when the answer stands.

    A problem that the server itself tells stands, unless it says when to come back (``Retry-After``).
    """
    if response.status_code not in _BUSY:
        return None
    told = response.headers.get("Retry-After")
    if told is not None:
        seconds = _seconds(told)
        return seconds if seconds is not None and seconds <= LONGEST else None
    told_by_itself = response.headers.get("Content-Type", "").startswith("application/problem+json")
    return None if told_by_itself or response.status_code == 429 else pause(tried)


def _seconds(told: str) -> float | None:
    if told.strip().isdecimal():
        return float(told)
    try:
        then = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
