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
from aimsgraph.query.dataset import is_kept_back
from aimsgraph.query.execution import Limits, answered
from aimsgraph.query.operation import Clear, Create, Modify, Transfer, fault, refusal
from aimsgraph.query.request import read_request
from aimsgraph.query.wanted import wanted
from aimsgraph.store.draft import Draft
from aimsgraph.store.ground import Whole
from aimsgraph.store.removal import close, expect
from aimsgraph.store.still import DATABASE
from aimsgraph.store.template import solution
from aimsgraph.vocab import EDITS_GRAPH, SOURCE_GRAPH, is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from aimsgraph.query.dataset import Dataset
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
    using: Dataset | None = None,
    reserved: bool = True,
) -> Edit:
    """Carry out the update request ``text``: all of its operations, as one changeset, or none.

    Reading, a pattern outside GRAPH sees the union. Writing, a statement outside GRAPH is added to the graph of edits,
    and is removed from every graph of a source that states it. ``limits`` hold for the request as a whole
    (seconds, statements brought from a server) and for each WHERE (rows, bytes, memory). The changeset keeps the
    SHA-256 of the text. ``using`` has the graphs that each WHERE looks at, as USING and USING NAMED would name them;
    with ``reserved`` false nothing is read of the graphs that the store keeps for itself.

    :raises QueryRefusedError, QueryInvalidError: with the place of every operation that is at fault.
    :raises StoreMovedError: the head is not the ``expected`` one.
    :raises TimeLimitError, LimitExceededError: nothing was written.
    """
    operations = looking_at(read_request(text), using, text)
    for attempt in range(_ATTEMPTS):
        try:
            saying = _Saying(author, message, now, source, expected, reserved)
            return _updated(writer, operations, text, saying, limits)
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
    reserved: bool


def _updated(
    writer: Writer, operations: Sequence[Operation], text: str, saying: _Saying, limits: Limits | None
) -> Edit:  # fmt: skip
    given = limits or Limits()
    with writer.ground(most=given.statements, seconds=given.seconds) as ground:
        draft = drafted(ground, operations, text, given, reserved=saying.reserved)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        change = draft.change(
            author=saying.author, message=saying.message, source=saying.source, sha256=sha256
        )
        expected = saying.expected or ground.view.snapshot
        changesets = tuple(filter(None, writer.commit([change], now=saying.now, expected=expected)))
        newer = changesets[-1].hash if changesets else None
        return Edit(dry_run=False, changesets=changesets, difference=draft.difference(newer))


def rehearse(
    view: EmbeddedView,
    text: str,
    *,
    expected: str | None = None,
    limits: Limits | None = None,
    using: Dataset | None = None,
    reserved: bool = True,
) -> Edit:
    """Say what ``update`` would do to the state that a view shows, and what follows; nothing is written.

    :raises AimsgraphError: as ``update`` does.
    """
    operations = looking_at(read_request(text), using, text)
    expect(view, expected)
    draft = drafted(Whole(view), operations, text, limits, reserved=reserved)
    draft.follow()
    return Edit(dry_run=True, changesets=(), difference=draft.difference())


def looking_at(operations: Sequence[Operation], using: Dataset | None, text: str) -> list[Operation]:
    """Return the operations with the graphs of a dataset for each WHERE to look at.

    :raises QueryInvalidError: one chooses its own, by USING or WITH.
    """
    if using is None or not any(using):
        return list(operations)
    chosen: list[Operation] = []
    for operation in operations:
        if isinstance(operation, Modify) and operation.where is not None:
            if operation.home is not None or operation.where.using:
                reason = "USING or WITH stands here, and the request itself names the graphs to look at"
                raise fault(reason, text, operation.at, "Name them in one of the two places.")
            where = replace(operation.where, default=using[0] or (), named=using[1] or (), using=True)
            operation = replace(operation, where=where)
        chosen.append(operation)
    return chosen


def drafted(
    ground: Ground,
    operations: Sequence[Operation],
    text: str,
    limits: Limits | None = None,
    *,
    reserved: bool = True,
) -> Draft:
    """Work out what the operations of a request, read from ``text``, come to upon a state.

    New nodes are named after the text and the state, so that a rehearsal gives them the names that they will have.
    """
    name = hashlib.sha256(f"{ground.view.snapshot}\n{text}".encode()).hexdigest()[:16]
    run = _Run(Draft(ground, f"@edits/{name}"), text, limits or Limits(), reserved=reserved)
    for number, operation in enumerate(operations, start=1):
        run.carry_out(operation, number)
    return run.draft


class _Run:
    """One request being carried out on a draft, within its time."""

    def __init__(self, draft: Draft, text: str, limits: Limits, *, reserved: bool) -> None:
        self.reserved = reserved
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
        for row, found in enumerate(self._solutions(self._seen(operation))):
            fresh = partial(self.draft.fresh, f"o{number}r{row}")
            removed.update(dict.fromkeys(operation.delete.filled(found, home)))
            added.update(dict.fromkeys(operation.insert.filled(found, home or EDITS_GRAPH, fresh)))
        self._refuse_reserved(operation, (*removed, *added))
        self.draft.write(removed, added)

    def _seen(self, operation: Modify) -> Pattern | None:
        """Return the WHERE with the graphs that it may look at, of those that there are by now."""
        where = operation.where
        if where is None or (self.reserved and not where.using):
            return where
        known = self._readable()
        if not where.using:
            # The graph of WITH, if any: one that may not be read looks like one that is empty.
            default = where.default and tuple(graph for graph in where.default if not is_kept_back(graph))
            named = tuple(known) if where.named is None and where.query.asks_named else where.named
            return replace(where, default=default, named=named)
        for graph in (*(where.default or ()), *(where.named or ())):
            if graph not in (EDITS_GRAPH, *known):
                reason = f"USING names <{graph}>, which is no graph of this store that you may read"
                raise refusal(reason, self.text, operation.at)
        return where

    def _solutions(self, where: Pattern | None) -> Iterator[dict[str, Term]]:
        if where is None:
            yield {}
            return
        given = (("default_graph", where.default), ("named_graphs", where.named))
        dataset = {name: graphs for name, graphs in given if graphs is not None}
        written = engine_text(where.query)
        if self.draft.ground.partial:
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
        if not self._is_there(source):
            return
        if source == target:
            return
        if operation.kind != "ADD":
            self.draft.empty([target])
        self.draft.copy(source, target)
        if operation.kind == "MOVE":
            self.draft.empty([source])

    def _must_exist(self, graph: str, operation: Clear | Transfer) -> None:
        if operation.silent or self._is_there(graph):
            return
        hint = close(graph, self._readable()) or "With SILENT a graph that is not there is no fault."
        raise fault(f"there is no graph <{graph}>", self.text, operation.at, hint)

    def _readable(self) -> list[str]:
        return [graph for graph in self.draft.graphs() if self.reserved or not is_kept_back(graph)]

    def _is_there(self, graph: str) -> bool:
        if not self.reserved and is_kept_back(graph):
            return False
        return graph == EDITS_GRAPH or self.draft.exists(graph)
