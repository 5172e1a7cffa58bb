"""The order in which people expect numbered things: A.9 before A.10, Annex IX before Annex X."""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(r"(\d+|\b[IVX]+\b)")
_ROMAN: Final = {"I": 1, "V": 5, "X": 10}


def natural(text: str) -> list[tuple[int, str]]:
    """Return a key that compares the numbers in a text, Arabic or Roman below forty, as numbers."""
    return [
        (int(part) if part.isdigit() else _roman(part), "") if place % 2 else (-1, part)
        for place, part in enumerate(_PART.split(text))
    ]


def _roman(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
