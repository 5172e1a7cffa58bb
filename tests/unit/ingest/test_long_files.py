"""A long file is loaded without being held in memory, and leaves exactly what it would have left otherwise."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimsgraph import ingest, store
from aimsgraph.errors import InputNotReadableError, StoreUnusableError, SyntaxProblemError
from aimsgraph.ingest import load
from aimsgraph.ingest.source import is_long, read_source
from aimsgraph.model.changeset import LoadedFile
from aimsgraph.store import bulk

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
TURTLE = """@prefix ex: <https://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:b ex:p 1.50 , 007 , true , "x"@en-GB , "say \\"_:no\\" \\\\" , "1"^^xsd:boolean , "x" , "x"^^xsd:string .
ex:a ex:q [ ex:p _:n , <relative> ] , ( 1 2 ) . _:n ex:p "2026-09-30T12:00:00+02:00"^^xsd:dateTime , "😀" .
ex:b ex:p 1.5 , "x"@en-gb , "PT60M"^^xsd:duration , 123456789012345678901234567890 , "2026-02-30"^^xsd:date .
ex:c ex:p "two\\nlines" , "A <https://example.org/g> ." , <https://example.org/_:n> , <urn:x:_:n> .
"""


def loaded(folder: Path, path: Path, long: int, **words: str) -> tuple[LoadedFile, list[str]]:
    """Load a file into a new store, as a long one from so many bytes on."""
    store.create(folder, now=NOW)
    with pytest.MonkeyPatch.context() as patch, store.open_writer(folder) as writer:
        patch.setattr(load, "LONG", long)
        (found,) = ingest.load_files(writer, [path], author="a", now=NOW, **words)  # type: ignore[arg-type]
    assert store.verify(folder).first_difference is None
    # Of literals that the store writes alike a short file counts each, as they stand in it.
    alike = found.model_copy(update={"triples": found.added})
    return alike, [changeset.hash for changeset in store.changesets(store.open_view(folder))]


@pytest.mark.parametrize("name", ["a.ttl", "a.ttl.gz"])
def test_a_long_file_gives_the_same_changeset(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    text = TURTLE.encode()
    Path(name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    monkeypatch.setattr(bulk, "_BATCH", 3)
    monkeypatch.setattr(bulk, "_LINES", 5)
    assert loaded(tmp_path / "long.store", Path(name), 0) == loaded(
        tmp_path / "short.store", Path(name), 10**9
    )
    left = {path.suffix for path in (tmp_path / "long.store").rglob("*") if path.is_file()}
    assert ".tmp" not in left


def test_a_packed_file_is_long_by_what_it_unpacks_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = b"<urn:a> <urn:p> <urn:b> .\n" * 4000
    for name in ("a.nt.gz", "named_otherwise.nt"):
        (tmp_path / name).write_bytes(gzip.compress(text))
        assert (tmp_path / name).stat().st_size < 2000
        assert is_long(tmp_path / name, len(text))
        assert not is_long(tmp_path / name, len(text) + 1)
    filled: list[str | None] = []
    fill = store.FolderWriter.fill

    def noted(
        writer: store.FolderWriter, change: store.Change, lines: Iterable[bytes], *, now: datetime
    ) -> object:
        filled.append(change.source)
        return fill(writer, change, lines, now=now)

    monkeypatch.setattr(store.FolderWriter, "fill", noted)
    for length in (len(text) + 1, len(text)):
        loaded(tmp_path / f"{length}.store", tmp_path / "a.nt.gz", length)
    assert filled == [(tmp_path / "a.nt.gz").as_posix()]


def test_what_the_end_of_a_packed_file_says_of_its_length_is_not_believed(tmp_path: Path):
    packed = gzip.compress(b"x" * 1000)
    for said in (0, 10**9):
        (tmp_path / "a.nt.gz").write_bytes(packed[:-4] + said.to_bytes(4, "little"))
        assert not is_long(tmp_path / "a.nt.gz", 2000)
    (tmp_path / "cut.nt.gz").write_bytes(packed[:-10])
    assert not is_long(tmp_path / "cut.nt.gz", 2000)
    (tmp_path / "two.nt.gz").write_bytes(packed + packed)
    assert is_long(tmp_path / "two.nt.gz", 2000)
    assert not is_long(tmp_path / "none.nt.gz", 0)
    assert not is_long(tmp_path, 0)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
LITERAL = TEXT.map(lambda text: '"' + "".join(ESCAPES.get(one, one) for one in text) + '"')
OBJECT = st.one_of(
    LITERAL,
    LITERAL.map(lambda one: one + "@de-CH"),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(
        lambda one: f'"{one:f}"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    ),
    st.tuples(LITERAL, st.sampled_from(["integer", "dateTime", "string", "other"])).map(
        lambda pair: f"{pair[0]}^^<http://www.w3.org/2001/XMLSchema#{pair[1]}>"
    ),
    st.sampled_from(["_:x", "_:y", "<urn:o>", "<urn:o_:x>"]),
)
LINES = st.lists(st.tuples(st.sampled_from(["<urn:a>", "_:x", "_:z.1"]), OBJECT), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_whatever_it_says_it_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]]
):
    folder = tmp_path_factory.mktemp("long")
    text = "".join(f"{subject} <urn:p> {value} .\n" for subject, value in lines)
    (folder / "a.nt").write_text(text, encoding="utf-8")
    long, short = (loaded(folder / f"{n}.store", folder / "a.nt", n) for n in (0, 10**9))
    assert long == short


def test_an_iri_with_the_signs_of_a_blank_node_is_left_alone(tmp_path: Path):
    text = io.BytesIO(b"<urn:a_:b> <urn:p> <urn:_:c> .\n")
    with bulk.sorted_lines(text, "ntriples", base="urn:g", name="x", graph="urn:g", folder=tmp_path) as lines:
        assert list(lines) == [b"<urn:a_:b> <urn:p> <urn:_:c> <urn:g> .\n"]


def test_all_faults_of_a_long_file_are_told_and_nothing_is_loaded(tmp_path: Path):
    (tmp_path / "a.nt").write_text("<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn p> .\n<urn:c> oops .\n")
    with pytest.raises(SyntaxProblemError) as caught:
        loaded(tmp_path / "a.store", tmp_path / "a.nt", 0)
    assert [problem.line for problem in caught.value.problems] == [2, 3]
    assert store.changesets(store.open_view(tmp_path / "a.store")) == []


def test_a_long_file_loaded_again_is_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(load, "LONG", 0)
    place, file = tmp_path / "a.store", tmp_path / "a.nt"
    store.create(place, now=NOW)
    with store.open_writer(place) as writer:
        for text in ("<urn:a> <urn:p> <urn:b> .\n", "<urn:a> <urn:p> <urn:c> .\n", "", ""):
            file.write_text(text)
            ingest.load_files(writer, [file], author="a", now=NOW)
    changes = [(one.added, one.removed) for one in store.changesets(store.open_view(place))]
    assert changes == [(1, 0), (1, 1), (0, 1)]
    assert store.verify(place).intact


def test_an_empty_long_file_leaves_no_patch(tmp_path: Path):
    (tmp_path / "a.nt").write_text("# nothing\n")
    found, hashes = loaded(tmp_path / "a.store", tmp_path / "a.nt", 0)
    assert (found.triples, found.changeset, hashes) == (0, None, [])
    assert list((tmp_path / "a.store" / "changesets").iterdir()) == []


def test_a_disk_that_is_full_while_lines_are_sorted_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bulk, "_LINES", 1)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    (tmp_path / "a.nt").write_text("<urn:a> <urn:p> <urn:b> .\n")
    with pytest.raises(StoreUnusableError, match="could not be written: No space left on device"):
        loaded(tmp_path / "a.store", tmp_path / "a.nt", 0)
    assert store.changesets(store.open_view(tmp_path / "a.store")) == []


def test_a_long_text_is_decoded_across_its_portions(tmp_path: Path):
    long = "# " + "x" * ((1 << 20) - 3) + "é\n<urn:a> <urn:p> <urn:b> .\n"
    (tmp_path / "a.nt").write_text(long, encoding="utf-8")
    assert read_source(tmp_path / "a.nt").text == long.encode()
    (tmp_path / "b.nt").write_bytes(long.encode() + b"# \xff\n")
    with pytest.raises(InputNotReadableError, match="it has the byte 0xFF") as caught:
        read_source(tmp_path / "b.nt")
    assert [(one.line, one.column) for one in caught.value.problems] == [(3, 3)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_what_gives_its_content_but_once_is_not_looked_into(tmp_path: Path):
    pipe = tmp_path / "a.ttl"
    os.mkfifo(pipe)
    assert not is_long(pipe, 1)
