"""What is nested too deep is refused with its place, before a parser runs out of its stack or of memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aimsgraph.store.parsing import DEEPEST, MalformedTextError, parse_quads

XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'


def nested(kind: str, depth: int) -> str:
    return {
        "ntriples": "<urn:a> <urn:p> " + "<<( <urn:s> <urn:p> " * depth + "<urn:x>" + " )>>" * depth + " .",
        "turtle": "<urn:a> <urn:p> # <<(\n"
        + "<<( <urn:s> <urn:p> " * depth
        + '"<<("'
        + " )>>" * depth
        + " .",
        "jsonld": '{"@id":"urn:a","urn:p":' * depth + '"[{"' + "}" * depth,
        "rdfxml": XML + "<e:A><e:p>" * (depth // 2) + "</e:p></e:A>" * (depth // 2) + "</rdf:RDF>",
    }[kind]


def parsed(kind: str, text: str) -> int:
    return len(list(parse_quads(text.encode(), kind, base="urn:b:", name="n", graph=None)))


@pytest.mark.parametrize("kind", ["ntriples", "turtle", "jsonld", "rdfxml"])
def test_what_is_nested_a_little_is_read(kind: str) -> None:
    assert parsed(kind, nested(kind, 20)) >= 1


@pytest.mark.parametrize("kind", ["ntriples", "turtle", "jsonld", "rdfxml"])
def test_what_is_nested_without_end_is_refused(kind: str) -> None:
    with pytest.raises(MalformedTextError, match="deep") as caught:
        parsed(kind, nested(kind, 60_000))
    assert caught.value.faults[0].line <= 2


@pytest.mark.parametrize(
    "text",
    [
        f'<urn:a> <urn:p> "{"<<(" * 300}" .',
        f"<urn:a> <urn:p> '''{'<<(' * 300}''' .",
        f"# {'<<(' * 300}\n<urn:a> <urn:p> <urn:x> .",
        "".join(f"<urn:a> <urn:p> <<( <urn:s> <urn:p> <urn:x{n}> )>> .\n" for n in range(DEEPEST + 50)),
    ],
)
def test_many_beside_each_other_or_in_a_literal_are_not_deep(text: str) -> None:
    assert parsed("turtle", text) >= 1


def test_an_update_nested_without_end_does_not_take_the_process_down() -> None:
    code = (
        "from aimsgraph.query.request import read_request\nfrom aimsgraph.errors import QueryInvalidError\n"
        "text = 'INSERT DATA { <urn:a> <urn:p> ' + '<<( <urn:s> <urn:p> ' * 60000 + '1' + ')>>' * 60000 + ' }'\n"
        "try:\n    read_request(text)\nexcept QueryInvalidError as error:\n    print(error.problems[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert "201 deep" in done.stdout
