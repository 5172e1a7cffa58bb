"""The W3C's test suite for SHACL, Core and SPARQL: ours gives what it expects, and what pySHACL gives."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import rdflib

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.store import graph_view
from aimsgraph.validate.peer import peer_results
from aimsgraph.validate.shacl import Evaluator
from tests.conformance.w3c import SUITE, Case, Key, cases, keys
from tests.conftest import ROOT

if TYPE_CHECKING:
    pass

FOLDER: Final = Path(os.environ.get("AIMSGRAPH_SHARED_DATA", ROOT.parent / "shared" / "data")) / SUITE
FILES: Final = sorted(
    str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.ttl") if path.name != "manifest.ttl"
) or ["absent"]
TODAY: Final = date(2026, 9, 30)
#: Where we differ from what the suite expects, and why.
DIFFERENT: Final = {
    "core/property/datatype-ill-formed.ttl": "Oxigraph keeps xsd:byte as xsd:integer, and so tells the value.",
}
#: What SHACL leaves to each engine, and neither ours nor pySHACL does: both refuse it.
OPTIONAL: Final = {"sparql/pre-binding/shapesGraph-001.ttl"}
#: Where pySHACL differs from what the suite expects, and ours does not.
PEER_DIFFERS: Final = {
    "core/property/datatype-ill-formed.ttl": "see above",
    "core/property/or-datatypes-001.ttl": "It is given ill-typed literals as plain strings: rdflib fails on them.",
    "core/property/uniqueLang-002.ttl": 'It takes sh:uniqueLang "1" for true.',
    "sparql/node/prefixes-001.ttl": "It does not follow owl:imports from what sh:prefixes names.",
}

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.usefixtures("shared_data"),
    pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning"),
]


@pytest.fixture(autouse=True)
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib writes literals anew as it reads them; the suite compares them as they are written."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def test_the_suite_is_there() -> None:
    assert len(FILES) == 136
    assert sum(len(cases(FOLDER / name)) for name in FILES) == 121


@pytest.mark.parametrize("name", FILES)
def test_ours_gives_what_the_suite_expects(name: str) -> None:
    for case in cases(FOLDER / name):
        evaluator = Evaluator(case.shapes, graph_view(case.data))
        if case.expected is None or name in OPTIONAL:
            with pytest.raises(SyntaxProblemError):
                list(evaluator.results())
        elif name in DIFFERENT:
            assert keys(case.shapes, evaluator.results()) != case.expected
        else:
            assert keys(case.shapes, evaluator.results()) == case.expected


@pytest.mark.parametrize("name", FILES)
def test_pyshacl_gives_the_same(name: str) -> None:
    for case in cases(FOLDER / name):
        if case.expected is None:
            continue
        if name in OPTIONAL:
            with pytest.raises(SyntaxProblemError):
                peer_results(case.data, case.shapes, TODAY)
            continue
        ours = keys(case.shapes, Evaluator(case.shapes, graph_view(case.data)).results())
        assert (ours == _of_peer(case)) == (name not in PEER_DIFFERS)


def _of_peer(case: Case) -> Counter[Key] | None:
    try:
        return keys(case.shapes, peer_results(case.data, case.shapes, TODAY))
    except Exception as error:
        if "Unknown namespace prefix" not in str(error):  # rdflib raises a bare exception for those
            raise
        return None
