"""The W3C's test suite for SPARQL 1.1 Update: its cases, and how its default graph is found in a store of ours.

The suite's default graph is a graph of its own; ours is the union. So each case has a graph that plays that part, the
graph of edits: an operation without WITH or USING gets ``WITH`` that graph, and nothing else is done to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import Graph, Namespace
from rdflib.namespace import RDF, RDFS

from aimsgraph.query.operation import Modify, Operation
from aimsgraph.store import Change
from aimsgraph.store.parsing import parse_quads
from aimsgraph.vocab import EDITS_GRAPH, GENID
from tests.conformance.w3c import MF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from aimsgraph.store import Quad

UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
FOLDERS = (
    "add", "basic-update", "clear", "copy", "delete", "delete-data", "delete-insert", "delete-where", "drop", "move",
    "update-silent",
)  # fmt: skip
SYNTAX = (
    "syntax-update-1", "syntax-update-2", "basic-update", "delete", "delete-data", "delete-insert", "delete-where",
)  # fmt: skip
SUITE = "w3c-sparql-tests/sparql11"


@dataclass(frozen=True)
class Case:
    """One case: a request, and files by the graph that holds them, before and after."""

    name: str
    request: Path
    before: tuple[tuple[str, Path], ...]
    after: tuple[tuple[str, Path], ...]

    @property
    def text(self) -> str:
        """The request, with the base that the suite has in mind."""
        return f"BASE <{self.request.as_uri()}>\n" + self.request.read_text(encoding="utf-8")


def evaluations(suite: Path) -> Iterator[Case]:
    """Yield the cases in which data are changed."""
    for folder in FOLDERS:
        for test, manifest in _tests(suite / folder, ("UpdateEvaluationTest",)):
            action, result = manifest.value(test, MF.action), manifest.value(test, MF.result)
            request = _path(manifest.value(action, UT.request))
            name = f"{folder}/{str(test).partition('#')[2]}"
            yield Case(name, request, _data(manifest, action), _data(manifest, result))


def texts(suite: Path) -> Iterator[tuple[str, Path, bool]]:
    """Yield name, request and soundness of the cases about syntax."""
    sound = "PositiveUpdateSyntaxTest11"
    wrong = ("NegativeUpdateSyntaxTest11", "NegativeSyntaxTest11")
    for folder in SYNTAX:
        for test, manifest in _tests(suite / folder, (sound, *wrong)):
            name = f"{folder}/{str(test).partition('#')[2]}"
            request = _path(manifest.value(test, MF.action))
            yield name, request, str(manifest.value(test, RDF.type)).endswith(sound)


def _tests(folder: Path, kinds: tuple[str, ...]) -> Iterator[tuple[Node, Graph]]:
    path = folder / "manifest.ttl"
    manifest = Graph(bind_namespaces="none").parse(path, publicID=path.as_uri())
    for kind in kinds:
        for test in sorted(manifest.subjects(RDF.type, MF[kind])):
            yield test, manifest


def _path(named: Node | None) -> Path:
    return Path(str(named).removeprefix("file://"))


def _data(manifest: Graph, part: Node | None) -> tuple[tuple[str, Path], ...]:
    named = [
        (str(manifest.value(one, RDFS.label)), _path(manifest.value(one, UT.graph)))
        for one in manifest.objects(part, UT.graphData)
    ]
    return tuple([(EDITS_GRAPH, _path(file)) for file in manifest.objects(part, UT.data)] + named)


def quads(files: tuple[tuple[str, Path], ...]) -> Iterator[Quad]:
    """Yield what files state, in their graphs; the same blank node in two files stays two."""
    for number, (graph, path) in enumerate(files):
        yield from parse_quads(
            path.read_bytes(), "turtle", base=path.as_uri(), name=f"case-{number}", graph=graph
        )


def changes(files: tuple[tuple[str, Path], ...]) -> list[Change]:
    """Return the writes that put files into a store."""
    return [Change(EDITS_GRAPH, "suite", "before", list(quads(files)))]


def as_the_suite_means(operation: Operation) -> Operation:
    """Let an operation see, and write outside GRAPH, the graph that plays the part of the default graph."""
    if not isinstance(operation, Modify):
        return operation
    where = operation.where
    if where is not None and where.default is None:
        where = replace(where, default=(EDITS_GRAPH,))
    return replace(operation, home=operation.home or EDITS_GRAPH, where=where)


def canonical(found: Iterator[Quad]) -> set[str]:
    """Return quads in a form in which equal data look alike, the IRIs of our own for blank nodes taken back."""
    blank: dict[str, ox.BlankNode] = {}

    def plain(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal | ox.BlankNode:
        if isinstance(term, ox.NamedNode) and term.value.startswith(GENID):
            return blank.setdefault(term.value, ox.BlankNode())
        return term

    data = ox.Dataset(
        ox.Quad(plain(quad.subject), quad.predicate, plain(quad.object), quad.graph_name) for quad in found
    )
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in data}
