"""Which dependencies the statements of a graph come to, one by one; and what is said of single nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.trace.annotations import Annotations, probability
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.qualified import Qualifications

#: A dependency: source, target and property (IRIs), transmission and basis.
FlowEdge = tuple[str, str, str, float, int]
#: More causes than this no gate needs: no node has as many.
_MOST_NEEDED: Final = 2**31 - 1


def defaults(known: Annotations) -> dict[str, tuple[float, int]]:
    """Return for each property the transmission of an edge of which nothing is said, and its basis."""
    return {
        name: (1.0, 2) if item.transmission is None else (item.transmission, 1)
        for name, item in known.impact.items()
    }


def dependencies(
    stated: Iterator[tuple[str, str, str]], known: Annotations, qualified: Qualifications
) -> Iterator[FlowEdge]:
    """Yield every dependency that holds, of the triples stated with annotated properties."""
    general = {up for name in known.impact.values() for up in name.ancestors if up in known.impact}
    if general:
        stated = _without_entailed(list(stated), known)
    usual = defaults(known)
    for subject, name, target in stated:
        item = known.impact[name]
        number, basis = usual[name]
        verdict = qualified.on(subject, target, item)
        if verdict is not None:
            if not verdict.holds:
                continue
            if verdict.transmission is not None:
                number, basis = verdict.transmission, 0
        ends = (subject, target) if item.forward else (target, subject)
        yield (*ends, name, number, basis)
    for extra in qualified.unasserted(known):
        number, basis = (extra.transmission, 0) if extra.transmission is not None else usual.get(
            extra.property, (1.0, 2))  # fmt: skip
        yield (extra.source, extra.target, extra.property, number, basis)


def _without_entailed(
    stated: list[tuple[str, str, str]], known: Annotations
) -> Iterator[tuple[str, str, str]]:
    entailed = {
        (subject, up, target)
        for subject, name, target in stated
        for up in known.impact[name].ancestors
        if up in known.impact
    }
    return (triple for triple in stated if triple not in entailed)


def read_gates(view: View, values: str = "") -> dict[str, int | None]:
    """Return for each node with a gate how many incoming edges it needs (None: all of them).

    ``values`` may be a VALUES clause that names some nodes (``?node``).
    """
    found: dict[str, int | None] = {}
    rows = view.select(
        f"SELECT ?node ?gate ?k WHERE {{ {values} ?node <{AIMS}gate> ?gate "
        f"OPTIONAL {{ ?node <{AIMS}gateThreshold> ?k }} }} ORDER BY ?node ?gate ?k"
    )
    for row in rows:
        gate, threshold = str(row["gate"]), row.get("k")
        if gate == AIMS + "AndGate":
            found.setdefault(str(row["node"]), None)
        elif gate == AIMS + "AtLeastGate":
            number = threshold.toPython() if threshold is not None else 1  # type: ignore[attr-defined]
            needed = max(1, min(number, _MOST_NEEDED)) if isinstance(number, int) else 1
            found.setdefault(str(row["node"]), needed)
    return found


def read_leaks(view: View, values: str = "") -> dict[str, float]:
    """Return for each node with a leak how likely it turns by itself; ``values`` as for the gates."""
    found: dict[str, float] = {}
    for row in view.select(f"SELECT ?node ?leak WHERE {{ {values} ?node <{AIMS}leak> ?leak }}"):
        number = probability(row["leak"])
        if number:
            found[str(row["node"])] = max(number, found.get(str(row["node"]), 0.0))
    return found
