"""The line of a node is that of its first statement, and of a property where it is first stated of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aimsgraph.ingest import places

A, B, P = "https://example.org/a", "https://example.org/b", "https://example.org/p"
TEXTS = {
    "t.ttl": (
        '@prefix : <https://example.org/> .\n# :a in a comment\n:b :p """\n:a :p 1 .\n""" ; :q [ :p :a ] , ( :a ) .\n'
        "\n:a a :C ;\n   :p 1 ,\n  2 .\n:a :p 3 .",
        {(B, None): 3, (B, P): 3, (A, None): 7, (A, P): 8},
    ),
    "base.ttl": (
        "BASE <https://example.org/>\nPREFIX e: <https://example.org/>\n@prefix h: <urn:h#> .\n<a> e:p 1 ; h:x 1 .\n"
        "e:b e:p 2.\n",
        {(A, None): 4, (A, P): 4, (A, "urn:h#x"): 4, (B, None): 5, (B, P): 5},
    ),
    "g.trig": (
        "@prefix : <https://example.org/> .\n:g {\n  :a :p 1 }\nGRAPH :h { :b\n :p 1 . }",
        {(A, None): 3, (A, P): 3, (B, None): 4, (B, P): 5},
    ),
    "n.nt": (
        f"<{B}> <{P}> <{A}> .\n<{A}> <{P}> \"x\" .\n",
        {(B, None): 1, (B, P): 1, (A, None): 2, (A, P): 2},
    ),
    "j.jsonld": (f'[\n{{"@id": "{A}"}},\n{{"@id": "x:c"}}]', {(A, None): 2}),
    "r.rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n xml:base="https://example.org/">\n'
        '<rdf:Description rdf:about="b"/>\n</rdf:RDF>',
        {(B, None): 3},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_nodes_and_properties_are_found_where_they_are_first_stated(name: str, tmp_path: Path):
    text, expected = TEXTS[name]
    (tmp_path / name).write_text(text)
    found = places(tmp_path / name, {A, B})
    assert {key: line for key, line in found.items() if key[1] in (None, P, "urn:h#x")} == expected


def test_relative_names_are_those_of_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("m.ttl").write_text("\n<#a> <https://example.org/p> 1 .")
    node = "https://w3id.org/aimsgraph/graph/source/m.ttl#a"
    assert places(Path("m.ttl"), {node}) == {(node, None): 2, (node, P): 2}
