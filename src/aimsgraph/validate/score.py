"""Completeness: passed over applicable checks, in all, per control area, owner and requirement, per node and system."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, Final

from rdflib import URIRef
from rdflib.namespace import RDF

from aimsgraph.model.finding import Score, Scores
from aimsgraph.order import natural
from aimsgraph.validate.belonging import Belonging
from aimsgraph.validate.labels import names_of
from aimsgraph.validate.ownership import owners_of
from aimsgraph.validate.shacl.ahead import in_order
from aimsgraph.validate.shacl.subclass import Subclasses
from aimsgraph.validate.wording import name_of
from aimsgraph.vocab import AIMS, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib.term import Node

    from aimsgraph.model.finding import Finding
    from aimsgraph.validate.focus import Focus
    from aimsgraph.validate.labels import Names
    from aimsgraph.validate.shacl.context import Source

CONTROL_AREA: Final = URIRef(AIMS + "ControlArea")
SYSTEM: Final = URIRef(AIMS + "AISystem")
#: How many checks came out ``passed``, ``failed`` or ``waived``.
Count = Counter[str]


def scores_of(
    source: Source,
    applicable: Iterable[Focus],
    findings: Iterable[Finding],
    waived: Iterable[Finding] = (),
    *,
    per_node: bool = False,
) -> Scores:
    """Count the checks that passed, of those that had a node to look at.

    One check is one shape on one focus node; it fails when it has a finding of severity violation or warning, however
    many. Shapes of severity info give advice, and shapes of form only say how data are written: neither kind counts. A
    check all of whose findings are waived neither passed nor failed, and is not among those that apply.

    With ``per_node`` each node that was looked at has a score, and each system, with all that belongs to it.
    """
    tally = _Tally(source, _places(findings), _places(waived))
    counting = [focus for focus in applicable if focus.check.severity != "info" and focus.check.demanded]
    owned = in_order([partial(_per_owner, focus) for focus in counting])
    for focus, per_owner in zip(counting, owned, strict=True):
        tally.add(focus, per_owner, per_node=per_node)
    return tally.scores(per_node=per_node)


def _per_owner(focus: Focus) -> Iterator[dict[Node, int]]:
    yield focus.per_owner() if focus.count else {}


def _places(findings: Iterable[Finding]) -> dict[str, set[str]]:
    """Return for each shape the nodes that it complains of."""
    found: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.severity != "info":
            found[finding.shape].add(finding.focus)
    return found


class _Tally:
    """The counts of one validation, as they grow."""

    def __init__(
        self, source: Source, failed: Mapping[str, set[str]], waived: Mapping[str, set[str]]
    ) -> None:
        self._source, self._failed, self._waived = source, failed, waived
        self._owners = owners_of(
            source, {node for places in (failed, waived) for nodes in places.values() for node in nodes}
        )
        self.total: Count = Counter()
        self.areas: dict[str, Count] = {
            str(row["area"]): Counter()
            for row in source.rows(f"SELECT ?area WHERE {{ ?area <{RDF.type}> <{CONTROL_AREA}> }}")
        }
        self.owners: dict[Node, Count] = defaultdict(Counter)
        self.requirements: dict[str, Count] = defaultdict(Counter)
        self.nodes: dict[str, Count] = defaultdict(Counter)

    def add(self, focus: Focus, per_owner: Mapping[Node, int], *, per_node: bool) -> None:
        """Count what came of one check."""
        check = focus.check
        requirement = self.requirements[check.requirement] if check.requirement else Counter()
        if not focus.count:
            return
        failed = self._failed.get(check.iri, set())
        waived = self._waived.get(check.iri, set()) - failed
        outcome = {"failed": focus.among(failed), "waived": focus.among(waived)}
        other = {name: len(nodes) for name, nodes in outcome.items() if nodes}
        counted = Counter({"passed": focus.count - sum(other.values()), **other})
        for count in (self.total, self.areas.setdefault(check.area or "", Counter()), requirement):
            count.update(counted)
        for owner, number in per_owner.items():
            self.owners[owner]["passed"] += number
        for name, nodes in outcome.items():
            for owner, number in Counter(o for node in nodes for o in self._owners.get(node, ())).items():
                self.owners[owner].update({"passed": -number, name: number})
        if per_node:
            for node in focus.names():
                came = next((name for name, nodes in outcome.items() if node in nodes), "passed")
                self.nodes[node][came] += 1

    def scores(self, *, per_node: bool) -> Scores:
        """Return the scores, each with the name of what it is about."""
        self.areas.pop("", None)
        systems = self._systems() if per_node else {}
        named = [*map(URIRef, (*self.areas, *self.requirements, *systems)), *self.owners]
        named += [URIRef(node) for node in self.nodes if not node.startswith("_:")]
        names = names_of(self._source, named)

        def told(iri: str, count: Count) -> Score:
            return _score(compact(iri), names.label(URIRef(iri)), count)

        return Scores(
            overall=_score("overall", "All areas", self.total),
            areas=tuple(told(area, self.areas[area]) for area in sorted(self.areas)),
            owners=_by_label((name_of(one), names.label(one), count) for one, count in self.owners.items()),
            requirements=tuple(
                told(one, self.requirements[one]) for one in sorted(self.requirements, key=natural)
            ),
            systems=_by_label(_labelled(names, systems)) if per_node else None,
            nodes=_worst_first(_by_label(_labelled(names, self.nodes))) if per_node else None,
        )

    def _systems(self) -> dict[str, Count]:
        belonging = Belonging(self._source)
        pattern = Subclasses(self._source).instance("this", SYSTEM)
        found: dict[str, Count] = {}
        for row in self._source.rows(f"SELECT DISTINCT ?this WHERE {{ {pattern} }}"):
            count: Count = Counter()
            for node in belonging.of([row["this"]]):
                count.update(self.nodes.get(node, {}))
            found[name_of(row["this"])] = count
        return found


def _labelled(names: Names, counts: Mapping[str, Count]) -> Iterable[tuple[str, str, Count]]:
    for name, count in counts.items():
        yield name, name if name.startswith("_:") else names.label(URIRef(name)), count


def _by_label(told: Iterable[tuple[str, str, Count]]) -> tuple[Score, ...]:
    return tuple(sorted((_score(*one) for one in told), key=lambda score: (score.label, score.key)))


def _worst_first(scores: tuple[Score, ...]) -> tuple[Score, ...]:
    return tuple(sorted(scores, key=lambda score: 1.0 if score.ratio is None else score.ratio))


def _score(key: str, label: str, count: Count) -> Score:
    applicable = count["passed"] + count["failed"]
    return Score(
        key=key,
        label=label,
        passed=count["passed"],
        applicable=applicable,
        waived=count["waived"],
        ratio=count["passed"] / applicable if applicable else None,
    )
