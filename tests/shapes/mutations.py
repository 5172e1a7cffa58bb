"""Deletes each statement of the example organisation in turn, and tells which findings come and go.

``python -m tests.shapes.mutations`` writes what it finds into ``mutations.tsv`` beside it, which takes minutes. Look at
what changed there before you commit it: each line is a claim about a shape.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef

from aimsgraph import resources
from aimsgraph.store.terms import from_rdflib_term
from aimsgraph.validate import Shapes, load_shapes, ontology_graph, upon_ontology
from aimsgraph.validate.evaluation import evaluation_given
from aimsgraph.validate.shacl import Evaluator
from aimsgraph.vocab import AIMS, compact, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from aimsgraph.store import EmbeddedView

HERE = Path(__file__).parent
SNAPSHOT = HERE / "mutations.tsv"
TODAY = date(2026, 9, 30)
EXAMPLE = "https://example.org/meridian/"
SHAPE = "https://w3id.org/aimsgraph/shape/"
HEADING = "# subject\tproperty\tvalue\twhat comes (+) and goes (-) without it: shape, component, node\n"
_PNAME = re.compile(r"([a-z][\w-]*):([\w.-]*\w)")

Statement = tuple["Node", "Node", "Node"]


class Effect(NamedTuple):
    """A finding that comes (``+``) or goes (``-``) with a statement."""

    sign: str
    shape: str
    component: str
    focus: str


@dataclass(frozen=True)
class Example:
    """The example organisation, the ontology and the shapes; statements of the example can be left out one by one."""

    data: Graph
    whole: Graph
    view: EmbeddedView
    shapes: Shapes

    @cached_property
    def mentions(self) -> dict[str, frozenset[str]]:
        """Which IRIs each shape mentions, in its statements, in its queries, and as classes below those."""
        return {
            iri: frozenset(self._below(mentioned(self.shapes, iri)))
            for iri in sorted({check.iri for check in self.shapes.checks})
        }

    def _below(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            yield from map(str, self.whole.transitive_subjects(RDFS.subClassOf, URIRef(name)))

    def concerned(self, statement: Statement) -> list[str]:
        """Return the IRIs of the shapes that mention the property of a statement, or the class that it states."""
        _, link, value = statement
        asked = {str(link), str(value)} if link == RDF.type else {str(link)}
        return [iri for iri, names in self.mentions.items() if asked & names]

    def name(self, node: Node) -> str:
        """Return a short name of a term that stays the same from run to run; a nameless node goes by its place."""
        if isinstance(node, BNode):
            owner, link = next(iter(self.data.subject_predicates(node)))
            on = self.data.value(node, URIRef(AIMS + "on"))
            return f"[{self.name(owner)} {compact(str(link))} {self.name(on) if on is not None else '-'}]"
        if isinstance(node, Literal):
            return node.n3().replace("\t", " ").replace("\n", " ")
        return str(node).removeprefix(EXAMPLE) if str(node).startswith(EXAMPLE) else compact(str(node))

    def key(self, statement: Statement) -> tuple[str, str, str]:
        """Return the names of the three terms of a statement."""
        return self.name(statement[0]), self.name(statement[1]), self.name(statement[2])


def mentioned(shapes: Shapes, iri: str) -> set[str]:
    """Return the IRIs in a shape, those in its queries included."""
    alone = shapes.only(iri).graph
    found = {str(term) for term in alone.all_nodes() if isinstance(term, URIRef)}
    for text in alone.objects(None, SH.select):
        found |= {shapes.namespaces.get(prefix, "") + local for prefix, local in _PNAME.findall(str(text))}
        found |= {str(RDF.type)} if re.search(r"\sa\s", str(text)) else set()
    return found


def example() -> Example:
    """Read the example organisation afresh."""
    data = Graph(bind_namespaces="none")
    for path in resources.files("examples", "meridian/*.ttl"):
        data.parse(path, format="turtle")
    return Example(data, data + ontology_graph(), upon_ontology(data), load_shapes())


class Mutations:
    """Leaves out statements one by one and asks the shapes concerned."""

    def __init__(self, of: Example) -> None:
        self.of = of
        given = evaluation_given(TODAY)
        self._evaluators = {iri: Evaluator(of.shapes.only(iri).graph, of.view, given) for iri in of.mentions}
        self._before = {iri: self._found(iri) for iri in self._evaluators}

    def _found(self, iri: str) -> Counter[Effect]:
        return Counter(
            Effect("", iri.removeprefix(SHAPE), component_name(result.component), self.of.name(result.focus))
            for result in self._evaluators[iri].results()
        )

    def effects(self, statement: Statement) -> tuple[Effect, ...]:
        """Return what comes and goes when a statement is left out, sorted."""
        with without(self.of.view.store, statement):
            changes: list[Effect] = []
            for iri in self.of.concerned(statement):
                before, after = self._before[iri], self._found(iri)
                changes += [effect._replace(sign="+") for effect in (after - before).elements()]
                changes += [effect._replace(sign="-") for effect in (before - after).elements()]
        return tuple(sorted(changes))


class without:  # noqa: N801 - reads as a word: with without(…)
    """Within it a store lacks a statement."""

    def __init__(self, store: ox.Store, statement: Statement) -> None:
        self._store = store
        self._quad = ox.Quad(*(from_rdflib_term(term) for term in statement))  # type: ignore[arg-type]

    def __enter__(self) -> None:
        assert self._quad in self._store
        self._store.remove(self._quad)

    def __exit__(self, *_: object) -> None:
        self._store.add(self._quad)


def component_name(component: Node) -> str:
    """Return ``MinCount`` for ``sh:MinCountConstraintComponent``, and so on."""
    return local_name(str(component)).removesuffix("ConstraintComponent")


def statements(of: Example) -> list[Statement]:
    """Return the statements of the example, in a fixed order."""
    return sorted(of.data, key=of.key)


def read_snapshot() -> dict[tuple[str, str, str], tuple[Effect, ...]]:
    """Return statement → effects, for every statement that has one."""
    found = {}
    for line in SNAPSHOT.read_text(encoding="utf-8").splitlines()[1:]:
        subject, link, value, *effects = line.split("\t")
        found[subject, link, value] = tuple(_effect(text) for text in effects)
    return found


def _effect(text: str) -> Effect:
    shape, component, focus = text[1:].split(" ", 2)
    return Effect(text[0], shape, component, focus)


def _line(key: tuple[str, str, str], effects: Iterable[Effect]) -> str:
    return "\t".join([*key, *(f"{one.sign}{one.shape} {one.component} {one.focus}" for one in effects)])


def write_snapshot() -> None:
    """Write the effects of every statement."""
    of = example()
    mutations = Mutations(of)
    lines = []
    for statement in statements(of):
        effects = mutations.effects(statement)
        if effects:
            lines.append(_line(of.key(statement), effects))
    SNAPSHOT.write_text(HEADING + "".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    write_snapshot()
