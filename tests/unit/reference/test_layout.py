"""Turtle in one layout: what a text says and its comments stay, and a second time changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.errors import InputNotReadableError
from aimsgraph.reference.layout import laid_out, main, turtle_files

if TYPE_CHECKING:
    from pathlib import Path

LAYOUTS = {
    "prefixes first, sorted, in one spelling": (
        "PREFIX b: <b:>\n@prefix a: <a:>.\na:x a:p b:y.",
        "@prefix a: <a:> .\n@prefix b: <b:> .\n\na:x a:p b:y .\n",
    ),
    "a property on a line of its own": (
        "<x> <p> <y>;<q> <z>,<w> .",
        "<x> <p> <y> ;\n    <q> <z> , <w> .\n",
    ),
    "one blank line around statements of several lines, none lost between others": (
        "<x> <p> <y>.\n<x> <q> <y>.\n<x> <p> <y>; <q> <z>.\n\n\n\n<y> <p> <x>.\n\n<z> <p> <x>.",
        "<x> <p> <y> .\n<x> <q> <y> .\n\n<x> <p> <y> ;\n    <q> <z> .\n\n<y> <p> <x> .\n\n<z> <p> <x> .\n",
    ),
    "terms in their shortest form": (
        "<x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <C> ; <p> 'it' , "
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer> , "x"^^<d> , \'a"b\' .',
        '<x> a <C> ;\n    <p> "it" , 1 , "x"^^<d> , \'a"b\' .\n',
    ),
    "brackets on one line where they fit": (
        "<x> <p> [ <q> <y> ;\n<r> ( 1\n2 ( ) ) ; ] .",
        "<x> <p> [ <q> <y> ; <r> ( 1 2 () ) ] .\n",
    ),
    "comments on lines of their own and behind what they speak of": (
        "# head\n\n<x> <p> <y> ; # one\n  # two\n  <q> <z> . # three\n# four",
        "# head\n\n<x> <p> <y> ;  # one\n    # two\n    <q> <z> .  # three\n\n# four\n",
    ),
    "a comment within a list": (
        "<x> <p> ( 1 # one\n2 ) .",
        "<x> <p> (\n        1  # one\n        2\n    ) .\n",
    ),
    "a text of several lines as it is": (
        '<x> <p> """one\n  two""" .',
        '<x> <p> """one\n  two""" .\n',
    ),
    "line ends of another system": (
        "<x> <p> <y> .\r\n\r\n<x> <p> <z> .\r\n",
        "<x> <p> <y> .\n\n<x> <p> <z> .\n",
    ),
    "nothing": ("", ""),
    "a comment alone": ("# only", "# only\n"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_text_gets_the_layout_of_the_house(name: str) -> None:
    text, expected = LAYOUTS[name]
    assert laid_out(text) == expected


def test_what_would_be_too_long_for_a_line_gets_a_line_for_each_part() -> None:
    names = [f"<{'name' * 5}{number}>" for number in range(6)]
    assert laid_out(f"<x> <p> {','.join(names)} .") == "<x> <p> " + " ,\n        ".join(names) + " .\n"


def test_all_turtle_of_the_project_has_the_layout() -> None:
    files = turtle_files()
    assert len(files) > 100
    assert [
        path.name for path in files if path.read_text(encoding="utf-8") != laid_out(path.read_text("utf-8"))
    ] == []


NAMES = st.sampled_from(
    ["<x>", "ex:y", "ex:a.b", "_:b", "true", "1", "-2.50", "'q'@en", '"""l\n"m"""', '"1"^^ex:t']
)
SPACES = st.sampled_from([" ", "\n", "\t", " # remark\n", "\n# remark\n"])


@st.composite
def objects(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.sampled_from(["name", "name", "list", "node"] if depth else ["name"]))
    if kind == "name":
        return draw(NAMES)
    space = draw(SPACES)
    if kind == "list":
        members = draw(st.lists(objects(depth - 1), max_size=3))
        return "(" + space + "".join(f"{member}{draw(SPACES)}" for member in members) + ")"
    return "[" + space + draw(properties(depth - 1)) + draw(SPACES) + "]"


@st.composite
def properties(draw: st.DrawFn, depth: int = 2) -> str:
    says = []
    for _ in range(draw(st.integers(1, 3))):
        things = draw(st.lists(objects(depth), min_size=1, max_size=3))
        comma = draw(SPACES) + "," + draw(SPACES)
        says.append(draw(st.sampled_from(["a", "ex:p", "<q>"])) + draw(SPACES) + comma.join(things))
    return (draw(SPACES) + ";" + draw(SPACES)).join(says)


@st.composite
def texts(draw: st.DrawFn) -> str:
    said = draw(st.lists(properties(), max_size=4))
    subjects = st.sampled_from(["<s>", "ex:s", "_:b", "[]"])
    body = "".join(draw(subjects) + draw(SPACES) + one + draw(SPACES) + "." + draw(SPACES) for one in said)
    return "@prefix ex: <https://example.org/> ." + draw(SPACES) + body


def meaning(text: str) -> ox.Dataset:
    found = ox.Dataset(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri="file:///"))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found


@given(texts())
@settings(max_examples=200, deadline=None)
def test_a_layout_keeps_what_is_said_and_every_comment_and_stays_as_it_is(text: str) -> None:
    once = laid_out(text)
    assert meaning(once) == meaning(text)
    assert once.count("# remark") == text.count("# remark")
    assert laid_out(once) == once


def test_the_command_checks_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<x>   <p> <y>.")
    assert main(["--check", str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"Would lay out {path}\n"
    assert path.read_text() == "<x>   <p> <y>."
    assert main([str(tmp_path)]) == 0
    assert path.read_text() == "<x> <p> <y> .\n"
    capsys.readouterr()
    assert main(["--check", str(path)]) == main([str(path)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<x> <p> <y>\n<z> <p> .", "a.ttl"),
        (
            "@prefix a: <a:> . a:x a:p a:y . @prefix a: <b:> . a:x a:p a:z .",
            "A prefix stands for two namespaces.",
        ),
    ],
)
def test_a_file_that_cannot_be_laid_out_is_told_and_stays_as_it_is(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(text)
    assert main([str(path)]) == 1
    assert told in capsys.readouterr().err
    assert path.read_text() == text


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere.ttl"]) == 1
    assert "nowhere.ttl" in capsys.readouterr().err


def test_a_mark_of_byte_order_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(b"\xef\xbb\xbf<x> <p> <y> .\n")
    assert main([str(path)]) == 0
    assert path.read_bytes() == b"<x> <p> <y> .\n"


def test_a_prefix_for_two_namespaces_is_refused() -> None:
    with pytest.raises(InputNotReadableError, match="two namespaces"):
        laid_out("@prefix a: <a:> . @prefix a: <b:> .")
