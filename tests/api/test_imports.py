"""Files come in over HTTP by their names alone, whole or not at all; what is hostile in them does nothing."""

from __future__ import annotations

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

import aimsgraph
from tests.api.small import EX, TURTLE, made, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

LARGEST = 8 << 20
GOOD = TURTLE.replace("ex:bo", "ex:di").encode()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    with serving(store, "editor", largest=LARGEST) as client:
        yield client


def sent(client: TestClient, *files: tuple[str, bytes], **asked: str) -> Any:
    return client.post("/imports", params=asked, files=[("file", one) for one in files])


def test_files_are_loaded_under_their_names(client: TestClient, store: Path) -> None:
    answer = sent(client, ("finance/second.ttl", GOOD), message="Two")
    assert answer.status_code == 200, answer.text
    (loaded,) = answer.json()["files"]
    assert (loaded["path"], loaded["added"]) == ("finance/second.ttl", 4)
    newest = next(one for one in reversed(aimsgraph.open(store).log()) if one.source)
    assert (newest.source, newest.message, newest.author) == ("finance/second.ttl", "Two", "anonymous")
    gone = client.delete("/imports", params={"source": "finance/second.ttl"})
    assert (gone.status_code, len(gone.json()["difference"]["removed"])) == (200, 4)


def test_one_file_comes_as_the_body(client: TestClient) -> None:
    answer = client.post(
        "/imports", params={"source": "raw", "dry_run": "true"}, content=GOOD,
        headers={"Content-Type": "text/turtle"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert (answer.json()["files"][0]["path"], len(answer.json()["tried"]["added"])) == ("raw", 4)


def test_every_fault_of_every_file_is_told_and_nothing_is_loaded(client: TestClient, store: Path) -> None:
    before = aimsgraph.open(store).view().snapshot
    answer = sent(client, ("a.ttl", b"<urn:a> <urn:b> \n"), ("b.nt", b"x\ny\n"), ("good.ttl", GOOD))
    assert (answer.status_code, answer.json()["code"]) == (400, "syntax")
    told = " ".join(answer.json()["problems"])
    assert "a.ttl:1" in told
    assert "b.nt:1" in told
    assert "b.nt:2" in told
    assert "/tmp" not in answer.text  # noqa: S108 - where they lay is nobody's business
    assert aimsgraph.open(store).view().snapshot == before


def test_the_gate_stands_before_files_too(client: TestClient) -> None:
    risk = TURTLE.encode() + b'ex:r a aims:Risk ; rdfs:label "R" .'
    answer = sent(client, ("r.ttl", risk), dry_run="true")
    assert (answer.status_code, answer.json()["code"]) == (422, "findings")
    assert {one["focus"] for one in answer.json()["findings"]} == {EX + "r"}
    assert sent(client, ("r.ttl", risk), dry_run="true", gate="false").status_code == 200


def test_a_table_comes_in_by_a_mapping(client: TestClient) -> None:
    table = b"ID,Risk,Owner\nR1,Wrong prices,Ana\n"
    answer = sent(client, ("register.csv", table), dry_run="true", gate="false")
    assert answer.status_code in (200, 400), answer.text
    assert answer.json().get("mapping") == "risk-register" or answer.json()["code"] == "mapping"
    nowhere = sent(client, ("register.csv", table), mapping="../../../etc/passwd")
    assert (nowhere.status_code, nowhere.json()["code"]) == (400, "mapping")


@pytest.mark.parametrize(
    "name",
    ["", "../x.ttl", "a/../../x.ttl", "/etc/x.ttl", "C:\\x.ttl", "C:x.ttl", "a\\b.ttl", "a\nb.ttl", "a\x00.ttl",
     "a//b.ttl", "./a.ttl", ".", "a/", "nul", "COM1.ttl", "@edits", "a ", "a.",
     "x" * 201, "y/" * 199 + "x.ttl", "\u202egpj.ttl"],
)  # fmt: skip
def test_a_name_is_never_a_path(client: TestClient, name: str) -> None:
    answer = client.post(
        "/imports", params={"source": name}, content=GOOD, headers={"Content-Type": "text/turtle"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "input-not-readable"), answer.text


def test_a_misspelt_column_of_a_table_is_an_error_of_the_import(client: TestClient, store: Path) -> None:
    before = aimsgraph.open(store).view().snapshot
    answer = sent(client, ("register.csv", b"ID,Title,Likelihod\n1,Late prices,4\n"), gate="false")
    assert (answer.status_code, answer.json()["code"]) == (400, "mapping")
    (fault,) = answer.json()["problems"]
    assert (
        fault == "no column is called Likelihod, which holds values; did you mean Likelihood? @ register.csv"
    )
    assert aimsgraph.open(store).view().snapshot == before


def test_two_files_cannot_have_one_name(client: TestClient) -> None:
    for names in (("a.ttl", "A.ttl"), ("a", "a/b.ttl")):
        answer = sent(client, *((name, GOOD) for name in names))
        assert (answer.status_code, answer.json()["code"]) == (400, "input-not-readable"), names


XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
HOSTILE = {
    "zeros.ttl.gz": gzip.compress(bytes(40 << 20), 1),
    "nested.ttl.gz": gzip.compress(gzip.compress(GOOD)),
    "laughs.rdf": f'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>{XML}<e:A e:p="&b;"/></rdf:RDF>'.encode(),
    "blowup.rdf": (
        f'<!DOCTYPE r [<!ENTITY a "{"x" * 190}">]>{XML}<e:A e:p="{"&a;" * 200_000}"/></rdf:RDF>'.encode()
    ),
    "file.rdf": f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>{XML}<e:A e:p="&a;"/></rdf:RDF>'.encode(),
    "deep.jsonld": b'{"@id":"urn:a","urn:p":' * 40_000 + b"1" + b"}" * 40_000,
    "deep.rdf": (XML + "<e:A><e:p>" * 20_000 + "</e:p></e:A>" * 20_000 + "</rdf:RDF>").encode(),
    "deep.nt": b"<urn:a> <urn:p> " + b"<<( <urn:s> <urn:p> " * 40_000 + b"<urn:x>" + b" )>>" * 40_000 + b" .",
}


def test_what_is_hostile_is_refused_and_the_server_stays(client: TestClient) -> None:
    answer = sent(client, *HOSTILE.items())
    assert answer.status_code == 400, answer.text
    told = {one.rpartition(" @ ")[2].partition(":")[0] for one in answer.json()["problems"]}
    assert told == set(HOSTILE)
    assert "root:" not in answer.text
    assert client.get("/health").status_code == 200


def test_records_with_aliases_or_without_end_are_refused(client: TestClient) -> None:
    laughs = b"a: &a [x, x]\nb: &b [*a, *a]\nrisks: [*b, *b]\n"
    for text in (laughs, b"[" * 100_000):
        answer = sent(client, ("r.yaml", text), mapping="ai-atlas-nexus")
        assert (answer.status_code, answer.json()["code"]) == (400, "input-not-readable"), answer.text


def test_a_body_has_a_size(client: TestClient) -> None:
    answer = sent(client, ("large.ttl", b"#" * (LARGEST + 1)))
    assert answer.status_code == 413
    packed = client.post(
        "/imports",
        params={"source": "x.ttl"},
        content=b"",
        headers={"Content-Type": "text/turtle", "Content-Encoding": "gzip"},
    )
    assert (packed.status_code, packed.json()["code"]) == (415, "media-type")


def test_nothing_that_a_document_mentions_is_fetched(client: TestClient) -> None:
    asked: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Canary) as canary:
        thread = threading.Thread(target=canary.serve_forever)
        thread.start()
        there = f"http://127.0.0.1:{canary.server_port}/c"
        texts = {
            "a.jsonld": f'{{"@context": "{there}", "@id": "urn:a", "urn:p": 1}}',
            "b.rdf": f'<!DOCTYPE r SYSTEM "{there}">{XML}<e:A e:p="x"/></rdf:RDF>',
            "c.rdf": f'<!DOCTYPE r [<!ENTITY a SYSTEM "{there}">]>{XML}<e:A e:p="&a;"/></rdf:RDF>',
        }
        answer = sent(client, *((name, text.encode()) for name, text in texts.items()))
        canary.shutdown()
        thread.join()
    assert answer.status_code == 400
    assert asked == []


def test_files_are_checked_without_being_kept(client: TestClient, store: Path) -> None:
    before = aimsgraph.open(store).view().snapshot
    risk = TURTLE.encode() + b'ex:r a aims:Risk ; rdfs:label "R" .'
    answer = client.post("/validation", files=[("file", ("r.ttl", risk))])
    assert answer.status_code == 200, answer.text
    assert {(one["focus"], one["file"]) for one in answer.json()["findings"]} >= {(EX + "r", "r.ttl")}
    assert aimsgraph.open(store).view().snapshot == before
    nowhere = client.post("/validation", params={"profile": "/etc/passwd"}, files=[("file", ("r.ttl", risk))])
    assert (nowhere.status_code, nowhere.json()["code"]) == (400, "usage")
