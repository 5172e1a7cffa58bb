"""A fault in a file of shapes is told with the shape, the file and the line; nothing odd passes without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph.errors import SyntaxProblemError
from aimsgraph.validate import read_shapes

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """@prefix ex: <https://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = "ex:a a ex:A ; ex:p ex:b ."
#: Each shape is written over several lines: the line told is that of the fault, the first of the shape's being 6.
NODE = "\nex:S a sh:NodeShape ;\n  sh:targetClass ex:A ;\n  "
PROPERTY = "\nex:S a sh:PropertyShape ;\n  sh:targetClass ex:A ;\n  sh:path ex:p ;\n  "

#: What is seen as soon as the file is read: the text, the line, and the words.
ON_READING = {
    "a misspelt parameter": (NODE + "sh:minCont 1 .", 8, "SHACL has no sh:minCont (perhaps sh:minCount is meant)"),
    "a misspelt parameter within": (
        NODE + "sh:property [\n    sh:path ex:p ;\n    sh:minCont 1 ] .", 10,
        "SHACL has no sh:minCont (perhaps sh:minCount is meant)",
    ),
    "a misspelt parameter where no node is looked at": (
        NODE.replace("ex:A", "ex:Nobody") + "sh:minCont 1 .", 8, "SHACL has no sh:minCont"),
    "a misspelt target": (
        NODE.replace("targetClass", "targetClas") + "sh:property [ sh:path ex:p ; sh:minCount 1 ] .", 7,
        "SHACL has no sh:targetClas (perhaps sh:targetClass is meant)",
    ),
    "a misspelt kind of shape": (
        "\nex:S a sh:NodShape .", 6, "SHACL has no sh:NodShape (perhaps sh:NodeShape is meant)"),
    "a misspelt property": (
        NODE + "sh:proprty [ sh:path ex:p ] .", 8, "SHACL has no sh:proprty (perhaps sh:property is meant)"),
    "a misspelt severity": (
        PROPERTY + "sh:minCount 1 ;\n  sh:severity sh:Warnin .", 10,
        "SHACL has no sh:Warnin (perhaps sh:Warning is meant)",
    ),
    "a misspelt query": (
        NODE + 'sh:sparql [\n    sh:selct "SELECT $this { }" ] .', 9,
        "SHACL has no sh:selct (perhaps sh:select is meant)",
    ),
    "a misspelt kind of node": (PROPERTY + "sh:nodeKind sh:Iri .", 9, "SHACL has no sh:Iri"),
    "a constraint in JavaScript": (NODE + "sh:js [ ex:p ex:q ] .", 8, "SHACL has no sh:js"),
    "a count that is a text": (PROPERTY + 'sh:minCount "x" .', 9, '"x" is no whole number from 0'),
    "a count below zero": (PROPERTY + "sh:minCount -1 .", 9, '"-1" is no whole number from 0'),
    "a count that is true": (PROPERTY + "sh:maxCount true .", 9, '"true" is no whole number from 0'),
    "a count with decimals": (PROPERTY + "sh:minCount 1.0 .", 9, '"1.0" is no whole number from 0'),
    "two counts": (PROPERTY + "sh:minCount 1 , 2 .", 9, "It has several values of sh:minCount"),
    "a count without a path": (NODE + "sh:minCount 1 .", 8, "It has no path (sh:path), and so nothing for sh:minCount"),
    "a property without a path": (
        NODE + "sh:property [ sh:nodeKind sh:IRI ] .", 6, "What sh:property leads to has no path (sh:path)"),
    "a path that is a text": (
        PROPERTY.replace("ex:p", '"ex:p"') + "sh:minCount 1 .", 8, 'Its path is the text "ex:p"'),
    "a shape that is nowhere": (NODE + "sh:node ex:T .", 8, "sh:node leads to https://example.org/T, of which"),
    "a shape in a list that is nowhere": (NODE + "sh:or ( ex:T ) .", 8, "sh:or leads to https://example.org/T"),
    "a list that has no end": (
        PROPERTY + "sh:in [ rdf:first 1 ] .", 9,
        "A list in it is broken (a member of it has 1 values and 0 followers",
    ),
    "a list that leads back": (
        PROPERTY + "sh:in _:a .\n_:a rdf:first 1 ; rdf:rest _:a .", 9, "is broken (it leads back to itself)"),
    "a list that is none": (PROPERTY + "sh:in ex:b .", 9, "a list is written in round brackets, and none stands there"),
    "a class that is a text": (PROPERTY + 'sh:class "A" .', 9, '"A" is no IRI, as sh:class takes'),
    "a target that is a text": (
        NODE.replace("ex:A", '"A"') + "sh:nodeKind sh:IRI .", 7, '"A" is no IRI, as sh:targetClass takes'),
    "a target without a name": (
        NODE.replace("ex:A", "[]") + "sh:nodeKind sh:IRI .", 7, "a node without a name is no IRI"),
    "a bound that is a node": (PROPERTY + "sh:minInclusive ex:x .", 9, "https://example.org/x is no literal"),
    "a switch that is a text": (PROPERTY + 'sh:deactivated "yes" .', 9, '"yes" is neither true nor false'),
    "an order that is a text": (PROPERTY + 'sh:order "first" .', 9, '"first" is no number, as sh:order takes'),
    "a query that is none": (
        NODE + 'sh:sparql [\n    sh:select """\n      SELECT $this WHERE {\n        $this ex:p }""" ] .', 11,
        "The SPARQL of the shape https://example.org/S cannot be used: Expected SelectQuery",
    ),
    "a text that is no Turtle": (NODE + "sh:minCount 1\n", 9, "Not Turtle: EOF found after object"),
}  # fmt: skip
#: What is seen when the shape is run; the line is that of the shape.
ON_RUNNING = {
    "a shape that refers to itself": (NODE + "sh:property [ sh:path ex:p ; sh:node ex:S ] .", "It refers to itself"),
    "shapes that refer to each other": (
        NODE + "sh:not ex:T .\nex:T a sh:NodeShape ; sh:and ( ex:S ) .", "It refers to itself"),
    "a path that leads back to itself": (
        PROPERTY.replace("ex:p", "_:p") + "sh:minCount 1 .\n_:p sh:inversePath _:p .", "never holds itself"),
    "a path with a broken list": (
        PROPERTY.replace("ex:p", "[ rdf:first ex:p ]") + "sh:minCount 1 .", "A list in it is broken"),
    "a regular expression that is none": (PROPERTY + 'sh:pattern "(" .', "The pattern ( is no regular expression"),
    "a regular expression that looks back": (
        PROPERTY + r'sh:pattern "(a)\\1" .', r"The pattern (a)\1 is no regular expression"),
    "flags that are none": (PROPERTY + 'sh:pattern "a" ; sh:flags "zz" .', "is no regular expression that can be used"),
    "a question where a query belongs": (
        NODE + 'sh:sparql [ sh:ask "ASK { }" ] .', "A constraint in SPARQL needs sh:select"),
}  # fmt: skip


