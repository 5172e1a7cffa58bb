"""Two graphs that state the same have one hash, whatever their blank nodes are called; hard graphs end in a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph

import aimsgraph
from aimsgraph import store
from aimsgraph.errors import LimitExceededError, SyntaxProblemError, UsageError
from aimsgraph.store.canonical import canonical_text, content_hash
from tests.unit.store.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path

ONE = "@prefix : <urn:x:> . :a :p [ :q 1.50 ; :r [ :s 'x'@en-GB ] ] , [ :q 2 ] ."
SAME = "@prefix : <urn:x:> . _:z :q 1.50 . :a :p _:z , _:b . _:b :q 2 . _:z :r _:m . _:m :s 'x'@en-GB ."
AS_STORED = "@prefix : <urn:x:> . :a :p [ :q 1.5 ; :r [ :s 'x'@en-gb ] ] , [ :q 2 ] ."


def graph(text: str) -> Graph:
    return Graph().parse(data=text, format="turtle")


def quads(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, ox.RdfFormat.TURTLE))


def test_names_of_blank_nodes_and_order_do_not_count():
    assert content_hash(quads(ONE)) == content_hash(quads(SAME)) == content_hash(reversed(quads(ONE)))


def test_what_is_stated_counts():
    assert content_hash(quads(ONE)) != content_hash(quads(SAME.replace(":q 2", ":q 3")))


def test_a_text_is_hashed_as_sha256_says():
    # sha256sum of the line '<urn:x:a> <urn:x:p> _:c14n0 .' with its line end
    assert canonical_text(quads("<urn:x:a> <urn:x:p> [] .")) == b"<urn:x:a> <urn:x:p> _:c14n0 .\n"
    assert content_hash(quads("<urn:x:a> <urn:x:p> [] .")) == (
        "sha256:3b2a62412f82be8e6311ddffb620b7a3ab7d27c14dc5eaabad595719809becbb"
    )


def test_spelling_counts_unless_a_store_would_change_it():
    assert content_hash(quads(ONE)) != content_hash(quads(AS_STORED))
    assert content_hash(quads(ONE), as_stored=True) == content_hash(quads(AS_STORED), as_stored=True)


def test_an_rdflib_graph_is_hashed_as_it_stands():
    assert content_hash(graph(ONE), as_stored=True) == content_hash(quads(ONE), as_stored=True)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_rdflib_dataset_is_hashed_with_its_graphs():
    text = "<urn:g> { <urn:a> <urn:p> _:x } <urn:a> <urn:p> 1 ."
    dataset = Dataset().parse(data=text, format="trig")
    assert content_hash(dataset) == content_hash(ox.parse(text, ox.RdfFormat.TRIG))


def test_a_graph_exported_and_read_again_has_its_hash(folder: Path):
    with store.open_writer(folder) as writer:
        statements = [
            ox.Quad(ox.NamedNode("urn:x:a"), ox.NamedNode("urn:x:p"), ox.Literal(text)) for text in "abc"
        ]
        writer.apply(statements, graph="urn:x:g", author="ada", message="m", now=NOW)
    copy = store.open_view(folder).to_rdflib()
    again = Graph().parse(data=copy.serialize(format="turtle"), format="turtle")
    assert content_hash(copy) == content_hash(again) == content_hash(statements)


def test_files_in_two_formats_have_one_hash(tmp_path: Path):
    (tmp_path / "a.ttl").write_text(ONE)
    (tmp_path / "b.nt").write_bytes(ox.serialize(quads(ONE), format=ox.RdfFormat.N_TRIPLES) or b"")
    first, second = aimsgraph.hash_file(tmp_path / "a.ttl"), aimsgraph.hash_file(tmp_path / "b.nt")
    assert (first.hash, first.statements) == (second.hash, 6)
    assert first.hash == aimsgraph.content_hash(quads(SAME))


def test_the_place_of_a_file_does_not_count(tmp_path: Path):
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text("<> a <#Thing> .")
    assert aimsgraph.hash_file(tmp_path / "a.ttl").hash == aimsgraph.hash_file(tmp_path / "b.ttl").hash


def test_a_faulty_file_is_named(tmp_path: Path):
    (tmp_path / "a.ttl").write_text("<a> <b> ")
    with pytest.raises(SyntaxProblemError, match=r"a\.ttl:1"):
        aimsgraph.hash_file(tmp_path / "a.ttl")


def test_a_clique_of_blank_nodes_ends_in_a_limit():
    blanks = [ox.BlankNode() for _ in range(11)]
    clique = [ox.Quad(a, ox.NamedNode("urn:p"), b) for a in blanks for b in blanks if a != b]
    with pytest.raises(LimitExceededError):
        content_hash(clique)


def test_a_long_ring_of_look_alikes_ends_in_a_limit():
    blanks = [ox.BlankNode() for _ in range(3_000)]
    ring = [
        ox.Quad(a, ox.NamedNode("urn:p"), b) for a, b in zip(blanks, blanks[1:] + blanks[:1], strict=True)
    ]
    with pytest.raises(LimitExceededError):
        content_hash(ring)


def test_a_long_list_is_no_hard_graph():
    items = " ".join(map(str, range(5_000)))
    assert content_hash(quads(f"<urn:a> <urn:p> ( {items} ) .")).startswith("sha256:")


def test_a_triple_term_has_no_canonical_form():
    node = ox.NamedNode("urn:x:a")
    with pytest.raises(UsageError, match="triple term"):
        content_hash([ox.Quad(node, node, ox.Triple(node, node, node))])
