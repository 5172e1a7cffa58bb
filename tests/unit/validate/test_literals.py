"""Each sentence of ``docs/literals.md``: what ours finds, what pySHACL finds, and what the store keeps."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

from aimsgraph.store import memory_view
from aimsgraph.validate.peer import peer_results
from aimsgraph.validate.shacl import Evaluator
from tests.conftest import NewStore

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FINE, FOUND = 0, 1

pytestmark = pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)  # rdflib logs what it thinks of some literals


def shape(constraint: str) -> Graph:
    text = f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {constraint} ] ."
    return Graph(bind_namespaces="none").parse(data=PREFIXES + text)


def found(constraint: str, values: str) -> tuple[int, int]:
    """Whether ours, and whether pySHACL, finds anything about a node's values by a constraint."""
    shapes = shape(constraint)
    data = f"{PREFIXES} ex:a ex:p {values} ."
    ours = list(Evaluator(shapes, memory_view(data)).results())
    theirs = peer_results(Graph(bind_namespaces="none").parse(data=data), shapes, date(2026, 9, 30))
    return int(bool(ours)), int(bool(theirs))


#: Sentence → (constraint, values, ours, pySHACL).
SAME = {
    "decimals by sh:hasValue": ("sh:hasValue 1.0", "1.00", FINE, FOUND),
    "decimals by sh:in": ("sh:in ( 1.0 )", "1.00", FINE, FOUND),
    "decimals by sh:equals": ("sh:equals ex:q", "1.0 ; ex:q 1.00", FINE, FOUND),
    "decimals counted": ("sh:maxCount 1", "1.0 , 1.00", FINE, FOUND),
    "leading zero": ("sh:hasValue 1", "01", FINE, FINE),
    "plus": ("sh:hasValue 1", '"+1"^^xsd:integer', FINE, FINE),
    "doubles": ("sh:hasValue 1.5e0", "1.50e0", FINE, FINE),
    "integer is no decimal for sh:hasValue": ("sh:hasValue 1", "1.0", FOUND, FOUND),
    "integer is no decimal for sh:in": ("sh:in ( 1 )", "1.0", FOUND, FOUND),
    "decimal is no double": ("sh:hasValue 1.0", "1.0e0", FOUND, FOUND),
    "integer compared with decimal": ("sh:minInclusive 1.0 ; sh:maxInclusive 1.0", "1", FINE, FINE),
    "double compared with decimal": ("sh:minInclusive 1.0 ; sh:maxInclusive 1.0", "1.0e0", FINE, FINE),
    "derived by sh:hasValue": ("sh:hasValue 5", '"5"^^xsd:int', FINE, FOUND),
    "derived by sh:in": ("sh:in ( 5 )", '"5"^^xsd:nonNegativeInteger', FINE, FOUND),
    "derived by sh:equals": ("sh:equals ex:q", '5 ; ex:q "5"^^xsd:int', FINE, FOUND),
    "derived is an integer": ("sh:datatype xsd:integer", '"5"^^xsd:nonNegativeInteger', FINE, FOUND),
    "integer in the range of a derived one": ("sh:datatype xsd:int", "5", FINE, FOUND),
    "byte out of range": ("sh:datatype xsd:byte", '"300"^^xsd:byte', FOUND, FOUND),
    "negative though it may not be": (
        "sh:datatype xsd:nonNegativeInteger", '"-1"^^xsd:nonNegativeInteger', FOUND, FOUND),
    "beyond 64 bits": ("sh:minInclusive 1", "99999999999999999999", FOUND, FINE),
    "beyond 64 bits is an integer": ("sh:datatype xsd:integer", "99999999999999999999", FINE, FINE),
    "NaN is itself": ("sh:hasValue 'NaN'^^xsd:double", '"NaN"^^xsd:double', FINE, FINE),
    "NaN below": ("sh:minInclusive 0", '"NaN"^^xsd:double', FOUND, FOUND),
    "NaN above": ("sh:maxInclusive 0", '"NaN"^^xsd:double', FOUND, FINE),
    "minus nought": ("sh:hasValue 0.0e0", "-0.0e0", FOUND, FOUND),
    "string with its datatype in the data": ('sh:hasValue "x"', '"x"^^xsd:string', FINE, FINE),
    "string with its datatype in the shape": ('sh:hasValue "x"^^xsd:string', '"x"', FINE, FOUND),
    "string with a language": ('sh:hasValue "x"', '"x"@en', FOUND, FOUND),
    "string with a language is no xsd:string": ("sh:datatype xsd:string", '"x"@en', FOUND, FOUND),
    "case of a tag": ('sh:hasValue "x"@en-GB', '"x"@EN-gb', FINE, FINE),
    "case of a tag counted": ("sh:maxCount 1", '"x"@en-GB , "x"@EN-gb', FINE, FINE),
    "case of a tag by sh:languageIn": ('sh:languageIn ( "EN" )', '"x"@en-GB', FINE, FINE),
    "case of a tag by sh:uniqueLang": ("sh:uniqueLang true", '"x"@en , "y"@EN', FOUND, FOUND),
    "composed otherwise": ('sh:hasValue "\u00e9"', '"e\u0301"', FOUND, FOUND),
    "one is true": ("sh:hasValue true", '"1"^^xsd:boolean', FINE, FINE),
    "nought is false": ("sh:in ( false )", '"0"^^xsd:boolean', FINE, FINE),
    "true in capitals": ("sh:datatype xsd:boolean", '"TRUE"^^xsd:boolean', FOUND, FOUND),
    "yes": ("sh:datatype xsd:boolean", '"yes"^^xsd:boolean', FOUND, FOUND),
    "true as a text": ("sh:hasValue true", '"true"', FOUND, FOUND),
    "zone or none": (
        'sh:hasValue "2026-01-01T00:00:00Z"^^xsd:dateTime', '"2026-01-01T00:00:00"^^xsd:dateTime', FOUND, FOUND),
    "zone or none, far apart": (
        'sh:minInclusive "2026-01-01T00:00:00Z"^^xsd:dateTime', '"2026-01-01T15:00:00"^^xsd:dateTime', FINE, FOUND),
    "zone or none, near": (
        'sh:minInclusive "2026-01-01T00:00:00Z"^^xsd:dateTime', '"2026-01-01T13:00:00"^^xsd:dateTime', FOUND, FOUND),
    "one instant by sh:hasValue": (
        'sh:hasValue "2026-01-01T00:00:00Z"^^xsd:dateTime', '"2026-01-01T01:00:00+01:00"^^xsd:dateTime', FOUND, FOUND),
    "one instant by sh:in": (
        'sh:in ( "2026-01-01T00:00:00Z"^^xsd:dateTime )', '"2026-01-01T01:00:00+01:00"^^xsd:dateTime', FOUND, FOUND),
    "one instant compared": (
        'sh:minInclusive "2026-01-01T00:00:00Z"^^xsd:dateTime ; sh:maxInclusive "2026-01-01T00:00:00Z"^^xsd:dateTime',
        '"2026-01-01T01:00:00+01:00"^^xsd:dateTime', FINE, FINE,
    ),
    "Z is nought": (
        'sh:hasValue "2026-01-01T00:00:00Z"^^xsd:dateTime', '"2026-01-01T00:00:00+00:00"^^xsd:dateTime', FINE, FINE),
    "parts of a second": (
        'sh:hasValue "2026-01-01T00:00:00Z"^^xsd:dateTime', '"2026-01-01T00:00:00.0Z"^^xsd:dateTime', FINE, FINE),
    "day with a zone": ('sh:hasValue "2026-01-01"^^xsd:date', '"2026-01-01Z"^^xsd:date', FOUND, FINE),
    "day with a zone compared, far": (
        'sh:minInclusive "2026-01-01"^^xsd:date', '"2026-01-02Z"^^xsd:date', FINE, FINE),
    "day with a zone compared, near": (
        'sh:minInclusive "2026-01-01"^^xsd:date', '"2026-01-01Z"^^xsd:date', FOUND, FINE),
    "day with a zone is a day": ("sh:datatype xsd:date", '"2026-01-01Z"^^xsd:date', FINE, FINE),
    "day and time": (
        'sh:minInclusive "2026-01-01"^^xsd:date', '"2026-06-01T00:00:00"^^xsd:dateTime', FOUND, FOUND),
    "no day": ("sh:datatype xsd:date", '"2026-02-30"^^xsd:date', FOUND, FOUND),
    "day as a text": ('sh:minInclusive "2026-01-01"^^xsd:date', '"2026-06-01"', FOUND, FOUND),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_ours_and_pyshacl_take_values_as_the_page_says(name: str) -> None:
    constraint, values, ours, theirs = SAME[name]
    assert found(constraint, values) == (ours, theirs)


RANGES = {
    "long": (-(2**63), 2**63 - 1), "int": (-(2**31), 2**31 - 1), "short": (-(2**15), 2**15 - 1), "byte": (-128, 127),
    "nonNegativeInteger": (0, None), "positiveInteger": (1, None), "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1), "unsignedLong": (0, None), "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1), "unsignedByte": (0, 255),
}  # fmt: skip


