"""Reads the shapes for the reference: what each demands, why, and the examples that pass it or not."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from rdflib import RDF, RDFS, SH, SKOS, URIRef

from aimsgraph import resources
from aimsgraph.model.reference import Example, ShapeEntry, ShapeGroup, Target
from aimsgraph.reference.graph import KINDS, Sources, aims
from aimsgraph.validate.demand import demands_of, queries_of
from aimsgraph.validate.shapes import WELL_FORMED
from aimsgraph.validate.wording import general, path_text
from aimsgraph.vocab import PREFIXES, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rdflib.term import Node

    from aimsgraph.model.reference import Link
    from aimsgraph.validate.shapes import Shape

_TARGETS: Final[dict[Node, str]] = {
    SH.targetClass: "every",
    SH.targetNode: "the node",
    SH.targetSubjectsOf: "whatever states",
    SH.targetObjectsOf: "whatever is a value of",
}
#: The group of the shapes about the form of the data, and that of shapes of one's own without an area.
FORM: Final = "form"
OTHER: Final = "other"
_STATED: Final = re.compile(r"^#! (.+)$", re.MULTILINE)
_PREFIX: Final = re.compile(r"^@prefix ([\w-]*): .*\n", re.MULTILINE)


def shape_groups(sources: Sources) -> Iterator[ShapeGroup]:
    """Yield the shapes by control area, the most urgent first, then those of form and those without an area."""
    members: dict[str, list[ShapeEntry]] = {}
    areas = {str(area): local_name(area) for area in sources.typed(sources.all, aims.ControlArea)}
    for check in _whole(sources.rules.checks):
        name = areas.get(check.area or "", OTHER) if check.demanded else FORM
        members.setdefault(name, []).append(_entry(sources, check))
    for iri, name in areas.items():
        area = URIRef(iri)
        about = sources.text(area, SKOS.definition) or ""
        yield _group(name, sources.link(area).label, about, members.get(name))
    about = str(sources.shapes.value(WELL_FORMED, RDFS.comment) or "")
    yield _group(FORM, "form of the data", about, members.get(FORM))
    if OTHER in members:
        yield _group(OTHER, "shapes without an area", "", members[OTHER])


def _whole(checks: Sequence[Shape]) -> Iterator[Shape]:
    """Yield one check for each shape that has a name: its own, before those of the shapes within it."""
    seen: set[str] = set()
    for check in sorted(checks, key=lambda one: (one.iri, str(one.node) != one.iri)):
        if check.iri not in seen and "://" in check.iri:
            seen.add(check.iri)
            yield check


def _group(name: str, label: str, definition: str, shapes: list[ShapeEntry] | None) -> ShapeGroup:
    ordered = sorted(shapes or (), key=lambda one: (one.order, one.label, one.id))
    return ShapeGroup(name=name, label=label, definition=definition, shapes=tuple(ordered))


def _entry(sources: Sources, check: Shape) -> ShapeEntry:
    # What has a shape within it is described as a whole, from its name.
    node = URIRef(check.iri)
    path = sources.shapes.value(node, SH.path)
    targets = tuple(Target(kind=_TARGETS[kind], term=sources.link(term)) for kind, term in check.targets)
    thing = _thing(targets)
    return ShapeEntry(
        id=check.iri,
        name=local_name(check.iri),
        label=check.label,
        severity=check.severity,
        targets=targets,
        applies_when=_dedented(check.applies_when),
        path=None if path is None else path_text(sources.shapes, path),
        demands=demands_of(sources.shapes, node),
        queries=queries_of(sources.shapes, node),
        message=worded(check.message, thing),
        fix=worded(check.fix, thing),
        requirement=_linked(sources, check.requirement),
        area=_linked(sources, check.area),
        stages=sources.links(map(URIRef, check.stages)),
        tiers=sources.links(map(URIRef, check.tiers)),
        order=check.order,
        terms=sources.links(_terms(sources, node)),
        examples=tuple(_example(one) for one in resources.shape_examples(local_name(check.iri))),
    )


def worded(message: str | None, thing: str) -> str | None:
    """Write a message, if there is one, for no node in particular."""
    return None if message is None else general(message, thing)


def _thing(targets: Sequence[Target]) -> str:
    only = targets[0] if len(targets) == 1 and targets[0].kind == _TARGETS[SH.targetClass] else None
    return f"this {only.term.label}" if only else "this node"


def _linked(sources: Sources, iri: str | None) -> Link | None:
    return None if iri is None else sources.link(URIRef(iri))


def _terms(sources: Sources, shape: URIRef) -> list[URIRef]:
    return [
        term
        for term, users in sources.terms_of_shapes.items()
        if shape in users and any((term, RDF.type, kind) in sources.all for kind in KINDS)
    ]


def _dedented(pattern: str | None) -> str | None:
    return None if pattern is None else dedent(pattern).strip()


def _example(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    verdict, _, claim = path.stem.partition("-")
    return Example(
        claim=claim.replace("-", " "),
        passes=verdict == "ok",
        findings=tuple(_STATED.findall(text)),
        text=_PREFIX.sub(_unusual, _STATED.sub("", text)).strip(),
    )


def _unusual(prefix: re.Match[str]) -> str:
    """Leave out a prefix that every reader knows; ``ex:`` is explained once on the page."""
    return "" if prefix[1] in PREFIXES else prefix[0]
