"""What changed between two changesets, and whether the store is what its history says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreAlteredError
from aimsgraph.model.changeset import Changeset, Difference, Verification
from aimsgraph.store.folder import CHANGESETS, manifest, open_for_reading
from aimsgraph.store.history import EMPTY, chained, quads_of, recorded
from aimsgraph.store.moment import named
from aimsgraph.store.packs import read_patch
from aimsgraph.store.patch import Replay, lines_of
from aimsgraph.store.terms import normalised
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from pathlib import Path

_DEFAULT: Final = ox.DefaultGraph()
_HISTORY: Final = ox.NamedNode(HISTORY_GRAPH)


def difference(path: Path, older: str, newer: str = "head") -> Difference:
    """Say what changed from one changeset to another.

    Each is named as :func:`aimsgraph.store.moment.named` says.
    Named the other way round, what was added counts as removed.

    :raises UsageError: when a name fits no changeset or several.
    :raises StoreAlteredError: when a patch is missing or damaged.
    """
    known = [changeset for changeset, _ in recorded(open_for_reading(path).store)]
    first, last = named(known, older), named(known, newer)
    replay = Replay()
    for number in range(min(first[0], last[0]) + 1, max(first[0], last[0]) + 1):
        replay.apply(read_patch(path / CHANGESETS, number))
    added, removed = (replay.added, replay.removed) if first[0] <= last[0] else (replay.removed, replay.added)
    return Difference(older=first[1], newer=last[1], added=_told(added), removed=_told(removed))


def _told(lines: set[bytes]) -> tuple[str, ...]:
    return tuple(line.decode("utf-8") for line in sorted(lines))


def verify(path: Path) -> Verification:
    """Recompute the hashes and compare the content with the patches.

    Finds any altered, missing or added record, patch or quad, and names the first. What it cannot find is a
    history rewritten as a whole with all its hashes: for that, keep the head's hash somewhere else.
    """
    still = open_for_reading(path)
    store = still.store
    try:
        chain = recorded(store)
    except StoreAlteredError as error:
        return Verification(intact=False, changesets=0, head=EMPTY, first_difference=error.message)
    head = chain[-1][0].hash if chain else EMPTY
    found = _chain_fault(path, chain) or _content_fault(path, store, chain, manifest(path).format)
    return Verification(intact=found is None, changesets=len(chain), head=head, first_difference=found)


def _chain_fault(path: Path, chain: list[tuple[Changeset, str]]) -> str | None:
    parent: str | None = None
    for expected, (changeset, patch) in enumerate(chain, start=1):
        if changeset.number != expected:
            return f"Changeset {expected} is missing or stands twice in the history."
        try:
            read_patch(path / CHANGESETS, changeset.number, patch)
        except StoreAlteredError as error:
            return error.message
        if changeset.parent != parent:
            return f"Changeset {expected} does not follow from the one before it."
        if chained(changeset, patch) != changeset.hash:
            return f"The record of changeset {expected} was altered: its hash does not fit."
        parent = changeset.hash
    return None


def _content_fault(
    path: Path, store: ox.Store, chain: list[tuple[Changeset, str]], layout: int
) -> str | None:
    replay = Replay()
    for changeset, _ in chain:
        replay.apply(read_patch(path / CHANGESETS, changeset.number))
    if replay.removed:
        return f"The patches remove what was never added: {_first(replay.removed)}"
    named = (quad for quad in store if quad.graph_name not in (_DEFAULT, _HISTORY))
    fault = _compared(replay.added, set(lines_of(named)), "The content")
    if fault is None:
        stated = {line[:-2].rpartition(b" ")[0] + b" ." for line in replay.added}
        union = set(lines_of(store.quads_for_pattern(None, None, None, _DEFAULT)))
        fault = _compared(stated, union, "The union of all graphs")
    if fault is None:
        records = normalised(
            quad for changeset, patch in chain for quad in quads_of(changeset, patch, with_agent=layout > 1)
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
