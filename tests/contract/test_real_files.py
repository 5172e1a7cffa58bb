"""Real RDF files of others either load with the triples that rdflib finds, or fail with file, line and reason."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from rdflib import Graph

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.ingest import read_file, view_of

DATA = Path(os.environ.get("AIMSGRAPH_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
FOLDERS = ("dpv-2.3", "airo-vair", "ibm-ai-atlas-nexus")
ENDINGS = {".ttl", ".owl", ".rdf", ".jsonld", ".nt", ".nq", ".trig"}
FILES = [
    path.relative_to(DATA).as_posix()
    for folder in FOLDERS
    for path in sorted((DATA / folder).rglob("*"))
    if path.suffix in ENDINGS
]
#: Files that are not what their name says, or break their format's rules: the line and the reason.
FAULTY = {
    "airo-vair/high-risk-shacl/shapes.ttl": (6, "The prefix : has not been declared"),
    "airo-vair/vair/0.1/vair-ai.rdf": (9, "text stands where only elements may"),
    "airo-vair/vair/0.1/vair-document.rdf": (9, "text stands where only elements may"),
    "airo-vair/vair/0.1/vair-risk.rdf": (374, "text stands where only elements may"),
    "airo-vair/vair/0.1/vair-useofai.rdf": (9, "text stands where only elements may"),
}
RDFLIB = {"turtle": "turtle", "rdfxml": "xml", "jsonld": "json-ld", "ntriples": "nt"}

pytestmark = pytest.mark.shared_data


def test_all_files_were_found(shared_data: Path):
    assert shared_data == DATA
    assert len(FILES) == 39
    assert set(FAULTY) < set(FILES)


@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning:rdflib"
)  # rdflib's own use
@pytest.mark.parametrize("name", [name for name in FILES if name not in FAULTY])
def test_a_real_file_gives_the_triples_that_rdflib_finds(name: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.CRITICAL)  # rdflib logs what it thinks of some literals
    source = read_file(DATA / name)
    assert len(source.quads) == len(Graph().parse(DATA / name, format=RDFLIB[source.format]))
    assert view_of([DATA / name]).count() == len(source.quads)


@pytest.mark.parametrize("name", [name for name in FAULTY if name in FILES])
def test_a_faulty_real_file_is_told_with_line_and_reason(name: str):
    line, reason = FAULTY[name]
    with pytest.raises(SyntaxProblemError) as caught:
        read_file(DATA / name)
    problem = caught.value.problems[0]
    assert (problem.path, problem.line) == ((DATA / name).as_posix(), line)
    assert reason in problem.message
