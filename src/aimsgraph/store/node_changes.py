"""A difference between two states for people: node by node, with the names of things."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.model.changeset import NodeChange, StatementChange
from aimsgraph.store.memory import memory_view_of
from aimsgraph.store.nodes import describe
from aimsgraph.store.patch import quads_in
from aimsgraph.vocab import XSD, compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.model.changeset import Difference
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store.protocol import View


_ANY: Final = "urn:aimsgraph:difference"


def by_node(difference: Difference, view: View) -> list[NodeChange]:
    """Group what came and went by the node it is said of, nodes in the order of their labels.

    Things are named as in the view; what is not there any more, as when it was taken away.
    """
    went, came = _quads(difference.removed), _quads(difference.added)
    changed = [*((quad, False) for quad in went), *((quad, True) for quad in came)]
    iris = {name for quad, _ in changed for name in (_iri(quad.subject), _iri(quad.object)) if name}
    known = _named(iris, (view, memory_view_of(came, graph=_ANY), memory_view_of(went, graph=_ANY)))
    changed.sort(key=lambda pair: (*_place(known, pair[0]), pair[1], str(pair[0].object)))
    return [
        NodeChange(node=known[subject], statements=tuple(_told(known, *pair) for pair in pairs))
        for subject, pairs in groupby(changed, key=lambda pair: _iri(pair[0].subject) or str(pair[0].subject))
    ]


def rdf_patch(difference: Difference) -> str:
    """Write a difference as RDF Patch: what turns the older state into the newer."""
    lines = [f'H prev "{difference.older}" .', f'H id "{difference.newer}" .', "TX ."]
    lines += [f"D {line}" for line in difference.removed]
    lines += [f"A {line}" for line in difference.added]
    return "".join(f"{line}\n" for line in [*lines, "TC ."])


def _quads(lines: Iterable[str]) -> list[ox.Quad]:
    return quads_in(line.encode() for line in lines)


def _iri(term: object) -> str | None:
    return term.value if isinstance(term, ox.NamedNode) else None


def _named(iris: set[str], views: Iterable[View]) -> dict[str, NodeRef]:
    found: dict[str, NodeRef] = {}
    for view in views:
        for iri, node in describe(view, sorted(iris)).items():
            known = found.get(iri)
            if known is None or (not known.type and node.type):
                found[iri] = node
    return found


def _place(known: dict[str, NodeRef], quad: ox.Quad) -> tuple[str, str, str]:
    subject = _iri(quad.subject) or str(quad.subject)
    return known[subject].label, subject, compact(quad.predicate.value)


def _told(known: dict[str, NodeRef], quad: ox.Quad, added: bool) -> StatementChange:
    value = _iri(quad.object)
    text = compact(value) if value is not None else getattr(quad.object, "value", str(quad.object))
    literal = quad.object if isinstance(quad.object, ox.Literal) else None
    language = literal.language if literal is not None else None
    typed = literal is not None and language is None and literal.datatype.value != XSD + "string"
    return StatementChange(
        added=added,
        property=compact(quad.predicate.value),
        value=text,
        value_label=known[value].label if value is not None else None,
        graph=quad.graph_name.value,  # type: ignore[union-attr]
        language=language,
        datatype=compact(literal.datatype.value) if typed and literal is not None else None,
    )
