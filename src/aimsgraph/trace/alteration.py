"""Common changes to a graph as SPARQL updates: a node withdrawn, one put in the place of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.store.portion import iris
from aimsgraph.trace.annotations import THREAT, read_annotations
from aimsgraph.vocab import AIMS, SOURCE_GRAPH

if TYPE_CHECKING:
    from aimsgraph.store.protocol import View

_QUALIFIED = f"<{AIMS}qualifiedDependency>"
_ON = f"<{AIMS}on>"


def withdrawal(node: str) -> str:
    """Return the update that removes all that is stated of a node (IRI), and to it, with its qualified dependencies."""
    it = iris([node])
    return " ;\n".join(
        (
            f"DELETE {{ ?q ?p ?o }} WHERE {{ {it} {_QUALIFIED} ?q . ?q ?p ?o }}",
            f"DELETE {{ ?s {_QUALIFIED} ?q . ?q ?p ?o }} WHERE {{ ?q {_ON} {it} ; ?p ?o . ?s {_QUALIFIED} ?q }}",
            f"DELETE {{ {it} ?p ?o }} WHERE {{ {it} ?p ?o }}",
            f"DELETE {{ ?s ?p {it} }} WHERE {{ ?s ?p {it} }}",
        )
    )


def replacement(view: View, old: str, new: str) -> str:
    """Return the update that makes all that depends on node ``old`` depend on ``new`` instead (both IRIs).

    What ``old`` itself depends on, what threatens it and what guards it stays where it is. A qualified dependency keeps
    its transmission. Each statement stays in the graph of its source. Where ``new`` itself depends on ``old``, it still
    does.
    """
    a, b = iris([old]), iris([new])
    known = [item for item in read_annotations(view).impact.values() if item.flow != THREAT]
    uses = iris(sorted(item.iri for item in known if not item.forward), ", ")
    affects = iris(sorted(item.iri for item in known if item.forward), ", ")
    ours = f'FILTER(STRSTARTS(STR(?g), "{SOURCE_GRAPH}"))'
    parts = []
    if uses:
        parts.append(
            f"DELETE {{ GRAPH ?g {{ ?s ?p {a} }} }} INSERT {{ GRAPH ?g {{ ?s ?p {b} }} }}\n"
            f"WHERE {{ GRAPH ?g {{ ?s ?p {a} FILTER(?p IN ({uses}) && ?s != {b}) }} {ours} }}"
        )
    if affects:
        parts.append(
            f"DELETE {{ GRAPH ?g {{ {a} ?p ?o }} }} INSERT {{ GRAPH ?g {{ {b} ?p ?o }} }}\n"
            f"WHERE {{ GRAPH ?g {{ {a} ?p ?o FILTER(?p IN ({affects}) && ?o != {b}) }} {ours} }}"
        )
    parts.append(
        f"DELETE {{ GRAPH ?g {{ ?q {_ON} {a} }} }} INSERT {{ GRAPH ?g {{ ?q {_ON} {b} }} }}\n"
        f"WHERE {{ ?s {_QUALIFIED} ?q FILTER(?s != {b}) GRAPH ?g {{ ?q {_ON} {a} }} {ours} }}"
    )
    return " ;\n".join(parts)
