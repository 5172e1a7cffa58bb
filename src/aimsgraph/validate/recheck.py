"""Findings kept up to date: after a change only the nodes are looked at again whose results it may alter."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from rdflib import RDF, RDFS, SKOS, Literal, URIRef

from aimsgraph.validate.evaluation import EVALUATION, evaluation_given
from aimsgraph.validate.peer import Aside
from aimsgraph.validate.report import in_words, named_by, ordered
from aimsgraph.validate.shacl import Evaluator
from aimsgraph.validate.shacl.trigger import Trigger, triggers_of
from aimsgraph.validate.wording import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from rdflib.term import Node

    from aimsgraph.model.finding import Finding
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shacl.result import Result
    from aimsgraph.validate.shapes import Shapes

#: A statement that was added or removed: subject, property and object.
Statement = tuple["Node", "Node", "Node"]
#: A shape that declares targets, and a node that it looks at.
Place = tuple["Node", "Node"]
#: What names a node in a message.
_NAMING: Final = frozenset({*LABELS, SKOS.notation, RDF.type})
#: When a change may alter more nodes of a shape than this, or holds more statements, all nodes are looked at.
_MANY: Final = 2000
#: A shape whose nodes are all looked at within these seconds is, before a long way is followed to some of them.
_QUICK: Final = 0.05


@dataclass(frozen=True, slots=True)
class Turn:
    """What a change did to the findings, each in the order of a report."""

    opened: tuple[Finding, ...]
    closed: tuple[Finding, ...]


class Recheck:
    """The findings of a graph as on a day, brought up to date by what changed.

    After every update they are those of a full run, whatever the change.
    """

    def __init__(self, source: Source, shapes: Shapes, today: date) -> None:
        self._shapes = shapes
        self.today = today
        self._evaluator = Evaluator(shapes.graph, source, *self._given())
        self._by_link: dict[str | None, list[tuple[Node, Trigger]]] = defaultdict(list)
        self._counts: Counter[Finding] = Counter()
        self._taken: dict[Node, float] = {}
        self._results: dict[Node, dict[Node, list[Result]]] = {}
        self._findings: dict[Node, dict[Node, tuple[Finding, ...]]] = {}
        self._naming: dict[Node, set[Place]] = defaultdict(set)
        self._dated = frozenset(
            shape
            for shape, found in shapes.footprints.items()
            if any(str(EVALUATION) in query for query in found.asks)
        )
        self._begin()

    def _given(self) -> tuple[dict[tuple[str, str], str], Aside]:
        return evaluation_given(self.today), Aside(self._shapes.graph, self.today)

    def findings(self) -> tuple[Finding, ...]:
        """Return all findings, worst first, as a full run does."""
        return ordered(self._counts)

    def update(self, source: Source, changed: Iterable[Statement], *, today: date | None = None) -> Turn:
        """Look again at what the statements that were added or removed may alter; ``source`` holds the new state.

        A new day has every shape that asks for the day looked at again. When much changed, or the hierarchy of classes,
        all is.
        """
        statements = list(changed)
        before: dict[Place, tuple[Finding, ...]] = {}
        if is_wide(statements):
            return self._anew(source, today or self.today)
        self._evaluator.source = self._evaluator.subclasses.source = source
        whole = set(self._dated) if today is not None and today != self.today else set()
        if today is not None:
            self.today = today
            self._evaluator.given, self._evaluator.aside = self._given()
        asked: dict[Node, set[str]] = defaultdict(set)
        for shape, roots in self._concerned(source, statements):
            if roots is None:
                whole.add(shape)
            else:
                asked[shape] |= roots
        fresh: set[Place] = set()
        for shape in {*whole, *asked}:
            among = None if shape in whole or len(asked[shape]) > _MANY else asked[shape]
            if among is None or among:
                fresh |= self._look(shape, among, before)
        for subject, predicate, _ in statements:
            if predicate in _NAMING:
                fresh |= self._naming.get(subject, set())
        for shape, root in fresh:
            if (shape, root) not in before:
                before[shape, root] = self._findings[shape].get(root, ())
        self._word(source, fresh)
        return self._turn(before)

    def _anew(self, source: Source, today: date) -> Turn:
        was = set(self._counts)
        self.today = today
        self._evaluator = self._evaluator.over(source, *self._given())
        self._begin()
        return Turn(ordered(set(self._counts) - was), ordered(was - set(self._counts)))

    def _begin(self) -> None:
        self._await()
        fresh: set[Place] = set()
        for shape in self._shapes.footprints:
            fresh |= self._look(shape, None, {})
        self._word(self._evaluator.source, fresh)
        for by_root in self._findings.values():
            for each in by_root.values():
                self._counts.update(each)

    def _await(self) -> None:
        """Forget all results, and find out which statements may alter those of a shape."""
        for kept in (self._results, self._findings, self._naming, self._counts, self._by_link):
            kept.clear()
        for shape, found in self._shapes.footprints.items():
            for trigger in triggers_of(found, self._evaluator.subclasses):
                for link in trigger.links or (None,):
                    self._by_link[link].append((shape, trigger))

    def _concerned(
        self, source: Source, statements: list[Statement]
    ) -> Iterator[tuple[Node, set[str] | None]]:
        """Yield each shape with nodes of it to look at again, or with None for all."""
        ways: dict[tuple[Node, str], set[str]] = defaultdict(set)
        circles: dict[tuple[Node, str], list[Statement]] = defaultdict(list)
        for statement in statements:
            link, value = str(statement[1]), statement[2]
            for shape, trigger in (*self._by_link.get(link, ()), *self._by_link.get(None, ())):
                if not trigger.fits(link, value):
                    continue
                if trigger.circle is not None:
                    circles[shape, trigger.circle].append(statement)
                    continue
                if trigger.way is None or (trigger.far and self._taken[shape] < _QUICK):
                    yield shape, None
                    continue
                ends = {statement[2 * end] for end in trigger.ends}
                ways[shape, trigger.way] |= {end.n3() for end in ends if isinstance(end, (URIRef, Literal))}
        known: dict[tuple[str, frozenset[str]], set[str] | None] = {}
        for (shape, way), starts in ways.items():
            key = (way, frozenset(starts))
            if key not in known:
                known[key] = _reached(source, way, starts)
            yield shape, known[key]
        for (shape, path), links in circles.items():
            yield shape, None if _closes(source, path, links) else set(map(str, self._results[shape]))

    def _look(
        self, shape: Node, among: set[str] | None, before: dict[Place, tuple[Finding, ...]]
    ) -> set[Place]:
        """Find the results of a shape anew, of all nodes or of some; return where they are not what they were."""
        results, findings = self._results.setdefault(shape, {}), self._findings.setdefault(shape, {})
        began = monotonic()
        found: dict[Node, list[Result]] = {}
        for root, result in self._evaluator.results_of(shape, among):
            found.setdefault(root, []).append(result)
        if among is None:
            self._taken[shape] = monotonic() - began
        looked = list(results) if among is None else [URIRef(name) for name in among]
        for root in looked:
            if root in results and not _same(results[root], found.get(root, [])):
                before[shape, root] = findings.pop(root, ())
                for node in _nodes(results.pop(root)):
                    self._naming[node].discard((shape, root))
        fresh = {(shape, root) for root in found if root not in results}
        for place in fresh:
            before.setdefault(place, ())
            results[place[1]] = found[place[1]]
            for node in _nodes(found[place[1]]):
                self._naming[node].add(place)
        return fresh

    def _word(self, source: Source, fresh: Iterable[Place]) -> None:
        """Put the results of places into words."""
        keys = [key for key in fresh if key[1] in self._results[key[0]]]
        results = [result for shape, root in keys for result in self._results[shape][root]]
        findings = iter(in_words(source, self._shapes, results))
        for shape, root in keys:
            self._findings[shape][root] = tuple(next(findings) for _ in self._results[shape][root])

    def _turn(self, before: Mapping[Place, tuple[Finding, ...]]) -> Turn:
        """Say what came and went at some places; a finding that others have too is still there."""
        change: Counter[Finding] = Counter()
        for (shape, root), was in before.items():
            change.subtract(was)
            change.update(self._findings[shape].get(root, ()))
        opened = [one for one, by in change.items() if by > 0 and not self._counts[one]]
        self._counts.update(change)
        closed = [one for one, by in change.items() if by < 0 and not self._counts[one]]
        for one in closed:
            del self._counts[one]
        return Turn(ordered(opened), ordered(closed))


def is_wide(statements: Sequence[Statement]) -> bool:
    """Say whether all nodes are looked at again after a change: it is large, or alters the hierarchy of classes."""
    return len(statements) > _MANY or any(link == RDFS.subClassOf for _, link, _ in statements)


def _reached(source: Source, way: str, starts: set[str]) -> set[str] | None:
    """Return the nodes at the end of a way, or None when they are many."""
    if not way:
        return {start.strip("<>") for start in starts if start.startswith("<")}
    rows = source.select(
        f"SELECT DISTINCT ?root WHERE {{ VALUES ?start {{ {' '.join(sorted(starts))} }} {way} }} LIMIT {_MANY + 1}"
    )
    if len(rows) > _MANY:
        return None
    return {str(row["root"]) for row in rows if isinstance(row["root"], URIRef)}


def _closes(source: Source, path: str, links: list[Statement]) -> bool:
    """Say whether a way leads back from the object of a statement to its subject."""
    pairs = " ".join(f"({end.n3()} {start.n3()})" for start, _, end in links if isinstance(end, URIRef))
    return bool(source.select(f"SELECT ?a WHERE {{ VALUES (?a ?b) {{ {pairs} }} ?a {path} ?b }} LIMIT 1"))


def _same(some: list[Result], others: list[Result]) -> bool:
    """Say whether two lists hold the same results, with the same words to fill in."""
    return len(some) == len(others) and all(
        any(one == other and one.bound == other.bound for other in others) for one in some
    )


def _nodes(results: Iterable[Result]) -> set[Node]:
    return {node for result in results for node in named_by(result)}
