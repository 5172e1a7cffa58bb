"""Records in YAML become RDF by a context and a query, or every fault of the file is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SDO, XSD, Graph, Literal, Namespace

from aimsgraph.errors import InputNotReadableError, SyntaxProblemError
from aimsgraph.ingest import lifting, load_files, read_file
from aimsgraph.vocab import SOURCE_GRAPH
from tests.unit.ingest.conftest import NOW

if TYPE_CHECKING:
    from aimsgraph.store import Writer

NEXUS = Namespace("https://w3id.org/ai-atlas-nexus/")
BY = lifting("ai-atlas-nexus")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)


def said(text: str) -> Graph:
    Path("r.yaml").write_text(text)
    graph = Graph()
    for quad in read_file("r.yaml", by=BY).quads:
        graph.parse(data=f"{quad.triple} .", format="nt")
    return graph


def faults(text: str) -> list[tuple[int | None, str]]:
    Path("r.yaml").write_text(text)
    with pytest.raises((InputNotReadableError, SyntaxProblemError)) as caught:
        read_file("r.yaml", by=BY)
    return [(one.line, one.message) for one in caught.value.problems]


def test_a_record_has_its_class_its_links_and_its_values():
    graph = said("""
entries:
  - id: bot
    type: AiSystem
    name: Bot
    hasDocumentation: [card, 'https://example.org/card']
    dateCreated: 2026-04-29
    isPartOf: suite
    numbers: [1, true]
""")
    expected = Graph().parse(
        data="""
        @prefix : <https://w3id.org/ai-atlas-nexus/> . @prefix schema: <http://schema.org/> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        :bot a :AiSystem ; :name "Bot" ; :hasDocumentation :card , <https://example.org/card> ; schema:isPartOf :suite ;
          :dateCreated "2026-04-29"^^xsd:date ; :numbers 1 , true .
        """
    )
    assert set(graph) == set(expected)
    assert (NEXUS.bot, NEXUS.dateCreated, Literal("2026-04-29", datatype=XSD.date)) in graph
    assert SDO.isPartOf != NEXUS.isPartOf


def test_a_record_without_a_type_has_that_of_its_list_and_one_with_a_type_keeps_it():
    graph = said("aimodels: [{id: a}, {id: b, type: AiModel}]\ndatasets: [{id: c}]")
    assert set(graph.subject_objects(RDF.type)) == {
        (NEXUS.a, NEXUS.LargeLanguageModel), (NEXUS.b, NEXUS.AiModel), (NEXUS.c, NEXUS.Dataset),
    }  # fmt: skip


def test_an_id_with_blanks_is_one_name_wherever_it_stands():
    graph = said(
        "documents: [{id: 'doc-UK Government|2023'}]\nentries: "
        "[{id: r, type: Risk, hasDocumentation: 'doc-UK Government|2023'}]"
    )
    assert (NEXUS["doc-UK%20Government%7C2023"], RDF.type, NEXUS.Documentation) in graph
    assert (NEXUS.r, NEXUS.hasDocumentation, NEXUS["doc-UK%20Government%7C2023"]) in graph


def test_json_is_read_and_a_record_within_a_record_keeps_what_it_says():
    graph = said('{"rules": [{"id": "x", "preconditions": {"slot_conditions": [{"equals_string": "y"}]}}]}')
    outer = graph.value(NEXUS.x, NEXUS.preconditions)
    inner = graph.value(outer, NEXUS.slot_conditions)
    assert graph.value(inner, NEXUS.equals_string) == Literal("y")


def test_importing_again_changes_nothing_and_the_history_says_by_what(writer: Writer):
    Path("r.yaml").write_text("aimodels: [{id: a, extra: {b: 1}}]")
    (first,) = load_files(writer, ["r.yaml"], author="ada", now=NOW, by=BY)
    (again,) = load_files(writer, ["r.yaml"], author="ada", now=NOW, by=BY)
    assert (first.graph, first.format, first.triples) == (SOURCE_GRAPH + "r.yaml", "yaml", 3)
    assert (again.added, again.removed, again.changeset) == (0, 0, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("entries:\n  - id: a\n    type: Risk\n  - name: b\n  - id:\n", [
            (4, "The record has no id"), (5, "The record has no id"),
        ]),
        ("aimodles:\n  - id: a\n  - id: b c\n", [
            (2, "The record 'a' has no type, and its list tells none"),
            (3, "The record 'b c' has no type, and its list tells none"),
        ]),
        ("", [(1, "The file holds no lists of records")]),
        ("just text", [(1, "The file holds no lists of records")]),
        ("entries: [1, 2]", [(1, "The file holds no lists of records")]),
        ("a: &x [1]\nb: *x\nc: *x", [
            (2, "The YAML uses the alias *x, which is not expanded"),
            (3, "The YAML uses the alias *x, which is not expanded"),
        ]),
        ("entries:\n  - id: a\n   type: Risk", [
            (3, "The YAML is broken: did not find expected '-' indicator"),
        ]),
        ("entries:\n  - id: a\n    x: !!python/object:os.system {}", [
            (3, "The YAML is broken: could not determine a constructor for the tag "
                "'tag:yaml.org,2002:python/object:os.system'"),
        ]),
        ("a: " + "[" * 100_000, [(1, "The YAML is nested more than 50 deep")]),
    ],
)  # fmt: skip
def test_every_fault_of_the_form_is_told_with_its_line(text: str, expected: list[tuple[int, str]]):
    assert faults(text) == expected


def test_a_context_in_the_records_is_not_fetched():
    message = faults('entries: [{id: a, type: Risk, "@context": "https://example.org/c"}]')[0][1]
    assert message == (
        "The records make no RDF: refers to a remote context, which is never fetched: write it into the file"
    )
