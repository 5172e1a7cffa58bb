"""Whether a piece of evidence counts on a day, and why: dates, and the file's SHA-256 where it can be read.

Each factor is a pure function; its docstring is the explanation that a person reads.
"""

# ruff: noqa: D401 - the docstring of a factor is an explanation, not a command.

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from aimsgraph.model.trace import EvidenceStatus, TracedEvidence
from aimsgraph.store import describe
from aimsgraph.trace.statements import Stated, read_statements
from aimsgraph.vocab import AIMS, PROV, RDFS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date
    from pathlib import Path

    from aimsgraph.store.protocol import View

_CHUNK: Final = 1 << 20
_AUTHOR: Final = PROV + "wasAttributedTo"

FileState = Literal["not-looked-at", "no-location", "elsewhere", "outside", "missing", "unreadable", "read"]


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What is known of a piece of evidence on the day ``today``.

    ``unreadable`` names the date properties whose value is not a date. ``found`` is the SHA-256 of the file,
    None unless ``file`` is ``read``.
    """

    today: date
    collected_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    unreadable: tuple[str, ...] = ()
    location: str | None = None
    recorded: tuple[str, ...] = ()
    file: FileState = "not-looked-at"
    found: str | None = None


def altered(facts: EvidenceFacts) -> str | None:
    """The file is not the one that was recorded, so it may say something else than what was approved."""
    if facts.found is None or all(recorded.lower() == facts.found for recorded in facts.recorded):
        return None
    recorded = next(item for item in facts.recorded if item.lower() != facts.found)
    return (
        f"{facts.location} is not the file that was recorded: its SHA-256 is {facts.found[:12]}…, "
        f"recorded is {recorded[:12]}…."
    )


def file_missing(facts: EvidenceFacts) -> str | None:
    """There is no file at the recorded place, so nobody can look at it."""
    if facts.file == "outside":
        return f"Its location {facts.location} lies outside the evidence folder and was not read."
    if facts.file == "unreadable":
        return f"{facts.location} is in the evidence folder but could not be read."
    return f"There is no file {facts.location} in the evidence folder." if facts.file == "missing" else None


def expired(facts: EvidenceFacts) -> str | None:
    """The last day on which it counts has passed."""
    if facts.valid_until is None or facts.valid_until >= facts.today:
        return None
    ago = (facts.today - facts.valid_until).days
    return f"It expired: its last day was {facts.valid_until}, {_days(ago)} before {facts.today}."


def not_yet_valid(facts: EvidenceFacts) -> str | None:
    """The first day on which it counts is still to come."""
    if facts.valid_from is not None and facts.valid_from > facts.today:
        return f"It counts only from {facts.valid_from} on, which is after {facts.today}."
    if facts.collected_on is not None and facts.collected_on > facts.today:
        return f"It was collected on {facts.collected_on}, which is after {facts.today}."
    return None


def undated(facts: EvidenceFacts) -> str | None:
    """It does not say when it was collected, so its age is unknown."""
    if facts.unreadable:
        return f"Its {' and '.join(facts.unreadable)} is not a date that can be read, so its age is unknown."
    return (
        "It does not say when it was collected, so its age is unknown."
        if facts.collected_on is None
        else None
    )


#: The factors in order of weight: the first that applies decides.
FACTORS: Final[tuple[tuple[EvidenceStatus, Callable[[EvidenceFacts], str | None]], ...]] = (
    ("altered", altered),
    ("file-missing", file_missing),
    ("expired", expired),
    ("not-yet-valid", not_yet_valid),
    ("undated", undated),
)


def judge(facts: EvidenceFacts) -> tuple[EvidenceStatus, str]:
    """Return the status of a piece of evidence and the reason in plain words."""
    for status, factor in FACTORS:
        reason = factor(facts)
        if reason is not None:
            return status, reason
    last = f"and counts until {facts.valid_until}" if facts.valid_until else "and has no last day"
    return "fresh", f"It was collected on {facts.collected_on} {last}; {_file_words(facts)}."


def _file_words(facts: EvidenceFacts) -> str:
    if facts.file == "read" and facts.recorded:
        return "the file is the one that was recorded"
    if facts.file == "read":
        return "no SHA-256 is recorded, so a change to the file would not be noticed"
    if facts.file == "no-location":
        return "no file is named, so there was nothing to compare"
    if facts.file == "elsewhere":
        return "its file is not in the evidence folder but at an address, and was not fetched"
    return "no evidence folder was given, so its file was not compared"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def read_file(location: str | None, root: Path | None) -> tuple[FileState, str | None]:
    """Return what is at ``location`` below the folder ``root``, and the file's SHA-256 when it was read.

    Only ordinary files inside ``root`` are read: a location that leads out of it, by ``..``, by an absolute
    path or by a symbolic link, is not followed.
    """
    if location is None:
        return ("no-location", None)
    if root is None:
        return ("not-looked-at", None)
    if "://" in location:
        return ("elsewhere", None)
    try:
        base = root.resolve()
        path = (base / location).resolve()
        if not path.is_relative_to(base):
            return ("outside", None)
        if not path.is_file():
            return ("missing", None)
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while block := stream.read(_CHUNK):
                digest.update(block)
    except (OSError, ValueError, RuntimeError):
        return ("unreadable", None)
    return ("read", digest.hexdigest())


_DATES: Final = {
    AIMS + "collectedOn": "collection date",
    AIMS + "validFrom": "first day",
    AIMS + "validUntil": "last day",
}


def assess_evidence(
    view: View, *, today: date, evidence_root: Path | None, only: Collection[str] | None = None
) -> dict[str, TracedEvidence]:
    """Judge every piece of evidence (or ``only`` those with these IRIs) as on the day ``today``, by IRI.

    Locations are relative to ``evidence_root``; without it nothing is hashed. Where a property has several
    values the most cautious counts: the earliest last day, the latest first day, every recorded SHA-256.
    """
    pieces = read_facts(view, today=today, evidence_root=evidence_root, only=only)
    written = read_statements(view, pieces, [_AUTHOR])
    known = describe(
        view, sorted({*pieces, *(name for item in written.values() for name in item.nodes(_AUTHOR))})
    )
    result: dict[str, TracedEvidence] = {}
    for iri, facts in pieces.items():
        status, reason = judge(facts)
        ref = known[iri]
        result[iri] = TracedEvidence(
            id=ref.id,
            type=ref.type,
            label=ref.label,
            status=status,
            counts=status == "fresh",
            reason=reason,
            collected_on=facts.collected_on,
            valid_until=facts.valid_until,
            sha256=facts.recorded[0] if facts.recorded else None,
            hash_checked=facts.file == "read" and bool(facts.recorded),
            location=facts.location,
            authors=tuple(known[author] for author in written[iri].nodes(_AUTHOR)),
        )
    return result


def read_facts(
    view: View, *, today: date, evidence_root: Path | None, only: Collection[str] | None = None
) -> dict[str, EvidenceFacts]:
    """Read what :func:`judge` needs of every piece of evidence (or ``only`` those), by IRI."""
    names = [*_DATES, AIMS + "location", AIMS + "sha256"]
    stated = read_statements(view, _evidence_iris(view) if only is None else only, names)
    return {iri: _facts(item, today, evidence_root) for iri, item in stated.items()}


def _evidence_iris(view: View) -> set[str]:
    found = {target for _, _, target in view.edges([AIMS + "evidencedBy"])}
    for row in view.select(
        f"SELECT DISTINCT ?e WHERE {{ ?k <{RDFS}subClassOf>* <{AIMS}Evidence> . ?e a ?k }}"
    ):
        found.add(str(row["e"]))
    return found


def _facts(item: Stated, today: date, root: Path | None) -> EvidenceFacts:
    location = next(iter(item.texts(AIMS + "location")), None)
    state, found = read_file(location, root)
    return EvidenceFacts(
        today=today,
        collected_on=max(item.dates(AIMS + "collectedOn"), default=None),
        valid_from=max(item.dates(AIMS + "validFrom"), default=None),
        valid_until=min(item.dates(AIMS + "validUntil"), default=None),
        unreadable=tuple(
            words for name, words in _DATES.items() if len(item.dates(name)) < len(item.all(name))
        ),
        location=location,
        recorded=tuple(item.texts(AIMS + "sha256")),
        file=state,
        found=found,
    )
