"""What validation says: findings, what was not exercised, and how complete the graph is."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Final, Literal

from pydantic import ConfigDict, computed_field

from aimsgraph.model.node import Named, Value

Severity = Literal["info", "warning", "violation"]
#: How many digits of its fingerprint name a finding.
ID_DIGITS: Final = 10
#: Whether a waiver counts, or why it does not.
Standing = Literal["in force", "expired", "not yet in force", "incomplete", "unknown shape"]


class Finding(Value):
    """One thing that is missing or wrong.

    ``shape`` and ``focus`` are IRIs, ``path`` a CURIE or property path (null for whole-node checks),
    ``requirement`` the CURIE of the clause or control that asks for it, ``area`` that of its control area.
    ``focus_label`` names the node for a person; ``fix`` says how to mend it. ``file`` and ``line`` (from 1) say where
    the property or the node stands when files were checked; null for a store. ``id`` is the same in every report, as
    long as the finding is not mended.
    """

    shape: str
    focus: str
    focus_label: str
    path: str | None
    value: str | None
    component: str
    severity: Severity
    message: str
    requirement: str | None
    area: str | None
    fix: str | None
    file: str | None = None
    line: int | None = None

    # Read back from JSON, what is worked out is worked out again.
    model_config = ConfigDict(frozen=True, extra="ignore")

    @property
    def key(self) -> tuple[str, str, str | None, str | None, str]:
        """What stays the same while the finding is not mended, whatever its labels and messages become."""
        return self.shape, self.focus, self.path, self.value, self.component

    @property
    def fingerprint(self) -> str:
        """The key as 64 hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.key, ensure_ascii=False).encode()).hexdigest()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def id(self) -> str:
        """Return the start of the fingerprint, by which a person names the finding."""
        return self.fingerprint[:ID_DIGITS]


class CheckedShape(Value):
    """A shape that was checked, whatever came of it; ``nodes`` is how many nodes it looked at.

    ``shape`` is its IRI, ``target`` says what it looks at, ``requirement`` and ``area`` are CURIEs. ``fix`` speaks of
    no node in particular.
    """

    shape: str
    label: str
    target: str
    severity: Severity
    requirement: str | None
    area: str | None
    fix: str | None
    nodes: int


class Unexercised(Value):
    """A shape that matched no node: its area is not assessed by it, and it never counts as passed."""

    shape: str
    label: str
    target: str
    area: str | None


class Score(Value):
    """Passed over applicable checks (one check = one shape on one focus node).

    ``ratio`` is null when nothing was applicable: not assessed is not passed. Checks that are ``waived`` are not among
    those that apply.
    """

    key: str
    label: str
    passed: int
    applicable: int
    waived: int = 0
    ratio: float | None


class Scores(Value):
    """Completeness overall, per control area, per owner, and per clause or control that a shape asks for.

    ``systems`` counts for each AI system all that belongs to it, ``nodes`` each node that a check looks at, the worst
    first; both are null unless they were asked for.
    """

    overall: Score
    areas: tuple[Score, ...]
    owners: tuple[Score, ...]
    requirements: tuple[Score, ...]
    systems: tuple[Score, ...] | None = None
    nodes: tuple[Score, ...] | None = None


class Waiver(Value):
    """A decision that findings of a shape are let pass, and those findings that it does let pass.

    ``about`` is the IRI of the only node or control area that it is for, null for all. ``standing`` says whether it
    counts, and if not, why: on the day of the validation, by what it states, and by the shapes there are.
    """

    id: str
    label: str
    shape: str | None
    about: Named | None
    reason: str | None
    approved_by: Named | None
    approved_on: date | None
    until: date | None
    standing: Standing
    findings: tuple[Finding, ...] = ()


class ChosenProfile(Value):
    """The profile by which was validated: so many ``checks`` of all there are (``of``).

    ``systems`` are those looked at, with all that belongs to them; null when everything is.
    """

    name: str
    label: str
    description: str
    checks: int
    of: int
    systems: tuple[Named, ...] | None


class Validation(Value):
    """A whole validation report. ``conforms`` is the SHACL meaning: no result of any severity above info.

    ``findings`` are those that count; what is let pass stands in ``waivers``. ``profile`` is null when every check was
    made on everything.
    """

    conforms: bool
    findings: tuple[Finding, ...]
    waivers: tuple[Waiver, ...] = ()
    not_exercised: tuple[Unexercised, ...]
    completeness: Scores
    counts: dict[Severity, int]
    profile: ChosenProfile | None = None
    snapshot: str
    date: date

    def every_finding(self) -> tuple[Finding, ...]:
        """Return the findings that count, then those that waivers let pass."""
        return (*self.findings, *(finding for waiver in self.waivers for finding in waiver.findings))
