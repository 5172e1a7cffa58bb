"""One node whole: what it is, what is stated of it, and what refers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from aimsgraph import store
from aimsgraph.model.node import Named
from aimsgraph.model.sheet import NodeReference, NodeSheet, NodeStatement, Wording
from aimsgraph.place import page_of
from aimsgraph.store.nodes import LABELS
from aimsgraph.store.texts import DESCRIPTIONS
from aimsgraph.vocab import AIMS, DCTERMS, RDF, XSD, compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdflib.term import Identifier

    from aimsgraph.model.node import NodeRef
    from aimsgraph.store import View

#: A statement of the node, or one that refers to it: which of the two, the property, and the other end as it is sorted.
Key = tuple[int, str, str]
_OUT: Final = 0
_IN: Final = 1
#: So much of a value is in the name of a place; values that begin alike come on one page.
_TOLD: Final = 200
_PLAIN: Final = (None, XSD + "string")
_DESCRIBED: Final = tuple(iri for iri in DESCRIPTIONS if iri != DCTERMS + "identifier")


def sheet_of(view: View, node: NodeRef, *, limit: int = 100, after: str | None = None) -> NodeSheet:
    """Return what is said of a node, with at most ``limit`` statements; ``after`` is ``next`` of the page before.

    :raises UsageError: ``after`` is no such place, or belongs to another node.
    """
    bound = {"node": URIRef(node.id)}
    out = {_key(_OUT, row): row for row in view.rows("SELECT ?p ?o WHERE { ?node ?p ?o }", bound)}
    into = {
        _key(_IN, row): row
        for row in view.rows("SELECT ?p ?o WHERE { ?o ?p ?node FILTER(ISIRI(?o)) }", bound)
    }
    rows, keys = out | into, sorted([*out, *into])
    page, following = page_of(
        keys,
        lambda key: (key[0], key[1], key[2][:_TOLD]),
        node.id,
        kinds=(int, str, str),
        limit=limit,
        after=after,
    )
    values = {key: rows[key]["o"] for key in page}
    owners, areas = (_values(out, AIMS + name) for name in ("ownedBy", "inArea"))
    known = store.describe(
        view, [*(str(one) for one in values.values() if isinstance(one, URIRef)), *owners, *areas]
    )
    return NodeSheet(
        **node.model_dump(),
        types=tuple(compact(iri) for iri in _values(out, RDF + "type")),
        labels=_wordings(out, LABELS),
        descriptions=_wordings(out, _DESCRIBED),
        owners=tuple(Named(id=iri, label=known[iri].label) for iri in owners),
        areas=tuple(Named(id=iri, label=known[iri].label) for iri in areas),
        statements=tuple(_statement(key, values[key], known) for key in page if key[0] == _OUT),
        references=tuple(
            NodeReference(property=compact(key[1]), node=known[str(values[key])])
            for key in page
            if key[0] == _IN
        ),
        stated=len(out),
        referred=len(into),
        next=following,
    )


def _key(side: int, row: dict[str, Identifier]) -> Key:
    return side, str(row["p"]), row["o"].n3() if isinstance(row["o"], Literal) else f"<{row['o']}>"


def _values(out: dict[Key, dict[str, Identifier]], name: str) -> list[str]:
    return sorted(
        str(row["o"]) for key, row in out.items() if key[1] == name and isinstance(row["o"], URIRef)
    )


def _wordings(out: dict[Key, dict[str, Identifier]], names: Sequence[str]) -> tuple[Wording, ...]:
    found = [
        (names.index(key[1]), key[2], row["o"])
        for key, row in out.items()
        if key[1] in names and isinstance(row["o"], Literal)
    ]
    return tuple(
        Wording(text=str(value), language=value.language)
        for _, _, value in sorted(found, key=lambda one: one[:2])
        if isinstance(value, Literal)
    )


def _statement(key: Key, value: Identifier, known: dict[str, NodeRef]) -> NodeStatement:
    literal = value if isinstance(value, Literal) else None
    datatype = str(literal.datatype) if literal is not None and literal.datatype is not None else None
    return NodeStatement(
        property=compact(key[1]),
        value=str(value),
        label=known[str(value)].label if str(value) in known and literal is None else None,
        language=literal.language if literal is not None else None,
        datatype=None if datatype in _PLAIN or datatype is None else compact(datatype),
    )
