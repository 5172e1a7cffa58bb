"""Paths that lead back: which nodes may lie on one, found without following each path from each node."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rdflib import BNode

from aimsgraph.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    onward: dict[Node, set[Node]] = defaultdict(set)
    back: dict[Node, set[Node]] = defaultdict(set)
    for row in source.select(f"SELECT ?a ?b WHERE {{ ?a {path} ?b }}"):
        onward[row["a"]].add(row["b"])
        back[row["b"]].add(row["a"])
    left = set(onward) & set(back)
    ends = (set(onward) | set(back)) - left
    while ends:
        node = ends.pop()
        for before in back.pop(node, ()):
            onward[before].discard(node)
            if before in left and not onward[before]:
                left.discard(before)
                ends.add(before)
        for after in onward.pop(node, ()):
            back[after].discard(node)
            if after in left and not back[after]:
                left.discard(after)
                ends.add(after)
    return left
