"""A mapping is read whole, and all its faults are told at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

from aimsgraph import resources
from aimsgraph.errors import MappingError
from aimsgraph.ingest import load_mapping
from aimsgraph.ingest.mapping import folded
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = resources.files("mappings", "csv/*.json")


def test_there_is_one_shipped_mapping():
    assert [path.stem for path in SHIPPED] == ["risk-register"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_mapping_uses_only_terms_of_the_ontology(path: Path):
    ontology = Graph()
    for file in resources.files("ontology", "*.ttl"):
        ontology.parse(file)
    known = {str(subject) for subject in ontology.subjects()}
    mapping = load_mapping(path)
    used = {column.property for column in mapping.columns} | {column.of_class for column in mapping.columns}
    used |= {iri for column in mapping.columns for pair in column.also for iri in pair}
    for column in mapping.columns:
        for values in (column.values or {}).values():
            used |= {AIMS + value.removeprefix("aims:") for value in values if value.startswith("aims:")}
    assert {iri for iri in used if iri and iri.startswith(AIMS)} <= known


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_mapping_claims_each_title_once_per_property(path: Path):
    claims = [
        (title, column.property)
        for column in load_mapping(path).columns
        for title in {folded(title) for title in column.titles}
    ]
    assert len(claims) == len(set(claims))


def test_an_unknown_name_is_told_with_ours():
    with pytest.raises(MappingError, match="risk-register"):
        load_mapping("no-such")


def column(**keys: object) -> dict[str, object]:
    return {"name": "id", "titles": "ID"} | keys


FAULTS: dict[str, tuple[object, str]] = {
    "no object": ([], "tableSchema.columns"),
    "no columns": ({"tableSchema": {}}, "tableSchema.columns"),
    "a nameless column": ({"columns": [{"titles": "x"}]}, "must be an object with a name"),
    "an unknown key": ({"columns": [column(propertyURL="x:y")]}, "id.propertyURL is not a key"),
    "an unknown prefix": ({"columns": [column(propertyUrl="nope:x")]}, "neither an IRI nor a CURIE"),
    "an unknown datatype": ({"columns": [column(datatype="gYear")]}, "id.datatype must be one of"),
    "a broken pattern": ({"columns": [column(**{"aims:extract": "("})]}, "not a regular expression"),
    "a pattern without group": ({"columns": [column(**{"aims:extract": "x"})]}, "exactly one group"),
    "values that are a list": ({"columns": [column(**{"aims:values": []})]}, "must be an object"),
    "titles that are a number": ({"columns": [column(titles=3)]}, "id.titles must be a text"),
    "a name used twice": ({"columns": [column(), column()]}, "two columns have this name"),
    "a template without column": ({"aboutUrl": "#x", "columns": [column()]}, "aboutUrl must be a template"),
    "a template with another column": ({"aboutUrl": "#{no}", "columns": [column()]}, "names the column 'no'"),
    "a label from nowhere": ({"aims:label": "no", "columns": [column()]}, "aims:label names the column 'no'"),
    "a base that is none": ({"aims:base": "x", "columns": [column()]}, "aims:base must be an absolute IRI"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_of_a_mapping_is_named(tmp_path: Path, what: str):
    content, named = FAULTS[what]
    if isinstance(content, dict) and "columns" in content:
        content = {"tableSchema": {"aboutUrl": "#{id}"} | content}
    (tmp_path / "m.json").write_text(json.dumps(content))
    with pytest.raises(MappingError) as caught:
        load_mapping(tmp_path / "m.json")
    assert any(named in problem.message for problem in caught.value.problems)


def test_all_faults_are_told_at_once(tmp_path: Path):
    faulty = {
        "tableSchema": {"aboutUrl": "#{id}", "columns": [column(datatype="x", propertyUrl="y", oops=1)]}
    }
    (tmp_path / "m.json").write_text(json.dumps(faulty))
    with pytest.raises(MappingError) as caught:
        load_mapping(tmp_path / "m.json")
    assert len(caught.value.problems) == 3


def test_what_is_not_json_is_told_with_its_line(tmp_path: Path):
    (tmp_path / "m.json").write_text('{\n "a": }')
    with pytest.raises(MappingError, match=r"m\.json:2:7"):
        load_mapping(tmp_path / "m.json")
