"""Makes an answer short enough for whoever reads it, and says what was left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.errors import LimitExceededError

if TYPE_CHECKING:
    from collections.abc import Iterator

    Cuts = dict[str, dict[str, int]]

#: Characters of a single text that are always left.
_TEXT: Final = 1_000


def size(answer: object) -> int:
    """Return how many characters an answer has as JSON."""
    return len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))


def cut(answer: dict[str, Any], most: int) -> tuple[dict[str, Any], Cuts]:
    """Shorten an answer to ``most`` characters of JSON: long texts first, then the longest lists, each by half.

    Return it with how much of each is ``shown``, ``of`` how much there was, by where it stands: ``nodes``,
    ``results.bindings``.

    :raises LimitExceededError: it is too large even so.
    """
    cuts: Cuts = {}
    if size(answer) <= most:
        return answer, cuts
    answer = _shortened(answer, "", cuts)
    while size(answer) > most:
        longest = max(_lists(answer, ""), key=lambda found: size(found[1]), default=None)
        if longest is None:
            raise LimitExceededError(
                f"The answer is longer than {most:,} characters, and cannot be shortened.",
                hint="Ask for less.",
            )
        where, found = longest
        cuts.setdefault(where, {"shown": 0, "of": len(found)})["shown"] = len(found) // 2
        del found[len(found) // 2 :]
    return answer, cuts


def _shortened(value: Any, where: str, cuts: Cuts) -> Any:
    """Copy a value with its long texts cut off."""
    if isinstance(value, str) and len(value) > _TEXT:
        cuts[where] = {"shown": _TEXT, "of": len(value)}
        return value[:_TEXT]
    if isinstance(value, dict):
        return {name: _shortened(part, f"{where}.{name}".lstrip("."), cuts) for name, part in value.items()}
    if isinstance(value, list):
        return [_shortened(part, where, cuts) for part in value]
    return value


def _lists(value: Any, where: str) -> Iterator[tuple[str, list[Any]]]:
    """Find the lists with something to spare; within another one only where that has a single item left."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _lists(part, f"{where}.{name}".lstrip("."))
    elif isinstance(value, list):
        if len(value) > 1:
            yield where, value
        elif value:
            yield from _lists(value[0], where)
