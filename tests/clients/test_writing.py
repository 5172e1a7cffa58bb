"""What the client writes is a changeset, and what the server does not write is an error of the engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aimsgraph import errors
from aimsgraph.client import Client
from tests.clients.conftest import needs
from tests.clients.scripted import scripted
from tests.clients.test_connection import PROBLEM

if TYPE_CHECKING:
    from pathlib import Path

OWNER = """@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/meridian/owner/%s> a aims:Owner ; rdfs:label "%s"@en .
"""


@pytest.fixture
def there(editable: str) -> Client:
    return Client(editable)


def owner(folder: Path, name: str) -> Path:
    file = folder / f"{name}.ttl"
    file.write_text(OWNER % (name, name), encoding="utf-8")
    return file


def test_an_update_is_a_changeset_and_expects_its_head(there: Client, editable: str):
    needs(editable, "/sparql/update")
    inserted = "INSERT DATA { ex:by-client a aims:Model ; rdfs:label 'By the client' }"
    assert there.update(inserted, dry_run=True).dry_run
    assert not there.sparql("ASK { ex:by-client ?p ?o }")
    head = there.log()[-1].hash
    done = there.update(inserted, message="First, with Ümlaut", expected=head)
    assert [one.message for one in done.changesets] == ["First, with Ümlaut"]
    assert there.sparql("ASK { ex:by-client ?p ?o }")
    with pytest.raises(errors.StoreMovedError):
        there.update("DELETE WHERE { ex:by-client ?p ?o }", expected=head)
    there.update("DELETE WHERE { ex:by-client ?p ?o }")


def test_who_may_not_write_is_told_so(client: Client, address: str):
    needs(address, "/sparql/update")
    with pytest.raises(errors.NotPermittedError):
        client.update("DELETE WHERE { ?s ?p ?o }")


def test_files_are_loaded_and_taken_out(there: Client, editable: str, tmp_path: Path):
    needs(editable, "/api/v1/imports")
    files = [owner(tmp_path, "client-ada"), owner(tmp_path, "client-bob")]
    tried = there.load(*files, dry_run=True)
    assert tried.tried
    assert len(tried.tried.added) == 4
    loaded = there.load(*files, message="Two owners", expected=there.log()[-1].hash)
    assert [(one.path, one.triples, one.added) for one in loaded.files] == [
        ("client-ada.ttl", 2, 2),
        ("client-bob.ttl", 2, 2),
    ]
    assert "client-bob" in [one.label for one in there.nodes(type="aims:Owner")]
    assert there.history(source="client-bob.ttl").changesets[-1].message == "Two owners"
    removed = there.remove("client-ada.ttl", "client-bob.ttl")
    assert sorted(one.source for one in removed.changesets if one.source) == [
        "client-ada.ttl",
        "client-bob.ttl",
    ]
    assert "client-bob" not in [one.label for one in there.nodes(type="aims:Owner")]


def test_every_fault_of_every_file_is_told(there: Client, editable: str, tmp_path: Path):
    needs(editable, "/api/v1/imports")
    files = [tmp_path / "first.ttl", tmp_path / "second.ttl"]
    for file in files:
        file.write_text("<urn:a> <urn:b", encoding="utf-8")
    with pytest.raises(errors.SyntaxProblemError) as found:
        there.load(*files)
    assert len(found.value.problems) == 2
    with pytest.raises(errors.UsageError):
        there.load()
    with pytest.raises(errors.InputNotReadableError):
        there.load(tmp_path / "none.ttl")


def test_a_job_is_followed_to_its_end(there: Client, editable: str, tmp_path: Path):
    needs(editable, "/api/v1/imports", "/api/v1/jobs")
    begun = there.start_load(owner(tmp_path, "client-job"), fail_on="never")
    seen: list[str] = []
    ended = there.wait(begun.id, seconds=120, progress=lambda status: seen.append(status.id))
    assert (ended.state, ended.over, set(seen) <= {begun.id}) == ("done", True, True)
    assert b'"client-job.ttl"' in there.result(begun.id)
    assert begun.id in [one.id for one in there.jobs()]
    there.cancel(begun.id)
    with pytest.raises(errors.AimsgraphError) as found:
        there.job(begun.id)
    assert found.value.code == "job-not-found"
    there.remove("client-job.ttl")


def test_a_job_that_fails_fails_here(there: Client, editable: str, tmp_path: Path):
    needs(editable, "/api/v1/imports", "/api/v1/jobs")
    faulty = tmp_path / "faulty.ttl"
    faulty.write_text("<urn:a> <urn:b", encoding="utf-8")
    begun = there.start_load(faulty)
    with pytest.raises(errors.SyntaxProblemError, match=r"faulty\.ttl"):
        there.wait(begun.id, seconds=120)


def test_new_findings_come_with_the_error():
    finding = {
        "shape": "urn:s", "focus": "urn:f", "focus_label": "F", "path": None, "value": None, "component": "Min",
        "severity": "violation", "message": "m", "requirement": None, "area": None, "fix": None, "id": "0123456789",
    }  # fmt: skip
    content = json.dumps({"code": "findings", "detail": "Why.", "findings": [finding]}).encode()
    with scripted((422, PROBLEM, content)) as server, pytest.raises(errors.AimsgraphError) as found:
        Client(server.address).update("DELETE WHERE { ?s ?p ?o }")
    (one,) = vars(found.value)["findings"]
    assert (one.focus, one.severity) == ("urn:f", "violation")