@pytest.mark.parametrize("name", RANGES)
def test_a_derived_datatype_takes_what_its_range_holds_and_nothing_beyond(name: str) -> None:
    least, most = RANGES[name]
    inside = {end for end in (least, most) if end is not None}
    beyond = {least - 1 if least is not None else None, most + 1 if most is not None else None} - {None}
    for value in inside:
        assert found(f"sh:datatype xsd:{name}", f'"{value}"^^xsd:{name}')[0] == FINE
        assert found(f"sh:datatype xsd:{name}", f'"{value}"^^xsd:integer')[0] == FINE
    for value in beyond:
        assert found(f"sh:datatype xsd:{name}", f'"{value}"^^xsd:{name}')[0] == FOUND
    for wrong in (f'"x"^^xsd:{name}', "1.0", '"1"', f'"1.5"^^xsd:{name}'):
        view = memory_view(f"{PREFIXES} ex:a ex:p {wrong} .")
        assert len(list(Evaluator(shape(f"sh:datatype xsd:{name}"), view).results())) == 1


SPELLINGS = {
    "1.00": "1.0", "007": "7", "+3": "3", "1.50e0": "1.5e0",
    '"5"^^xsd:nonNegativeInteger': "5", '"300"^^xsd:byte': "300", '"NaN"^^xsd:double': '"NaN"^^xsd:double',
    '"x"^^xsd:string': '"x"', '"y"@EN-gb': '"y"@en-GB', '"1"^^xsd:boolean': "true",
    '"2026-01-01T01:00:00+00:00"^^xsd:dateTime': '"2026-01-01T01:00:00Z"^^xsd:dateTime',
    '"2026-01-01T00:00:00.000"^^xsd:dateTime': '"2026-01-01T00:00:00"^^xsd:dateTime',
    "99999999999999999999": "99999999999999999999",
}  # fmt: skip


