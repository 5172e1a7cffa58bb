"""Gives the variables of a trusted query their values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aimsgraph.store.terms import from_rdflib_term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Identifier

_BODY: Final = re.compile(r"\{")


def bound(query: str, bindings: Mapping[str, Identifier] | None) -> str:
    """Return a query whose pattern begins with the values of some of its variables (names without ``?``)."""
    if not bindings:
        return query
    values = " ".join(f"VALUES ?{name} {{ {from_rdflib_term(term)} }}" for name, term in bindings.items())
    return _BODY.sub(lambda _: "{ " + values + " ", query, count=1)
