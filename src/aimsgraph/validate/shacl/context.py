"""Where a shape is applied: the nodes it looks at, and their values, as SPARQL patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from rdflib import Literal, URIRef

from aimsgraph.vocab import GENID

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rdflib import Graph
    from rdflib.term import Identifier, Node

#: Subject, property and object as they stand in a query.
Statement = tuple[str | None, str, str | None]
#: How many nodes a query names one by one at most.
_FEW: Final = 200


class Source(Protocol):
    """What answers the queries: a view of a store, or anything that runs a SELECT over one graph."""

    def select(self, query: str) -> list[dict[str, Identifier]]:
        """Run a SELECT; unbound variables are absent from a row."""

    def rows(self, query: str) -> Iterator[dict[str, Identifier]]:
        """Run a SELECT and go through its rows one at a time."""

    def to_rdflib(self) -> Graph:
        """Copy the graph to an rdflib memory graph."""


@dataclass(frozen=True, slots=True)
class Context:
    """Nodes to look at: ``pattern`` binds ``?r``, the node at which it began, and ``?<focus>``, the node now looked at.

    Both are the same variable until a property shape within another leads on from the values. ``few`` says that the
    nodes are so few that asking about each is quicker than asking about all, ``once`` that none comes twice.
    ``statement`` is the one statement that makes a node one of them (its subject or object is ``?r``, and None stands
    for anything), where there is such: a query that has it anyway needs nothing else to name the nodes.
    """

    pattern: str
    focus: str = "r"
    few: bool = False
    once: bool = False
    statement: Statement | None = None

    @property
    def without(self) -> str:
        """The words that leave out what a group finds: for all nodes a set is taken away, for a few each is asked."""
        return "FILTER NOT EXISTS" if self.few else "MINUS"

    @property
    def names(self) -> str:
        """The variables, for a SELECT."""
        return "?r" if self.focus == "r" else f"?r ?{self.focus}"

    @property
    def block(self) -> str:
        """The pattern as a group that gives each pair once."""
        return f"{{ SELECT {self.distinct}{self.names} WHERE {{ {self.pattern} }} }}"

    @property
    def distinct(self) -> str:
        """The word that leaves out repetitions, where there may be any."""
        return "" if self.once else "DISTINCT "

    def narrowed(self, nodes: Collection[Node]) -> Context:
        """Return the context of some of the nodes only, where they are few and can be named; else this one."""
        if len(nodes) > _FEW or not all(isinstance(node, URIRef) for node in nodes):
            return self
        return Context(
            f"VALUES ?r {{ {' '.join(sorted(node.n3() for node in nodes))} }}", few=True, once=True
        )

    def values(self, path: str | None) -> tuple[str, str]:
        """Return the group that binds the values along ``path`` too (the node itself without one), and their name."""
        if path is None:
            return self.block, self.focus
        if self.statement is not None and path == _path_of(self.statement):
            return f"?r {path} ?v .", "v"
        return f"{self.block} ?{self.focus} {path} ?v .", "v"

    def onward(self, path: str | None) -> Context:
        """Return the context whose nodes are the values: for a property shape within this one."""
        if path is None:
            return self
        following = f"f{int(self.focus[1:] or 0) + 1}" if self.focus != "r" else "f1"
        return Context(f"{self.block} ?{self.focus} {path} ?{following} .", following, self.few)

    def values_alone(self, path: str | None) -> Context:
        """Return the context of the values as nodes to begin anew at: for a shape that values must conform to."""
        group, name = self.values(path)
        if name == "r":
            return self
        inner = f"{{ SELECT DISTINCT (?{name} AS ?x) WHERE {{ {group} }} }}"
        return Context(f"{{ SELECT (?x AS ?r) WHERE {{ {inner} }} }}", few=self.few, once=True)


def _path_of(statement: Statement) -> str | None:
    """Return the path on which exactly the nodes that a statement makes have a value."""
    subject, link, value = statement
    if value is None:
        return link
    return f"^({link})" if subject is None else None


def term_text(term: Node) -> str | None:
    """Write a term of the shapes graph for a query; None for a blank node, which no query can name."""
    return term.n3() if isinstance(term, (URIRef, Literal)) else None


def is_blank(name: str) -> str:
    """Return the condition that a variable is a blank node, or an IRI that a store gave to one."""
    return f'(ISBLANK(?{name}) || (ISIRI(?{name}) && STRSTARTS(STR(?{name}), "{GENID}")))'
