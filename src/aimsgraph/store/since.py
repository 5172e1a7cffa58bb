"""What changesets changed since an earlier state of a store, for those who keep something made from that state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aimsgraph.errors import StoreAlteredError
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.folder import CHANGESETS
from aimsgraph.store.history import HASH, NUMBER, PATCH, SIZES, node_of
from aimsgraph.store.packs import read_patch
from aimsgraph.store.patch import parted
from aimsgraph.store.terms import to_rdflib_term
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from aimsgraph.store.archive import Place
    from aimsgraph.store.protocol import View
    from aimsgraph.store.steps import Statement

_HISTORY = ox.NamedNode(HISTORY_GRAPH)


def changes_since(where: Place, before: str, now: View, *, most: int) -> tuple[Statement, ...] | None:
    """Return the statements that changesets added or removed after the snapshot ``before``, up to the view ``now``.

    Some of them may stand as they stood: a statement has a place in every source that says it. None when that cannot
    be said in little time: ``before`` is no earlier state of the same store, there are more than ``most`` statements,
    the store is not in a folder, or a patch is missing.
    """
    if not isinstance(where, Path) or not isinstance(now, EmbeddedView):
        return None
    first, last = (_number(now.store, hash_) for hash_ in (before, now.snapshot))
    if first is None or last is None or first > last:
        return None
    numbers = range(first + 1, last + 1)
    if len(numbers) > most or sum(_size(now.store, number) for number in numbers) > most:
        return None
    found: dict[ox.Triple, None] = {}
    try:
        for number in numbers:
            patch = read_patch(where / CHANGESETS, number, _text(now.store, number, PATCH))
            found |= dict.fromkeys(quad.triple for part in parted(patch) for quad in part)
    except StoreAlteredError:
        return None
    return tuple(
        (to_rdflib_term(one.subject), to_rdflib_term(one.predicate), to_rdflib_term(one.object))
        for one in found
    )


def _number(store: ox.Store, hash_: str) -> int | None:
    """Return the number of the changeset with this hash; None when there is none."""
    stated = ox.Literal(hash_)
    for quad in store.quads_for_pattern(None, ox.NamedNode(HASH), stated, _HISTORY):
        for found in store.quads_for_pattern(quad.subject, ox.NamedNode(NUMBER), None, _HISTORY):
            return int(found.object.value)  # type: ignore[union-attr]
    return None


def _size(store: ox.Store, number: int) -> int:
    return sum(int(_text(store, number, name) or 0) for name in SIZES)


def _text(store: ox.Store, number: int, name: str) -> str | None:
    for quad in store.quads_for_pattern(node_of(number), ox.NamedNode(name), None, _HISTORY):
        return quad.object.value  # type: ignore[union-attr]
    return None
