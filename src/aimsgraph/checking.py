"""Validates files without a store, and says as on which day dates are judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from rdflib import Literal

from aimsgraph import ingest, validate
from aimsgraph.answers import ValidationAnswer
from aimsgraph.errors import UsageError
from aimsgraph.vocab import AIMS, expand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.model.finding import Finding, Validation
    from aimsgraph.store import View

#: The reference dates of pictures of stores, which never change.
_KNOWN: Final[WeakKeyDictionary[View, date | None]] = WeakKeyDictionary()


def check(
    *paths: str | Path,
    shapes: Sequence[str | Path] = (),
    date: date | None = None,
    profile: str | Path | None = None,
) -> ValidationAnswer:
    """Validate files without a store; ``shapes`` adds files of shapes to those of aimsgraph.

    A ``profile``, by name or file, makes some of the checks.

    Findings say where their node or property stands: file and line.

    :raises SyntaxProblemError, InputNotReadableError: when a file cannot be read; all faults are listed.
    :raises UsageError: there is no such profile.
    """
    files = [Path(path) for path in paths]
    view = ingest.view_of(files)
    day = date or reference_date(view) or today()
    examined = validate.examined(
        view, today=day, shapes=[Path(shape) for shape in shapes], choice=validate.choice_of(profile)
    )
    return ValidationAnswer.of(replace(examined, validation=_located(examined.validation, files)))


def _located(validation: Validation, files: Sequence[Path]) -> Validation:
    """Say of each finding in which file and line its property stands, or else its node."""
    nodes = {finding.focus for finding in validation.every_finding()}
    found = {path: ingest.places(path, nodes) for path in files} if nodes else {}

    def located(finding: Finding) -> Finding:
        for wanted in ((finding.focus, expand(finding.path or "")), (finding.focus, None)):
            for path, lines in found.items():
                if wanted in lines:
                    return finding.model_copy(update={"file": path.as_posix(), "line": lines[wanted]})
        return finding

    waivers = (
        waiver.model_copy(update={"findings": tuple(map(located, waiver.findings))})
        for waiver in validation.waivers
    )
    return validation.model_copy(
        update={"findings": tuple(map(located, validation.findings)), "waivers": tuple(waivers)}
    )


def reference_date(view: View) -> date | None:
    """Return the day as on which the management system wants its dates judged, or None when it names none."""
    if view.location is None:
        return _reference_date(view)
    if view not in _KNOWN:
        _KNOWN[view] = _reference_date(view)
    return _KNOWN[view]


def _reference_date(view: View) -> date | None:
    rows = view.select(f"SELECT DISTINCT ?day WHERE {{ ?system <{AIMS}referenceDate> ?day }} ORDER BY ?day")
    if len(rows) > 1:
        raise UsageError(
            f"The graph states {len(rows)} different reference dates.",
            hint="Give the day with --date, or keep one aims:referenceDate.",
        )
    value = rows[0]["day"] if rows else None
    day = value.toPython() if isinstance(value, Literal) else None
    return day if isinstance(day, date) else None


def today() -> date:
    """Return the day that it is here."""
    return datetime.now().astimezone().date()
