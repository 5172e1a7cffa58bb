"""A file is found, unpacked and recognised, or the error says what it is instead."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from aimsgraph.errors import InputNotReadableError
from aimsgraph.ingest.source import Limits, read_source

RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
TURTLE = b"<urn:a> <urn:b> <urn:c> ."

FORMATS: list[tuple[str, bytes, str]] = [
    ("a.ttl", TURTLE, "turtle"),
    ("a.TTL", TURTLE, "turtle"),
    ("a.trig", TURTLE, "trig"),
    ("a.nt", TURTLE, "ntriples"),
    ("a.nq", TURTLE, "nquads"),
    ("a.jsonld", b"{}", "jsonld"),
    ("a.json", b"[]", "jsonld"),
    ("a.rdf", RDF, "rdfxml"),
    ("a.xml", b'<?xml version="1.0"?>\n' + RDF, "rdfxml"),
    ("a.owl", b"\xef\xbb\xbf\n" + RDF, "rdfxml"),
    ("a.owl", b"<!DOCTYPE rdf:RDF>" + RDF, "rdfxml"),
    ("a.owl", b"@prefix a: <urn:a> .", "turtle"),
    ("a.owl", b"# a comment\n" + TURTLE, "turtle"),
    ("a.owl", TURTLE, "turtle"),
    ("a.owl", b'{"@id": "urn:a"}', "jsonld"),
    ("a.rdf", b"@base <urn:a> .", "turtle"),
]


@pytest.mark.parametrize(("name", "text", "format_"), FORMATS)
@pytest.mark.parametrize("packed", [False, True])
def test_the_format_is_known_from_name_and_beginning(
    tmp_path: Path, name: str, text: bytes, format_: str, packed: bool
):
    path = tmp_path / (name + ".gz" if packed else name)
    path.write_bytes(gzip.compress(text) if packed else text)
    found = read_source(path)
    assert found.format == format_
    assert found.text == text.removeprefix(b"\xef\xbb\xbf")
    assert found.name == path.as_posix()


@pytest.mark.parametrize("format_", ["turtle", "ttl", ".ttl", "TTL"])
def test_a_given_format_wins(tmp_path: Path, format_: str):
    (tmp_path / "a.txt").write_bytes(TURTLE)
    assert read_source(tmp_path / "a.txt", format=format_).format == "turtle"


BAD: dict[str, tuple[bytes, str]] = {
    "a.txt": (TURTLE, "not known from the name's ending '.txt'"),
    "latin.ttl": (
        '<urn:a> <urn:b>\n "für" .'.encode("latin-1"),
        "not UTF-8: it has the byte 0xFC @ {path}:2:4",
    ),
    "wide.ttl": ("für".encode("utf-16"), "UTF-16, not UTF-8"),
    "cut.nt.gz": (gzip.compress(TURTLE * 99)[:-12], "gzip file is damaged"),
    "fake.nt.gz": (b"no gzip", "gzip file is damaged"),
    "large.nt": (b"#" * 2000, "larger than the 1,000 bytes"),
    "bomb.nt.gz": (gzip.compress(b"#" * 2000), "unpacks to more than the 1,000 bytes"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_told_with_its_reason(tmp_path: Path, name: str):
    text, reason = BAD[name]
    (tmp_path / name).write_bytes(text)
    with pytest.raises(InputNotReadableError) as caught:
        read_source(tmp_path / name, limits=Limits(1000))
    assert reason.format(path=(tmp_path / name).as_posix()) in caught.value.message
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].path == (tmp_path / name).as_posix()


def test_a_missing_file_a_folder_and_an_unknown_format_are_told(tmp_path: Path):
    with pytest.raises(InputNotReadableError, match="no such file"):
        read_source(tmp_path / "none.ttl")
    (tmp_path / "d.ttl").mkdir()
    with pytest.raises(InputNotReadableError, match="a folder"):
        read_source(tmp_path / "d.ttl")
    (tmp_path / "a.ttl").write_bytes(TURTLE)
    with pytest.raises(InputNotReadableError, match="yaml is no format"):
        read_source(tmp_path / "a.ttl", format="yaml")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES: dict[str, str] = {
    "a billion laughs": f'<!ENTITY l0 "lol">{LAUGHS}',
    "a file": '<!ENTITY x SYSTEM "file:///etc/passwd">',
    "an address": '<!ENTITY x PUBLIC "p" "http://127.0.0.1:9/">',
    "a parameter": '<!ENTITY % x "y">',
    "a long text": f'<!ENTITY x "{"y" * 300}">',
    "what cannot be read": "<!ENTITY x y>",
}


@pytest.mark.parametrize("what", ENTITIES)
def test_xml_that_could_unfold_or_fetch_is_refused_unparsed(tmp_path: Path, what: str):
    (tmp_path / "a.rdf").write_text(f"<!DOCTYPE a [{ENTITIES[what]}]>\n{RDF.decode()}")
    with pytest.raises(InputNotReadableError, match="entit"):
        read_source(tmp_path / "a.rdf")


def test_many_uses_of_an_abbreviation_count_against_the_limit(tmp_path: Path):
    uses = "&x;" * 300
    (tmp_path / "a.rdf").write_text(
        f'<!DOCTYPE a [<!ENTITY x "{"y" * 200}">]>\n<!-- {uses} -->{RDF.decode()}'
    )
    with pytest.raises(InputNotReadableError, match="too much"):
        read_source(tmp_path / "a.rdf", limits=Limits(10_000))
    assert read_source(tmp_path / "a.rdf", limits=Limits(100_000)).format == "rdfxml"
