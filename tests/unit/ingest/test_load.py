"""Files are loaded whole or not at all, and loading them again changes nothing."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aimsgraph import store
from aimsgraph.errors import InputNotReadableError, SyntaxProblemError
from aimsgraph.ingest import load_files, read_file, view_of
from aimsgraph.vocab import GENID, HISTORY_GRAPH, SOURCE_GRAPH
from tests.unit.ingest.conftest import NOW

if TYPE_CHECKING:
    from aimsgraph.model.changeset import LoadedFile
    from aimsgraph.store import Writer

RDF_XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:">
 <rdf:Description rdf:about="urn:a"><e:b rdf:resource="urn:c"/></rdf:Description>
</rdf:RDF>
"""
SAME = {
    "a.ttl": "<urn:a> <urn:b> <urn:c> .",
    "a.trig": "<urn:a> <urn:b> <urn:c> .",
    "a.nt": "<urn:a> <urn:b> <urn:c> .",
    "a.nq": "<urn:a> <urn:b> <urn:c> .",
    "a.jsonld": '{"@id": "urn:a", "urn:b": {"@id": "urn:c"}}',
    "a.rdf": RDF_XML,
}


def load(writer: Writer, *paths: str, keep_going: bool = False) -> list[LoadedFile]:
    return load_files(writer, paths, author="ada", now=NOW, keep_going=keep_going)


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("packed", [False, True])
def test_every_format_says_the_same(writer: Writer, name: str, packed: bool):
    path = Path(name + ".gz" if packed else name)
    path.write_bytes(gzip.compress(SAME[name].encode()) if packed else SAME[name].encode())
    (loaded,) = load(writer, path.name)
    assert (loaded.triples, loaded.added, loaded.removed) == (1, 1, 0)
    assert loaded.graph == SOURCE_GRAPH + path.name
    assert list(writer.view().edges(["urn:b"])) == [("urn:a", "urn:b", "urn:c")]


def test_loading_again_changes_nothing_even_with_blank_nodes(writer: Writer):
    Path("a.ttl").write_text("[] <urn:p> [ <urn:q> 1.50 ] , [ <urn:q> ( 1 2 ) ] .")
    first = load(writer, "a.ttl")[0]
    again = load(writer, "a.ttl")[0]
    assert first.changeset is not None
    assert again == first.model_copy(update={"added": 0, "changeset": None})


def test_what_left_the_file_leaves_the_store(writer: Writer):
    Path("a.ttl").write_text("<urn:a> <urn:b> <urn:c> , <urn:d> .")
    Path("b.ttl").write_text("<urn:a> <urn:b> <urn:d> .")
    load(writer, "a.ttl", "b.ttl")
    Path("a.ttl").write_text("<urn:a> <urn:b> <urn:e> .")
    (loaded,) = load(writer, "a.ttl")
    assert (loaded.triples, loaded.added, loaded.removed) == (1, 1, 2)
    assert [value for _, _, value in sorted(writer.view().edges(["urn:b"]))] == ["urn:d", "urn:e"]


def test_a_source_is_named_as_given_and_its_name_is_encoded(writer: Writer):
    Path("sub dir").mkdir()
    Path("sub dir/ä.ttl").write_text("<> <#p> [] .")
    (loaded,) = load(writer, "sub dir/ä.ttl")
    graph = SOURCE_GRAPH + "sub%20dir%2F%C3%A4.ttl"
    assert loaded.path == "sub dir/ä.ttl"
    assert loaded.graph == graph
    blank = f"{GENID}sub%20dir%2F%C3%A4.ttl/1"
    assert list(writer.view().edges([graph + "#p"])) == [(graph, graph + "#p", blank)]


def test_the_history_knows_the_source_and_its_hash(folder: Path):
    Path("a.ttl").write_bytes(b"<urn:a> <urn:b> <urn:c> .")
    with store.open_writer(folder) as writer:
        load_files(writer, ["a.ttl"], author="ada", now=NOW, message="first")
    (made,) = store.changesets(store.open_view(folder))
    assert (made.source, made.message, made.author) == ("a.ttl", "first", "ada")
    assert made.source_sha256 == hashlib.sha256(b"<urn:a> <urn:b> <urn:c> .").hexdigest()


def test_duplicates_count_once(writer: Writer):
    Path("a.nt").write_text("<urn:a> <urn:b> <urn:c> .\n" * 3)
    assert load(writer, "a.nt", "./a.nt")[0].triples == 1


def test_named_graphs_of_a_file_keep_their_names_and_only_gain(writer: Writer):
    Path("a.trig").write_text("<urn:a> <urn:b> <urn:c> . <urn:g> { <urn:a> <urn:b> <urn:d> }")
    assert load(writer, "a.trig")[0].triples == 2
    Path("a.trig").write_text("<urn:g> { <urn:a> <urn:b> <urn:e> }")
    loaded = load(writer, "a.trig")[0]
    assert (loaded.added, loaded.removed) == (1, 1)
    assert len(writer.view().to_rdflib("urn:g")) == 2


def test_a_file_cannot_write_the_history(writer: Writer):
    Path("a.nq").write_text(f"<urn:a> <urn:b> <urn:c> <{HISTORY_GRAPH}> .")
    with pytest.raises(InputNotReadableError, match="reserved"):
        load(writer, "a.nq")


