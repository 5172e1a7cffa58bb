"""Removing sources: what the graph of a source holds goes, and the history says what it was."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aimsgraph.errors import StoreMovedError, UsageError
from aimsgraph.model.changeset import Edit
from aimsgraph.store.change import Change
from aimsgraph.store.draft import Draft
from aimsgraph.store.ground import Whole
from aimsgraph.vocab import SOURCE_GRAPH, is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from aimsgraph.store.embedded import EmbeddedView
    from aimsgraph.store.ground import Ground
    from aimsgraph.store.protocol import Writer


def remove(
    writer: Writer,
    names: Sequence[str],
    *,
    author: str,
    message: str | None,
    now: datetime,
    expected: str | None = None,
) -> Edit:
    """Empty the graphs of sources, each by a changeset of its own, in one transaction.

    A source is named as in the history, or by the IRI of its graph.

    :raises UsageError: there is no such source, with those that have a name like it.
    :raises StoreMovedError: the head is not the ``expected`` one.
    """
    with writer.ground() as ground:
        found = _found(ground, names)
        draft = _emptied(ground, found)
        changes = [
            Change(graph, author, message or f"Remove {name}", (), (), True, name)
            for graph, name in found.items()
        ]
        made = writer.commit(changes, now=now, expected=expected or ground.view.snapshot)
        changesets = tuple(one for one in made if one is not None)
        return Edit(dry_run=False, changesets=changesets, difference=draft.difference(changesets[-1].hash))


def rehearse_removal(view: EmbeddedView, names: Sequence[str], *, expected: str | None = None) -> Edit:
    """Say what ``remove`` would do to the state that a view shows, and what follows; nothing is written.

    :raises UsageError, StoreMovedError: as ``remove`` does.
    """
    expect(view, expected)
    ground = Whole(view)
    draft = _emptied(ground, _found(ground, names))
    draft.follow()
    return Edit(dry_run=True, changesets=(), difference=draft.difference())


def expect(view: EmbeddedView, head: str | None) -> None:
    """Make sure that a view shows the head that is expected, if one is.

    :raises StoreMovedError: it does not.
    """
    if head is not None and head != view.snapshot:
        raise StoreMovedError(
            "Somebody else has changed the store meanwhile.", hint="Look at it as it is now, and try again."
        )


def close(name: str, known: Iterable[str]) -> str | None:
    """Return a hint with the known names that are like one, or None where none is."""
    found = difflib.get_close_matches(name, known, n=3, cutoff=0.7)
    return f"Did you mean {' or '.join(found)}?" if found else None


def _emptied(ground: Ground, graphs: Iterable[str]) -> Draft:
    draft = Draft(ground, "@removal")
    draft.empty(graphs)
    return draft


def _found(ground: Ground, names: Sequence[str]) -> dict[str, str]:
    """Return graph and name of each of the sources."""
    if not names:
        raise UsageError("Name at least one source.")
    known = {
        graph: unquote(graph.removeprefix(SOURCE_GRAPH)) if graph.startswith(SOURCE_GRAPH) else graph
        for graph in ground.names()
        if not is_reserved(graph)
    }
    graphs = {name: graph for graph, name in known.items()} | {graph: graph for graph in known}
    strange = [name for name in names if name not in graphs]
    if strange:
        hints = [close(name, graphs) for name in strange]
        raise UsageError(
            f"There is no source {', '.join(strange)} in the store.",
            hint=" ".join(dict.fromkeys(filter(None, hints))) or "aimsgraph log names the sources.",
        )
    return {graphs[name]: known[graphs[name]] for name in names}
