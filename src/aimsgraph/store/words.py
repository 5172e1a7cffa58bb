"""Texts as words that can be compared: without case, accents and signs."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: What stands between words; a word is a row of letters and digits of any script.
_BETWEEN: Final = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Return the words of a text in lower case, without accents, one space between them; ``""`` when it has none."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(one for one in parts if not unicodedata.combining(one))
    return _BETWEEN.sub(" ", text.casefold()).strip()
