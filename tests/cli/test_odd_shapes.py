"""Odd shapes on the command line: a clear paragraph and status 2, or what they find, and never a silent pass."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess

    from tests.cli.conftest import Shell

PREFIXES = """@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
DATA = 'ex:a a ex:A ; ex:p "' + "a" * 20_000 + 'b" .'
SHAPE = "ex:S a sh:PropertyShape ;\n  sh:targetClass ex:A ;\n  sh:path ex:p ;\n  "


def checked(shell: Shell, shapes: str) -> subprocess.CompletedProcess[str]:
    shell.write("data.ttl", PREFIXES + DATA)
    shell.write("s.ttl", PREFIXES + shapes)
    return shell("check", "data.ttl", "--shapes", "s.ttl", "--json")


@pytest.mark.parametrize(
    ("shapes", "line", "words"),
    [
        (SHAPE + "sh:minCont 1 .", 6, "SHACL has no sh:minCont (perhaps sh:minCount is meant)"),
        (SHAPE + 'sh:minCount "x" .', 6, '"x" is no whole number from 0, as sh:minCount takes'),
        (SHAPE + "sh:in [ ] .", 6, "A list in it is broken"),
        (SHAPE + 'sh:sparql [\n    sh:select "SELECT $this { $this }" ] .', 7, "The SPARQL of the shape"),
        (SHAPE + 'sh:pattern "(" .', 3, "The pattern ( is no regular expression that can be used"),
        (SHAPE + "sh:node ex:S .", 3, "It refers to itself, which SHACL leaves undefined"),
    ],
    ids=[
        "misspelt parameter",
        "count that is a text",
        "broken list",
        "broken query",
        "broken pattern",
        "cycle",
    ],
)
def test_a_faulty_shape_is_told_with_its_name_its_file_and_line(
    empty: Shell, shapes: str, line: int, words: str
) -> None:
    done = checked(empty, shapes)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: The shape")
    said = " ".join(done.stderr.split())
    assert "the shape https://example.org/S" in said.replace("The", "the")
    assert words in said
    assert f"@ s.ttl:{line}" in said


def test_a_pattern_made_to_take_forever_ends_soon(empty: Shell) -> None:
    begun = time.monotonic()
    done = checked(empty, SHAPE + 'sh:pattern "^(a+)+$" .')
    assert done.returncode == 1
    assert [finding["focus"] for finding in json.loads(done.stdout)["findings"]] == ["https://example.org/a"]
    assert time.monotonic() - begun < 30  # a backtracking engine would need longer than the world will last


def test_a_shape_whose_class_is_misspelt_is_told_as_not_exercised(empty: Shell) -> None:
    done = checked(empty, SHAPE.replace("ex:A", "ex:Aa") + "sh:maxCount 0 .")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer["findings"] == []
    assert {"shape": "https://example.org/S", "label": "https://example.org/S", "target": "https://example.org/Aa",
            "area": None} in answer["not_exercised"]  # fmt: skip


def test_a_file_that_holds_no_shape_is_refused(empty: Shell) -> None:
    done = checked(empty, "@prefix sh: <http://www.w3.org/ns/shacl/> .\n" + SHAPE + "sh:minCount 1 .")
    assert done.returncode == 2
    assert "It holds no shape" in done.stderr
