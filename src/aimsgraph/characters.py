"""Characters that a form of file cannot hold."""

from __future__ import annotations

import re
from typing import Final

#: What XML 1.0 has no way to write, not even escaped (section 2.2).
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fit_for_xml(text: str) -> str:
    """Return a text that XML can hold: what it cannot becomes U+FFFD."""
    return _NOT_IN_XML.sub("\ufffd", text)
