"""What a SPARQL server was found to do, and what that means for aimsgraph."""

from __future__ import annotations

from typing import Final, Literal

from aimsgraph.model.node import Value

Outcome = Literal["yes", "worked around", "no", "not asked"]

#: The meaning of a check that was left out because it writes.
NOT_WRITTEN: Final = "Asked with --write."


class Check(Value):
    """One thing that a server was tried with.

    ``needed`` says for what aimsgraph cannot do without it: reading, writing, or null where it can. ``detail`` is
    what the server did, ``meaning`` what follows from that.
    """

    id: str
    question: str
    outcome: Outcome
    needed: Literal["reading", "writing"] | None
    detail: str
    meaning: str


class ChangedLiteral(Value):
    """A literal that a server gives back in another way: as it was written, and as it came back (null: refused)."""

    what: str
    written: str
    returned: str | None


class Capabilities(Value):
    """What a server does. ``tested`` is the version against which the profile was tested, null for an untested one.

    ``changed`` and ``writable`` are null where nothing was written to find out. ``largest_update`` is the number of
    triples of the largest update that was taken.
    """

    address: str
    profile: str
    tested: str | None
    checks: tuple[Check, ...]
    changed: tuple[ChangedLiteral, ...] | None
    largest_update: int | None
    readable: bool
    writable: bool | None

    def does(self, id: str) -> bool | None:
        """Say whether a check found what it looked for, by itself or worked around; None where it was not asked."""
        (outcome,) = [check.outcome for check in self.checks if check.id == id]
        return None if outcome == "not asked" else outcome != "no"