def written(folder: Path, shapes: str, data: str = DATA) -> tuple[Path, Path]:
    files = folder / "data.ttl", folder / "shapes.ttl"
    for path, text in zip(files, (data, shapes), strict=True):
        path.write_text(PREFIXES + text, encoding="utf-8")
    return files


@pytest.mark.parametrize("name", ON_READING)
def test_a_fault_is_told_with_shape_file_and_line_before_anything_is_run(tmp_path: Path, name: str) -> None:
    text, line, words = ON_READING[name]
    _, path = written(tmp_path, text)
    with pytest.raises(SyntaxProblemError) as caught:
        read_shapes([path])
    found = [problem for problem in caught.value.problems if words in problem.message]
    assert [(problem.path, problem.line) for problem in found] == [(str(path), line)], caught.value.problems
    assert "the shape https://example.org/S" in found[0].message.replace("The", "the") or "Turtle" in words


@pytest.mark.parametrize("name", ON_RUNNING)
def test_a_fault_that_only_running_shows_is_told_with_shape_file_and_line(tmp_path: Path, name: str) -> None:
    text, words = ON_RUNNING[name]
    data, path = written(tmp_path, text)
    with pytest.raises(SyntaxProblemError) as caught:
        aimsgraph.check(data, shapes=[path])
    [problem] = caught.value.problems
    assert problem.message.startswith("The shape https://example.org/")
    assert words in problem.message
    assert (problem.path, problem.line) in {(str(path), 6), (str(path), 9)}
    assert str(caught.value).startswith(str(problem))


