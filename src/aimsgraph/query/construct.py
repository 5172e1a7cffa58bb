"""Reads a CONSTRUCT as a SELECT and a template, so that its triples can be made one by one.

The engine keeps in memory every triple that a CONSTRUCT has given, to give none twice: 450 MB for a million. Of a
SELECT it keeps nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import AimsgraphError
from aimsgraph.query.passage import Passage
from aimsgraph.query.safety import prologue
from aimsgraph.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.query.safety import CheckedQuery
    from aimsgraph.store.template import Part

#: What makes of solutions something else, of which not every variable of a template can be selected.
_GROUPED: Final = frozenset({"GROUP", "HAVING"})


def as_select(checked: CheckedQuery) -> tuple[CheckedQuery, list[list[str]]] | None:
    """Return the SELECT of the variables that the template of a CONSTRUCT needs, and the template's triples.

    Each part of a triple is a variable (``?x``), the label of a blank node (``_:x``) or a term of N-Triples. None: it
    is no CONSTRUCT, or one that only the engine can make.
    """
    found, start = checked.tokens, checked.body + 1
    if checked.kind != "CONSTRUCT":
        return None
    opening = next((at for at in range(start, len(found)) if found[at].text == "{"), len(found))
    template = _group(found, opening)
    rest = start if opening != start else opening + len(template)
    if rest >= len(found) or _GROUPED & {token.word for token in _outside(found[rest:])}:
        return None
    base = prologue(list(found), checked.text)[1]
    try:
        passage = Passage(checked.text, list(template), 0, checked.prefixes, base)
        quads = passage.template(data=False, deleting=False).quads
    except AimsgraphError:
        return None  # the engine will say what is wrong
    spelt = [[_spelt(part) for part in quad[:3]] for quad in quads if quad[3] is None]
    names = list(dict.fromkeys(part for triple in spelt for part in triple if part.startswith("?")))
    head = _head(names, found[rest].start)
    query = replace(checked, kind="SELECT", tokens=(*found[: checked.body], *head, *found[rest:]))
    return query, spelt


def _head(names: Sequence[str], at: int) -> list[Token]:
    """Return the tokens of a SELECT, which end where the next token begins, so that nothing stands between them."""
    pieces = [("word", "SELECT"), *(("var", name) for name in names)]
    pieces += [("op", " ")] if names else [("op", " * ")]
    return [Token(kind, text, at - len(text)) for kind, text in pieces]  # type: ignore[arg-type]


def _group(found: Sequence[Token], opening: int) -> Sequence[Token]:
    depth = 0
    for at in range(opening, len(found)):
        depth += (found[at].text == "{") - (found[at].text == "}")
        if depth == 0:
            return found[opening : at + 1]
    return found[opening:]


def _outside(found: Sequence[Token]) -> list[Token]:
    """Return the tokens that stand in no braces."""
    outside, depth = [], 0
    for token in found:
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            outside.append(token)
    return outside


def _spelt(part: Part | None) -> str:
    return f"?{part}" if isinstance(part, str) else str(part)
