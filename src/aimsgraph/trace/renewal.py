"""A projection brought up to date by what changed: only pairs of nodes of which something was said are read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from rdflib import URIRef

from aimsgraph.store.portion import iris, is_iri, portions
from aimsgraph.trace.annotations import read_annotations
from aimsgraph.trace.dependency import dependencies, read_gates, read_leaks
from aimsgraph.trace.qualified import QUALIFIED, Qualifications, read_qualifications
from aimsgraph.trace.splice import spliced
from aimsgraph.vocab import AIMS, RDFS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib.term import Node

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.annotations import Annotations
    from aimsgraph.trace.dependency import FlowEdge
    from aimsgraph.trace.projection import Projection
    from aimsgraph.trace.qualified import Period

    Statement = tuple[Node, Node, Node]
    Pair = tuple[str, str]

V = TypeVar("V")

#: A change of more statements, or one that may alter the dependencies of more pairs of nodes, has all read again.
MOST_RENEWED: Final = 5_000
#: What says which properties carry impact, and how.
_ANNOTATING: Final = frozenset(
    {RDFS + "subPropertyOf"}
    | {AIMS + name for name in ("impactDirection", "flowKind", "defaultTransmission", "guardRole")}
)
_QUALIFIED: Final = AIMS + "qualifiedDependency"
_ON: Final = AIMS + "on"
_QUALIFYING: Final = frozenset(
    {_ON} | {AIMS + name for name in ("via", "transmission", "dependencyValidFrom", "dependencyValidUntil")}
)
_GATING: Final = frozenset({AIMS + "gate", AIMS + "gateThreshold"})
_LEAK: Final = AIMS + "leak"


class _NotSoError(Exception):
    """The change is not one of single dependencies."""


def renewed(view: View, old: Projection, changed: Iterable[Statement]) -> Projection | None:
    """Return the projection of a view, for the same day, given that of an earlier state and what changed since.

    It is what :func:`aimsgraph.trace.project` gives. ``changed`` holds every statement that one of the two states has
    and the other has not, and may hold more. None when the change is large, or says anew what carries impact.
    """
    statements = list(changed)
    if len(statements) > MOST_RENEWED or any(str(name) in _ANNOTATING for _, name, _ in statements):
        return None
    known = read_annotations(view)
    try:
        touched = _touched(view, known, statements)
        if len(touched.pairs) > MOST_RENEWED:
            return None
        edges, lasting = _edges(view, old, known, touched.pairs)
        gates = _said(view, touched.gated, read_gates)
        leaks = _said(view, touched.leaking, read_leaks)
        guards = _guarding(view, known, touched.guards)
    except _NotSoError:
        return None
    if not any((touched.pairs, touched.gated, touched.leaking, touched.guards)):
        return old.known_as(view.snapshot, old.today)
    return spliced(old, view.snapshot, known, touched, edges, lasting, guards, gates, leaks)


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change may have altered: unordered pairs of nodes, pairs of a control and a node, and single nodes."""

    pairs: set[Pair]
    guards: set[Pair]
    gated: set[str]
    leaking: set[str]


def _touched(view: View, known: Annotations, statements: list[Statement]) -> Touched:
    touched = Touched(set(), set(), set(), set())
    said: set[Node] = set()
    for subject, predicate, value in statements:
        name = str(predicate)
        both = isinstance(subject, URIRef) and isinstance(value, URIRef)
        if name in known.impact and both:
            touched.pairs.add(_unordered(str(subject), str(value)))
        if name in known.guarding and both:
            touched.guards.add((str(subject), str(value)))
        if name == _QUALIFIED:
            said.add(value)
        elif name in _QUALIFYING:
            said.add(subject)
        elif name in _GATING:
            touched.gated.add(str(subject))
        elif name == _LEAK:
            touched.leaking.add(str(subject))
    if said:
        touched.pairs.update(_qualified(view, said, statements))
    return touched


