"""What changed between two changesets, and whether the store is what its history says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreAlteredError, UsageError
from aimsgraph.model.changeset import Changeset, Difference, Verification
from aimsgraph.store.archive import archive_of
from aimsgraph.store.history import EMPTY, chained, quads_of, recorded
from aimsgraph.store.patch import Replay, digest, lines_of
from aimsgraph.store.terms import normalised
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.store.archive import Archive
    from aimsgraph.store.endpoint import Endpoint

_DEFAULT: Final = ox.DefaultGraph()
_HISTORY: Final = ox.NamedNode(HISTORY_GRAPH)
#: A row of digits shorter than this is the number of a changeset, a longer one may be the start of a hash.
_LEAST_OF_HASH: Final = 8


def difference(place: Path | Endpoint, older: str, newer: str = "head") -> Difference:
    """Say what changed from one changeset to another.

    Each is named by its number, the start of its hash, or ``head``; ``0`` is the store before the first one.
    Named the other way round, what was added counts as removed.

    :raises UsageError: when a name fits no changeset or several.
    :raises StoreAlteredError: when a patch is missing or damaged.
    """
    archive = archive_of(place)
    known = [changeset for changeset, _ in recorded(archive.records())]
    first, last = _named(known, older), _named(known, newer)
    replay = Replay()
    for number in range(min(first[0], last[0]) + 1, max(first[0], last[0]) + 1):
        replay.apply(archive.patch(number))
    added, removed = (replay.added, replay.removed) if first[0] <= last[0] else (replay.removed, replay.added)
    return Difference(older=first[1], newer=last[1], added=_told(added), removed=_told(removed))


def _named(known: list[Changeset], name: str) -> tuple[int, str]:
    if name == "head":
        return (known[-1].number, known[-1].hash) if known else (0, EMPTY)
    if name == "0":
        return 0, EMPTY
    if name.isdigit() and int(name) <= len(known):
        return int(name), known[int(name) - 1].hash
    start = name if name.startswith("sha256:") else "sha256:" + name
    # A short row of digits is a number, also when no changeset has it and one's hash happens to begin so.
    is_number = name.isdigit() and len(name) < _LEAST_OF_HASH
    fitting = [] if is_number else [changeset for changeset in known if changeset.hash.startswith(start)]
    if len(fitting) == 1 and name not in ("", "sha256:"):
        return fitting[0].number, fitting[0].hash
    what = f"{len(fitting)} changesets have a hash that starts with" if fitting else "There is no changeset"
    raise UsageError(
        f"{what} {name}.",
        hint=f"Name one by its number (1 to {len(known)}), by the start of its hash, or head: aimsgraph log",
    )


def _told(lines: set[bytes]) -> tuple[str, ...]:
    return tuple(line.decode("utf-8") for line in sorted(lines))


def verify(place: Path | Endpoint) -> Verification:
    """Recompute the hashes and compare the content with the patches.

    Finds any altered, missing or added record, patch or quad, and names the first. What it cannot find is a
    history rewritten as a whole with all its hashes: for that, keep the head's hash somewhere else.
    """
    archive = archive_of(place)
    store = archive.content()
    try:
        chain = recorded(store)
    except StoreAlteredError as error:
        return Verification(intact=False, changesets=0, head=EMPTY, first_difference=error.message)
    head = chain[-1][0].hash if chain else EMPTY
    found = _chain_fault(archive, chain) or _content_fault(archive, store, chain)
    return Verification(intact=found is None, changesets=len(chain), head=head, first_difference=found)


def _chain_fault(archive: Archive, chain: list[tuple[Changeset, str]]) -> str | None:
    parent: str | None = None
    for expected, (changeset, patch) in enumerate(chain, start=1):
        if changeset.number != expected:
            return f"Changeset {expected} is missing or stands twice in the history."
        try:
            text = archive.patch(changeset.number)
        except StoreAlteredError as error:
            return error.message
        if digest(text) != patch:
            return f"The patch of changeset {expected} is not the one that was written."
        if changeset.parent != parent:
            return f"Changeset {expected} does not follow from the one before it."
        if chained(changeset, patch) != changeset.hash:
            return f"The record of changeset {expected} was altered: its hash does not fit."
        parent = changeset.hash
    return None


def _content_fault(archive: Archive, store: ox.Store, chain: list[tuple[Changeset, str]]) -> str | None:
    replay = Replay()
    for changeset, _ in chain:
        replay.apply(archive.patch(changeset.number))
    if replay.removed:
        return f"The patches remove what was never added: {_first(replay.removed)}"
    named = (quad for quad in store if quad.graph_name not in (_DEFAULT, _HISTORY))
    fault = _compared(replay.added, set(lines_of(named)), "The content")
    if fault is None:
        stated = {line[:-2].rpartition(b" ")[0] + b" ." for line in replay.added}
        union = set(lines_of(store.quads_for_pattern(None, None, None, _DEFAULT)))
        fault = _compared(stated, union, "The union of all graphs")
    if fault is None:
        with_agent = archive.layout() > 1
        records = normalised(
            quad for changeset, patch in chain for quad in quads_of(changeset, patch, with_agent=with_agent)
        )
        stored = set(lines_of(store.quads_for_pattern(None, None, None, _HISTORY)))
        fault = _compared(set(lines_of(records)), stored, "The history")
    return fault


def _compared(expected: set[bytes], actual: set[bytes], what: str) -> str | None:
    if extra := actual - expected:
        return f"{what} has a statement that no changeset added: {_first(extra)}"
    if missing := expected - actual:
        return f"{what} lacks a statement that a changeset added: {_first(missing)}"
    return None


def _first(lines: set[bytes]) -> str:
    return min(lines).decode("utf-8", errors="replace")
