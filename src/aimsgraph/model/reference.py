"""The reference of the ontology: its modules, terms, catalogues and control areas, and what uses them."""

from __future__ import annotations

from typing import Literal

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
