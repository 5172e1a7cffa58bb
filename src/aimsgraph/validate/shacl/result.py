"""What a constraint finds: one result for each node, and value, that does not keep to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Node


@dataclass(frozen=True, slots=True)
class Result:
    """A validation result in the sense of SHACL, section 3.6.

    ``shape``, ``path`` and ``constraint`` are nodes of the shapes graph; a path that a query bound is an IRI.
    ``value`` is None where a constraint is about the values as a whole. ``bound`` holds what a query of the
    shape bound besides, to be named in messages.
    """

    focus: Node
    shape: Node
    component: Node
    severity: Node
    path: Node | None = None
    value: Node | None = None
    constraint: Node | None = None
    messages: tuple[Node, ...] = ()
    bound: Mapping[str, Node] = field(default_factory=dict, compare=False)
