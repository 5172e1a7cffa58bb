"""Which controls stand behind a node, and which nodes lie in between: one rule per kind of node."""

# ruff: noqa: D401 - the docstring of a rule says what it is for.

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from aimsgraph.trace.annotations import Annotations, read_annotations
from aimsgraph.trace.way import walk
from aimsgraph.vocab import AIMS, ISO42001, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.projection import Projection

Pairs = dict[str, set[str]]
OBJECTIVE: Final = AIMS + "ControlObjective"
OURS: Final = ISO42001 + "scheme"


@dataclass(slots=True)
class Scope:
    """What a trace looks at: nodes in between with their distance, controls, and what lacks a control.

    ``bare`` maps the IRI of a node that should have a control and has none to the reason why it should.
    """

    via: dict[str, int] = field(default_factory=dict)
    controls: set[str] = field(default_factory=set)
    bare: dict[str, str] = field(default_factory=dict)

    def pass_by(self, nodes: Iterable[str], distance: int) -> None:
        """Add nodes in between, unless they are already there at a smaller distance."""
        for node in nodes:
            self.via[node] = min(distance, self.via.get(node, distance))


class Links:
    """The relations that a trace follows, read from a view once, when they are first asked for."""

    def __init__(
        self, view: View, controls: Iterable[str], today: date, projected: Callable[[], Projection]
    ) -> None:
        self.view, self.today, self.controls = view, today, frozenset(controls)
        self.projected = cache(projected)

    def pairs(self, *predicates: str, inverse: bool = False) -> Pairs:
        """Return subject → objects (or object → subjects) over the given properties (IRIs)."""
        found: Pairs = {}
        for subject, _, target in self.view.edges(predicates):
            key, value = (target, subject) if inverse else (subject, target)
            found.setdefault(key, set()).add(value)
        return found

    @cached_property
    def annotations(self) -> Annotations:
        """The annotated properties."""
        return read_annotations(self.view)

    @cached_property
    def guards(self) -> Pairs:
        """Guarded node (asset or risk) → controls."""
        return self.pairs(*sorted(self.annotations.guarding), inverse=True)

    @cached_property
    def threats(self) -> Pairs:
        """Asset → risks that threaten it."""
        return self.pairs(*self.specialising("threatens"), inverse=True)

    @cached_property
    def implementing(self) -> Pairs:
        """Requirement → controls that implement it."""
        found = self.pairs(AIMS + "implements", inverse=True)
        return {requirement: doing & self.controls for requirement, doing in found.items()}

    @cached_property
    def narrower(self) -> Pairs:
        """Requirement → the requirements directly below it."""
        found = self.pairs(SKOS + "broader", inverse=True)
        for above, below in self.pairs(SKOS + "narrower").items():
            found.setdefault(above, set()).update(below)
        return found

    @cached_property
    def headings(self) -> frozenset[str]:
        """The entries of a framework that only say what the controls below or beside them are for."""
        rows = self.view.select(
            f"SELECT ?r WHERE {{ VALUES ?kind {{ <{OBJECTIVE}> <{AIMS}ControlGroup> }} "
            f"?r <{AIMS}requirementKind> ?kind }}"
        )
        return frozenset(str(row["r"]) for row in rows)

    @cached_property
    def not_applicable(self) -> frozenset[str]:
        """The requirements that the statement of applicability rules out."""
        rows = self.view.select(
            f"SELECT ?r WHERE {{ ?entry <{AIMS}aboutRequirement> ?r ; <{AIMS}applicable> false }}"
        )
        return frozenset(str(row["r"]) for row in rows)

    def specialising(self, name: str) -> list[str]:
        """Return the impact property ``aims:name`` and those that specialise it."""
        iri = AIMS + name
        return [iri, *(item.iri for item in self.annotations.impact.values() if iri in item.ancestors)]

    def instances(self, name: str) -> frozenset[str]:
        """Return the nodes of class ``aims:name`` or of one below it."""
        rows = self.view.select(
            f"SELECT DISTINCT ?n WHERE {{ ?n <{RDF}type>/<{RDFS}subClassOf>* <{AIMS}{name}> }}"
        )
        return frozenset(str(row["n"]) for row in rows)

    def upstream(self, node: str) -> dict[str, int]:
        """Return what ``node`` comes from, threats left aside, with the number of hops (itself: 0)."""
        projection = self.projected()
        start = projection.index.get(node)
        if start is None:
            return {node: 0}
        above = walk(projection, start, "up")
        names = (projection.ids[number] for number in above.nodes.tolist())
        return {node: 0, **dict(zip(names, above.hops.tolist(), strict=True))}


