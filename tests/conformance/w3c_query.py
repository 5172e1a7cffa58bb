"""The W3C's test suite for SPARQL 1.1 Query: its cases, and answers in a form in which they can be compared.

A store of ours keeps literals by value and gives blank nodes IRIs. So both sides are compared with each literal as the
store writes it, and with those IRIs taken back to blank nodes, as RDF 1.1 Concepts (3.5) lets a system do.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from aimsgraph.store.terms import as_stored, from_rdflib_term
from aimsgraph.vocab import GENID
from tests.conformance.w3c import MF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

QT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
#: Where the suite has its home; graphs have names there.
HOME: Final = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
#: Folders whose cases ask for what we do not claim: entailment regimes, and federation.
OUTSIDE: Final = ("entailment", "service")
_FORMATS: Final = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
_ROW, _VAR = ox.NamedNode("urn:row"), "urn:var:"
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True)
class Case:
    """One case: a query, the files of its default graph and its named graphs, and what is expected."""

    name: str
    query: Path
    default: tuple[Path, ...]
    named: tuple[Path, ...]
    result: Path

    @property
    def text(self) -> str:
        """The query, with the base that the suite has in mind."""
        return f"BASE <{home_of(self.query)}>\n" + self.query.read_text(encoding="utf-8")


def cases(suite: Path) -> Iterator[Case]:
    """Yield the cases in which a query is answered, in order."""
    for manifest in sorted(suite.glob("*/manifest.ttl")):
        graph = Graph(bind_namespaces="none").parse(manifest, publicID=manifest.as_uri())
        for kind in (MF.QueryEvaluationTest, MF.CSVResultFormatTest):
            for test in sorted(graph.subjects(RDF.type, kind)):
                action = graph.value(test, MF.action)
                yield Case(
                    f"{manifest.parent.name}/{str(test).partition('#')[2]}",
                    _path(graph.value(action, QT.query)),
                    tuple(map(_path, graph.objects(action, QT.data))),
                    tuple(sorted(map(_path, graph.objects(action, QT.graphData)))),
                    _path(graph.value(test, MF.result)),
                )


def home_of(file: Path) -> str:
    """Return the name that a file of the suite has as a graph, or as a base."""
    return f"{HOME}{file.parent.name}/{file.name}"


def expected(case: Case) -> set[str] | list[list[str]]:
    """Return what a case expects: rows, a boolean or a graph, comparable; of CSV its cells."""
    content = case.result.read_bytes()
    if case.result.suffix == ".csv":
        return cells(content)
    if case.result.suffix in _FORMATS:
        return answered(content, _FORMATS[case.result.suffix])
    graph = Graph(bind_namespaces="none").parse(case.result, publicID=home_of(case.result))
    if (None, RDF.type, RS.ResultSet) in graph:
        return _result_set(graph)
    return triples(content, "text/turtle", home_of(case.result))


def answered(content: bytes, form: ox.QueryResultsFormat) -> set[str]:
    """Return rows or a boolean, comparable."""
    found = ox.parse_query_results(content, form)
    if isinstance(found, ox.QueryBoolean):
        return {f"boolean {bool(found)}"}
    names = [variable.value for variable in found.variables]
    return _rows({name: row[name] for name in names if row[name] is not None} for row in found)


def cells(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV in order of their text, blank nodes alike."""
    head, *rows = csv.reader(io.StringIO(content.decode()))
    plain = [["_:b" if cell.startswith(("_:", GENID)) else cell for cell in row] for row in rows]
    return [head, *sorted(plain)]


def triples(content: bytes, media_type: str, base: str | None = None) -> set[str]:
    """Return a graph, comparable."""
    syntax = ox.RdfFormat.from_media_type(media_type)
    assert syntax is not None
    found = ox.parse(content, syntax, base_iri=base)
    return _canonical((quad.subject, quad.predicate, quad.object) for quad in found)


def _result_set(graph: Graph) -> set[str]:
    names = {}
    for solution in graph.objects(None, RS.solution):
        bound = (
            (str(graph.value(one, RS.variable)), graph.value(one, RS.value))
            for one in graph.objects(solution, RS.binding)
        )
        names[solution] = {name: from_rdflib_term(value) for name, value in bound}
    return _rows(names.values())


def _rows(rows: Iterable[dict[str, Term]]) -> set[str]:
    """Write each row as a node of its own, so that equal rows count and blank nodes stay what they share."""
    statements: list[tuple[Term, ox.NamedNode, Term]] = []
    for row in rows:
        node = ox.BlankNode()
        statements.append((node, _ROW, _ROW))
        statements += [(node, ox.NamedNode(_VAR + name), value) for name, value in row.items()]
    return _canonical(statements)


def _canonical(statements: Iterable[tuple[Term, ox.NamedNode, Term]]) -> set[str]:
    blank: dict[str, ox.BlankNode] = {}

    def plain(term: Term) -> Term:
        if isinstance(term, ox.NamedNode) and term.value.startswith(GENID):
            return blank.setdefault(term.value, ox.BlankNode())
        return as_stored(term) if isinstance(term, ox.Literal) else term

    dataset = ox.Dataset(ox.Quad(plain(s), p, plain(o)) for s, p, o in statements)  # type: ignore[arg-type]
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def _path(named: Node | None) -> Path:
    return Path(str(named).removeprefix("file://"))
