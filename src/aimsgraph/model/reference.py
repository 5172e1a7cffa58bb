"""The reference of the ontology: its modules, terms, catalogues and control areas, and what uses them."""

from __future__ import annotations

from typing import Literal

from aimsgraph.model.finding import Severity
from aimsgraph.model.node import Value

TermKind = Literal["class", "object property", "datatype property", "annotation"]


class Link(Value):
    """Something named elsewhere: its IRI, its CURIE and its label."""

    id: str
    curie: str
    label: str


class Match(Value):
    """How a term relates to one of another vocabulary: the CURIE of the relation, and the other term's IRI."""

    relation: str
    id: str
    curie: str


class Flow(Value):
    """How a property carries impact: direction, kind and dimensions as labels, the default transmission 0..1."""

    direction: str
    kind: str
    transmission: float
    dimensions: tuple[str, ...]


class Term(Value):
    """A class or property: what it means, how it is tied to others, and which shapes and questions use it.

    ``domain`` and ``range`` are for people and forms and infer nothing. ``traits`` are characteristics such as
    ``functional``. ``shapes`` are links, ``queries`` the names of saved questions.
    """

    id: str
    curie: str
    kind: TermKind
    label: str
    definition: str
    status: str | None
    since: str | None
    deprecated: bool
    broader: tuple[Link, ...]
    narrower: tuple[Link, ...]
    domain: tuple[Link, ...]
    range: tuple[Link, ...]
    disjoint: tuple[Link, ...]
    traits: tuple[str, ...]
    flow: Flow | None
    matches: tuple[Match, ...]
    shapes: tuple[Link, ...]
    queries: tuple[str, ...]
    note: str | None


class Module(Value):
    """A file of the ontology and the terms it defines, classes first."""

    id: str
    name: str
    title: str
    description: str
    version: str
    terms: tuple[Term, ...]


class Entry(Value):
    """A concept of a catalogue: a clause, a control, an article, a kind of risk.

    ``depth`` counts from 0 along ``skos:broader``; one at the top may stand ``under`` entries of another catalogue.
    ``evidence`` is what usually satisfies it, ``applies_from``
    the ISO date from which a law's article applies. ``shapes`` check it; ``matches`` are crosswalk targets.
    """

    id: str
    curie: str
    notation: str | None
    label: str
    definition: str
    kind: str | None
    depth: int
    under: tuple[Link, ...]
    evidence: str | None
    applies_from: str | None
    note: str | None
    areas: tuple[Link, ...]
    shapes: tuple[Link, ...]


class Catalogue(Value):
    """A scheme of concepts, its entries in the order of their notations, each below the broader one."""

    id: str
    name: str
    label: str
    definition: str
    edition: str | None
    source: str | None
    entries: tuple[Entry, ...]


class CrosswalkLine(Value):
    """One mapping: from, relation (CURIE), to, how sure (0..1), and why."""

    source: Link
    relation: str
    target: Link
    confidence: float
    justification: str


class Crosswalk(Value):
    """The mappings of one file."""

    name: str
    title: str
    description: str
    version: str
    lines: tuple[CrosswalkLine, ...]


class Area(Value):
    """A control area with everything that belongs to it."""

    id: str
    name: str
    label: str
    definition: str
    classes: tuple[Link, ...]
    clauses: tuple[Link, ...]
    controls: tuple[Link, ...]
    shapes: tuple[Link, ...]
    queries: tuple[Link, ...]


class Target(Value):
    """What a shape looks at: ``kind`` in words, such as ``every`` or ``whatever states``, and the term."""

    kind: str
    term: Link


class Example(Value):
    """A graph that a shape passes or not: its claim in words and its Turtle, without the usual prefixes.

    ``findings`` are what it must give, each as node, path, constraint component and severity, parted by spaces.
    """

    claim: str
    passes: bool
    findings: tuple[str, ...]
    text: str


class ShapeEntry(Value):
    """A shape: what it looks at, what it demands and why, how grave a failure is, and how to mend it.

    ``applies_when`` is a SPARQL pattern that picks targets, ``path`` a SPARQL property path with CURIEs (null for a
    shape of the whole node), ``queries`` the SPARQL that finds failures. In ``message`` and ``fix`` a blank that is
    filled per finding is written ``[value]``. ``terms`` are the classes and properties it mentions. ``order`` says how
    urgent it is, lower before higher. ``stages`` of life and risk ``tiers`` are those it is about (none: all).
    """

    id: str
    name: str
    label: str
    severity: Severity
    targets: tuple[Target, ...]
    applies_when: str | None
    path: str | None
    demands: tuple[str, ...]
    queries: tuple[str, ...]
    message: str | None
    fix: str | None
    requirement: Link | None
    area: Link | None
    stages: tuple[Link, ...]
    tiers: tuple[Link, ...]
    order: float
    terms: tuple[Link, ...]
    examples: tuple[Example, ...]


class ShapeGroup(Value):
    """The shapes of one control area that count in completeness, or all those about the form of the data."""

    name: str
    label: str
    definition: str
    shapes: tuple[ShapeEntry, ...]


class Reference(Value):
    """The whole reference."""

    title: str
    description: str
    version: str
    license: str
    modules: tuple[Module, ...]
    catalogues: tuple[Catalogue, ...]
    crosswalks: tuple[Crosswalk, ...]
    areas: tuple[Area, ...]
    shapes: tuple[ShapeGroup, ...]
