"""What validation says: findings, what was not exercised, and how complete the graph is."""

from __future__ import annotations

from datetime import date
from typing import Literal

from aimsgraph.model.node import Value

Severity = Literal["info", "warning", "violation"]


class Finding(Value):
    """One thing that is missing or wrong.

    ``shape`` and ``focus`` are IRIs, ``path`` a CURIE or property path (null for whole-node checks),
    ``requirement`` the CURIE of the clause or control that asks for it, ``area`` that of its control area.
    ``focus_label`` names the node for a person; ``fix`` says how to mend it. ``file`` and ``line`` (from 1) say where
    the property or the node stands when files were checked; null for a store.
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

    ``ratio`` is null when nothing was applicable: not assessed is not passed.
    """

    key: str
    label: str
    passed: int
    applicable: int
    ratio: float | None


class Scores(Value):
    """Completeness overall, per control area, per owner, and per clause or control that a shape asks for."""

    overall: Score
    areas: tuple[Score, ...]
    owners: tuple[Score, ...]
    requirements: tuple[Score, ...]


class Validation(Value):
    """A whole validation report. ``conforms`` is the SHACL meaning: no result of any severity above info."""

    conforms: bool
    findings: tuple[Finding, ...]
    not_exercised: tuple[Unexercised, ...]
    completeness: Scores
    counts: dict[Severity, int]
    snapshot: str
    date: date