FAULTS: dict[str, tuple[str, int, int | None, str]] = {
    "a.ttl": (
        "<urn:a> <urn:b> <urn:c> .\n\n<urn:d> oops:e <urn:f> .\n",
        3,
        9,
        "prefix oops: has not been declared",
    ),
    "end.ttl": ("<urn:a> <urn:b>\n", 1, 16, "Unexpected end"),
    "a.nt": ("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b>\n", 2, 16, "line jumps"),
    "a.jsonld": ('{"@id": "urn:a",\n"urn:b":}', 2, 9, "Unexpected closing curly bracket"),
    "remote.jsonld": ('{\n"@context": "https://schema.org/",\n"name": "x"}', 2, None, "never fetched"),
    "tag.rdf": (RDF_XML.replace("</rdf:Desc", "</rdf:Dosc"), 3, 66, "mismatched tag"),
    "text.rdf": (RDF_XML.replace(" <rdf:Desc", "\n\n# stray\n<rdf:Desc"), 5, 1, "'# stray'"),
    "id.rdf": (RDF_XML.replace('rdf:about="urn:a"', 'rdf:ID="1 2"'), 3, None, "rdf:ID"),
    "empty.rdf": (" ", 1, None, ""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_file_line_and_reason_and_nothing_is_loaded(writer: Writer, name: str):
    text, line, column, reason = FAULTS[name]
    Path(name).write_text(text)
    Path("good.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    if name == "empty.rdf":
        assert load(writer, name)[0].triples == 0  # nothing but white space is Turtle that says nothing
        return
    before = writer.head
    with pytest.raises(SyntaxProblemError) as caught:
        load(writer, "good.ttl", name)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == (name, line)
    assert problem.column == column
    assert reason in problem.message
    assert f"{name}:{line}" in caught.value.message
    assert writer.head == before
    assert writer.view().count() == 0


def test_the_faults_of_all_files_are_told_at_once(writer: Writer):
    Path("one.ttl").write_text("a b c")
    Path("two.nt").write_text("<x> <y>\n")
    Path("good.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    with pytest.raises(SyntaxProblemError) as caught:
        load(writer, "one.ttl", "good.ttl", "two.nt", "gone.ttl")
    assert list(dict.fromkeys(problem.path for problem in caught.value.problems)) == [
        "one.ttl",
        "two.nt",
        "gone.ttl",
    ]
    assert "3 of 4 files" in caught.value.message


def test_every_fault_of_a_file_is_told(writer: Writer):
    Path("three.ttl").write_text(
        "<urn:a> <urn:b> foo .\n<urn:a> <urn:b> 1 .\n<urn:a> x:b 2 .\n<urn:a> <urn:b> 'open"
    )
    with pytest.raises(SyntaxProblemError) as caught:
        load(writer, "three.ttl")
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(1, 17), (3, 9), (4, 17)]
    assert "three.ttl:1" in caught.value.message
    assert "3 faults" in caught.value.message


def test_a_text_that_is_all_faults_is_given_up_after_a_hundred(writer: Writer):
    Path("prose.nt").write_text("no triples here\n" * 150)
    with pytest.raises(SyntaxProblemError) as caught:
        load(writer, "prose.nt")
    assert len(caught.value.problems) == 100


def test_keeping_going_loads_the_good_files_and_still_tells_the_faults(writer: Writer):
    Path("one.ttl").write_text("a b c")
    Path("good.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    with pytest.raises(SyntaxProblemError, match="The other 1 were loaded"):
        load(writer, "one.ttl", "good.ttl", keep_going=True)
    assert writer.view().count() == 1


def test_json_without_linked_data_is_refused(writer: Writer):
    Path("a.json").write_text('{"name": "x"}')
    with pytest.raises(InputNotReadableError, match="no linked data"):
        load(writer, "a.json")


def test_progress_only_grows_and_ends_at_the_total(writer: Writer):
    Path("a.nt").write_text("".join(f"<urn:{number}> <urn:b> <urn:c> .\n" for number in range(25_000)))
    Path("b.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    seen: list[tuple[float, float]] = []
    load_files(
        writer,
        ["a.nt", "b.ttl"],
        author="a",
        now=NOW,
        progress=lambda done, total, _: seen.append((done, total)),
    )
    assert len(seen) > 5
    assert len({total for _, total in seen}) == 1
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]


def test_files_can_be_looked_at_without_a_store(tmp_path: Path):
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> [] .")
    (tmp_path / "b.nq").write_text("<urn:a> <urn:b> <urn:c> <urn:g> .")
    assert view_of([tmp_path / "a.ttl", tmp_path / "b.nq"]).count() == 2
    (tmp_path / "c.ttl").write_text("oops")
    with pytest.raises(SyntaxProblemError, match="Nothing was checked"):
        view_of([tmp_path / "a.ttl", tmp_path / "c.ttl"])


def test_a_base_resolves_relative_names(tmp_path: Path):
    (tmp_path / "a.ttl").write_text("<x> <urn:b> <y> .")
    (quad,) = read_file(tmp_path / "a.ttl", base="https://example.org/").quads
    assert str(quad.triple) == "<https://example.org/x> <urn:b> <https://example.org/y>"
