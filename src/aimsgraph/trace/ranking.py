"""Which of several changes of controls removes most, then which most of what is left, and so on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aimsgraph.trace.burden import Burden
    from aimsgraph.trace.projection import Floats

    #: Harm, and loss (0 where none is known).
    Amounts = tuple[float, float]
    #: New chances that controls (numbers) work.
    Change = Mapping[int, float]

#: Differences below this are the rounding of sums.
_NOTHING: Final = 1e-9


@dataclass(slots=True, eq=False)
class Leftover:
    """What is left under a column of chances, risk by risk, and once any of several ``changes`` (by number) is made.

    A change touches few risks. Only these are worked out for it, and again only when another change has touched them.
    """

    burden: Burden
    column: Floats
    changes: dict[int, Change]
    _harms: dict[int, float] = field(default_factory=dict)
    _losses: dict[int, float] = field(default_factory=dict)
    _hurt: dict[int, list[int]] = field(default_factory=dict)
    _lost: dict[int, list[int]] = field(default_factory=dict)
    _gains: dict[int, Amounts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._harms = {risk: self.burden.harm(risk, [self.column])[0] for risk in self.burden.hurts}
        self._losses = {risk: self.burden.loss_of(risk, self.column) for risk in sorted(self.burden.losses)}
        for number, change in self.changes.items():
            for risk in self.burden.hurt_through(change):
                self._hurt.setdefault(risk, []).append(number)
            for risk in self.burden.lost_through(change):
                self._lost.setdefault(risk, []).append(number)

    @property
    def now(self) -> Amounts:
        """What is left of all risks."""
        return sum(self._harms.values()), sum(self._losses.values())

    def after(self) -> dict[int, Amounts]:
        """Return what would be left after each of the changes."""
        waiting = sorted(self.changes.keys() - self._gains.keys())
        self._gains.update(self._gained({at: changed(self.column, self.changes[at]) for at in waiting}))
        return self._less({at: self._gains[at] for at in self.changes})

    def without_each(self) -> dict[int, Amounts]:
        """Return what would be left after all of the changes but each."""
        end = Leftover(self.burden, all_of(self.column, self.changes.values()), dict(self.changes))
        return end._less(end._gained(_all_but_one(self.column, self.changes)))

    def _less(self, gains: Mapping[int, Amounts]) -> dict[int, Amounts]:
        harm, loss = self.now
        return {at: (harm - gain[0], loss - gain[1]) for at, gain in gains.items()}

    def _gained(self, columns: Mapping[int, Floats]) -> dict[int, Amounts]:
        """Return what is taken off by columns that differ only in what some changes (by number) change."""
        harm, loss = dict.fromkeys(columns, 0.0), dict.fromkeys(columns, 0.0)
        for risk, numbers in self._hurt.items():
            these = [number for number in numbers if number in columns]
            found = self.burden.harm(risk, [columns[number] for number in these]) if these else []
            for number, left in zip(these, found, strict=True):
                harm[number] += self._harms[risk] - left
        for risk, numbers in self._lost.items():
            for number in numbers:
                if number in columns:
                    loss[number] += self._losses[risk] - self.burden.loss_of(risk, columns[number])
        return {number: (harm[number], loss[number]) for number in columns}

    def make(self, number: int) -> None:
        """Make one of the changes, which is none any more; those that touch the same risks are open again."""
        change = self.changes.pop(number)
        self.column = changed(self.column, change)
        for risk in self.burden.hurt_through(change):
            self._harms[risk] = self.burden.harm(risk, [self.column])[0]
            self._reopen(self._hurt[risk], number)
        for risk in self.burden.lost_through(change):
            self._losses[risk] = self.burden.loss_of(risk, self.column)
            self._reopen(self._lost[risk], number)

    def drop(self, number: int) -> None:
        """Leave out one of the changes."""
        change = self.changes.pop(number)
        for risk in self.burden.hurt_through(change):
            self._hurt[risk].remove(number)
        for risk in self.burden.lost_through(change):
            self._lost[risk].remove(number)

    def _reopen(self, numbers: list[int], made: int) -> None:
        numbers.remove(made)
        for other in numbers:
            self._gains.pop(other, None)


def changed(column: Floats, change: Change) -> Floats:
    """Return a column of chances with some of them raised, none lowered."""
    other = column.copy()
    for control, chance in change.items():
        other[control] = max(other[control], chance)
    return other


def all_of(column: Floats, changes: Iterable[Change]) -> Floats:
    """Return a column of chances with all changes made."""
    for change in changes:
        column = changed(column, change)
    return column


def _all_but_one(column: Floats, changes: Mapping[int, Change]) -> dict[int, Floats]:
    """Return for each of the changes the column of chances when all the others are made."""
    most, second = column.copy(), column.copy()
    for change in changes.values():
        for control, chance in change.items():
            second[control] = max(second[control], min(chance, most[control]))
            most[control] = max(most[control], chance)
    found = {}
    for number, change in changes.items():
        found[number] = most.copy()
        for control, chance in change.items():
            if chance >= most[control]:
                found[number][control] = second[control]
    return found


def differ(before: Iterable[float], after: Iterable[float]) -> bool:
    """Say whether anything was removed between the two, of harm or of loss."""
    return any(was - now > _NOTHING for was, now in zip(before, after, strict=True))