def _qualified(view: View, said: set[Node], statements: list[Statement]) -> Iterator[Pair]:
    """Yield the pairs of which some qualifications speak, or spoke before the change."""
    subjects: dict[Node, set[str]] = {node: set() for node in said}
    others: dict[Node, set[str]] = {node: set() for node in said}
    for subject, predicate, value in statements:
        if str(predicate) == _QUALIFIED and isinstance(subject, URIRef):
            subjects[value].add(str(subject))
        elif str(predicate) == _ON and isinstance(value, URIRef):
            others[subject].add(str(value))
    if not all(isinstance(node, URIRef) and is_iri(node) for node in said):
        raise _NotSoError
    for portion in portions(sorted(map(str, said))):
        values = f"VALUES ?node {{ {iris(portion)} }}"
        for row in view.rows(
            f"SELECT ?node ?end WHERE {{ {values} ?end <{_QUALIFIED}> ?node FILTER(isIRI(?end)) }}"
        ):
            subjects[row["node"]].add(str(row["end"]))
        for row in view.rows(
            f"SELECT ?node ?end WHERE {{ {values} ?node <{_ON}> ?end FILTER(isIRI(?end)) }}"
        ):
            others[row["node"]].add(str(row["end"]))
    for node in said:
        yield from (_unordered(a, b) for a in subjects[node] for b in others[node])


def _unordered(a: str, b: str) -> Pair:
    return (a, b) if a <= b else (b, a)


def _edges(
    view: View, old: Projection, known: Annotations, pairs: set[Pair]
) -> tuple[list[FlowEdge], Period | None]:
    """Read the dependencies between the nodes of some pairs as they are now, either way round.

    Also return on which days all is as on this one: where nothing begins or ends of what is old or of these.
    """
    wanted = {ends for pair in pairs for ends in (pair, pair[::-1])}
    stated: set[tuple[str, str, str]] = set()
    predicates = iris(sorted(known.impact), ", ")
    qualified: dict[Pair, list[object]] = {}
    for portion in portions(sorted(wanted)):
        if not all(map(is_iri, (name for pair in portion for name in pair))):
            raise _NotSoError
        ends = " ".join(f"(<{a}> <{b}>)" for a, b in portion)
        query = (
            f"SELECT ?s ?p ?o WHERE {{ VALUES (?s ?o) {{ {ends} }} ?s ?p ?o FILTER(?p IN ({predicates})) }}"
        )
        stated |= {(str(row["s"]), str(row["p"]), str(row["o"])) for row in view.rows(query)}
        found = read_qualifications(view, old.today, f"VALUES (?subject ?on) {{ {ends} }} {QUALIFIED}")
        qualified |= found.by_pair  # type: ignore[arg-type]
    said = Qualifications(qualified)  # type: ignore[arg-type]
    lasting = old.lasting.within(said.lasting(old.today)) if old.lasting is not None else None
    return list(dependencies(iter(sorted(stated)), known, said)), lasting


def _said(view: View, nodes: set[str], read: Callable[[View, str], dict[str, V]]) -> dict[str, V]:
    found: dict[str, V] = {}
    for portion in portions(sorted(nodes)):
        if not all(map(is_iri, portion)):
            raise _NotSoError
        found |= read(view, f"VALUES ?node {{ {iris(portion)} }}")
    return found


def _guarding(view: View, known: Annotations, pairs: set[Pair]) -> set[Pair]:
    """Return those pairs of which the first guards the second."""
    found: set[Pair] = set()
    for portion in portions(sorted(pairs)):
        if not all(map(is_iri, (name for pair in portion for name in pair))):
            raise _NotSoError
        ends = " ".join(f"(<{a}> <{b}>)" for a, b in portion)
        query = (
            f"SELECT ?s ?o WHERE {{ VALUES (?s ?o) {{ {ends} }} ?s ?p ?o "
            f"FILTER(?p IN ({iris(sorted(known.guarding), ', ')})) }}"
        )
        found |= {(str(row["s"]), str(row["o"])) for row in view.rows(query)}
    return found
