"""How wide a text is, without any font at hand.

Boxes get their size from here and not from the fonts of the machine, so that a picture laid out in a bare
container (no fonts at all) is the same as one laid out on a desktop, and no text runs over its box.
"""

from __future__ import annotations

import unicodedata
from typing import Final

# Advance widths of Helvetica (and Arial) in 1/1000 em for U+0020 to U+007E, from Adobe's font metrics.
_HELVETICA: Final = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_UNKNOWN: Final = 700
_WIDE: Final = 1000
# DejaVu Sans and Verdana, the common stand-ins for Helvetica, are up to this much wider; bold again.
_SLACK: Final = 1.17
_BOLD: Final = 1.08
_NARROWER: Final = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line in points, on the safe side for any usual sans-serif font."""
    thousandths = sum(_advance(character) for character in text)
    return thousandths / 1000 * size * _SLACK * (_BOLD if bold else 1.0)


def wrap(text: str, width: float, size: float, *, bold: bool = False, lines: int = 4) -> list[str]:
    """Break a text into at most ``lines`` lines no wider than ``width`` points; an ellipsis ends what is cut.

    Breaks fall on spaces (never on no-break spaces), and inside a word only when the word alone is too wide.
    """
    found: list[str] = []
    for word in filter(None, text.split(" ")):
        if found and text_width(f"{found[-1]} {word}", size, bold=bold) <= width:
            found[-1] = f"{found[-1]} {word}"
        else:
            found.extend(_pieces(word, width, size, bold=bold))
    if len(found) > lines:
        last = found[lines - 1]
        while last and text_width(last + "…", size, bold=bold) > width:
            last = last[:-1]
        found[lines - 1 :] = [last.rstrip() + "…"]
    return found


def balanced(text: str, width: float, size: float, *, bold: bool = False, lines: int = 4) -> list[str]:
    """Break a text as ``wrap`` does, into as few lines but of more even length."""
    best = wrap(text, width, size, bold=bold, lines=lines)
    for share in _NARROWER:
        narrower = wrap(text, width * share, size, bold=bold, lines=lines)
        if len(narrower) != len(best) or " ".join(narrower) != " ".join(best):
            break
        best = narrower
    return best


def printable(text: str) -> str:
    """Return the text on one line, without characters that XML cannot carry."""
    if text.isascii() and text.isprintable():  # nearly all, and a hundred times faster
        return " ".join(text.split())
    kept = (character for character in text if _allowed(ord(character)))
    return " ".join("".join(kept).split())


def _advance(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    base = unicodedata.normalize("NFD", character)[0]
    code = ord(base) - 0x20
    if 0 <= code < len(_HELVETICA):
        return _HELVETICA[code]
    return _WIDE if unicodedata.east_asian_width(character) in "WF" else _UNKNOWN


def _pieces(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _allowed(code: int) -> bool:
    if code < 0x20:
        return code in (0x9, 0xA, 0xD)
    return not (0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF))
