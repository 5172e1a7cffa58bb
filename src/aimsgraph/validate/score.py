"""Completeness: passed over applicable checks, in all, per control area and per owner."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from rdflib import BNode, URIRef
from rdflib.namespace import RDF

from aimsgraph.model.finding import Score, Scores
from aimsgraph.order import natural
from aimsgraph.validate.labels import names_of
from aimsgraph.vocab import AIMS, compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from aimsgraph.model.finding import Finding
    from aimsgraph.validate.focus import Focus
    from aimsgraph.validate.shacl.context import Source

OWNED_BY: Final = URIRef(AIMS + "ownedBy")
CONTROL_AREA: Final = URIRef(AIMS + "ControlArea")


def scores_of(source: Source, applicable: Iterable[Focus], findings: Iterable[Finding]) -> Scores:
    """Count the checks that passed, of those that had a node to look at.

    One check is one shape on one focus node; it fails when it has a finding of severity violation or warning, however
    many. Shapes of severity info give advice, and shapes of form only say how data are written: neither kind counts.
    """
    failed: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.severity != "info":
            failed[finding.shape].add(finding.focus)
    total: Counter[bool] = Counter()
    areas: dict[str, Counter[bool]] = {
        str(row["area"]): Counter()
        for row in source.select(f"SELECT ?area WHERE {{ ?area <{RDF.type}> <{CONTROL_AREA}> }}")
    }
    owners: dict[Node, Counter[bool]] = defaultdict(Counter)
    requirements: dict[str, Counter[bool]] = defaultdict(Counter)
    for focus in applicable:
        check = focus.check
        if check.severity == "info" or not check.demanded:
            continue
        if check.requirement:
            requirements[check.requirement].update()
        if not focus.count:
            continue
        wrong = focus.among(failed.get(check.iri, ()))
        counted = Counter({True: focus.count - len(wrong), False: len(wrong)})
        total += counted
        if check.area:
            areas.setdefault(check.area, Counter()).update(counted)
        if check.requirement:
            requirements[check.requirement].update(counted)
        for owner, count in focus.per_owner(OWNED_BY).items():
            owners[owner][True] += count
        for owner in (one for owners_of in wrong.values() for one in owners_of):
            owners[owner].update({True: -1, False: 1})
    names = names_of(source, [*map(URIRef, (*areas, *requirements)), *owners])

    def told(iri: str, count: Counter[bool]) -> Score:
        return _score(compact(iri), names.label(URIRef(iri)), count)

    return Scores(
        overall=_score("overall", "All areas", total),
        areas=tuple(told(area, areas[area]) for area in sorted(areas)),
        owners=tuple(
            sorted(
                (_score(_key(owner), names.label(owner), count) for owner, count in owners.items()),
                key=lambda score: (score.label, score.key),
            )
        ),
        requirements=tuple(told(one, requirements[one]) for one in sorted(requirements, key=natural)),
    )


def _key(owner: Node) -> str:
    return f"_:{owner}" if isinstance(owner, BNode) else str(owner)


def _score(key: str, label: str, count: Counter[bool]) -> Score:
    applicable = count[True] + count[False]
    return Score(
        key=key,
        label=label,
        passed=count[True],
        applicable=applicable,
        ratio=count[True] / applicable if applicable else None,
    )
