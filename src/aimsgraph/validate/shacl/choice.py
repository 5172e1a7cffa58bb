"""Filters that choose among listed IRIs, as values to begin from: an engine then reads what has these, and not all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.tokens import Token

if TYPE_CHECKING:
    from aimsgraph.validate.shacl.group import Group

_HEAD: Final = 5  # FILTER ( ?variable IN (


def state_choices(group: Group) -> None:
    """Turn each ``FILTER (?variable IN (<iri>, …))`` of a group into values, where its patterns bind the variable."""
    bound = group.head().bound()  # a filter holds for the whole group, values where they stand
    for start in range(len(group.items) - _HEAD):
        head = [item.word if isinstance(item, Token) else "{" for item in group.items[start : start + _HEAD]]
        if head[:2] + head[3:] != ["FILTER", "(", "IN", "("] or head[2][1:] not in bound:
            continue
        listed: list[str] = []
        for end in range(start + _HEAD, len(group.items) - 1, 2):
            one, after = group.items[end : end + 2]
            if not (isinstance(one, Token) and isinstance(after, Token) and one.kind == "iri"):
                break
            listed.append(one.text)
            if after.text != ",":
                last = group.items[end + 2] if end + 2 < len(group.items) else None
                if after.text == ")" and isinstance(last, Token) and last.text == ")":
                    values = Token("op", f"VALUES {head[2]} {{ {' '.join(dict.fromkeys(listed))} }}", 0)
                    # Others hold the places of items, so that their number has to stay.
                    blanks = (Token("op", "", 0) for _ in range(end + 2 - start))
                    group.items[start : end + 3] = [values, *blanks]
                break
