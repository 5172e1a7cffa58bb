"""Runs an update request: what it removes and adds is worked out beside the store, then written as one changeset."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreMovedError, TimeLimitError
from aimsgraph.model.changeset import Edit
from aimsgraph.query.binding import engine_text
from aimsgraph.query.execution import Limits, answered
from aimsgraph.query.operation import Clear, Create, Modify, Transfer, fault, refusal
from aimsgraph.query.request import read_request
from aimsgraph.store.draft import Draft
from aimsgraph.store.ground import Whole
from aimsgraph.store.removal import close, expect
from aimsgraph.store.still import DATABASE
from aimsgraph.store.template import solution
from aimsgraph.vocab import EDITS_GRAPH, SOURCE_GRAPH, is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from aimsgraph.query.operation import Operation, Pattern
    from aimsgraph.store import Quad
    from aimsgraph.store.embedded import EmbeddedView
    from aimsgraph.store.ground import Ground
    from aimsgraph.store.protocol import Writer
    from aimsgraph.store.template import Term

#: How often a request is worked out anew when another thread has written meanwhile.
_ATTEMPTS: Final = 5


def update(
    writer: Writer,
    text: str,
    *,
    author: str,
    message: str,
    now: datetime,
    source: str | None = None,
    expected: str | None = None,
    limits: Limits | None = None,
) -> Edit:
    """Carry out the update request ``text``: all of its operations, as one changeset, or none.

    Reading, a pattern outside GRAPH sees the union. Writing, a statement outside GRAPH is added to the graph of edits,
    and is removed from every graph of a source that states it. ``limits`` hold for the request as a whole
    (seconds, statements brought from a server) and for each WHERE (rows, bytes, memory). The changeset keeps the
    SHA-256 of the text.

    :raises QueryRefusedError, QueryInvalidError: with the place of every operation that is at fault.
    :raises StoreMovedError: the head is not the ``expected`` one.
    :raises TimeLimitError, LimitExceededError: nothing was written.
    """
    operations = read_request(text)
    for attempt in range(_ATTEMPTS):
        try:
            return _updated(writer, operations, text, _Saying(author, message, now, source, expected), limits)
        except StoreMovedError:
            if expected is not None or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt has returned or raised")


@dataclass(frozen=True, slots=True)
class _Saying:
    """What a request is written with."""

    author: str
    message: str
    now: datetime
    source: str | None
    expected: str | None


def _updated(
    writer: Writer, operations: Sequence[Operation], text: str, saying: _Saying, limits: Limits | None
) -> Edit:  # fmt: skip
    given = limits or Limits()
    with writer.ground(most=given.statements, seconds=given.seconds) as ground:
        draft = drafted(ground, operations, text, given)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        change = draft.change(
            author=saying.author, message=saying.message, source=saying.source, sha256=sha256
        )
        expected = saying.expected or ground.view.snapshot
        changesets = tuple(filter(None, writer.commit([change], now=saying.now, expected=expected)))
        newer = changesets[-1].hash if changesets else None
        return Edit(dry_run=False, changesets=changesets, difference=draft.difference(newer))


def rehearse(
    view: EmbeddedView, text: str, *, expected: str | None = None, limits: Limits | None = None
) -> Edit:
    """Say what ``update`` would do to the state that a view shows, and what follows; nothing is written.

    :raises AimsgraphError: as ``update`` does.
    """
    operations = read_request(text)
    expect(view, expected)
    draft = drafted(Whole(view), operations, text, limits)
    draft.follow()
    return Edit(dry_run=True, changesets=(), difference=draft.difference())


def drafted(
    ground: Ground, operations: Sequence[Operation], text: str, limits: Limits | None = None
) -> Draft:
    """Work out what the operations of a request, read from ``text``, come to upon a state.

    New nodes are named after the text and the state, so that a rehearsal gives them the names that they will have.
    """
    name = hashlib.sha256(f"{ground.view.snapshot}\n{text}".encode()).hexdigest()[:16]
    run = _Run(Draft(ground, f"@edits/{name}"), text, limits or Limits())
    for number, operation in enumerate(operations, start=1):
        run.carry_out(operation, number)
    return run.draft


class _Run:
    """One request being carried out on a draft, within its time."""

    def __init__(self, draft: Draft, text: str, limits: Limits) -> None:
        self.draft = draft
        self.text = text
        self.limits = limits
        self.end = time.monotonic() + limits.seconds

    def carry_out(self, operation: Operation, number: int) -> None:
        match operation:
            case Modify():
                self._modify(operation, number)
            case Clear():
                self._clear(operation)
            case Create():
                self._create(operation)
            case Transfer():
                self._transfer(operation)

    def _modify(self, operation: Modify, number: int) -> None:
        removed: dict[Quad, None] = {}
        added: dict[Quad, None] = {}
        home = operation.home
        for row, found in enumerate(self._solutions(operation.where)):
            fresh = partial(self.draft.fresh, f"o{number}r{row}")
            removed.update(dict.fromkeys(operation.delete.filled(found, home)))
            added.update(dict.fromkeys(operation.insert.filled(found, home or EDITS_GRAPH, fresh)))
        self._refuse_reserved(operation, (*removed, *added))
        self.draft.write(removed, added)

    def _solutions(self, where: Pattern | None) -> Iterator[dict[str, Term]]:
        if where is None:
            yield {}
            return
        given = (("default_graph", where.default), ("named_graphs", where.named))
        dataset = {name: graphs for name, graphs in given if graphs is not None}
        written = engine_text(where.query)
        if self.draft.ground.partial:
            from aimsgraph.query.wanted import (
                wanted,
            )  # it needs rdflib's parser

            self.draft.reach(wanted(where))
        with self.draft.location() as folder:
            place = {"database": str(folder / DATABASE)}
            left = self.end - time.monotonic()
            if left <= 0:
                raise self._too_slow()
            try:
                answer = answered(place, where.query, written, replace(self.limits, seconds=left), dataset)
            except TimeLimitError:
                raise self._too_slow() from None
        yield from map(solution, answer)

    def _too_slow(self) -> TimeLimitError:
        return TimeLimitError(
            f"The update took longer than {self.limits.seconds:g} seconds and was stopped; nothing is written.",
            hint="Ask for less at once, or raise the time limit.",
        )

    def _refuse_reserved(self, operation: Modify, quads: Sequence[Quad]) -> None:
        graphs = {str(getattr(quad.graph_name, "value", EDITS_GRAPH)) for quad in quads}
        for graph in sorted(filter(is_reserved, graphs)):
            at = min(operation.places.values(), default=operation.at)
            reason = f"here it would write <{graph}>, which the store alone writes"
            hint = f'Leave such graphs out, in WHERE: FILTER(STRSTARTS(STR(?g), "{SOURCE_GRAPH}"))'
            raise refusal(reason, self.text, at, hint)

    def _clear(self, operation: Clear) -> None:
        written = [graph for graph in self.draft.graphs() if not is_reserved(graph)]
        if operation.target == "ALL":
            graphs = written
        elif operation.target == "NAMED":
            graphs = [graph for graph in written if graph != EDITS_GRAPH]
        elif operation.target == "DEFAULT":
            graphs = [EDITS_GRAPH]
        else:
            graphs = [operation.target]
            self._must_exist(operation.target, operation)
        self.draft.empty(graphs)

    def _create(self, operation: Create) -> None:
        if self.draft.exists(operation.graph) and not operation.silent:
            raise fault(f"there is a graph <{operation.graph}> already", self.text, operation.at)
        self.draft.create(operation.graph)

    def _transfer(self, operation: Transfer) -> None:
        source, target = operation.source, operation.target
        self._must_exist(source, operation)
        if source == target or not (source == EDITS_GRAPH or self.draft.exists(source)):
            return
        if operation.kind != "ADD":
            self.draft.empty([target])
        self.draft.copy(source, target)
        if operation.kind == "MOVE":
            self.draft.empty([source])

    def _must_exist(self, graph: str, operation: Clear | Transfer) -> None:
        if operation.silent or graph == EDITS_GRAPH or self.draft.exists(graph):
            return
        hint = close(graph, self.draft.graphs()) or "With SILENT a graph that is not there is no fault."
        raise fault(f"there is no graph <{graph}>", self.text, operation.at, hint)
