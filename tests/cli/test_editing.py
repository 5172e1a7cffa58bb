"""``update`` and ``remove``: what they print, what they leave, and how they fail."""

from __future__ import annotations

import json

from tests.cli.conftest import Shell

EX = "https://example.org/meridian/"
RENAME = 'DELETE { ex:raw rdfs:label ?old } INSERT { ex:raw rdfs:label "Raw records" } WHERE { ex:raw rdfs:label ?old }'


def test_an_update_is_told_in_short_and_stands_in_the_history(small: Shell):
    small.write("rename.ru", RENAME)
    before = len(json.loads(small.ok("log", "--json"))["changesets"])
    said = small.ok("update", "rename.ru", "-m", "Say what it is", "--author", "ana")
    assert said == f"Changeset {before + 1}: 1 added, 1 removed. Say what it is\n"
    newest = json.loads(small.ok("log", "--json"))["changesets"][-1]
    assert (newest["author"], newest["message"], newest["source"]) == ("ana", "Say what it is", "rename.ru")
    assert "Raw records" in small.ok("nodes", "--type", "aims:Dataset")
    assert small.ok("update", "rename.ru") == "Nothing to change: everything is so already.\n"
    assert small.ok("verify").startswith("Intact")


def test_a_dry_run_shows_each_statement_and_writes_nothing(small: Shell):
    before = small.ok("log", "--json")
    done = small("update", "-", "--dry-run", stdin=RENAME)
    assert done.stdout == (
        "Raw data (aims:Dataset)  ex:raw\n"
        "  − rdfs:label  Raw data  [small.ttl]\n"
        "  + rdfs:label  Raw records  [@edits]\n"
    )
    assert done.stderr == "Nothing was written. It would add 1 statement and remove 1.\n"
    assert small.ok("log", "--json") == before
    told = json.loads(small.ok("update", "-", "--dry-run", "--json", stdin=RENAME))
    assert told["dry_run"] is True
    assert told["changesets"] == []
    real = json.loads(small.ok("update", "-", "--json", stdin=RENAME))
    assert [real["difference"][part] for part in ("older", "added", "removed")] == [
        told["difference"][part] for part in ("older", "added", "removed")
    ]
    assert real["difference"]["newer"] == real["changesets"][0]["hash"]


def test_a_source_is_removed_by_its_name_or_its_graph(small: Shell):
    small.write("other.ttl", f"<{EX}a> <{EX}p> <{EX}b> .")
    small.ok("load", "other.ttl")
    assert "− ex:p  b  ex:b" in small.ok("remove", "other.ttl", "--dry-run")
    edit = json.loads(
        small.ok("remove", "other.ttl", "https://w3id.org/aimsgraph/graph/source/small.ttl", "--json")
    )
    assert [(one["source"], one["message"]) for one in edit["changesets"]] == [
        ("other.ttl", "Remove other.ttl"),
        ("small.ttl", "Remove small.ttl"),
    ]
    assert json.loads(small.ok("nodes", "--json", "--type", "aims:Dataset"))["nodes"] == []
    assert len(json.loads(small.ok("log", "--json", "--source", "other.ttl"))["changesets"]) == 2
    assert small.ok("verify").startswith("Intact")


def test_a_name_that_no_source_has_brings_those_like_it_and_removes_none(small: Shell):
    before = small.ok("log", "--json")
    done = small("remove", "small.ttl", "smal.ttl")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: There is no source smal.ttl in the store. Did you mean small.ttl?\n"
    for reserved in ("https://w3id.org/aimsgraph/graph/history", "https://w3id.org/aimsgraph/graph/ontology"):
        assert small("remove", reserved).returncode == 2
    assert small.ok("log", "--json") == before


def test_a_refused_update_names_the_place_and_writes_nothing(small: Shell):
    before = small.ok("log", "--json")
    done = small("update", "-", stdin=f"{RENAME} ;\n  CLEAR GRAPH <https://w3id.org/aimsgraph/graph/history>")
    assert (done.returncode, done.stdout) == (2, "")
    assert "refused at line 2, column 15" in done.stderr
    assert small.ok("log", "--json") == before


def test_a_file_that_is_missing_or_empty_is_told(small: Shell):
    assert "cannot be read" in small("update", "none.ru").stderr
    assert "no update in -" in small("update", "-", stdin=" ").stderr
