"""The W3C's test suite for RDFC-1.0: every case gives what it expects, and a poison graph ends in a limit."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox
import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from aimsgraph.errors import LimitExceededError
from aimsgraph.store.canonical import canonical_names, canonical_text
from tests.conftest import ROOT

FOLDER: Final = (
    Path(os.environ.get("AIMSGRAPH_SHARED_DATA", ROOT.parent / "shared" / "data")) / "w3c-rdf-canon" / "tests"
)
MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
RDFC: Final = Namespace("https://w3c.github.io/rdf-canon/tests/vocab#")
#: Where we differ from what the suite expects, and why. (Nowhere.)
DIFFERENT: Final[dict[str, str]] = {}

pytestmark = [pytest.mark.shared_data, pytest.mark.usefixtures("shared_data")]


class Case(NamedTuple):
    """A case of the suite: the dataset, what is expected of it, and with which hash."""

    kind: str
    dataset: Path
    result: Path | None
    algorithm: str

    @property
    def quads(self) -> list[ox.Quad]:
        return list(ox.parse(path=self.dataset, format=ox.RdfFormat.N_QUADS))


def collected() -> dict[str, Case]:
    """Read the manifest, which is Turtle with relative names."""
    place = FOLDER / "manifest.ttl"
    if not place.is_file():
        return {}
    manifest = Graph(bind_namespaces="none").parse(place, format="turtle", publicID=place.as_uri())

    def path(node: Node | None) -> Path | None:
        return Path(str(node).removeprefix("file://")) if isinstance(node, URIRef) else None

    found = {}
    for test in manifest.subjects(MF.action):
        kind = str(manifest.value(test, RDF.type)).removeprefix(str(RDFC))
        dataset = path(manifest.value(test, MF.action))
        assert dataset is not None
        algorithm = str(manifest.value(test, RDFC.hashAlgorithm) or "SHA256").lower()
        found[str(test).partition("#")[2]] = Case(
            kind, dataset, path(manifest.value(test, MF.result)), algorithm
        )
    return dict(sorted(found.items()))


CASES: Final = collected()
EVALUATED: Final = [name for name, case in CASES.items() if case.kind == "RDFC10EvalTest"] or ["absent"]
MAPPED: Final = [name for name, case in CASES.items() if case.kind == "RDFC10MapTest"] or ["absent"]
REFUSED: Final = [name for name, case in CASES.items() if case.kind == "RDFC10NegativeEvalTest"] or ["absent"]


def test_the_suite_is_there() -> None:
    assert len(CASES) == 86
    assert (len(EVALUATED), len(MAPPED), len(REFUSED)) == (64, 21, 1)
    assert len(DIFFERENT) == 0


@pytest.mark.parametrize("name", EVALUATED)
def test_the_canonical_text_is_the_one_expected(name: str) -> None:
    case = CASES[name]
    assert case.result is not None
    assert (canonical_text(case.quads, case.algorithm) == case.result.read_bytes()) == (name not in DIFFERENT)


@pytest.mark.parametrize("name", MAPPED)
def test_the_blank_nodes_get_the_names_expected(name: str) -> None:
    case = CASES[name]
    assert case.result is not None
    assert canonical_names(case.quads, case.algorithm) == json.loads(case.result.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", REFUSED)
def test_a_poison_graph_ends_in_a_limit(name: str) -> None:
    with pytest.raises(LimitExceededError, match="too much alike"):
        canonical_text(CASES[name].quads)


@pytest.mark.parametrize("name", EVALUATED)
def test_the_engine_gives_the_same(name: str) -> None:
    case = CASES[name]
    dataset = ox.Dataset(case.quads)
    algorithms = ox.CanonicalizationAlgorithm
    dataset.canonicalize(algorithms.RDFC_1_0_SHA_384 if case.algorithm == "sha384" else algorithms.RDFC_1_0)
    lines = (ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b"").split(b"\n")[:-1]
    assert b"".join(line + b"\n" for line in sorted(lines)) == canonical_text(case.quads, case.algorithm)
