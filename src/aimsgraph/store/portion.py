"""Many nodes asked for by name, some at a time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Item = TypeVar("Item")

#: So many nodes are named in one query.
PORTION: Final = 500
#: Up to so many nodes are asked for by name, portion by portion; beyond, reading what is stated of all is quicker.
MOST_NAMED: Final = 5_000


def is_iri(text: str) -> bool:
    """Say whether a text is an IRI, which can stand between angle brackets in a query."""
    if any(character in '<>"{}|^`\\' or character <= " " for character in text):
        return False
    try:
        ox.NamedNode(text)
    except ValueError:  # no scheme, a character that no IRI may have, half of a surrogate pair
        return False
    return True


def iris(names: Iterable[str], between: str = " ") -> str:
    """Write IRIs as SPARQL does; what is none is left out, since nothing can be stated of it."""
    return between.join(f"<{name}>" for name in names if is_iri(name))


def portions(items: Iterable[Item], size: int = PORTION) -> Iterator[list[Item]]:
    """Cut what comes into lists of at most ``size``."""
    waiting = iter(items)
    while portion := list(islice(waiting, size)):
        yield portion


def named(variable: str, names: list[str]) -> Iterator[str]:
    """Yield VALUES clauses that name the nodes, portion by portion; one empty clause when there are too many."""
    if len(names) > MOST_NAMED:
        yield ""
        return
    for portion in portions(names):
        yield f"VALUES ?{variable} {{ {iris(portion)} }}"


def one_of(variable: str, names: Iterable[str], nodes: str) -> str:
    """Return a pattern that holds ``variable`` to some properties, beside the VALUES clause of some nodes.

    With the nodes at hand it filters what is stated of them: each property with each node would be many more look-ups,
    which an engine may take for a reason to read everything.
    """
    if nodes:
        return f"{nodes} FILTER(?{variable} IN ({iris(names, ', ')}))"
    return f"VALUES ?{variable} {{ {iris(names)} }}"
