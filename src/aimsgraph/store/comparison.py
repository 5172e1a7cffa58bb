"""What changed between two changesets, and whether the store is what its history says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.bundle_check import Report, compare
from aimsgraph.errors import StoreAlteredError
from aimsgraph.model.changeset import Difference
from aimsgraph.store.archive import archive_of
from aimsgraph.store.heads import verification
from aimsgraph.store.history import EMPTY, chained, quads_of, recorded
from aimsgraph.store.kept import UNREADABLE
from aimsgraph.store.moment import named
from aimsgraph.store.patch import Replay, lines_of, net
from aimsgraph.store.terms import normalised
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aimsgraph.bundle_check import Head
    from aimsgraph.model.changeset import Changeset, Verification
    from aimsgraph.store.archive import Archive, Place
    from aimsgraph.store.kept import Kept

_DEFAULT: Final = ox.DefaultGraph()
_HISTORY: Final = ox.NamedNode(HISTORY_GRAPH)


def difference(place: Place, older: str, newer: str = "head") -> Difference:
    """Say what changed from one changeset to another.

    Each is named as :func:`aimsgraph.store.moment.named` says.
    Named the other way round, what was added counts as removed.

    :raises UsageError: when a name fits no changeset or several.
    :raises StoreAlteredError: when a patch is missing, damaged or not the one that was written.
    """
    archive = archive_of(place)
    chain = recorded(archive.records())
    known = [changeset for changeset, _ in chain]
    first, last = named(known, older), named(known, newer)
    between = range(min(first[0], last[0]) + 1, max(first[0], last[0]) + 1)
    replay = net(archive.patch, (entry for entry in chain if entry[0].number in between))
    added, removed = (replay.added, replay.removed) if first[0] <= last[0] else (replay.removed, replay.added)
    return Difference(older=first[1], newer=last[1], added=_told(added), removed=_told(removed))


def _told(lines: set[bytes]) -> tuple[str, ...]:
    return tuple(line.decode("utf-8") for line in sorted(lines))


def verify(place: Place, *, heads: Sequence[Head] = (), keys: Sequence[bytes] = ()) -> Verification:
    """Recompute the hashes and compare the content with the patches, and the history with heads noted elsewhere.

    Finds any altered, missing or added record, patch or quad, also in the earlier states that are kept, and names the
    first. A history rewritten as a whole with all its hashes it can only find by a head. With ``keys`` (DER) each head
    must be signed by one of them.
    """
    archive = archive_of(place)
    report = Report(head=EMPTY)
    try:
        store = archive.content()
        chain = recorded(store)
        report.changesets, report.head = len(chain), chain[-1][0].hash if chain else EMPTY
        report.fault = _chain_fault(archive, chain)
        if report.fault is None:
            report.fault = compare(
                report, list(heads), [changeset.hash for changeset, _ in chain], list(keys)
            )
            replay, kept_fault = _replayed(archive, chain)
            report.statements = len(replay.added)
            report.fault = (
                report.fault or _content_fault(store, chain, replay, archive.layout()) or kept_fault
            )
    except StoreAlteredError as error:
        report.fault = error.message
    return verification(report)


def _chain_fault(archive: Archive, chain: list[tuple[Changeset, str]]) -> str | None:
    parent: str | None = None
    for expected, (changeset, patch) in enumerate(chain, start=1):
        if changeset.number != expected:
            return f"Changeset {expected} is missing or stands twice in the history."
        try:
            archive.patch(changeset.number, patch)
        except StoreAlteredError as error:
            return error.message
        if changeset.parent != parent:
            return f"Changeset {expected} does not follow from the one before it."
        if chained(changeset, patch) != changeset.hash:
            return f"The record of changeset {expected} was altered: its hash does not fit."
        parent = changeset.hash
    return None


def _replayed(archive: Archive, chain: list[tuple[Changeset, str]]) -> tuple[Replay, str | None]:
    """Play all patches, and compare each state that is kept with what they come to on the way there."""
    heads = [EMPTY, *(changeset.hash for changeset, _ in chain)]
    fault: str | None = None
    kept: dict[str, Kept] = {}
    try:
        kept = archive.kept(heads)
    except OSError as error:
        fault = f"The earlier states that are kept cannot be read: {error.strerror or error}."
    replay = Replay()
    for number, head in enumerate(heads):
        if number:
            replay.apply(archive.patch(number))
        if head in kept and fault is None:
            fault = _kept_fault(kept[head], chain[:number], replay)
    return replay, fault


def _kept_fault(kept: Kept, chain: list[tuple[Changeset, str]], replay: Replay) -> str | None:
    """Say what is wrong with an earlier state that is kept, where the patches have been played up to it."""
    try:
        still = kept.opened()
        # What a store kept before it was brought to another format has the records of its time.
        fault = None if still is None else _content_fault(still.store, chain, replay, 1)
    except UNREADABLE as error:
        fault = f"It cannot be opened ({error})."
    if fault is None:
        return None
    return (
        f"In {kept.name}, which is kept to show the store as of changeset {len(chain)}: {fault} "
        "Remove that folder: it is made anew when it is asked for."
    )


def sources_of(store: ox.Store) -> Iterator[ox.Quad]:
    """Yield the quads of every named graph but the history: what the patches come to."""
    return (quad for quad in store if quad.graph_name not in (_DEFAULT, _HISTORY))


def _content_fault(
    store: ox.Store, chain: list[tuple[Changeset, str]], replay: Replay, layout: int
) -> str | None:
    if replay.removed:
        return f"The patches remove what was never added: {_first(replay.removed)}"
    fault = _compared(replay.added, set(lines_of(sources_of(store))), "The content")
    if fault is None:
        stated = {line[:-2].rpartition(b" ")[0] + b" ." for line in replay.added}
        union = set(lines_of(store.quads_for_pattern(None, None, None, _DEFAULT)))
        fault = _compared(stated, union, "The union of all graphs")
    if fault is None:
        stored = set(lines_of(store.quads_for_pattern(None, None, None, _HISTORY)))
        fault = _compared(_records(chain, True), stored, "The history")
        if fault is not None and layout == 1 and stored == _records(chain, False):
            return None  # format 1 named no agents; while it is brought to format 2 they come first
    return fault


def _records(chain: list[tuple[Changeset, str]], with_agent: bool) -> set[bytes]:
    quads = (quad for changeset, patch in chain for quad in quads_of(changeset, patch, with_agent=with_agent))
    return set(lines_of(normalised(quads)))


def _compared(expected: set[bytes], actual: set[bytes], what: str) -> str | None:
    if extra := actual - expected:
        return f"{what} has a statement that no changeset added: {_first(extra)}"
    if missing := expected - actual:
        return f"{what} lacks a statement that a changeset added: {_first(missing)}"
    return None


def _first(lines: set[bytes]) -> str:
    return min(lines).decode("utf-8", errors="replace")
