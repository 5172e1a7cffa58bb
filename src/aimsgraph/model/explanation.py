"""One finding explained: what was asked for, by whom, and what the graph says instead."""

from __future__ import annotations

from aimsgraph.model.finding import CheckedShape, Finding
from aimsgraph.model.node import Value


class Asking(Value):
    """The clause or control that asks for a check, in our own words: what it wants, and what usually shows it."""

    id: str
    label: str
    definition: str | None
    usual_evidence: str | None


class Statement(Value):
    """Something that the graph says of the node: property and value as CURIEs or text, and the graph it stands in.

    ``label`` names a value that is a node. ``source`` is null for what stands in no named graph.
    """

    property: str
    value: str
    label: str | None
    source: str | None


class Explanation(Value):
    """A finding with all that explains it.

    ``statements`` are what the graph says of the node with the properties that the shape looks at. ``shape`` describes
    the check and ``shacl`` holds it as Turtle. ``alike`` counts the other findings of the shape, and ``waived_by`` is
    the IRI of the waiver that lets this one pass.
    """

    finding: Finding
    shape: CheckedShape
    requirement: Asking | None
    area: str | None
    statements: tuple[Statement, ...]
    alike: int
    waived_by: str | None
    shacl: str
