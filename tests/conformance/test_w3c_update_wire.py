"""The W3C's test suite for SPARQL 1.1 Update, through a server: data by the graph store, requests to /sparql/update."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest

from aimsgraph.store.terms import normalised
from aimsgraph.tokens import Token, tokens
from aimsgraph.vocab import EDITS_GRAPH, is_reserved
from tests.conformance.test_w3c_update import UNMET
from tests.conformance.w3c_update import SUITE, canonical, evaluations, quads
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

FOLDER: Final = Path(os.environ.get("AIMSGRAPH_SHARED_DATA", ROOT.parent / "shared" / "data")) / SUITE
CASES: Final = {case.name: case for case in (evaluations(FOLDER) if FOLDER.is_dir() else ())}
#: Each changes the store several times, so only every fifth is tried, and all of them at night.
TRIED: Final = list(CASES)[:: 1 if os.environ.get("AIMSGRAPH_WHOLE_SUITES") else 5]
EVERYTHING: Final = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"

pytestmark = [pytest.mark.shared_data, pytest.mark.usefixtures("shared_data")]


def test_the_suite_is_there() -> None:
    assert len(CASES) == 94
    assert len(UNMET) == 2


@pytest.mark.parametrize("name", TRIED or ["absent"])
def test_the_store_is_left_as_expected(
    name: str, endpoint: httpx.Client, request: pytest.FixtureRequest
) -> None:
    if name in UNMET:
        request.applymarker(pytest.mark.xfail(reason=UNMET[name], strict=True))
    case = CASES[name]
    assert endpoint.post("/sparql/update", data={"update": "CLEAR ALL"}).status_code == 200
    for graph, file in case.before:
        put(endpoint, graph, file)
    answer = endpoint.post("/sparql/update", data={"update": as_the_suite_means(case.text)})
    assert answer.status_code == 200, answer.text
    assert canonical(held(endpoint)) == canonical(iter(normalised(quads(case.after))))


def put(endpoint: httpx.Client, graph: str, file: Path) -> None:
    where = {"default": ""} if graph == EDITS_GRAPH else {"graph": graph}
    text = f"@base <{file.as_uri()}> .\n".encode() + file.read_bytes()
    sent = endpoint.post(
        "/rdf-graph-store", params=where, content=text, headers={"content-type": "text/turtle"}
    )
    assert sent.status_code in (200, 201), sent.text


def held(endpoint: httpx.Client) -> Iterator[ox.Quad]:
    answer = endpoint.post("/sparql", data={"query": EVERYTHING}, headers={"accept": "application/json"})
    rows = ox.parse_query_results(answer.content, ox.QueryResultsFormat.JSON)
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        if not is_reserved(row["g"].value):  # type: ignore[union-attr]
            yield ox.Quad(row["s"], row["p"], row["o"], row["g"])  # type: ignore[arg-type]


def as_the_suite_means(text: str) -> str:
    """Let each operation see, and write outside GRAPH, the graph of edits: the suite's default graph is no union."""
    found = [token for token in tokens(text) if token.kind != "comment"]
    edits: list[tuple[int, int, str]] = []
    begins, depth = True, 0
    for index, token in enumerate(found):
        if depth == 0 and begins and token.word in ("INSERT", "DELETE", "WITH", "COPY", "CLEAR", "DROP"):
            begins = False
            edits += _with_edits(found, index, text) if token.word in ("INSERT", "DELETE") else []
        depth += (token.text == "{") - (token.text == "}")
        begins = begins or (depth == 0 and token.text == ";")
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def _with_edits(found: list[Token], index: int, text: str) -> list[tuple[int, int, str]]:
    first, second = found[index], found[index + 1]
    opening = (first.start, first.start, f"WITH <{EDITS_GRAPH}> ")
    if second.word not in ("DATA", "WHERE"):
        return [opening]
    if first.word == "INSERT":
        return []
    depth, end = 0, index + 2
    while True:
        depth += (found[end].text == "{") - (found[end].text == "}")
        if depth == 0:
            break
        end += 1
    group = text[found[index + 2].start : found[end].start + 1]
    where = " WHERE {}" if second.word == "DATA" else f" WHERE {group}"
    close = found[end].start + 1
    return [opening, (second.start, second.start + len(second.text), ""), (close, close, where)]
