"""The names that people give to what they send: names of sources, and never a way to somewhere."""

from __future__ import annotations

import re
from typing import Final

from aimsgraph.errors import InputNotReadableError, Problem

_LONGEST: Final = 400
_LONGEST_PART: Final = 200
#: Names that some systems take for devices, whatever the ending.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_SIGNS: Final = re.compile(r'[\\:*?"<>|]')


def source_names(given: list[str]) -> list[str]:
    """Return the names as they are, when each of them can name a source.

    :raises InputNotReadableError: with every name that cannot, and why.
    """
    faults = [Problem(fault, ascii(name)[1:-1][:_LONGEST_PART]) for name in given if (fault := _fault(name))]
    folded = [name.casefold() for name in given]
    faults += [
        Problem("Two files have this name", name)
        for name in dict.fromkeys(given)
        if folded.count(name.casefold()) > 1
    ]
    if faults:
        raise InputNotReadableError(
            f"{faults[0]}.", hint="A source has a plain name, such as risks.ttl or finance/risks.ttl.",
            problems=tuple(faults),
        )  # fmt: skip
    return given


def _fault(name: str) -> str | None:
    parts = name.split("/")
    if not name:
        return "A source needs a name"
    if _size(name) > _LONGEST or max(map(_size, parts)) > _LONGEST_PART:
        return f"The name is too long: at most {_LONGEST} bytes, and {_LONGEST_PART} between two slashes"
    if not name.isprintable():
        return "The name has control characters, or such as cannot be seen"
    if _SIGNS.search(name):
        return 'The name has one of the signs \\ : * ? " < > |'
    if any(part in ("", ".", "..") for part in parts):
        return "The name is a path that leads elsewhere"
    if name.startswith("@") or any(
        _DEVICES.fullmatch(part) or part[-1] in ". " or part[0] == " " for part in parts
    ):
        return "The name is reserved"
    return None


def _size(text: str) -> int:
    return len(text.encode(errors="replace"))