@pytest.mark.parametrize(
    "text",
    ["", "ex:S a ex:Shape .", NODE + "sh:nodeKind sh:IRI ."],
    ids=["empty", "of something else", "of another SHACL"],
)
def test_a_file_without_a_shape_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        PREFIXES.replace("http://www.w3.org/ns/shacl#", "https://www.w3.org/ns/shacl#") + text, "utf-8"
    )
    with pytest.raises(SyntaxProblemError, match="It holds no shape") as caught:
        read_shapes([path])
    assert [problem.path for problem in caught.value.problems] == [str(path)]


def test_the_faults_of_a_shape_in_several_files_are_told_at_once_each_with_its_own(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text(PREFIXES + NODE + "sh:minCont 1 .", encoding="utf-8")
    two.write_text(
        PREFIXES + 'ex:S sh:order 1 ;\n  sh:clas ex:B .\nex:T sh:path ex:p ; sh:minCount "x" .\n', "utf-8"
    )
    with pytest.raises(SyntaxProblemError) as caught:
        read_shapes([one, two])
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [
        (str(one), 8), (str(two), 6), (str(two), 7),
    ]  # fmt: skip


UNRUN = {
    "a class that no node has": NODE.replace("ex:A", "ex:Aa")
    + "sh:property [ sh:path ex:q ; sh:minCount 1 ] .",
    "neither target nor kind": "ex:S sh:property [ sh:path ex:q ; sh:minCount 1 ] .",
    "no target": "ex:S a sh:NodeShape ; sh:property [ sh:path ex:q ; sh:minCount 1 ] .",
    "a target by a query that finds nothing": (
        'ex:S a sh:NodeShape ; sh:target [ sh:select "SELECT ?this { ?this <urn:x> ?y }" ] ; '
        "sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
    ),
    "a kind of target that is not known": (
        "ex:S a sh:NodeShape ; sh:target [ a ex:Target ] ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
    ),
}


@pytest.mark.parametrize("name", UNRUN)
def test_a_shape_that_looks_at_no_node_is_told_as_not_exercised(tmp_path: Path, name: str) -> None:
    data, path = written(tmp_path, UNRUN[name])
    answer = aimsgraph.check(data, shapes=[path])
    assert answer.findings == ()
    assert "https://example.org/S" in {shape.shape for shape in answer.not_exercised}


def test_a_shape_that_looks_at_a_node_by_a_query_is_exercised(tmp_path: Path) -> None:
    shapes = (
        'ex:S a sh:NodeShape ; sh:target [ sh:select "SELECT ?this { ?this a <https://example.org/A> }" ] ; '
        "sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
    )
    answer = aimsgraph.check(*written(tmp_path, shapes)[:1], shapes=[tmp_path / "shapes.ttl"])
    assert [(one.shape, one.focus) for one in answer.findings] == [
        ("https://example.org/S", "https://example.org/a")
    ]
    assert "https://example.org/S" not in {shape.shape for shape in answer.not_exercised}


def test_a_misspelt_class_does_no_harm_to_what_is_a_shape_all_the_same(tmp_path: Path) -> None:
    shapes = (
        NODE.replace("NodeShape", "NodShape")
        + "sh:property [ a sh:ProportyShape ; sh:path ex:q ; sh:minCount 1 ] ."
    )
    data, path = written(tmp_path, shapes)
    assert [one.focus for one in aimsgraph.check(data, shapes=[path]).findings] == ["https://example.org/a"]


def test_a_member_of_sh_and_that_says_nothing_changes_nothing(tmp_path: Path) -> None:
    shapes = NODE + "sh:and ( sh:property [ sh:path ex:q ; sh:minCount 1 ] ) ."
    data, path = written(tmp_path, shapes)
    assert [one.focus for one in aimsgraph.check(data, shapes=[path]).findings] == ["https://example.org/a"]
