"""The dependencies with direction, transmission, period and guards, read from the ontology's annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.export.block import Block
from aimsgraph.store.portion import MOST_NAMED, iris, portions
from aimsgraph.trace.annotations import DEPENDS_ON, read_annotations
from aimsgraph.trace.dependency import dependencies
from aimsgraph.trace.qualified import QUALIFIED, Qualifications, read_qualifications

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.annotations import ImpactProperty
    from aimsgraph.trace.qualified import Qualification

    Pair = tuple[str, str]
    Edge = tuple[
        str, str, str, str, str | None, float | None, str, date | None, date | None, bool, bool, list[str]
    ]

#: So many pairs of nodes are named in one query.
_PAIRS = 250


def edge_rows(view: View, today: date, page: int | None = None) -> Iterator[Edge]:
    """Yield the rows of the table of edges: a row for each dependency, and for each period that it is qualified with.

    A general property that is stated besides a special one of the same pair is the same dependency, and left out.
    """
    tables = _Tables(view, today)
    for item in tables.known.impact.values():
        rows = Block(view, "?s ?o", tables.stating(item)).rows(page)
        for portion in portions(((str(row["s"]), str(row["o"])) for row in rows), MOST_NAMED):
            yield from tables.stated(item, portion)
    rows = Block(
        view, "DISTINCT ?s ?o", QUALIFIED.replace("?subject", "?s").replace("?on", "?o") + _NODES
    ).rows(page)
    for portion in portions(((str(row["s"]), str(row["o"])) for row in rows), MOST_NAMED):
        yield from tables.unstated(portion)


_NODES = " FILTER(isIRI(?s) && isIRI(?o))"


class _Tables:
    def __init__(self, view: View, today: date) -> None:
        self.known = read_annotations(view)
        self._view, self._today = view, today

    def stating(self, item: ImpactProperty) -> str:
        """Return the pattern of the triples with a property, less those that a special property says better."""
        special = [name for name, other in self.known.impact.items() if item.iri in other.ancestors]
        less = f" FILTER NOT EXISTS {{ ?s ?special ?o FILTER(?special IN ({iris(special, ', ')})) }}"
        return f"?s <{item.iri}> ?o{_NODES}{less if special else ''}"

    def stated(self, item: ImpactProperty, pairs: list[Pair]) -> Iterator[Edge]:
        """Yield the rows of triples with one property."""
        qualified = self._qualifications(pairs)
        guards = self._guards(pair[0 if item.forward else 1] for pair in pairs)
        for subject, target in pairs:
            source, end = (subject, target) if item.forward else (target, subject)
            said = qualified.about(subject, target, item)
            for transmission, first, last, holds in _periods(said) or [(None, None, None, True)]:
                known = (*self._chance(item, transmission), first, last, holds, True)
                yield (source, end, *_kind(item), *known, guards.get(source, []))

    def unstated(self, pairs: list[Pair]) -> Iterator[Edge]:
        """Yield the rows of what is qualified between two nodes and stated by no property."""
        qualified = self._qualifications(pairs)
        triples: set[tuple[str, str, str]] = set()
        for values in _values("?s ?o", pairs):
            pattern = f"{values} ?s ?p ?o FILTER(?p IN ({iris(self.known.impact, ', ')}))"
            triples.update(
                (str(row["s"]), str(row["p"]), str(row["o"]))
                for row in self._view.rows(f"SELECT ?s ?p ?o WHERE {{ {pattern} }}")
            )
        for _ in dependencies(iter(sorted(triples)), self.known, qualified):
            pass  # which marks what a stated dependency uses
        left = {
            pair: [said for said in qualified.by_pair.get(pair, ()) if said not in qualified.used]
            for pair in pairs
        }
        guards = self._guards(end for pair, said in left.items() if said for end in pair)
        for (subject, on), found in left.items():
            for via in sorted({said.via or "" for said in found}):
                item = self.known.impact.get(via)
                source, end = (subject, on) if item is not None and item.forward else (on, subject)
                kind = _kind(item) if item is not None else self._general()
                counted = item if item is not None else self.known.impact.get(DEPENDS_ON)
                for transmission, first, last, holds in _periods(
                    [said for said in found if (said.via or "") == via]
                ):
                    known = (*self._chance(counted, transmission), first, last, holds, False)
                    yield (source, end, *kind, *known, guards.get(source, []))

    def _general(self) -> tuple[str, str, str | None]:
        """Return how a dependency counts of which no annotated property is named: it flows from what is depended on."""
        general = self.known.impact.get(DEPENDS_ON)
        return DEPENDS_ON, "object-to-subject", general.flow or None if general is not None else None

    @staticmethod
    def _chance(item: ImpactProperty | None, transmission: float | None) -> tuple[float | None, str]:
        if transmission is not None:
            return transmission, "assessed"
        default = item.transmission if item is not None else None
        return default, "default" if default is not None else "unknown"

    def _qualifications(self, pairs: list[Pair]) -> Qualifications:
        found = Qualifications({})
        for values in _values("?subject ?on", pairs):
            part = read_qualifications(self._view, self._today, f"{values} {QUALIFIED}")
            found.by_pair.update(part.by_pair)
        return found

    def _guards(self, nodes: Iterable[str]) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        if self.known.guarding:
            for portion in portions(sorted(set(nodes))):
                roles = f"?p IN ({iris(self.known.guarding, ', ')})"
                pattern = f"VALUES ?o {{ {iris(portion)} }} ?s ?p ?o FILTER(isIRI(?s) && {roles})"
                for row in self._view.rows(f"SELECT ?s ?o WHERE {{ {pattern} }}"):
                    found.setdefault(str(row["o"]), set()).add(str(row["s"]))
        return {node: sorted(controls) for node, controls in found.items()}


def _kind(item: ImpactProperty) -> tuple[str, str, str | None]:
    return item.iri, "subject-to-object" if item.forward else "object-to-subject", item.flow or None


def _periods(said: list[Qualification]) -> list[tuple[float | None, date | None, date | None, bool]]:
    """Return the different things that qualifications say, in order."""
    return list(dict.fromkeys((one.transmission, one.first, one.last, one.holds) for one in said))


def _values(variables: str, pairs: list[Pair]) -> Iterator[str]:
    """Yield VALUES clauses of the pairs, each both ways, some at a time."""
    for portion in portions(pairs, _PAIRS):
        both = dict.fromkeys(pair for a, b in portion for pair in ((a, b), (b, a)))
        written = " ".join(f"({iris(pair)})" for pair in both if len(iris(pair).split()) == 2)
        yield f"VALUES ({variables}) {{ {written} }}"
