"""Writes that are tried before they are made, and refused when they would make something wrong."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final, Literal, Self, TypeVar, get_args

from aimsgraph import store, validate
from aimsgraph.editing import Editing
from aimsgraph.errors import FindingsError, Problem, StoreMovedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.model.finding import Finding
    from aimsgraph.store import View, Writer

T = TypeVar("T")
#: From which severity on a new finding stands against a write.
FailOn = Literal["info", "warning", "violation", "never"]
_RANKS: Final = {name: rank for rank, name in enumerate(get_args(FailOn))}
_SHOWN: Final = 5


class Gated(Editing):
    """One store that can be written through a gate."""

    #: The hash of the head that the last write through the gate left, or would have left in a dry run.
    left: str | None = None

    @abstractmethod
    def trial(self) -> AbstractContextManager[Self]:
        """Open a graph that begins as this one is, and is thrown away."""

    def write(
        self,
        work: Callable[[Self], T],
        *,
        fail_on: FailOn = "violation",
        accept: bool = False,
        expected: str | None = None,
        dry_run: bool = False,
        date: date | None = None,
    ) -> T:
        """Let ``work`` write to a trial, and write the same here unless that brings new findings; return its answer.

        ``graph.write(lambda trial: trial.load("risks.ttl"))`` loads a file so. Only what the change may concern is
        validated. What was wrong before does not stand against it, nor what a waiver in force lets pass. What is
        written has the changesets, and their hashes, that it had on the trial. ``accept`` writes in spite of findings,
        which the messages then name; ``dry_run`` judges, and writes nothing; with ``expected`` it is written upon that
        head only.

        :raises FindingsError: there would be new findings as grave as ``fail_on``, which it carries.
        :raises StoreMovedError: the head is not the expected one; nothing was written.
        :raises StoreLockedError: others write all the time.
        """
        try:
            return self._gated(work, fail_on, accept, expected, dry_run, date)
        except StoreMovedError:
            if expected is not None:
                raise
        # Others write all the time: now they wait.
        with self.writer() as writer:
            return self._gated(work, fail_on, accept, None, dry_run, date, writer=writer)

    def _gated(
        self, work: Callable[[Self], T], fail_on: FailOn, accept: bool, expected: str | None, dry_run: bool,
        day: date | None, remark: str = "", writer: Writer | None = None,
    ) -> T:  # fmt: skip
        self._view = None
        before = self.view()
        if expected is not None and before.snapshot != expected:
            raise store.moved()
        with self.trial() as trial:
            trial.remark = remark
            number = store.newest_number(before)
            done = work(trial)
            entries = store.entries_after(trial.place, number)
            found = _findings(before, trial, entries, fail_on, day) if entries and not remark else ()
            if found and not accept:
                raise _refusal(found, fail_on)
            if not found:
                if entries and not dry_run:
                    with nullcontext(writer) if writer else self.writer(before.snapshot) as here:
                        store.write_again(entries, here, expected=before.snapshot)
                self.left = entries[-1][0].hash if entries else before.snapshot
                return done
        return self._gated(work, fail_on, accept, before.snapshot, dry_run, day, _remark(found), writer)


def _findings(
    before: View, trial: Gated, entries: Sequence[tuple[Changeset, bytes]], fail_on: FailOn, day: date | None
) -> tuple[Finding, ...]:
    """Return the new findings that stand against a trial."""
    if fail_on == "never":
        return ()
    found = validate.new_findings(
        before,
        trial.view(),
        store.statements_of(patch for _, patch in entries),
        shapes=validate.load_shapes(),
        today=trial.today(day),
    )
    return tuple(one for one in found if _RANKS[one.severity] >= _RANKS[fail_on])


def _refusal(found: Sequence[Finding], fail_on: FailOn) -> FindingsError:
    first, many = found[0], len(found) > 1
    return FindingsError(
        f"This would bring {len(found)} new finding{'s' * many} of severity {fail_on} or worse, so nothing is written. "
        f"{'The first: ' * many}{first.message}",
        hint=first.fix or "Mend it, or accept the findings.",
        problems=tuple(Problem(one.message, one.focus) for one in found),
        findings=tuple(found),
    )


def _remark(found: Sequence[Finding]) -> str:
    ids = ", ".join(one.id for one in found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
    return f"[{len(found)} new finding{'s' * (len(found) > 1)} accepted: {ids}]"
