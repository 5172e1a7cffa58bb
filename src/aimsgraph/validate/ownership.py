"""Who owns nodes, and who answers for those that nobody owns."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final

from aimsgraph.validate.wording import name_of
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from rdflib.term import Node

    from aimsgraph.validate.shacl.context import Source

OWNED_BY: Final = AIMS + "ownedBy"
#: How many nodes are asked for in one query.
_AT_ONCE: Final = 500
#: From how many nodes on the owners of all are read.
_MANY: Final = 5000


def owners_of(source: Source, nodes: Collection[str]) -> dict[str, set[Node]]:
    """Return the owners of those of the nodes (IRIs, or ``_:name``) that have any."""
    link = f"?this <{OWNED_BY}> ?owner"
    if len(nodes) <= _MANY and not any(node.startswith("_:") for node in nodes):
        return _owned(source, nodes, link)
    owners: dict[str, set[Node]] = defaultdict(set)
    for row in source.rows(f"SELECT ?this ?owner WHERE {{ {link} }}"):
        owners[name_of(row["this"])].add(row["owner"])
    return {node: owners[node] for node in nodes if node in owners}


def answerable(source: Source, nodes: set[str]) -> dict[str, set[Node]]:
    """Return the owners of nodes, and for a node that nobody owns those of what it is linked with."""
    owners = owners_of(source, nodes)
    near = f"{{ ?other ?p ?this }} UNION {{ ?this ?p ?other }} ?other <{OWNED_BY}> ?owner"
    return owners | _owned(source, nodes - set(owners), near)


def _owned(source: Source, nodes: Iterable[str], pattern: str) -> dict[str, set[Node]]:
    owners: dict[str, set[Node]] = defaultdict(set)
    waiting = iter(sorted(node for node in nodes if not node.startswith("_:")))
    while chunk := list(islice(waiting, _AT_ONCE)):
        listed = " ".join(f"<{node}>" for node in chunk)
        for row in source.rows(f"SELECT ?this ?owner WHERE {{ VALUES ?this {{ {listed} }} {pattern} }}"):
            owners[str(row["this"])].add(row["owner"])
    return dict(owners)
