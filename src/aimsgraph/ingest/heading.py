"""Headings of tables: which one is meant by one that is written a little differently."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A heading with this much in common with one that is wanted is that one, misspelt; longer ones are none.
_CLOSE: Final = 0.85
_LONGEST: Final = 100
#: Numbers, and what may be a currency: who renames dollars to euros has other values.
_UNITS: Final = re.compile(r"[0-9]+|\b[A-Z]{3}\b")


def bare(text: str) -> str:
    """Return a heading as it is compared: letters and digits alone, without case."""
    return re.sub(r"[\W_]+", "", text).casefold()


def misspelt(headings: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Say of each heading that has nearly the name of one that is wanted which that is.

    Numbers and currencies in both have to be the same.
    """
    known, found = {bare(title): title for title in wanted}, []
    for title in headings:
        heading = bare(title)[:_LONGEST]
        close = difflib.get_close_matches(heading, known, n=1, cutoff=_CLOSE)
        if close and _UNITS.findall(title) == _UNITS.findall(known[close[0]]):
            found.append(f"no column is called {title}, which holds values; did you mean {known[close[0]]}?")
    return found
