"""All that the graph says of one node."""

from __future__ import annotations

from pydantic import Field

from aimsgraph.model.finding import Finding
from aimsgraph.model.node import Named, NodeRef, Value


class Wording(Value):
    """A text in a language (null: in none)."""

    text: str
    language: str | None


class NodeStatement(Value):
    """Something stated of the node: property as CURIE, value as IRI or text.

    ``label`` is that of the value where it is a node; ``language`` and ``datatype`` (a CURIE) are those of a literal,
    null where it has none or is a plain text.
    """

    property: str
    value: str
    label: str | None
    language: str | None
    datatype: str | None


class NodeReference(Value):
    """Something stated of another node, whose value is this one: property as CURIE."""

    property: str
    node: NodeRef


class NodeSheet(Value):
    """One node whole: what it is called and described as, whose it is, and a page of the statements about it.

    ``types`` are CURIEs. ``statements`` and ``references`` are one list, statements first, each by property and value;
    ``stated`` and ``referred`` count them all. ``next`` is the place after which the next page starts (null: there are
    no more). ``findings`` is null where they were not asked for.
    """

    id: str
    type: str
    label: str
    types: tuple[str, ...]
    labels: tuple[Wording, ...]
    descriptions: tuple[Wording, ...]
    owners: tuple[Named, ...]
    areas: tuple[Named, ...]
    statements: tuple[NodeStatement, ...]
    references: tuple[NodeReference, ...]
    stated: int = Field(ge=0)
    referred: int = Field(ge=0)
    next: str | None
    findings: tuple[Finding, ...] | None = None
