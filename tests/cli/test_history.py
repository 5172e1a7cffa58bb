"""The past is seen, compared and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import GRAPH, Shell


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A store whose small graph was loaded, and changed by somebody else."""
    shell = Shell(tmp_path_factory.mktemp("history"))
    shell.ok("init")
    shell.write("small.ttl", GRAPH)
    shell.ok("load", "small.ttl", "--author", "ada", "-m", "first")
    shell.write(
        "small.ttl",
        GRAPH.replace('"Raw data"', '"Old data"').replace("ex:twin2 a aims:Dataset", "ex:twin2 a aims:Model"),
    )
    shell.ok("load", "small.ttl", "--author", "bob", "-m", "second")
    return shell


def numbers(shell: Shell, *words: str) -> list[int]:
    return [one["number"] for one in json.loads(shell.ok("log", *words, "--json"))["changesets"]]


def test_every_reading_command_shows_the_store_as_it_was(changed: Shell):
    first = str(numbers(changed, "--author", "ada")[0])
    then = json.loads(changed.ok("lineage", "Model", "--as-of", first, "--json"))
    assert [node["label"] for node in then["nodes"]] == ["Clean data", "Raw data"]
    now = json.loads(changed.ok("lineage", "Model", "--json"))
    assert [node["label"] for node in now["nodes"]] == ["Clean data", "Old data"]
    assert then["snapshot"] != now["snapshot"]
    text = "SELECT ?l WHERE { ?s rdfs:label ?l FILTER(?l IN ('Raw data', 'Old data')) }"
    assert changed.ok("query", "-", "--as-of", first, "--format", "csv", stdin=text).split() == [
        "l", "Raw", "data",
    ]  # fmt: skip
    for words in (
        ("impact", "ex:raw"), ("trace", "Check"), ("nodes",), ("diagram", "Model", "--format", "dot"),
        ("validate", "--fail-on", "never"), ("report", "-o", "r.html"),
    ):  # fmt: skip
        assert changed(*words, "--as-of", first).returncode == 0
    assert "Raw data" in (changed.folder / "r.html").read_text()


def test_the_log_of_the_past_ends_there(changed: Shell):
    first = numbers(changed, "--author", "ada")[0]
    assert numbers(changed, "--as-of", str(first)) == list(range(1, first + 1))
    today = changed.ok("log", "--json")
    day = json.loads(today)["changesets"][-1]["time"][:10]
    assert changed.ok("log", "--as-of", day, "--json") == today


def test_the_log_of_a_node_has_what_concerned_it(changed: Shell):
    first, second = numbers(changed, "--source", "small.ttl")
    assert numbers(changed, "--node", "Old data") == [first, second]
    assert numbers(changed, "--node", "ex:control") == [first]
    assert numbers(changed, "--node", "https://example.org/nothing") == []


def test_a_log_of_a_node_that_nothing_was_ever_said_of_says_so(changed: Shell):
    for name in ("https://example.org/nothing", "ex:nothing", "<exx:raw>"):
        done = changed("log", "--node", name, "--json")
        assert (done.returncode, json.loads(done.stdout)["changesets"]) == (0, [])
        assert done.stderr.startswith(f"No such changeset says anything of {name}: is that its name?")
    assert changed("log", "--node", "ex:raw").stderr == ""


def test_a_log_of_a_mistyped_name_is_an_error_that_offers_another(changed: Shell):
    done = changed("log", "--node", "aism:Model")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "error: There is no prefix aism:, and nothing in the store has the name aism:Model. Did you mean aims?"
    )
    assert "There is no node named" in changed("log", "--node", "Old dat").stderr


def test_a_literal_is_told_with_its_language_or_datatype(tmp_path: Path):
    shell = Shell(tmp_path)
    shell.ok("init")
    shell.write(
        "a.ttl",
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        '<urn:a> <urn:p> "a" , "a"@de , 7 , "7" , true , 0.5 , "2026-03-03"^^xsd:date , "x"^^<urn:t> , '
        """'"7"^^xsd:integer' , 'say "\\\\"'@en , <urn:b> .""",
    )
    shell.ok("load", "a.ttl")
    assert sorted(shell.ok("diff", str(numbers(shell)[-2])).splitlines()[1:]) == sorted(
        "  + urn:p  " + value
        for value in (
            "a", '"a"@de', '"7"^^xsd:integer', "7", '"true"^^xsd:boolean', '"0.5"^^xsd:decimal',
            '"2026-03-03"^^xsd:date', '"x"^^urn:t', r'"\"7\"^^xsd:integer"', r'"say \"\\\""@en', "urn:b  urn:b",
        )
    )  # fmt: skip


def test_a_difference_is_told_node_by_node(changed: Shell):
    first, second = map(str, numbers(changed, "--source", "small.ttl"))
    assert changed.ok("diff", first, second).splitlines() == [
        "Old data (aims:Dataset)  ex:raw",
        "  − rdfs:label  Raw data",
        "  + rdfs:label  Old data",
        "Twin (aims:Model)  ex:twin2",
        "  − rdf:type  dataset  aims:Dataset",
        "  + rdf:type  model  aims:Model",
    ]
    back = changed.ok("diff", second, first).splitlines()
    assert back[1:3] == ["  − rdfs:label  Old data", "  + rdfs:label  Raw data"]


