"""What a picture shows, before any notation: boxes, lines, guards and the words of its legend."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aimsgraph.model.impact import ImpactEdge
from aimsgraph.render.metrics import printable
from aimsgraph.render.words import basis_words, property_words, share, type_words
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aimsgraph.model.impact import Basis, ImpactControl
    from aimsgraph.render.drawing import AnyEdge, Drawing

_LONGEST: Final = 90


@dataclass(frozen=True, slots=True)
class Box:
    """A node in a picture: its name in the notation, its IRI (or type, when collapsed) and its words.

    ``detail`` says how many arrows the node needs, or what a box holds; ``count`` is how many nodes it stands for.
    """

    name: str
    key: str
    type: str
    caption: str
    label: str
    note: str = ""
    focus: bool = False
    weight: float = 0.0
    # Names of parts derive from what is printed of a sketch; these came later and leave older pictures as they are.
    detail: str = field(default="", repr=False)
    count: int = field(default=1, repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow in the direction of impact: words, the number beside them, and the codes of its guards.

    ``count`` is how many dependencies by way of ``property`` it stands for.
    """

    source: str
    target: str
    words: str
    number: str = ""
    basis: Basis | None = None
    guards: tuple[str, ...] = ()
    property: str = field(default="", repr=False)
    count: int = field(default=1, repr=False)


@dataclass(frozen=True, slots=True)
class Guard:
    """A control that stands in the way: its code on the gates (``C1``), and what the legend says of it."""

    code: str
    label: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """Where arrows leave a box through controls: the codes of these, and whether evidence backs any of them."""

    name: str
    source: str
    codes: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether any control of this gate is verified; the others have a mark on their code."""
        return not all(code.endswith("!") for code in self.codes)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A whole picture: ``types`` are the types shown, in the order of their first box.

    ``reading`` is the sentence of the legend that says what an arrow means; ``sampled`` says whether the legend
    shows a sample of each type, which is idle where every box is of a type of its own.
    """

    title: str
    subtitle: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    guards: tuple[Guard, ...]
    types: tuple[str, ...]
    collapsed: bool
    reading: str = "What goes wrong at the tail of an arrow can harm its head."
    sampled: bool = True

    def gates(self) -> dict[tuple[str, tuple[str, ...]], Gate]:
        """Return the gates by the box they stand behind and their codes: one for all arrows with the same guards."""
        keys = dict.fromkeys((line.source, line.guards) for line in self.lines if line.guards)
        return {key: Gate(f"g{number}", *key) for number, key in enumerate(keys, 1)}


def sketch(given: Drawing) -> Sketch:
    """Return one box per node and one arrow per edge."""
    names = {iri: f"n{number}" for number, iri in enumerate(given.nodes, 1)}
    arriving = Counter(edge.target for edge in given.edges)
    boxes = tuple(
        Box(
            name=names[iri],
            key=iri,
            type=node.type,
            caption=type_words(node.type) + (" · start" if iri in given.focus else ""),
            label=label_of(node.label, iri),
            note=f"{share(given.probabilities[iri])} likely" if iri in given.probabilities else "",
            focus=iri in given.focus,
            weight=given.probabilities.get(iri, 0.0),
            detail=_needs(given.gates[iri], arriving[iri]) if iri in given.gates else "",
        )
        for iri, node in given.nodes.items()
    )
    guards = guards_of(given.controls)
    return Sketch(
        printable(given.title),
        given.subtitle,
        boxes,
        tuple(_line(edge, names, guards, given.words) for edge in given.edges),
        tuple(guards.values()),
        types_of(boxes),
        collapsed=False,
    )


def guards_of(controls: Sequence[ImpactControl]) -> dict[str, Guard]:
    """Return the guards by the IRIs of their controls, numbered in the order given."""
    return {
        control.id: Guard(f"C{number}", _worth(control), control.verified)
        for number, control in enumerate(controls, 1)
    }


def types_of(boxes: Iterable[Box]) -> tuple[str, ...]:
    """Return the distinct types of the boxes, in order of first appearance."""
    return tuple(dict.fromkeys(box.type for box in boxes))


def label_of(label: str, iri: str) -> str:
    """Return a label on one line, or the last part of the IRI where the label has no character to show."""
    return printable(label) or printable(local_name(iri))


def _worth(control: ImpactControl) -> str:
    works, claimed = share(control.assured_effectiveness), share(control.claimed_effectiveness)
    label = label_of(control.label, control.id)
    # The numbers come last, so a long label must not push them off the legend.
    said = f"{label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + '…'}, works {works}"
    if claimed != works or not control.verified:
        said += f", claimed {claimed}"
    return said if control.verified else said + ", not verified"


def _needs(needed: int, arriving: int) -> str:
    """Say how many arrows must bring harm; of a gate some arrows may lie outside the picture."""
    if needed > arriving:
        return f"needs {needed} arrows, {arriving or 'none'} drawn"
    if needed == arriving:
        return f"needs all {needed} arrows" if needed > 1 else ""
    return f"needs {needed} of {arriving} arrows" if needed > 1 else ""


def _line(
    edge: AnyEdge, names: Mapping[str, str], guards: Mapping[str, Guard], words: Mapping[str, str] | None
) -> Line:
    said = printable(property_words(edge.property, words))
    source, target = names[edge.source], names[edge.target]
    if not isinstance(edge, ImpactEdge):
        return Line(source, target, said, property=edge.property)
    standing = set(edge.controls)
    codes = tuple(
        guard.code + ("" if guard.verified else "!") for iri, guard in guards.items() if iri in standing
    )
    if unnamed := sum(iri not in guards for iri in edge.controls):
        codes += (f"+{unnamed}",)
    number = basis_words(edge.transmission, edge.basis)
    return Line(source, target, said, number, edge.basis, codes, property=edge.property)