def test_loading_the_same_values_in_another_spelling_changes_nothing(
    tmp_path: Path, new_store: NewStore
) -> None:
    graph = new_store(tmp_path / "aims.store")
    file = tmp_path / "data.ttl"
    file.write_text(f"{PREFIXES} ex:a ex:p {', '.join(SPELLINGS)} .", encoding="utf-8")
    [first] = graph.load(file)
    file.write_text(f"{PREFIXES} ex:a ex:p {', '.join(SPELLINGS.values())} .", encoding="utf-8")
    [second] = graph.load(file)
    assert (first.added, first.removed) == (len(SPELLINGS), 0)
    assert (second.added, second.removed, second.changeset) == (0, 0, None)
    assert graph.verify().intact


def test_what_a_datatype_does_not_allow_is_kept_letter_by_letter() -> None:
    values = ['"2026-02-30"^^xsd:date', '"yes"^^xsd:boolean', '" 5 "^^xsd:integer', '"abc"^^xsd:int']
    view = memory_view(f"{PREFIXES} ex:a ex:p {', '.join(values)} .")
    kept = {(str(row["text"]), str(row["kind"]).rpartition("#")[2]) for row in view.select(
        "SELECT (STR(?o) AS ?text) (DATATYPE(?o) AS ?kind) WHERE { <https://example.org/a> ?p ?o }"
    )}  # fmt: skip
    assert kept == {("2026-02-30", "date"), ("yes", "boolean"), (" 5 ", "integer"), ("abc", "int")}
