"""Forms: what may and must be said of a node of a class, derived from the ontology and the shapes."""

from __future__ import annotations

from typing import Literal

from aimsgraph.model.finding import Severity
from aimsgraph.model.node import Value
from aimsgraph.model.reference import Link

FieldKind = Literal[
    "text", "number", "whole number", "date", "date and time", "yes or no", "address", "choice", "link"
]
Demand = Literal["required", "one of", "recommended", "optional"]


class Option(Value):
    """One of the values to choose from: an IRI or a text, and how it is shown."""

    value: str
    label: str


class FormCheck(Value):
    """A shape that looks at a field: how grave it is, what it says and how to mend it.

    ``area`` is a CURIE. ``when`` says in words which nodes of the class it looks at; null means all of them.
    """

    id: str
    label: str
    severity: Severity
    area: str | None
    message: str | None
    fix: str | None
    when: str | None


class Field(Value):
    """A property of a class.

    ``name`` is its key in JSON and ``datatype`` a CURIE (null for links and for text of any kind). A link leads to a
    node of one of ``classes``; without any, to anything. ``demand`` says what happens when there is no value: a
    violation, a violation unless another field of a choice has one, a warning, or nothing. A value of null in
    ``max_count`` is no limit. ``alternative`` marks another way to say what an earlier field says, which a form
    leaves out.
    """

    id: str
    curie: str
    name: str
    label: str
    definition: str
    kind: FieldKind
    datatype: str | None
    classes: tuple[Link, ...]
    options: tuple[Option, ...]
    demand: Demand
    min_count: int
    max_count: int | None
    minimum: float | None
    maximum: float | None
    pattern: str | None
    alternative: bool
    checks: tuple[FormCheck, ...]


class Form(Value):
    """A class and its fields, in the order in which they are best filled in.

    ``choices`` are demands that can be met in several ways: of each, one group of fields must have values.
    ``together`` names the fields that must have a value once another one has. ``checks`` look at the whole node.
    """

    id: str
    curie: str
    name: str
    label: str
    definition: str
    fields: tuple[Field, ...]
    choices: tuple[tuple[tuple[str, ...], ...], ...]
    together: dict[str, tuple[str, ...]]
    checks: tuple[FormCheck, ...]
