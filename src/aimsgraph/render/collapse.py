"""A picture of too many nodes, drawn as one box per type or per AI system."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aimsgraph.model.impact import ImpactEdge
from aimsgraph.render.metrics import printable
from aimsgraph.render.sketch import Box, Line, Sketch, label_of, types_of
from aimsgraph.render.words import property_words, share, type_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.render.drawing import Drawing

SYSTEM: Final = "aims:AISystem"
# No-break spaces keep a count with what it counts.
_HELD: Final = "{:,}\u00a0×\u00a0{}"
#: So many nodes in focus are named in the box that holds them.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class _Group:
    """What one box stands for: a system (its IRI as key, and its label) or a type."""

    key: str
    type: str
    label: str = ""


def by_type(given: Drawing, *, asked: bool) -> Sketch:
    """Return one box per type with the number of its nodes, and one arrow per pair of types and property.

    A box names the nodes in focus when there are no more than three, and the highest probability in it. Unless this
    was ``asked`` for, the subtitle says why it is so.
    """
    why = "one box per type." if asked else "one box per type: too many to draw singly."
    said = f"{len(given.nodes):,} nodes and {len(given.edges):,} links, {why}"
    return _grouped(given, {iri: _Group(node.type, node.type) for iri, node in given.nodes.items()}, said)


def by_system(given: Drawing) -> Sketch:
    """Return one box per AI system, holding what only that system stands on; the rest has one box per type.

    A node belongs to a system when every way downstream that meets a system meets that one first. What leads to
    several systems first, or to none, stands apart by type.
    """
    owner = _owners(given)
    groups = {}
    for iri, node in given.nodes.items():
        system = given.nodes[owner[iri]] if owner.get(iri) else None
        groups[iri] = (
            _Group(node.type, node.type)
            if system is None
            else _Group(system.id, SYSTEM, label_of(system.label, system.id))
        )
    hidden = sum(_within(groups[edge.source], groups[edge.target]) for edge in given.edges)
    said = (
        f"{len(given.nodes):,} nodes and {len(given.edges):,} links. A box per AI system holds what only that system "
        "stands on; the rest has a box per type."
    )
    return _grouped(
        given, groups, said + (f" Not drawn: {_counted(hidden, 'link')} inside a system." if hidden else "")
    )


def _owners(given: Drawing) -> dict[str, str]:
    """Return by IRI the one system that a node's ways meet first, or "" where there are several."""
    upstream: dict[str, list[str]] = {}
    for edge in given.edges:
        upstream.setdefault(edge.target, []).append(edge.source)
    systems = {iri for iri, node in given.nodes.items() if node.type == SYSTEM}
    owner = {iri: iri for iri in systems}
    waiting = [iri for iri in given.nodes if iri in systems]
    while waiting:
        here = waiting.pop()
        for before in upstream.get(here, ()):
            if before in systems:
                continue
            now = owner[here] if owner.get(before, owner[here]) == owner[here] else ""
            if owner.get(before) != now:  # at most twice for a node: one system, then several
                owner[before] = now
                waiting.append(before)
    return owner


def _grouped(given: Drawing, groups: Mapping[str, _Group], said: str) -> Sketch:
    members: dict[_Group, list[str]] = {}
    for iri, group in groups.items():
        members.setdefault(group, []).append(iri)
    names = {group: f"n{number}" for number, group in enumerate(members, 1)}
    boxes = tuple(_box(names[group], group, inside, given) for group, inside in members.items())
    ends = Counter((groups[edge.source], groups[edge.target], edge.property) for edge in given.edges)
    lines = tuple(
        Line(
            names[source],
            names[target],
            printable(property_words(name, given.words)),
            _counted(count, "link"),
            property=name,
            count=count,
        )
        for (source, target, name), count in ends.items()
        if not _within(source, target)
    )
    controls = any(isinstance(edge, ImpactEdge) and edge.controls for edge in given.edges)
    if left_out := [name for name, is_there in (("controls", controls), ("gates", given.gates)) if is_there]:
        said += f" {' and '.join(left_out).capitalize()} are not drawn."
    subtitle = f"{given.subtitle}\n{said}" if given.subtitle else said
    return Sketch(printable(given.title), subtitle, boxes, lines, (), types_of(boxes), collapsed=True)


def _box(name: str, group: _Group, inside: list[str], given: Drawing) -> Box:
    started = [label_of(given.nodes[iri].label, iri) for iri in inside if iri in given.focus]
    likely = max((given.probabilities[iri] for iri in inside if iri in given.probabilities), default=None)
    kinds = Counter(given.nodes[iri].type for iri in inside if iri != group.key)
    held = ", ".join(_HELD.format(count, type_words(kind)) for kind, count in sorted(kinds.items()))
    label = group.label or _counted(len(inside), "node")
    if 0 < len(started) <= _NAMED and started != [group.label]:
        label += ", with " + ", ".join(started)
    return Box(
        name=name,
        key=group.key,
        type=group.type,
        caption=type_words(group.type) + (" · start" if started else ""),
        label=label,
        note="" if likely is None else f"up to {share(likely)} likely",
        focus=bool(started),
        weight=likely or 0.0,
        detail=f"and {held}" if group.label and held else "",
        count=len(inside),
    )


def _within(source: _Group, target: _Group) -> bool:
    return source == target and bool(source.label)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
