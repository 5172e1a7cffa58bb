"""Evaluates a graph of shapes over a source: finds every node and value that does not keep to a constraint.

A query finds what breaks a constraint on values; where shapes are combined (``sh:not``, ``sh:or`` …), the nodes that
break each of them are found first, and then compared as sets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from rdflib import SH, Literal

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.validate.shacl import sets, values
from aimsgraph.validate.shacl.ahead import in_order
from aimsgraph.validate.shacl.component import component_results
from aimsgraph.validate.shacl.fault import fault
from aimsgraph.validate.shacl.form import check_form
from aimsgraph.validate.shacl.path import sparql_path
from aimsgraph.validate.shacl.question import UnpushedError
from aimsgraph.validate.shacl.result import Result
from aimsgraph.validate.shacl.site import Site
from aimsgraph.validate.shacl.sparql import sparql_results
from aimsgraph.validate.shacl.subclass import Subclasses
from aimsgraph.validate.shacl.target import declared, targets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from rdflib import Graph, URIRef
    from rdflib.term import Node

    from aimsgraph.tokens import Token
    from aimsgraph.validate.shacl.context import Context, Source

#: Parameter → the component's name and the check that finds what breaks it.
CHECKS: Final[dict[URIRef, tuple[str, values.Check]]] = {
    SH["class"]: ("Class", values.class_of),
    SH.datatype: ("Datatype", values.datatype),
    SH.nodeKind: ("NodeKind", values.node_kind),
    SH.minCount: ("MinCount", sets.min_count),
    SH.maxCount: ("MaxCount", sets.max_count),
    SH.minExclusive: ("MinExclusive", values.compared(SH.minExclusive)),
    SH.minInclusive: ("MinInclusive", values.compared(SH.minInclusive)),
    SH.maxExclusive: ("MaxExclusive", values.compared(SH.maxExclusive)),
    SH.maxInclusive: ("MaxInclusive", values.compared(SH.maxInclusive)),
    SH.minLength: ("MinLength", values.min_length),
    SH.maxLength: ("MaxLength", values.max_length),
    SH.pattern: ("Pattern", values.pattern),
    SH.languageIn: ("LanguageIn", values.language_in),
    SH.uniqueLang: ("UniqueLang", sets.unique_lang),
    SH.equals: ("Equals", sets.equals),
    SH.disjoint: ("Disjoint", sets.disjoint),
    SH.lessThan: ("LessThan", sets.ordered(SH.lessThan, "<")),
    SH.lessThanOrEquals: ("LessThanOrEquals", sets.ordered(SH.lessThanOrEquals, "<=")),
    SH["in"]: ("In", values.among),
    SH.hasValue: ("HasValue", values.has_value),
}
#: What stands in shapes with a query that may have to be asked elsewhere.
_DOUBTFUL: Final = re.compile(r"\b(?:LIMIT|OFFSET)\b|[?$](?:currentShape|shapesGraph)\b", re.IGNORECASE)
Found = tuple["Node", Result]
#: Gives the results of one shape for one node of a source.
Aside = Callable[["Source", "Node", "Node"], "Iterable[Result]"]


class Evaluator:
    """The shapes in a graph, to be checked against a source.

    ``given`` states what queries of shapes may ask for and the source does not hold: subject and property, written as
    IRIs in angle brackets → the value as it stands in a query. ``aside`` takes the shapes that no store can be
    asked for all nodes at once, on the nodes concerned; without it they are refused.
    """

    def __init__(
        self,
        shapes: Graph,
        source: Source,
        given: Mapping[tuple[str, str], str] | None = None,
        aside: Aside | None = None,
    ) -> None:
        self.shapes = shapes
        self.source = source
        self.given = given or {}
        self.aside = aside
        self.subclasses = Subclasses(source)
        #: Shapes whose form is right → what is said of each.
        self._formed: dict[Node, frozenset[Node]] = {}
        self._read: dict[Node, list[Token]] = {}
        self._doubtful = any(
            _DOUBTFUL.search(str(text)) for name in (SH.select, SH.ask) for text in shapes.objects(None, name)
        )

    def over(
        self, source: Source, given: Mapping[tuple[str, str], str], aside: Aside | None = None
    ) -> Evaluator:
        """Return an evaluator of the same shapes over another source, which need not look at their form again."""
        other = copy(self)
        other.source, other.given, other.aside = source, given, aside
        other.subclasses = Subclasses(source)
        return other

    def results(self) -> Iterator[Result]:
        """Yield the results of every shape that declares targets.

        :raises SyntaxProblemError: a shape is malformed, or refers to itself.
        """
        parts = [partial(self.results_of, shape) for shape in declared(self.shapes)]
        return (result for _, result in in_order(parts))

    def results_of(self, shape: Node, among: Collection[str] | None = None) -> Iterator[Found]:
        """Yield node and result of one shape that declares targets, or of those of its nodes whose IRIs are given.

        :raises SyntaxProblemError: the shape is malformed, or refers to itself.
        """
        context = targets(self.shapes, shape, self.subclasses, among)
        if context is None:
            return
        if self.aside is None or not self._doubtful:
            yield from self.check(shape, context, ())
            return
        try:
            found = list(self.check(shape, context, ()))
        except SyntaxProblemError as error:
            if not isinstance(error.__cause__, UnpushedError):
                raise
            found = list(self._aside(shape, context, self.aside, error))
        yield from found

    def _aside(
        self, shape: Node, context: Context, aside: Aside, refused: SyntaxProblemError
    ) -> Iterator[Found]:
        for row in self.source.select(f"SELECT DISTINCT ?r WHERE {{ {context.pattern} }}"):
            try:
                results = aside(self.source, shape, row["r"])
            except SyntaxProblemError:  # there it cannot be run either, and here it has a file and a line
                raise refused from refused.__cause__
            yield from ((row["r"], result) for result in results)

    def check(self, shape: Node, context: Context, around: tuple[Node, ...]) -> Iterator[Found]:
        """Yield root and result of all that breaks a shape in a context; ``around`` are the shapes that led here."""
        if shape in around:
            raise fault(self.shapes, shape, "It refers to itself, which SHACL leaves undefined")
        if self._is_off(shape):
            return
        if shape not in self._formed:
            check_form(self.shapes, shape)
            self._formed[shape] = frozenset(self.shapes.predicates(shape))
        path = self.shapes.value(shape, SH.path)
        site = Site(
            self.shapes, self.source, self.subclasses, shape, context,
            None if path is None else sparql_path(self.shapes, path),
        )  # fmt: skip
        told = _Teller(self.shapes, shape, path)
        said = self._formed[shape]
        for parameter, (name, check) in CHECKS.items():
            if parameter in said:
                for root, focus, value in check(site):
                    yield root, told(_component(name), focus, value)
        for root, focus, property_, value in values.closed_rows(site):
            yield root, told(_component("Closed"), focus, value, path=property_)
        yield from self._combined(site, told, (*around, shape))
        yield from sparql_results(site, self.given, told, self._read)
        yield from component_results(site, self.given, told)
        for inner in site.parameters(SH.property):
            yield from self.check(inner, context.onward(site.path), (*around, shape))

    def _combined(self, site: Site, told: _Teller, around: tuple[Node, ...]) -> Iterator[Found]:
        for node in site.parameters(SH.node):
            yield from self._picked(site, told, "Node", self._breaking(site, node, around))
        for head in site.parameters(SH["and"]):
            broken = set().union(*(self._breaking(site, one, around) for one in site.members(head)))
            yield from self._picked(site, told, "And", broken)
        for head in site.parameters(SH["or"]):
            yield from self._picked(site, told, "Or", self._breaking_all(site, site.members(head), around))
        for shape in site.parameters(SH["not"]):
            yield from self._where(
                site, told, "Not", self._conforming_to_other_than(site, [shape], around, wanted=0)
            )
        for head in site.parameters(SH.xone):
            yield from self._where(
                site, told, "Xone", self._conforming_to_other_than(site, site.members(head), around)
            )
        if site.parameters(SH.qualifiedValueShape):
            yield from self._qualified(site, told, around)

    def _picked(self, site: Site, told: _Teller, name: str, broken: set[Node]) -> Iterator[Found]:
        if site.is_start:
            for node in sorted(broken, key=str):
                yield node, told(_component(name), node, node)
        elif broken:
            yield from self._where(site, told, name, broken.__contains__)

    def _where(
        self, site: Site, told: _Teller, name: str, is_wrong: Callable[[Node], bool]
    ) -> Iterator[Found]:
        for root, focus, value in site.pairs():
            if is_wrong(value):
                yield root, told(_component(name), focus, value)

    def _breaking(self, site: Site, shape: Node, around: tuple[Node, ...]) -> set[Node]:
        """Return the values of a site that do not conform to another shape."""
        return {root for root, _ in self.check(shape, site.context.values_alone(site.path), around)}

    def _conforming_to_other_than(
        self, site: Site, shapes: list[Node], around: tuple[Node, ...], wanted: int = 1
    ) -> Callable[[Node], bool]:
        """Return whether a value conforms to more or fewer of some shapes than ``wanted``."""
        broken = Counter(value for one in shapes for value in self._breaking(site, one, around))
        return lambda value: len(shapes) - broken[value] != wanted

    def _breaking_all(self, site: Site, shapes: list[Node], around: tuple[Node, ...]) -> set[Node]:
        """Return the values that conform to none of some shapes: each is asked of those left by the one before."""
        if not shapes:
            return {value for _, _, value in site.pairs()}
        context = site.context.values_alone(site.path)
        broken = {root for root, _ in self.check(shapes[0], context, around)}
        for shape in shapes[1:]:
            broken &= {root for root, _ in self.check(shape, context.narrowed(broken), around)}
        return broken

    def _qualified(self, site: Site, told: _Teller, around: tuple[Node, ...]) -> Iterator[Found]:
        for wanted in site.parameters(SH.qualifiedValueShape):
            broken = self._breaking(site, wanted, around)
            if any(
                isinstance(on, Literal) and on.value is True
                for on in site.parameters(SH.qualifiedValueShapesDisjoint)
            ):
                every = {value for _, _, value in site.pairs()}
                for sibling in self._siblings(site.shape, wanted):
                    broken |= every - self._breaking(site, sibling, around)
            counts: Counter[tuple[Node, Node]] = Counter(
                (root, focus) for root, focus, value in site.pairs() if value not in broken
            )
            nodes = [(root, focus) for root, focus, _ in site.wrong_nodes("")]
            for least in site.parameters(SH.qualifiedMinCount):
                for root, focus in nodes:
                    if counts[root, focus] < site.number(least):
                        yield root, told(_component("QualifiedMinCount"), focus, None)
            for most in site.parameters(SH.qualifiedMaxCount):
                for root, focus in nodes:
                    if counts[root, focus] > site.number(most):
                        yield root, told(_component("QualifiedMaxCount"), focus, None)

    def _siblings(self, shape: Node, own: Node) -> set[Node]:
        return {
            other
            for parent in self.shapes.subjects(SH.property, shape)
            for inner in self.shapes.objects(parent, SH.property)
            for other in self.shapes.objects(inner, SH.qualifiedValueShape)
        } - {own}

    def _is_off(self, shape: Node) -> bool:
        off = self.shapes.value(shape, SH.deactivated)
        return isinstance(off, Literal) and off.value is True


class _Teller:
    """Makes the results of one shape, with its severity, path and messages."""

    def __init__(self, shapes: Graph, shape: Node, path: Node | None) -> None:
        self._shape, self._path = shape, path
        self._severity = shapes.value(shape, SH.severity) or SH.Violation
        self._shapes = shapes
        self._messages = tuple(sorted(shapes.objects(shape, SH.message), key=str))

    def __call__(
        self, component: URIRef, focus: Node, value: Node | None, *, path: Node | None = None,
        constraint: Node | None = None, messages: tuple[Node, ...] = (), bound: Mapping[str, Any] | None = None,
    ) -> Result:  # fmt: skip
        own = (
            tuple(sorted(self._shapes.objects(constraint, SH.message), key=str))
            if constraint is not None
            else ()
        )
        return Result(
            focus, self._shape, component, self._severity, path or self._path, value, constraint,
            self._messages or own or messages, bound or {},
        )  # fmt: skip


def _component(name: str) -> URIRef:
    return SH[f"{name}ConstraintComponent"]