def scope_of(links: Links, node: str) -> Scope:
    """Return what the trace of ``node`` looks at, by the most specific rule that fits its classes."""
    rows = links.view.select(
        f"SELECT DISTINCT ?k WHERE {{ <{node}> <{RDF}type>/<{RDFS}subClassOf>* ?k FILTER(isIRI(?k)) }}"
    )
    kinds = {str(row["k"]) for row in rows}
    for kind, rule in RULES:
        if AIMS + kind in kinds:
            return rule(links, node)
    return of_control(links, node) if node in links.controls else of_asset(links, node)


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Return a sort key under which A.6.2.10 comes after A.6.2.4."""
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in re.split(r"(\d+)", text) if part)


def of_requirement(links: Links, node: str) -> Scope:
    """A requirement: the controls that implement it or a requirement below it."""
    scope = Scope()
    if links.view.ask(f"ASK {{ <{node}> <{AIMS}requirementKind> <{OBJECTIVE}> }}"):
        # An objective is met by the controls that stand beside it, below the same heading.
        groups = links.pairs(SKOS + "broader").get(node, set())
        return _joined(links, groups, of_requirement)
    below = {node: 0}
    waiting = [node]
    while waiting:
        above = waiting.pop(0)
        for child in sorted(links.narrower.get(above, ())):
            if child not in below:
                below[child] = below[above] + 1
                waiting.append(child)
    scope.pass_by(below.keys() - {node}, 1)
    for requirement, distance in below.items():
        scope.pass_by([requirement] if requirement != node else [], distance)
        scope.controls |= links.implementing.get(requirement, set())
    _bare_requirements(links, below, scope)
    return scope


def of_area(links: Links, node: str) -> Scope:
    """A control area: its own controls, and those that implement a requirement of the area."""
    scope = Scope()
    members = links.pairs(AIMS + "inArea", inverse=True).get(node, set())
    requirements = members & links.instances("Requirement")
    scope.controls |= members & links.controls
    for requirement in requirements:
        scope.controls |= links.implementing.get(requirement, set())
    scope.pass_by(requirements, 1)
    # Nobody has to follow the other frameworks, so nothing of theirs is missing.
    schemes = links.pairs(SKOS + "inScheme")
    asked = {one for one in requirements if schemes.get(one, {OURS}) == {OURS}}
    _bare_requirements(links, asked, scope)
    return scope


def _bare_requirements(links: Links, requirements: Iterable[str], scope: Scope) -> None:
    """Note the requirements without others below them that no control implements and that apply."""
    for requirement in requirements:
        if (
            not links.narrower.get(requirement)
            and not links.implementing.get(requirement)
            and requirement not in links.not_applicable
            and requirement not in links.headings
        ):
            scope.bare[requirement] = "no control implements it"


def of_risk(links: Links, node: str) -> Scope:
    """A risk: the controls that mitigate it, and those that guard what it threatens."""
    scope = Scope()
    assets = links.pairs(*links.specialising("threatens")).get(node, set())
    scope.pass_by(assets, 1)
    for guarded in (node, *assets):
        scope.controls |= links.guards.get(guarded, set())
    if not links.guards.get(node):
        scope.bare[node] = "no control mitigates this risk"
    return scope


def of_asset(links: Links, node: str) -> Scope:
    """A system or other asset: what guards it and what it comes from, and what mitigates their risks."""
    scope = Scope()
    for asset, distance in links.upstream(node).items():
        scope.pass_by([asset] if asset != node else [], distance)
        scope.controls |= links.guards.get(asset, set())
        for risk in links.threats.get(asset, ()):
            scope.pass_by([risk], distance + 1)
            scope.controls |= links.guards.get(risk, set())
            if not links.guards.get(risk):
                scope.bare[risk] = "no control mitigates this risk"
    if not scope.controls and not scope.bare:
        scope.bare[node] = "no control guards it, and no risk with a control is recorded on it"
    return scope


def of_control(_: Links, node: str) -> Scope:
    """A control: itself."""
    return Scope(controls={node})


def of_evidence(links: Links, node: str) -> Scope:
    """A piece of evidence: the controls that rest on it."""
    scope = Scope(controls=links.pairs(AIMS + "evidencedBy", inverse=True).get(node, set()) & links.controls)
    if not scope.controls:
        scope.bare[node] = "no control names it as its evidence"
    return scope


def of_owner(links: Links, node: str) -> Scope:
    """An owner: the controls in that person's or team's hands."""
    return Scope(controls=links.pairs(AIMS + "ownedBy", inverse=True).get(node, set()) & links.controls)


def of_incident(links: Links, node: str) -> Scope:
    """An incident: the controls of the risks it made real and of the assets it involves."""
    scope = Scope()
    touched = links.pairs(*links.specialising("realises"), *links.specialising("involves")).get(node, set())
    scope.pass_by(touched, 1)
    risks = links.instances("Risk")
    for item in touched:
        scope.controls |= links.guards.get(item, set())
        if item in risks and not links.guards.get(item):
            scope.bare[item] = "no control mitigates this risk"
    return scope


def of_nonconformity(links: Links, node: str) -> Scope:
    """A nonconformity or a line of the statement of applicability: the requirements it is about."""
    about = links.pairs(AIMS + "againstRequirement", AIMS + "aboutRequirement").get(node, set())
    return _joined(links, about, of_requirement)


def of_assessment(links: Links, node: str) -> Scope:
    """An assessment, audit or policy: what it assesses, audits or implements."""
    about = links.pairs(AIMS + "assesses", AIMS + "auditsArea", AIMS + "implements").get(node, set())
    return _joined(links, about, scope_of)


def _joined(links: Links, nodes: Iterable[str], rule: Callable[[Links, str], Scope]) -> Scope:
    joined = Scope()
    for node in sorted(nodes):
        scope = rule(links, node)
        joined.pass_by([node], 1)
        for other, distance in scope.via.items():
            joined.pass_by([other], distance + 1)
        joined.controls |= scope.controls
        joined.bare |= scope.bare
    return joined


#: Class → rule, the first that fits; whatever has none of these classes is treated as an asset.
RULES: Final[tuple[tuple[str, Callable[[Links, str], Scope]], ...]] = (
    ("Requirement", of_requirement),
    ("ControlArea", of_area),
    ("Control", of_control),
    ("Evidence", of_evidence),
    ("Risk", of_risk),
    ("Incident", of_incident),
    ("Nonconformity", of_nonconformity),
    ("ApplicabilityEntry", of_nonconformity),
    ("Assessment", of_assessment),
    ("Policy", of_assessment),
    ("Owner", of_owner),
)
