"""Whether a server gives answers whole: some cut them off at a round number of rows, and say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aimsgraph.store.protocol import Row

#: The rows of an answer are counted by digits: with so many of them there can be no more.
_MOST_DIGITS: Final = 7
#: No server is known to cut at fewer.
_LEAST: Final = 100
_DIGITS: Final = "0 1 2 3 4 5 6 7 8 9"


def many_rows(count: int) -> str:
    """Return a query that has exactly so many rows, over no data at all (at most ten million)."""
    digits = range(min(_MOST_DIGITS, max(1, len(str(count - 1)))))
    values = " ".join(f"VALUES ?d{place} {{ {_DIGITS} }}" for place in digits)
    return f"SELECT {' '.join(f'?d{place}' for place in digits)} WHERE {{ {values} }} LIMIT {count}"


class Wholeness:
    """What is known of a server's limit: up to how many rows its answers were found to come whole.

    Only an answer with a round number of rows can have been cut off; the server is then asked, once for each such
    number, for one row more of a table that needs no data.
    """

    def __init__(self, ask: Callable[[str], Iterator[Row]]) -> None:
        self._ask = ask
        self._known = _LEAST - 1

    def holds(self, count: int) -> bool:
        """Say whether an answer with so many rows can be taken for whole."""
        if count <= self._known or not _is_round(count) or count >= 10**_MOST_DIGITS:
            return True
        if sum(1 for _ in self._ask(many_rows(count + 1))) <= count:
            return False
        self._known = count
        return True


def _is_round(count: int) -> bool:
    return count % 100 == 0 or count & (count - 1) == 0
