"""Demands: what a shape asks for, constraint by constraint, in words."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Final

from rdflib import Literal
from rdflib.collection import Collection
from rdflib.namespace import SH

from aimsgraph.validate.wording import compact_or_text, path_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

#: What a constraint with one plain parameter says; {0} is whom it speaks about, {1} the parameter.
_PLAIN: Final[dict[Node, str]] = {
    SH["class"]: "{0} is described as {1}",
    SH.datatype: "{0} has the datatype {1}",
    SH.nodeKind: "{0} has the node kind {1}",
    SH.minInclusive: "{0} is {1} or more",
    SH.maxInclusive: "{0} is {1} or less",
    SH.minExclusive: "{0} is more than {1}",
    SH.maxExclusive: "{0} is less than {1}",
    SH.minLength: "{0} has {1} characters or more",
    SH.maxLength: "{0} has {1} characters or fewer",
    SH.pattern: "{0} matches the pattern {1}",
    SH.equals: "the same values as {1}",
    SH.disjoint: "no value that is also one of {1}",
    SH.lessThan: "{0} is less than each of {1}",
    SH.lessThanOrEquals: "{0} is not more than any of {1}",
    SH.hasValue: "{1} is among the values",
}
_LISTED: Final[dict[Node, str]] = {
    SH["in"]: "{0} is one of: {1}",
    SH.languageIn: "{0} is in one of the languages: {1}",
}
_JOINED: Final[dict[Node, str]] = {SH["or"]: " or ", SH["and"]: " and ", SH.xone: " or else, not both, "}
_QUERIES: Final = (SH.select, SH.ask)


def demands_of(shapes: Graph, shape: Node, name: Callable[[Node], str] = compact_or_text) -> tuple[str, ...]:
    """Say each constraint of a shape in words, in the order of the alphabet; ``name`` names a term.

    What a query asks cannot be said in words: it is named only, and ``queries_of`` has its text.
    """
    return tuple(sorted(set(_Wording(shapes, name).demands(shape, ()))))


def queries_of(shapes: Graph, shape: Node) -> tuple[str, ...]:
    """Return the SPARQL texts that a shape's constraints consist of, without the indent that they have in the file."""
    found = (
        str(text)
        for constraint in shapes.objects(shape, SH.sparql)
        for kind in _QUERIES
        for text in shapes.objects(constraint, kind)
    )
    return tuple(sorted(dedent(text).strip() for text in found))


class _Wording:
    def __init__(self, shapes: Graph, name: Callable[[Node], str]) -> None:
        self.shapes = shapes
        self.name = name

    def demands(self, shape: Node, around: tuple[Node, ...]) -> Iterator[str]:
        """Yield the demands of a shape; ``around`` are the shapes around it, which it may name again."""
        whom = "it" if self.shapes.value(shape, SH.path) is None else "each value"
        for parameter, value in self.shapes.predicate_objects(shape):
            text = self._demand(whom, parameter, value, (*around, shape))
            if text is not None:
                yield text

    def _demand(self, whom: str, parameter: Node, value: Node, around: tuple[Node, ...]) -> str | None:
        if parameter in (SH.minCount, SH.maxCount):
            return _counted("at least" if parameter == SH.minCount else "at most", str(value))
        if parameter in _PLAIN:
            return _PLAIN[parameter].format(whom, self.name(value))
        if parameter in _LISTED:
            members = Collection(self.shapes, value)
            return _LISTED[parameter].format(whom, ", ".join(map(self._member, members)))
        if parameter in _JOINED:
            return _JOINED[parameter].join(self._whole(one, around) for one in Collection(self.shapes, value))
        if parameter in (SH.property, SH.node):
            return self._whole(value, around)
        if parameter == SH["not"]:
            return f"not ({self._whole(value, around)})"
        if parameter == SH.qualifiedValueShape:
            return f"values that satisfy {self._whole(value, around)}, as many as the shape says"
        if parameter == SH.uniqueLang and str(value) == "true":
            return "one value in each language"
        if parameter == SH.closed and str(value) == "true":
            return "no property that the shape does not name"
        return "its query finds nothing" if parameter == SH.sparql else None

    def _member(self, term: Node) -> str:
        return f"“{term}”" if isinstance(term, Literal) else self.name(term)

    def _whole(self, shape: Node, around: tuple[Node, ...]) -> str:
        if shape in around:
            return f"the shape {self.name(shape)} again"
        path = self.shapes.value(shape, SH.path)
        said = sorted(set(self.demands(shape, around)))
        parts = " and ".join(said) or f"the shape {self.name(shape)}"
        if path is not None:
            return f"{path_text(self.shapes, path)}: {parts}"
        return parts if len(said) == 1 else f"({parts})"


def _counted(bound: str, number: str) -> str:
    if (bound, number) == ("at most", "0"):
        return "no value"
    return f"{bound} {number} value{'' if number == '1' else 's'}"
