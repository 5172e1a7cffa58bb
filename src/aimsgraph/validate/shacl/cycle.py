"""Paths that lead back: which nodes may lie on one, found without following each path from each node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import BNode

from aimsgraph.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdflib.term import Node

    from aimsgraph.validate.shacl.context import Source


def narrowed(source: Source, found: Sequence[Token]) -> list[Token]:
    """Put before each ``$this path+ $this`` of a query the nodes that may fulfil it.

    An engine follows the path anew from each node, which takes forever on a long chain without a way back.
    """
    tokens: list[Token] = []
    for index, token in enumerate(found):
        four = [one.text.lstrip("?$") for one in found[index : index + 4]]
        if token.kind == "var" and four[0] == four[-1] == "this" and four[2:3] == ["+"] and len(four) == 4:
            nodes = may_return(source, four[1])
            if not any(isinstance(node, BNode) for node in nodes):  # no query can name a blank node
                listed = " ".join(sorted(node.n3() for node in nodes))
                tokens.append(Token("op", f"VALUES ?this {{ {listed} }}", token.start))
        tokens.append(token)
    return tokens


def may_return(source: Source, path: str) -> set[Node]:
    """Return the nodes left when those without a step on, or without a step to them, are taken away again and again.

    All nodes from which a path leads back are among them, and none when there is no way back at all.
    """
    number: dict[str, int] = {}
    nodes: list[Node] = []

    def numbered(node: Node) -> int:
        # Numbers are hashed and compared at once, and rdflib's terms are not.
        found = number.setdefault(str(node), len(nodes))
        if found == len(nodes):
            nodes.append(node)
        return found

    rows = source.rows(f"SELECT ?a ?b WHERE {{ ?a {path} ?b }}")
    steps = _after_removal((numbered(row["a"]), numbered(row["b"])) for row in rows)
    return {nodes[one] for one in _after_removal((after, one) for one in steps for after in steps[one])}


def _after_removal(steps: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Return the steps left when nodes without a step to them are taken away, with theirs, again and again."""
    onward: dict[int, list[int]] = {}
    reached: dict[int, int] = {}
    for node, after in steps:
        onward.setdefault(node, []).append(after)
        reached[after] = reached.get(after, 0) + 1
    ends = [node for node in onward if node not in reached]
    while ends:
        for after in onward.pop(ends.pop(), ()):
            reached[after] -= 1
            if not reached[after]:
                del reached[after]
                ends.append(after)
    return onward
