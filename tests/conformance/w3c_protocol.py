"""The W3C's test suites for the protocols of SPARQL 1.1: the requests in their manifests, and what may come of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS

from tests.conformance.w3c import MF

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Node

HT: Final = Namespace("http://www.w3.org/2011/http#")
CNT: Final = Namespace("http://www.w3.org/2011/content#")
UT: Final = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


@dataclass(frozen=True)
class Request:
    """A request, and the statuses (``2xx`` or ``Created``), the content and the header that its answer may have."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[str]
    boolean: bool | None
    form: str | None
    location: str | None
    content_type: str | None
    content: str | None


@dataclass(frozen=True)
class Case:
    """One case: the graphs that must be there before, by name, and requests in order."""

    name: str
    graphs: tuple[tuple[str, Path], ...]
    requests: tuple[Request, ...]


def cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a manifest in their order."""
    graph = Graph(bind_namespaces="none").parse(path, publicID=path.as_uri())
    for entries in graph.objects(None, MF.entries):
        for test in Collection(graph, entries):
            action = graph.value(test, MF.action)
            steps = graph.value(action, HT.requests)
            yield Case(
                str(test).partition("#")[2],
                tuple(sorted(_data(graph, test, path))),
                () if steps is None else tuple(_request(graph, one) for one in _flat(graph, steps)),
            )


def _data(graph: Graph, test: Node, path: Path) -> Iterator[tuple[str, Path]]:
    for one in graph.objects(test, UT.graphData):
        file = str(graph.value(one, UT.graph)).removeprefix(path.parent.as_uri() + "/")
        yield str(graph.value(one, RDFS.label)), path.parent / file


def _flat(graph: Graph, node: Node) -> Iterator[Node]:
    """Yield the members of a list, in which the suite now and then has another list."""
    for member in Collection(graph, node):
        if (member, RDF.first, None) in graph:
            yield from _flat(graph, member)
        else:
            yield member


def _headers(graph: Graph, node: Node | None) -> dict[str, str]:
    fields = () if node is None else _flat(graph, node)
    return {str(graph.value(one, HT.fieldName)): str(graph.value(one, HT.fieldValue)) for one in fields}


def _request(graph: Graph, node: Node) -> Request:
    answer, body = graph.value(node, HT.resp), graph.value(node, HT.body)
    assert answer is not None
    charset = str(graph.value(body, CNT.characterEncoding) or "UTF-8")
    chars, content = graph.value(body, CNT.chars), graph.value(graph.value(answer, HT.body), CNT.chars)
    boolean, form, location = (
        graph.value(answer, MF[name]) for name in ("expectedBoolean", "expectedFormat", "expectedLocation")
    )
    return Request(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        headers=_headers(graph, graph.value(node, HT.headers)),
        body=None if chars is None else str(chars).encode(charset),
        statuses=frozenset(_status(one) for one in graph.objects(answer, MF.expectedStatus)),
        boolean=None if boolean is None else str(boolean) == "true",
        form=None if form is None else str(form),
        location=None if location is None else str(location),
        content_type=_headers(graph, graph.value(answer, HT.headers)).get("content-type"),
        content=None if content is None else str(content),
    )


def _status(node: Node) -> str:
    assert isinstance(node, URIRef)
    return str(node).partition("#")[2].removeprefix("StatusCode")
