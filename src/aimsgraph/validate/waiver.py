"""Waivers: findings that the organisation decided to let pass, for a reason and for a time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from aimsgraph.model.finding import Waiver
from aimsgraph.model.node import Named
from aimsgraph.validate.labels import names_of
from aimsgraph.validate.ownership import owners_of
from aimsgraph.validate.shacl.subclass import Subclasses
from aimsgraph.validate.wording import name_of
from aimsgraph.vocab import AIMS, compact, local_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from rdflib.term import Node

    from aimsgraph.model.finding import Finding, Standing
    from aimsgraph.validate.labels import Names
    from aimsgraph.validate.shacl.context import Source

_SAID: Final = ("waives", "waivesFor", "waivedBecause", "waivedUntil", "approvedBy", "approvedOn")


def waivers_of(source: Source, known: Collection[str], today: date) -> list[Waiver]:
    """Return the waivers in a graph, by label, with their standing; ``known`` are the IRIs of all shapes.

    What a waiver states twice is read once, so that it lets less pass: the earlier end, the later approval.
    """
    rows = source.select(
        f"SELECT ?waiver ?said ?value WHERE {{ ?waiver a <{AIMS}Waiver> . OPTIONAL {{ ?waiver ?said ?value "
        f"FILTER (?said IN ({', '.join(f'<{AIMS}{name}>' for name in _SAID)})) }} }}"
    )
    stated: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        said = stated[row["waiver"]]
        if "said" in row:
            said[local_name(str(row["said"]))].append(row["value"])
    terms = [term for said in stated.values() for values in said.values() for term in values]
    names = names_of(source, {term for term in (*stated, *terms) if not isinstance(term, Literal)})
    people = Subclasses(source).instance("who", URIRef(AIMS + "Owner")) if stated else ""
    rows = source.select(f"SELECT DISTINCT ?who WHERE {{ {people} }}") if stated else []
    reading = _Reading(names, known, {str(row["who"]) for row in rows}, today)
    found = [reading.waiver(node, said) for node, said in stated.items()]
    return sorted(found, key=lambda waiver: (waiver.label, waiver.id))


def let_pass(
    findings: Iterable[Finding], waivers: Iterable[Waiver], source: Source
) -> tuple[list[Finding], tuple[Waiver, ...]]:
    """Part findings: those that count, and the waivers with those that each lets pass.

    Nobody can waive what is said of a node of their own. Where several waivers fit, the one that ends last is taken.
    """
    ordered = list(waivers)
    rank = sorted(
        (w for w in ordered if w.standing == "in force"), key=lambda w: w.until or date.min, reverse=True
    )
    by_shape: dict[str | None, list[Waiver]] = defaultdict(list)
    for waiver in rank:
        by_shape[waiver.shape].append(waiver)
    fitting = {
        finding: [waiver for waiver in by_shape[finding.shape] if _is_about(waiver, finding)]
        for finding in findings
        if finding.shape in by_shape
    }
    owners = owners_of(source, {finding.focus for finding, some in fitting.items() if some})
    passed: dict[str, list[Finding]] = defaultdict(list)
    counting: list[Finding] = []
    for finding in findings:
        own = {name_of(owner) for owner in owners.get(finding.focus, ())}
        by = next(
            (w for w in fitting.get(finding, ()) if w.approved_by and w.approved_by.id not in own), None
        )
        (counting if by is None else passed[by.id]).append(finding)
    return counting, tuple(w.model_copy(update={"findings": tuple(passed.get(w.id, ()))}) for w in ordered)


def _is_about(waiver: Waiver, finding: Finding) -> bool:
    return (
        waiver.about is None or waiver.about.id == finding.focus or compact(waiver.about.id) == finding.area
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is needed to read a waiver: names, the IRIs of the shapes and of the owners there are, and the day."""

    names: Names
    shapes: Collection[str]
    owners: Collection[str]
    today: date

    def waiver(self, node: Node, said: Mapping[str, list[Node]]) -> Waiver:
        shape, about, approver = (self._one(said[name]) for name in ("waives", "waivesFor", "approvedBy"))
        reason = min(map(str, said["waivedBecause"]), default=None)
        until = min(_days(said["waivedUntil"]), default=None)
        approved = max(_days(said["approvedOn"]), default=None)
        # What it is for must be readable too: a waiver for a word would otherwise be one for everything.
        whole = reason is not None and (about is not None or not said["waivesFor"])
        whole = whole and approver is not None and approver.id in self.owners
        return Waiver(
            id=name_of(node),
            label=self.names.label(node),
            shape=shape.id if shape else None,
            about=about,
            reason=reason,
            approved_by=approver,
            approved_on=approved,
            until=until,
            standing=self._standing(shape.id if whole and shape else None, approved, until),
        )

    def _one(self, terms: Iterable[Node]) -> Named | None:
        found = min((term for term in terms if isinstance(term, URIRef)), default=None)
        return None if found is None else Named(id=str(found), label=self.names.label(found))

    def _standing(self, shape: str | None, approved: date | None, until: date | None) -> Standing:
        if shape is None or approved is None or until is None:
            return "incomplete"
        if shape not in self.shapes:
            return "unknown shape"
        if until < self.today:
            return "expired"
        return "not yet in force" if approved > self.today else "in force"


def _days(terms: Iterable[Node]) -> list[date]:
    values = [term.toPython() for term in terms if isinstance(term, Literal)]
    return [
        value.date() if isinstance(value, datetime) else value for value in values if isinstance(value, date)
    ]
