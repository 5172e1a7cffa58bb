"""Finds profiles: those of aimsgraph by name, an organisation's own by file, and tells every fault in them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import DCTERMS, RDF, RDFS, SH, Namespace, URIRef

from aimsgraph import resources
from aimsgraph.errors import Problem, UsageError
from aimsgraph.validate.profile import NAMED, Override, Profile, instances
from aimsgraph.validate.reading import APPLIES_WHEN, faulty, query_problems, read_turtle, shapes_in
from aimsgraph.validate.shacl.origin import Origin
from aimsgraph.validate.shapes import SEVERITIES, load_shapes
from aimsgraph.validate.wording import compact_or_text
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib.term import Node

    from aimsgraph.validate.shapes import Shapes

PROF: Final = Namespace("http://www.w3.org/ns/dx/prof/")
INCLUDES: Final = URIRef(AIMS + "includes")
EXCLUDES: Final = URIRef(AIMS + "excludes")
OVERRIDES: Final = URIRef(AIMS + "overrides")
OVERRIDES_SHAPE: Final = URIRef(AIMS + "overridesShape")


@lru_cache(maxsize=1)
def own_profiles() -> Mapping[str, Profile]:
    """Return aimsgraph's profiles by name."""
    base = resources.folder("shapes") / "profiles"
    found = [_read(path, {}) for path in resources.files("shapes", "*.ttl") if path.parent == base]
    return {profile.name: profile for profile in found}


def find_profile(name: str) -> Profile:
    """Return the profile of that name, or the one that a Turtle file holds.

    :raises UsageError: there is neither; the message lists the names.
    :raises SyntaxProblemError: with file and line of every fault in the file.
    """
    own = own_profiles()
    if name in own:
        return own[name]
    if Path(name).is_file():
        return _read(Path(name), {profile.iri: profile for profile in own.values()})
    raise UsageError(
        f"There is no profile {name!r}, and no such file.",
        hint=f"Profiles of aimsgraph: {', '.join(own)}; or name a Turtle file with one of your own.",
    )


def shape_file(profile: Profile) -> list[Path]:
    """Return the file of a profile when shapes stand in it too: they belong to the profile."""
    return [Path(profile.origin.path)] if shapes_in(profile.origin.graph) else []


def unknown_names(profile: Profile, shapes: Shapes) -> list[Problem]:
    """Return what a profile names and is nothing that it can name, with file and line."""
    checks = shapes.checks
    known: set[Node] = {URIRef(name) for check in checks for name in (check.iri, *check.groups)}
    known |= instances(NAMED)
    wrong: list[Problem] = []
    subject = URIRef(profile.iri)
    for predicate, allowed in ((INCLUDES, known), (EXCLUDES, known | set(SEVERITIES))):
        wrong += [
            _problem(profile.origin, subject, f"It names {compact_or_text(term)}, {_NOT_NAMED}", term)
            for term in profile.origin.graph.objects(subject, predicate)
            if term not in allowed
        ]
    named = {URIRef(check.iri) for check in checks}
    for override in profile.origin.graph.objects(subject, OVERRIDES):
        for shape in profile.origin.graph.objects(override, OVERRIDES_SHAPE):
            if shape not in named:
                said = f"It overrides {compact_or_text(shape)}, which is no shape"
                wrong.append(_problem(profile.origin, override, said, shape))
    return wrong + (unknown_names(profile.base, shapes) if profile.base else [])


_NOT_NAMED: Final = (
    "which is no shape, group of shapes, requirement, control area, stage of life or risk tier"
)


def _read(path: Path, bases: Mapping[str, Profile]) -> Profile:
    origin = read_turtle(path)
    if not isinstance(origin, Origin):
        raise faulty("profile", [origin])
    found = sorted(origin.graph.subjects(RDF.type, PROF.Profile), key=str)
    if len(found) != 1:
        said = f"It holds {len(found)} profiles, of class <{PROF.Profile}>; one is wanted"
        raise faulty("profile", [Problem(said, path=str(path))])
    problems = [*_problems(origin, found[0], bases), *query_problems(origin, load_shapes().prefixes)]
    if problems:
        raise faulty("profile", problems)
    return _profile(origin, found[0], bases)


def _profile(origin: Origin, node: Node, bases: Mapping[str, Profile]) -> Profile:
    graph = origin.graph
    base = graph.value(node, PROF.isProfileOf)
    when = graph.value(node, APPLIES_WHEN)
    return Profile(
        iri=str(node),
        name=str(graph.value(node, PROF.hasToken) or Path(origin.path).stem),
        label=str(graph.value(node, RDFS.label)),
        description=str(graph.value(node, DCTERMS.description)),
        includes=frozenset(map(str, graph.objects(node, INCLUDES))),
        excludes=frozenset(map(str, graph.objects(node, EXCLUDES))),
        overrides=tuple(
            Override(
                shape=str(graph.value(one, OVERRIDES_SHAPE)),
                severity=SEVERITIES[_said(graph.value(one, SH.severity))],
                reason=str(graph.value(one, DCTERMS.description)),
            )
            for one in sorted(graph.objects(node, OVERRIDES), key=str)
        ),
        applies_when=None if when is None else str(when),
        base=None if base is None else bases[str(base)],
        origin=origin,
    )


def _said(term: Node | None) -> Node:
    if term is None:
        raise AssertionError("looked for before")
    return term


def _problems(origin: Origin, node: Node, bases: Mapping[str, Profile]) -> Iterator[Problem]:
    graph = origin.graph
    for predicate, name in ((RDFS.label, "rdfs:label"), (DCTERMS.description, "dcterms:description")):
        if graph.value(node, predicate) is None:
            yield _problem(origin, node, f"The profile has no {name}")
    for base in graph.objects(node, PROF.isProfileOf):
        if str(base) not in bases:
            said = f"It builds on {compact_or_text(base)}, which is no profile of aimsgraph"
            yield _problem(origin, node, said, base)
    for override in sorted(graph.objects(node, OVERRIDES), key=str):
        yield from _override_problems(origin, override)


def _override_problems(origin: Origin, override: Node) -> Iterable[Problem]:
    graph = origin.graph
    about = f"The override {compact_or_text(override)}"
    if graph.value(override, OVERRIDES_SHAPE) is None:
        yield _problem(origin, override, f"{about} names no shape with aims:overridesShape")
    if graph.value(override, SH.severity) not in SEVERITIES:
        yield _problem(origin, override, f"{about} needs sh:severity sh:Violation, sh:Warning or sh:Info")
    if graph.value(override, DCTERMS.description) is None:
        yield _problem(origin, override, f"{about} gives no reason with dcterms:description")


def _problem(origin: Origin, subject: Node, message: str, said: Node | None = None) -> Problem:
    return Problem(message, path=origin.path, line=origin.line(subject, said))
