"""How alike the names of two terms are, for the question which one is meant."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache


@cache
def parts(iri: str) -> tuple[str, str]:
    """Return the namespace of a term and its name there."""
    local = re.split("[#/]", iri)[-1]
    return iri.removesuffix(local), local


@cache
def likeness(one: str, other: str) -> float:
    """Return how alike two names are: by their letters, or by their words in any order."""
    pairs = [(one, other)]
    if not re.search(r"\d", one + other):  # the order of numbers matters
        pairs.append((_words(one), _words(other)))
    best = max(SequenceMatcher(None, mine.lower(), theirs.lower()).ratio() for mine, theirs in pairs)
    # Classes begin with a capital and properties do not: one rarely stands for the other.
    return best if one[:1].isupper() == other[:1].isupper() else best * 0.75


def _words(name: str) -> str:
    return " ".join(sorted(re.findall("[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name), key=str.lower))