def test_no_text_can_pass_for_more_lines_of_a_difference(tmp_path: Path):
    shell = Shell(tmp_path)
    shell.ok("init")
    shell.write("odd.ttl", '<urn:a> <urn:p> "x\\n  + aims:owner  Bob\\u001B[2K\\u202E" .')
    shell.ok("load", "odd.ttl")
    assert shell.ok("diff", str(numbers(shell)[-2])).splitlines() == [
        "urn:a  urn:a", "  + urn:p  x\\n  + aims:owner  Bob\\x1b[2K\\u202e",
    ]  # fmt: skip


def test_a_difference_is_written_as_rdf_patch(changed: Shell):
    first, second = map(str, numbers(changed, "--source", "small.ttl"))
    lines = changed.ok("diff", first, second, "--format", "patch").splitlines()
    assert [line.split()[0] for line in lines] == ["H", "H", "TX", "D", "D", "A", "A", "TC"]
    assert lines[0].startswith('H prev "sha256:')


def test_a_dry_run_tells_what_would_change_and_changes_nothing(changed: Shell):
    before = changed.ok("log", "--json")
    changed.write("more.ttl", '<urn:x> <http://www.w3.org/2000/01/rdf-schema#label> "X" .')
    done = changed("load", "more.ttl", "--dry-run")
    assert done.stdout.splitlines()[-2:] == ["X  urn:x", "  + rdfs:label  X"]
    assert "Nothing was written. It would add 1 statement and remove 0." in done.stderr
    tried = json.loads(changed.ok("load", "more.ttl", "--dry-run", "--json"))["tried"]
    assert [line.split()[0] for line in tried["added"]] == ["<urn:x>"]
    changed.write("r.csv", "ID,Risk\nR1,Leak\n")
    table = json.loads(changed.ok("import", "csv", "r.csv", "--dry-run", "--json"))
    assert any("Leak" in line for line in table["tried"]["added"])
    assert changed.ok("log", "--json") == before
    assert list((changed.folder / "aims.store" / "views").iterdir()) == []


def test_a_backup_is_brought_back(changed: Shell):
    made = json.loads(changed.ok("backup", "kept", "--json"))
    assert made["changesets"] == numbers(changed)[-1]
    back = json.loads(changed.ok("restore", "kept", "--store", "back.store", "--json"))
    assert (
        back["head"]
        == made["head"]
        == json.loads(changed.ok("verify", "--store", "back.store", "--json"))["head"]
    )
    again = changed("restore", "kept", "--store", "back.store")
    assert (again.returncode, "back.store already" in again.stderr) == (2, True)
    patch = next((changed.folder / "kept" / "changesets").iterdir())
    patch.write_bytes(patch.read_bytes()[:-1] + b"x")
    bad = changed("restore", "kept", "--store", "other.store")
    assert bad.returncode == 2
    assert "The backup at kept is not what its history says" in bad.stderr
    assert not (changed.folder / "other.store").exists()


def test_files_put_in_order_hold_the_same(changed: Shell):
    changed.ok("backup", "tidy")
    before = changed.ok("log", "--store", "tidy", "--json")
    done = json.loads(changed.ok("compact", "--store", "tidy", "--json"))
    assert done["joined"] > 0
    assert changed.ok("log", "--store", "tidy", "--json") == before
    assert changed("verify", "--store", "tidy").returncode == 0
    assert "Joined 0 files of patches to others" in changed("compact", "--store", "tidy").stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nodes", "--as-of", "2020-01-01"), "There is no state of the store as of 2020-01-01"),
        (("nodes", "--as-of", "2026-02-30"), "2026-02-30 is no day"),
        (("validate", "--as-of", "ffff"), "There is no changeset ffff"),
        (("validate", "--watch", "--as-of", "1"), "cannot be changed"),
        (("backup", "aims.store"), "There is something at aims.store already"),
        (("restore", "nowhere", "--store", "x.store"), "There is no store at nowhere"),
        (("compact", "--store", "nowhere"), "There is no store at nowhere"),
    ],
)
def test_what_cannot_be_is_told_in_one_paragraph(changed: Shell, words: tuple[str, ...], told: str):
    done = changed(*words)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_dates_are_judged_as_on_the_day_of_the_moment(changed: Shell):
    day = json.loads(changed.ok("log", "--json"))["changesets"][-1]["time"][:10]
    head = str(numbers(changed)[-2])
    assert json.loads(changed.ok("trace", "Check", "--as-of", head, "--json"))["date"] == day
    other = json.loads(changed.ok("trace", "Check", "--as-of", head, "--date", "2026-07-01", "--json"))
    assert other["date"] == "2026-07-01"
