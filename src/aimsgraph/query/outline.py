"""Reads off a checked query what it projects and how it sorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.query.safety import CheckedQuery
    from aimsgraph.tokens import Token


def words(query: CheckedQuery) -> set[str]:
    """Return the keywords that the query uses, in capitals."""
    return {token.word for token in query.tokens if token.kind == "word"}


def projected(query: CheckedQuery) -> tuple[str, ...] | None:
    """Return the columns of a SELECT in order; None for ``SELECT *`` and for other kinds of query."""
    if query.kind != "SELECT":
        return None
    names: list[str] = []
    depth = 0
    for index, token in enumerate(query.tokens[query.body + 1 :], start=query.body + 1):
        if depth == 0 and (token.word in ("WHERE", "{")):
            return tuple(names)
        if depth == 0 and token.text == "*":
            return None
        depth += (token.text == "(") - (token.text == ")")
        renamed = depth == 1 and query.tokens[index - 1].word == "AS"
        if token.kind == "var" and (depth == 0 or renamed):
            names.append(token.text[1:])
    return None


def ordering(query: CheckedQuery) -> tuple[str, ...] | None:
    """Return the columns that the outermost ORDER BY sorts by, descending ones with a leading ``-``.

    None when it sorts by anything but plain variables; empty without ORDER BY.
    """
    outer = _outermost(query)
    starts = [i for i, token in enumerate(outer) if token.word == "ORDER" and token.kind == "word"]
    if not starts:
        return ()
    keys: list[str] = []
    rest = list(outer[starts[-1] + 2 :])
    while rest and rest[0].word not in ("LIMIT", "OFFSET", "VALUES"):
        if rest[0].kind == "var":
            keys.append(rest.pop(0).text[1:])
        elif rest[0].word in ("ASC", "DESC") and [t.kind for t in rest[1:4]] == ["op", "var", "op"]:
            keys.append(("-" if rest[0].word == "DESC" else "") + rest[2].text[1:])
            del rest[:4]
        else:
            return None
    return tuple(keys)


def _outermost(query: CheckedQuery) -> Sequence[Token]:
    depth = 0
    found = []
    for token in query.tokens:
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            found.append(token)
    return found
