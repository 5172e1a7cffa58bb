"""Changesets as they stand in the history graph, and the chain of their hashes.

Each is a ``prov:Activity`` in the history graph, associated with a ``prov:Agent``, and written in the same transaction
as the data. Its hash is the SHA-256 of the canonical JSON (sorted keys, no spaces, UTF-8) of its fields, the SHA-256 of
its patch and the hash of the changeset before it; so no field, patch or order can change without every later hash
changing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from aimsgraph.bundle_check import canonical
from aimsgraph.errors import StoreAlteredError
from aimsgraph.model.changeset import Changeset
from aimsgraph.store.patch import digest
from aimsgraph.vocab import AIMS, DCTERMS, GRAPH, HISTORY_GRAPH, PROV, RDF, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aimsgraph.store.change import Change

#: What stands for the hash of a store without changesets.
EMPTY: Final = "sha256:" + digest(b"")
_HISTORY: Final = ox.NamedNode(HISTORY_GRAPH)
_TYPE: Final = ox.NamedNode(RDF + "type")
_ACTIVITY: Final = ox.NamedNode(PROV + "Activity")
_AGENT: Final = ox.NamedNode(PROV + "Agent")
_ASSOCIATED: Final = ox.NamedNode(PROV + "wasAssociatedWith")
_LABEL: Final = ox.NamedNode(RDFS + "label")
_PREVIOUS: Final = ox.NamedNode(PROV + "wasInformedBy")
#: Field of a changeset → property and datatype in the history graph.
_FIELDS: Final[dict[str, tuple[str, str]]] = {
    "number": (AIMS + "changesetNumber", "integer"),
    "hash": (AIMS + "changesetHash", "string"),
    "patch": (AIMS + "patchHash", "string"),
    "parent": (AIMS + "parentHash", "string"),
    "author": (AIMS + "changesetAuthor", "string"),
    "time": (PROV + "endedAtTime", "dateTime"),
    "message": (DCTERMS + "description", "string"),
    "source": (DCTERMS + "source", "string"),
    "source_sha256": (AIMS + "sourceHash", "string"),
    "graph": (AIMS + "changedGraph", "anyURI"),
    "added": (AIMS + "addedQuads", "integer"),
    "removed": (AIMS + "removedQuads", "integer"),
}
#: The properties of a record by which the newest one is found, and known again.
NUMBER: Final = _FIELDS["number"][0]
HASH: Final = _FIELDS["hash"][0]
#: Those that say which patch it has, and how many quads that adds and removes.
PATCH: Final = _FIELDS["patch"][0]
SIZES: Final = tuple(_FIELDS[name][0] for name in ("added", "removed"))
#: The properties that say what a graph was made from, and by which changeset.
SOURCED: Final = tuple(_FIELDS[name][0] for name in ("graph", "number", "source_sha256"))
_NAMES: Final = {prop: (name, kind) for name, (prop, kind) in _FIELDS.items()}


def node_of(number: int) -> ox.NamedNode:
    """Return the node that stands for a changeset in the history graph."""
    return ox.NamedNode(f"{GRAPH}changeset/{number}")


def record_of(changeset: Changeset, patch: str) -> dict[str, object]:
    """Return the fields that the hash of a changeset covers, given the SHA-256 of its patch."""
    fields = changeset.model_dump(exclude={"hash", "time"})
    return fields | {"time": _written(changeset.time), "patch": patch}


def chained(changeset: Changeset, patch: str) -> str:
    """Return the hash that the changeset must have, given the SHA-256 of its patch."""
    return "sha256:" + digest(canonical(record_of(changeset, patch)))


def changeset_of(
    change: Change, number: int, parent: str | None, now: datetime, added: int, removed: int, patch: str
) -> Changeset:
    """Return the changeset that a change becomes, with its hash, given the SHA-256 of its patch."""
    draft = Changeset(
        number=number,
        hash="",
        parent=parent,
        author=change.author,
        time=now,
        message=change.message,
        source=change.source,
        source_sha256=change.source_sha256,
        graph=change.graph,
        added=added,
        removed=removed,
    )
    return draft.model_copy(update={"hash": chained(draft, patch)})


def quads_of(changeset: Changeset, patch: str, *, with_agent: bool = True) -> Iterator[ox.Quad]:
    """Yield the quads that record a changeset in the history graph; those of format 1 named no agent."""
    node = node_of(changeset.number)
    yield ox.Quad(node, _TYPE, _ACTIVITY, _HISTORY)
    if changeset.number > 1:
        yield ox.Quad(node, _PREVIOUS, node_of(changeset.number - 1), _HISTORY)
    fields = changeset.model_dump(exclude_none=True) | {"time": _written(changeset.time), "patch": patch}
    for name, value in fields.items():
        prop, kind = _FIELDS[name]
        literal = ox.Literal(str(value), datatype=ox.NamedNode(XSD + kind))
        yield ox.Quad(node, ox.NamedNode(prop), literal, _HISTORY)
    if with_agent:
        yield from _agent(node, changeset.author)


def _agent(node: ox.NamedNode, author: str) -> Iterator[ox.Quad]:
    agent = ox.NamedNode(f"{GRAPH}agent/{quote(author, safe='')}")
    yield ox.Quad(node, _ASSOCIATED, agent, _HISTORY)
    yield ox.Quad(agent, _TYPE, _AGENT, _HISTORY)
    yield ox.Quad(agent, _LABEL, ox.Literal(author), _HISTORY)


def recorded(store: ox.Store) -> list[tuple[Changeset, str]]:
    """Return every changeset in the history graph with the SHA-256 of its patch, oldest first.

    :raises StoreAlteredError: when a record is not one that aimsgraph wrote.
    """
    return _changesets(store.quads_for_pattern(None, None, None, _HISTORY))


def recorded_after(store: ox.Store, number: int) -> list[tuple[Changeset, str]]:
    """Return those later than a number, without a look at the others.

    :raises StoreAlteredError: as :func:`recorded` does.
    """
    newest, _ = head_of(store)
    nodes = map(node_of, range(number + 1, newest + 1))
    return _changesets(quad for node in nodes for quad in store.quads_for_pattern(node, None, None, _HISTORY))


def _changesets(quads: Iterable[ox.Quad]) -> list[tuple[Changeset, str]]:
    fields: dict[str, dict[str, object]] = {}
    for quad in quads:
        name, kind = _NAMES.get(quad.predicate.value, ("", ""))
        if name and isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
            text = quad.object.value
            value: object = int(text) if kind == "integer" and text.isdigit() else text
            fields.setdefault(quad.subject.value, {})[name] = value
    found: list[tuple[Changeset, str]] = []
    for node, given in fields.items():
        try:
            time = datetime.fromisoformat(str(given.pop("time")))
            patch = str(given.pop("patch"))
            optional: dict[str, object] = dict.fromkeys(("parent", "source", "source_sha256", "graph"))
            found.append((Changeset.model_validate(optional | given | {"time": time}), patch))
        except (KeyError, ValueError) as error:
            raise StoreAlteredError(f"The record {node} in the history is not whole.") from error
    return sorted(found, key=lambda pair: pair[0].number)


def forget(store: ox.Store, number: int) -> None:
    """Take the records of all changesets later than ``number`` out of the history."""
    later = number + 1
    while found := list(store.quads_for_pattern(node_of(later), None, None, _HISTORY)):
        for quad in found:
            store.remove(quad)
        later += 1
    for agent in {quad.subject for quad in store.quads_for_pattern(None, _TYPE, _AGENT, _HISTORY)}:
        if next(store.quads_for_pattern(None, _ASSOCIATED, agent, _HISTORY), None) is None:
            for quad in list(store.quads_for_pattern(agent, None, None, _HISTORY)):
                store.remove(quad)


def made_from(store: ox.Store) -> dict[str, str]:
    """Return for each graph the SHA-256 of the source that it was last written from."""
    fields = [ox.NamedNode(prop) for prop in SOURCED]
    newest: dict[str, tuple[int, str]] = {}
    for quad in store.quads_for_pattern(None, fields[0], None, _HISTORY):
        number, source = (
            next(store.quads_for_pattern(quad.subject, field, None, _HISTORY), None) for field in fields[1:]
        )
        if number is not None and source is not None:
            found = int(number.object.value), source.object.value  # type: ignore[union-attr]
            graph = quad.object.value  # type: ignore[union-attr]
            newest[graph] = max(newest.get(graph, found), found)
    return {graph: sha256 for graph, (_, sha256) in newest.items()}


def head_of(store: ox.Store) -> tuple[int, str]:
    """Return the number and the hash of the newest changeset; 0 and a fixed hash when there is none."""
    number = ox.NamedNode(_FIELDS["number"][0])
    # Counting down from the number of records finds the newest one without reading all of them.
    count = sum(1 for _ in store.quads_for_pattern(None, number, None, _HISTORY))
    if count == 0:
        return 0, EMPTY
    for quad in store.quads_for_pattern(node_of(count), ox.NamedNode(_FIELDS["hash"][0]), None, _HISTORY):
        return count, quad.object.value  # type: ignore[union-attr]
    raise StoreAlteredError(
        f"The history counts {count} changesets, but the record of number {count} is missing."
    )


def _written(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")
