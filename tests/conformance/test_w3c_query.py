"""The W3C's test suite for SPARQL 1.1 Query, through a server: data by the graph store, questions by /sparql."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest

from tests.conformance.w3c_query import (
    OUTSIDE,
    Case,
    answered,
    cases,
    cells,
    expected,
    home_of,
    triples,
)
from tests.conformance.w3c_update import SUITE
from tests.conftest import ROOT

if TYPE_CHECKING:
    import httpx

FOLDER: Final = Path(os.environ.get("AIMSGRAPH_SHARED_DATA", ROOT.parent / "shared" / "data")) / SUITE
CASES: Final = {case.name: case for case in (cases(FOLDER) if FOLDER.is_dir() else ())}
INSIDE: Final = [name for name in CASES if name.partition("/")[0] not in OUTSIDE] or ["absent"]
MEDIA: Final = {".ttl": "text/turtle", ".rdf": "application/rdf+xml", ".nt": "application/n-triples"}
EMPTY: Final = "a path of no length does not begin or end at a node that the graph has not"
#: Where the engine differs from what the suite expects, and in what. (``test_it_is_the_engine`` shows that it is it.)
UNMET: Final[dict[str, str]] = {
    "aggregates/agg-empty-group-count-graph": "a sub-select inside GRAPH ?g is not answered graph by graph",
    "aggregates/agg-groupconcat-04": "GROUP_CONCAT keeps a language tag that all have in common",
    "aggregates/agg-groupconcat-06": "GROUP_CONCAT keeps a language tag that all have in common",
    "bindings/graph": "VALUES inside GRAPH ?g are not joined with the names of the graphs",
    "csv-tsv-res/csv03": "a double is kept by its value: 1.0E6 comes back as 1000000",
    "functions/bnode01": "BNODE(text) gives the same node in all solutions",
    "negation/graph-minus": "MINUS inside GRAPH ?g takes the graph's name for a shared variable",
    "property-path/zero_or_more_set_end": EMPTY,
    "property-path/zero_or_more_set_start": EMPTY,
    "property-path/zero_or_one_set_end": EMPTY,
    "property-path/zero_or_one_set_start": EMPTY,
}

pytestmark = [pytest.mark.shared_data, pytest.mark.usefixtures("shared_data")]


@pytest.fixture(scope="module")
def graphs(endpoint: httpx.Client) -> dict[str, bool]:
    """The graphs of the suite, each with whether it holds something, in the store."""
    found: dict[str, bool] = {}
    for name in INSIDE:
        for file in (*CASES[name].default, *CASES[name].named):
            if home_of(file) not in found:
                found[home_of(file)] = put(endpoint, home_of(file), file)
    return found


def put(endpoint: httpx.Client, graph: str, file: Path) -> bool:
    sent = endpoint.put(
        "/rdf-graph-store",
        params={"graph": graph},
        content=file.read_bytes(),
        headers={"content-type": MEDIA[file.suffix]},
    )
    assert sent.status_code in (201, 204), sent.text
    return endpoint.head("/rdf-graph-store", params={"graph": graph}).status_code == 200


def asked(endpoint: httpx.Client, case: Case, graphs: dict[str, bool]) -> httpx.Response:
    default = [home_of(file) for file in case.default if graphs[home_of(file)]]
    named = [home_of(file) for file in case.named if graphs[home_of(file)]]
    form = {"default-graph-uri": default, "named-graph-uri": named}
    if "\nFROM" in case.text:
        form = {}
    elif not default and not named:
        form = {"default-graph-uri": ["https://w3id.org/aimsgraph/graph/source/@edits"]}  # it is empty
    accept = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".srj": "application/json"}.get(
        case.result.suffix, "application/sparql-results+xml, text/turtle"
    )
    return endpoint.post("/sparql", data={"query": case.text, **form}, headers={"accept": accept})


def test_the_suite_is_there() -> None:
    assert len(CASES) == 312
    assert len(INSIDE) == 235
    assert set(UNMET) <= set(INSIDE)


@pytest.fixture(scope="module")
def answers(
    endpoint: httpx.Client, graphs: dict[str, bool], request: pytest.FixtureRequest
) -> dict[str, httpx.Response]:
    """The answers to the queries of all cases that are to be tried, asked two at a time."""
    chosen = [item.callspec.params["name"] for item in request.session.items if hasattr(item, "callspec")
              and getattr(item, "originalname", "") == "test_the_answer_is_the_one_expected"]  # fmt: skip
    with ThreadPoolExecutor(2) as askers:
        found = askers.map(lambda name: asked(endpoint, CASES[name], graphs), chosen)
        return dict(zip(chosen, found, strict=True))


@pytest.mark.parametrize("name", INSIDE)
def test_the_answer_is_the_one_expected(
    name: str, answers: dict[str, httpx.Response], request: pytest.FixtureRequest
) -> None:
    if name in UNMET:
        request.applymarker(pytest.mark.xfail(reason=UNMET[name], strict=True))
    answer = answers[name]
    assert answer.status_code == 200, answer.text
    assert found(answer) == expected(CASES[name])


@pytest.mark.parametrize("name", UNMET)
def test_it_is_the_engine(name: str) -> None:
    case, store = CASES[name], ox.Store()
    for graph, files in ((None, case.default), *((ox.NamedNode(home_of(one)), (one,)) for one in case.named)):
        for file in files:
            store.load(path=file, base_iri=home_of(file), to_graph=graph)
    answer = store.query(case.text)
    assert not isinstance(answer, ox.QueryTriples)
    csv = case.result.suffix == ".csv"
    form = ox.QueryResultsFormat.CSV if csv else ox.QueryResultsFormat.JSON
    written = answer.serialize(format=form)
    assert written is not None
    assert (cells(written) if csv else answered(written, form)) != expected(case)


def found(answer: httpx.Response) -> set[str] | list[list[str]]:
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "text/csv":
        return cells(answer.content)
    results = ox.QueryResultsFormat.from_media_type(kind)
    return triples(answer.content, kind) if results is None else answered(answer.content, results)
