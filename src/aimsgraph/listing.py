"""Lists of nodes: by kind, area, owner, status and words, a page at a time."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final

from rdflib import URIRef

from aimsgraph import store, trace
from aimsgraph.model.node import Narrowing, NodePage
from aimsgraph.place import place_in, written
from aimsgraph.store.portion import iris
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from aimsgraph.directory import Directory
    from aimsgraph.store import View

_OWNED: Final = (AIMS + "ownedBy",)
_STATUS: Final = (AIMS + "implementationStatus", AIMS + "lifecycleStage")
#: How well a node fits that was not found by words.
_ALIKE: Final = 0


def listed(view: View, directory: Directory, wanted: Narrowing, *, limit: int, after: str | None) -> NodePage:
    """Return a page of at most ``limit`` nodes, and where the next one begins.

    Without words the nodes come by IRI, else the best fitting first (see :class:`aimsgraph.store.Texts`), then by IRI.
    ``after`` is the ``next`` of the page before, or an IRI. A page begins after the place of the last node of the one
    before, whether or not that is still there: of what stays as it is, nothing comes twice and nothing is left out.

    :raises UsageError: ``after`` is neither, or belongs to a list of other nodes; there is no such class.
    :raises NodeNotFoundError, NodeAmbiguousError: area, owner or status names nothing, or more than one thing.
    """
    wanted = _whole(wanted)
    start = _start(after, wanted)
    candidates = _members(view, directory, wanted)
    if wanted["text"] is None:
        first = bisect_right(candidates, start[1]) if start is not None else 0
        keys = [(_ALIKE, iri) for iri in candidates[first : first + limit + 1]]
    else:
        ranks = directory.texts(view).find(wanted["text"])
        narrow = _narrow(wanted)
        fitting = ranks.keys() & frozenset(candidates) if narrow else ranks.keys()
        every = sorted((ranks[iri], iri) for iri in fitting)
        first = bisect_right(every, start) if start is not None else 0
        keys = every[first : first + limit + 1]
    shown = [iri for _, iri in keys[:limit]]
    known = store.describe(view, shown)
    following = written(keys[limit - 1], tuple(wanted.values())) if len(keys) > limit else None
    return NodePage(nodes=tuple(known[iri] for iri in shown), next=following)


def _whole(given: Narrowing) -> Narrowing:
    """Return what is wanted with None for all that is left out, in the order that cursors count on."""
    if strange := given.keys() - Narrowing.__annotations__.keys():
        raise TypeError(f"nodes are not narrowed by {', '.join(sorted(strange))}")
    return Narrowing(
        type=given.get("type"), text=given.get("text"), area=given.get("area"), owner=given.get("owner"),
        status=given.get("status"),
    )  # fmt: skip


def _narrow(wanted: Narrowing) -> bool:
    return any(
        value is not None for value in (wanted["type"], wanted["area"], wanted["owner"], wanted["status"])
    )


def _members(view: View, directory: Directory, wanted: Narrowing) -> list[str]:
    """Return the nodes that fit in all but the words, sorted; nothing where the words alone decide."""
    if wanted["text"] is not None and not _narrow(wanted):
        return []
    choice = (wanted["type"], wanted["area"], wanted["owner"], wanted["status"])
    return directory.chosen(choice, lambda: _chosen(view, directory, wanted))


def _chosen(view: View, directory: Directory, wanted: Narrowing) -> list[str]:
    narrower = []
    if wanted["owner"] is not None:
        narrower.append(_having(view, _OWNED, wanted["owner"], "aims:Owner"))
    if wanted["status"] is not None:
        narrower.append(_having(view, _STATUS, wanted["status"], "aims:Implemented"))
    if wanted["type"] is not None or not narrower:
        kind = store.class_named(view, wanted["type"]) if wanted["type"] is not None else None
        narrower.append(frozenset(directory.chosen(("class", kind), lambda: store.members(view, kind))))
    found = frozenset.intersection(*narrower)
    if wanted["area"] is not None:
        found = trace.fits(view, found, trace.read_filters(view, areas=[wanted["area"]]))
    return sorted(found)


def _having(view: View, properties: tuple[str, ...], value: str, like: str) -> frozenset[str]:
    """Return the nodes that have a value of one of some properties, or of properties that are special cases of them."""
    node = store.resolve(view, value, like=like)
    names = iris(name for general in properties for name in trace.specialising(view, general))
    query = f"SELECT DISTINCT ?s WHERE {{ VALUES ?p {{ {names} }} ?s ?p ?node FILTER(ISIRI(?s)) }}"
    return frozenset(str(row["s"]) for row in view.rows(query, {"node": URIRef(node.id)}))


def _start(after: str | None, wanted: Narrowing) -> tuple[Any, ...] | None:
    """Read where a page begins: an IRI has a colon, which what we write has not."""
    if after is not None and ":" in after and wanted["text"] is None:
        return (_ALIKE, after)
    return place_in(after, tuple(wanted.values()), (int, str))
