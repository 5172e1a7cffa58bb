"""Who owns nodes, and who answers for those that nobody owns."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.validate.shacl.context import Source

OWNED_BY: Final = AIMS + "ownedBy"
#: How many nodes are asked for in one query.
_AT_ONCE: Final = 500


def owners_of(source: Source, nodes: Iterable[str]) -> dict[str, set[str]]:
    """Return the owners of those of the nodes (IRIs) that have any."""
    return _owned(source, nodes, f"?this <{OWNED_BY}> ?owner")


def answerable(source: Source, nodes: set[str]) -> dict[str, set[str]]:
    """Return the owners of nodes, and for a node that nobody owns those of what it is linked with."""
    owners = owners_of(source, nodes)
    near = f"{{ ?other ?p ?this }} UNION {{ ?this ?p ?other }} ?other <{OWNED_BY}> ?owner"
    return owners | _owned(source, nodes - set(owners), near)


def _owned(source: Source, nodes: Iterable[str], pattern: str) -> dict[str, set[str]]:
    owners: dict[str, set[str]] = {}
    waiting = iter(sorted(node for node in nodes if not node.startswith("_:")))
    while chunk := list(islice(waiting, _AT_ONCE)):
        listed = " ".join(f"<{node}>" for node in chunk)
        for row in source.select(f"SELECT ?this ?owner WHERE {{ VALUES ?this {{ {listed} }} {pattern} }}"):
            owners.setdefault(str(row["this"]), set()).add(str(row["owner"]))
    return owners
