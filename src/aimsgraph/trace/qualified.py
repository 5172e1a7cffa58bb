"""Qualified dependencies: a transmission and a period of validity for one dependency, the PROV way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from aimsgraph.trace.annotations import DEPENDS_ON, Annotations, ImpactProperty, probability
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Identifier

    from aimsgraph.store.protocol import View


#: The pattern of a qualified dependency.
QUALIFIED: Final = f"?subject <{AIMS}qualifiedDependency> ?node . ?node <{AIMS}on> ?on"


@dataclass(frozen=True, slots=True)
class Qualification:
    """What one qualified dependency says: the subject, on what, by which property, how likely, and when.

    It ``holds`` on the day in question; ``first`` and ``last`` are its first and last day, None where it has none.
    """

    subject: str
    on: str
    via: str | None
    transmission: float | None
    holds: bool
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Days from a first to a last one, both included."""

    first: date = date.min
    last: date = date.max

    def __contains__(self, day: date) -> bool:
        """Say whether a day is one of them."""
        return self.first <= day <= self.last

    def within(self, other: Period) -> Period:
        """Return the days that are in both."""
        return Period(max(self.first, other.first), min(self.last, other.last))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the qualifications of one stated dependency come to."""

    holds: bool
    transmission: float | None


@dataclass(frozen=True, slots=True)
class Extra:
    """A dependency that is only qualified, never stated by a property; ends in the direction of impact."""

    source: str
    target: str
    property: str
    transmission: float | None


@dataclass(slots=True)
class Qualifications:
    """All qualified dependencies, and which of them a stated dependency has used."""

    by_pair: dict[tuple[str, str], list[Qualification]]
    used: set[Qualification] = field(default_factory=set)

    def on(self, subject: str, target: str, item: ImpactProperty) -> Verdict | None:
        """Return what is said about the stated dependency ``subject item target``; None when nothing is.

        Among several qualifications that hold, the largest transmission is taken.
        """
        named = self.about(subject, target, item)
        if not named:
            return None
        holding = [said for said in named if said.holds]
        if not holding:
            return Verdict(False, None)
        return Verdict(
            True, max((s.transmission for s in holding if s.transmission is not None), default=None)
        )

    def about(self, subject: str, target: str, item: ImpactProperty) -> list[Qualification]:
        """Return the qualifications of the stated dependency ``subject item target``, and mark them as used.

        One that names the property (or one that it specialises) goes before one that names none.
        """
        if not self.by_pair:
            return []
        matching = [
            said
            for said in self.by_pair.get((subject, target), ())
            if said.via is None or said.via == item.iri or said.via in item.ancestors
        ]
        if not matching and item.forward:
            # ``risk threatens asset`` and "asset depends on risk" are one flow from the risk to the asset.
            matching = [
                said for said in self.by_pair.get((target, subject), ()) if said.via in (None, item.iri)
            ]
        self.used.update(matching)
        return [said for said in matching if said.via is not None] or matching

    def lasting(self, today: date) -> Period:
        """Return the days on which the same ones hold as on the day ``today``: none begins or ends within them."""
        first, last = date.min, date.max
        for said in (said for pair in self.by_pair.values() for said in pair):
            ended = said.last + timedelta(1) if said.last is not None and said.last < date.max else None
            for change in (said.first, ended):
                if change is not None and change <= today:
                    first = max(first, change)
                elif change is not None:
                    last = min(last, change - timedelta(1))
        return Period(first, last)

    def unasserted(self, known: Annotations) -> Iterator[Extra]:
        """Yield what holds and no property states: by ``via``, else by ``aims:dependsOn``."""
        merged: dict[tuple[str, str, str], float | None] = {}
        for said in (said for pair in sorted(self.by_pair) for said in self.by_pair[pair]):
            if said in self.used or not said.holds:
                continue
            item = known.impact.get(said.via) if said.via is not None else None
            ends = (said.subject, said.on) if item is not None and item.forward else (said.on, said.subject)
            key = (*ends, item.iri if item is not None else DEPENDS_ON)
            stated = [number for number in (merged.get(key), said.transmission) if number is not None]
            merged[key] = max(stated, default=None)
        for (source, target, name), transmission in merged.items():
            yield Extra(source, target, name, transmission)


def day(value: Identifier | None) -> date | None:
    """Return the day that a literal names; None when there is none or it cannot be read."""
    python = value.toPython() if value is not None else None  # type: ignore[attr-defined]
    if isinstance(python, datetime):
        return python.date()
    return python if isinstance(python, date) else None


def read_qualifications(view: View, today: date, ends: str = QUALIFIED) -> Qualifications:
    """Read every qualified dependency; one holds from its first to its last day, both included.

    ``ends`` may be a narrower pattern for ``?subject``, ``?node`` and ``?on``.
    """
    rows = view.rows(
        f"""SELECT ?node ?subject ?on ?via ?p ?from ?until WHERE {{
          {ends} FILTER(isIRI(?subject) && isIRI(?on))
          OPTIONAL {{ ?node <{AIMS}via> ?via }} OPTIONAL {{ ?node <{AIMS}transmission> ?p }}
          OPTIONAL {{ ?node <{AIMS}dependencyValidFrom> ?from }}
          OPTIONAL {{ ?node <{AIMS}dependencyValidUntil> ?until }} }}"""
    )
    found: dict[tuple[str, str], list[Qualification]] = {}
    for row in rows:
        first, last = day(row.get("from")), day(row.get("until"))
        said = Qualification(
            subject=str(row["subject"]),
            on=str(row["on"]),
            via=str(row["via"]) if "via" in row else None,
            transmission=probability(row.get("p")),
            holds=(first is None or first <= today) and (last is None or today <= last),
            first=first,
            last=last,
        )
        found.setdefault((said.subject, said.on), []).append(said)
    for pair in found.values():
        pair.sort(key=lambda said: (said.via or "", said.transmission or 0.0, said.holds))
    return Qualifications(found)
