"""Which properties carry impact, which way, and who guards: read from the graph's own annotations."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Final

from rdflib import Literal

from aimsgraph.vocab import AIMS, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib.term import Identifier

    from aimsgraph.store.protocol import View

#: Flow kinds of which lineage knows that they say nothing about where a thing comes from.
THREAT: Final = AIMS + "Threat"
DEPENDS_ON: Final = AIMS + "dependsOn"


@dataclass(frozen=True, slots=True)
class ImpactProperty:
    """A property along which impact flows.

    ``forward`` is true when it flows from the subject to the object; ``flow`` is the IRI of the flow kind
    (``""`` when none is stated); ``transmission`` the default probability, None when none is stated.
    ``ancestors`` are the IRIs of the properties that it specialises, itself not included; ``dimensions`` those of the
    qualities that can get lost along it (none: nothing is stated).
    """

    iri: str
    forward: bool
    flow: str
    transmission: float | None
    ancestors: frozenset[str]
    dimensions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Annotations:
    """All annotated properties: those that carry impact, and those whose subject guards its object."""

    impact: Mapping[str, ImpactProperty]
    guarding: frozenset[str]


def number(value: object) -> float | None:
    """Return a stated number as a float; None for what is none, or is too large to be one."""
    if isinstance(value, Literal):
        value = value.toPython()
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        found = float(value)
    except (OverflowError, ValueError):
        return None
    return found if isfinite(found) else None


def probability(value: object) -> float | None:
    """Return a stated probability as a float in [0, 1]; None for what is not a number in that range."""
    found = number(value)
    return found if found is not None and 0.0 <= found <= 1.0 else None


def read_annotations(view: View) -> Annotations:
    """Read which properties are annotated, or specialise an annotated one; the nearest annotation wins.

    Each annotation is inherited on its own, so that a special property may restate only its transmission.
    Where two values are equally near, the larger transmission and else the first in IRI order is taken.
    """
    stated: dict[str, dict[str, list[Identifier]]] = {}
    for name in ("impactDirection", "flowKind", "defaultTransmission", "impactDimension", "guardRole"):
        for row in view.select(f"SELECT ?p ?v WHERE {{ ?p <{AIMS}{name}> ?v }}"):
            stated.setdefault(name, {}).setdefault(str(row["p"]), []).append(row["v"])
    parents: dict[str, set[str]] = {}
    children: dict[str, set[str]] = {}
    for row in view.select(
        f"SELECT ?p ?q WHERE {{ ?p <{RDFS}subPropertyOf> ?q FILTER(isIRI(?p) && isIRI(?q)) }}"
    ):
        parents.setdefault(str(row["p"]), set()).add(str(row["q"]))
        children.setdefault(str(row["q"]), set()).add(str(row["p"]))
    directed = _closure(stated.get("impactDirection", {}), children)
    impact: dict[str, ImpactProperty] = {}
    for iri in sorted(directed):
        ranked = _levels(iri, parents)
        direction = _nearest(ranked, stated.get("impactDirection", {}))
        flow = _nearest(ranked, stated.get("flowKind", {}))
        default = [chance for value in _nearest(ranked, stated.get("defaultTransmission", {}))
                   if (chance := probability(value)) is not None]  # fmt: skip
        impact[iri] = ImpactProperty(
            iri=iri,
            forward=min(str(value) for value in direction) == AIMS + "SubjectToObject",
            flow=min((str(value) for value in flow), default=""),
            transmission=max(default, default=None),
            ancestors=frozenset(name for level in ranked[1:] for name in level),
            dimensions=frozenset(str(value) for value in _nearest(ranked, stated.get("impactDimension", {}))),
        )
    return Annotations(impact, frozenset(_closure(stated.get("guardRole", {}), children)))


def _closure(roots: Iterable[str], children: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(children.get(name, ()))
    return found


def _levels(iri: str, parents: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the property, its parents, their parents …, each once, at its least distance."""
    seen, levels = {iri}, [[iri]]
    while levels[-1]:
        above = sorted({up for name in levels[-1] for up in parents.get(name, ())} - seen)
        seen.update(above)
        levels.append(above)
    return levels[:-1]


def _nearest(levels: list[list[str]], stated: Mapping[str, list[Identifier]]) -> list[Identifier]:
    return next((found for level in levels if (found := [v for n in level for v in stated.get(n, ())])), [])
