"""Places in long lists, written so that whoever pages through one can hand them back."""

from __future__ import annotations

import base64
import hashlib
import json
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, TypeVar

from aimsgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")


def written(key: tuple[object, ...], question: object) -> str:
    """Write the sort key of the last thing shown, and a digest of what was asked.

    It says nothing that the page did not show, and whoever makes one up gets no more than what comes after it: so it
    is checked when it comes back, and not signed.
    """
    text = json.dumps([_digest(question), *key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_in(text: str | None, question: object, kinds: Sequence[type]) -> tuple[Any, ...] | None:
    """Read the sort key, whose parts are of some ``kinds``, out of what :func:`written` wrote; None for None.

    :raises UsageError: it is no such place, or one in the list of another question.
    """
    if text is None:
        return None
    try:
        asked, *key = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"==="))
    except (ValueError, TypeError, RecursionError):
        asked, key = None, []
    if len(key) != len(kinds) or not all(type(one) is kind for one, kind in zip(key, kinds, strict=True)):
        raise UsageError("This is no place in a list.", hint="Give the `next` of the page before.")
    if asked != _digest(question):
        raise UsageError(
            "This place belongs to another list.",
            hint="Ask for the next page with all that the page before was asked with.",
        )
    return tuple(key)


def _digest(question: object) -> str:
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()[:12]


def page_of(
    items: Sequence[Item],
    key: Callable[[Item], tuple[Any, ...]],
    question: object,
    *,
    kinds: Sequence[type],
    limit: int | None,
    after: str | None,
) -> tuple[Sequence[Item], str | None]:
    """Return the items of a page, which are in the order of their keys, and where the next one begins.

    :raises UsageError: ``after`` is no place in this list.
    """
    start = place_in(after, question, kinds)
    first = bisect_right(items, start, key=key) if start is not None else 0
    end = len(items) if limit is None else min(first + limit, len(items))
    while 0 < end < len(items) and key(items[end]) == key(items[end - 1]):
        end += 1  # what has one place stays together: the next page begins after it
    page = items[first:end]
    return page, written(key(page[-1]), question) if page and end < len(items) else None
