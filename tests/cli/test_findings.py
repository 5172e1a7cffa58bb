"""Findings in every form, on stdout and in a file, with the same exit status in all of them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from rdflib import RDF, SH, Graph

from aimsgraph.answers import FINDINGS_FORMATS
from aimsgraph.cli.findings import form_of
from aimsgraph.cli.ledger import tell_ledger
from aimsgraph.model.ledger import Ledger
from tests.cli.conftest import GRAPH, Shell
from tests.serving import ended

if TYPE_CHECKING:
    from collections.abc import Callable


def in_turtle(text: str) -> int:
    return len(list(Graph().parse(data=text, format="turtle").subjects(RDF.type, SH.ValidationResult)))


def in_json_ld(text: str) -> int:
    return sum(
        node["@type"] == "sh:ValidationResult" for node in json.loads(text)["@graph"] if "@type" in node
    )


def in_junit(text: str) -> int:
    root = ElementTree.fromstring(text.encode())  # noqa: S314 (the program under test wrote it)
    told = "\n".join(element.text or "" for tag in ("failure", "system-out") for element in root.iter(tag))
    return sum(line.startswith(("violation: ", "warning: ", "info: ")) for line in told.splitlines())


#: How many findings a text holds.
COUNT: dict[str, Callable[[str], int]] = {
    "json": lambda text: len(json.loads(text)["findings"]),
    "ttl": in_turtle,
    "jsonld": in_json_ld,
    "sarif": lambda text: len(json.loads(text)["runs"][0]["results"]),
    "junit": in_junit,
    "csv": lambda text: len(list(csv.DictReader(io.StringIO(text)))),
    "html": lambda text: text.count('<tr><td><span class="badge '),
}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A folder with the file ``small.ttl``, which is faulty in many ways."""
    made = Shell(tmp_path_factory.mktemp("findings"))
    made.write("small.ttl", GRAPH)
    return made


@pytest.fixture(scope="module")
def findings(shell: Shell) -> list[dict[str, str | None]]:
    """The findings about ``small.ttl``, by ``--json``."""
    found = json.loads(shell("check", "small.ttl", "--json").stdout)["findings"]
    assert isinstance(found, list)
    return found


def test_every_form_is_tried_here() -> None:
    assert set(COUNT) == set(FINDINGS_FORMATS)


@pytest.mark.parametrize("form", FINDINGS_FORMATS)
def test_a_file_of_each_form_holds_every_finding(
    shell: Shell, findings: list[dict[str, str | None]], form: str
) -> None:
    done = shell("check", "small.ttl", "--format", form, "-o", f"{form}.out")
    content = (shell.folder / f"{form}.out").read_bytes()
    assert COUNT[form](content.decode()) == len(findings) > 10
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Wrote {form}.out ({len(content):,} bytes, {len(findings)} findings).\n"


def test_a_store_is_told_in_the_forms_too_and_on_stdout_as_in_a_file(small: Shell) -> None:
    printed = small("validate", "--format", "junit")
    assert (printed.returncode, printed.stderr) == (1, "")
    assert small("validate", "-o", "out.xml", "--fail-on", "never").returncode == 0
    assert (small.folder / "out.xml").read_text(encoding="utf-8") == printed.stdout
    assert small("validate", "--json").stdout == small("validate", "--format", "json").stdout


def test_a_table_in_a_file_is_plain_text(shell: Shell) -> None:
    assert shell("check", "small.ttl", "-o", "findings.txt", "--rows", "3").returncode == 1
    lines = (shell.folder / "findings.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].strip().startswith("How complete, as on ")
    assert max(map(len, lines)) <= 120
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize(
    ("format_", "name", "as_json", "form"),
    [
        (None, None, False, "table"),
        (None, None, True, "json"),
        ("json", "a.csv", True, "json"),
        ("sarif", "a.json", False, "sarif"),
        (None, "a.sarif", False, "sarif"),
        (None, "a.xml", False, "junit"),
        (None, "a.HTM", False, "html"),
        (None, "a.ttl", False, "ttl"),
        (None, "a.txt", False, "table"),
        (None, "csv", False, "table"),
    ],
)
def test_the_form_is_the_one_named_or_that_of_the_file(
    format_: str | None, name: str | None, as_json: bool, form: str
) -> None:
    assert form_of(format_, Path(name) if name else None, as_json) == form


def test_two_forms_at_once_are_refused_before_anything_is_checked(empty: Shell) -> None:
    done = empty("check", "absent.ttl", "--json", "--format", "csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Give --json or --format csv, not both." in done.stderr


def test_a_file_that_cannot_be_written_is_told_and_ends_with_2(shell: Shell) -> None:
    done = shell("check", "small.ttl", "-o", "absent/findings.sarif")
    assert (done.returncode, done.stdout) == (2, "")
    assert "absent/findings.sarif could not be written" in done.stderr


def test_the_history_says_when_a_finding_came_and_went(small: Shell, capsys: pytest.CaptureFixture[str]):
    small.write("small.ttl", GRAPH.replace('aims:Dataset ; rdfs:label "Raw data"', "aims:Dataset"))
    small.ok("load", "small.ttl")
    last = json.loads(small.ok("log", "--json"))["changesets"][-1]["number"]
    over_time = small.ok("validate", "--history", "--json")
    spans = json.loads(over_time)["spans"]
    label = [one for one in spans if one["finding"]["shape"].endswith("/LabelGiven")]
    assert [(one["opened_by"], one["closed_by"]) for one in label] == [(last, None)]
    expired = [one for one in spans if one["finding"]["shape"].endswith("/EvidenceFresh")]
    assert len(expired) == 1
    standing = json.loads(small("validate", "--json").stdout)["findings"]
    told = [one["finding"] for one in spans if one["closed_on"] is None]
    assert sorted(map(str, told)) == sorted(map(str, standing))
    tell_ledger(Ledger.model_validate_json(over_time), as_json=False, rows=5)
    assert "stands" in capsys.readouterr().out


def test_the_history_takes_no_shapes_and_no_form(small: Shell):
    done = small("validate", "--history", "--format", "csv")
    assert done.returncode == 2
    assert "--history and --watch take no" in done.stderr


def test_the_table_says_how_complete_each_clause_and_each_owner_is(small: Shell):
    told = small("validate", "--by", "requirement").stdout
    assert "5.3 Roles, responsibilities and authorities" in told
    assert "AI governance" not in told
    small.write("owner.ttl", GRAPH.splitlines()[1] + """
        @prefix ex: <https://example.org/meridian/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        ex:raw aims:ownedBy ex:ada . ex:ada a aims:Owner ; rdfs:label "Ada" .
    """)  # fmt: skip
    small.ok("load", "owner.ttl")
    assert "│ Ada " in small("validate", "--by", "owner").stdout


def test_check_says_in_which_line_of_which_file(empty: Shell):
    empty.write("a.ttl", GRAPH)
    empty.write("b.ttl", GRAPH.splitlines()[1] + "\n<urn:r> a aims:Risk ;\n  aims:ordinalLikelihood 9 .")
    done = empty("check", "a.ttl", "b.ttl", "--json")
    found = {
        (one["shape"].rpartition("/")[2], one["file"], one["line"])
        for one in json.loads(done.stdout)["findings"]
    }
    assert ("OrdinalInRange", "b.ttl", 3) in found
    assert ("OwnerNamed", "b.ttl", 2) in found
    assert {file for _, file, _ in found} == {"a.ttl", "b.ttl"}
    assert "b.ttl:3" in empty("check", "a.ttl", "b.ttl", "--rows", "100").stdout
    sarif = json.loads(empty("check", "b.ttl", "--format", "sarif").stdout)["runs"][0]["results"]
    assert {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in sarif} == {"b.ttl"}


def test_the_fix_list_names_what_lifts_the_score(small: Shell):
    answer = json.loads(small.ok("validate", "--fix-list", "--json"))
    assert {one["owner_label"] for one in answer["mendings"]} == {None}
    assert sum(one["checks"] for one in answer["mendings"]) == answer["applicable"] - answer["passed"]
    assert "What to mend first" in small.ok("validate", "--fix-list", "--rows", "2")


def test_watch_says_what_comes_and_goes_while_others_load(small: Shell):
    command = [sys.executable, "-m", "aimsgraph", "validate", "--watch"]
    with subprocess.Popen(command, cwd=small.folder, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        with ended(watching):
            first = watching.stdout.readline()
            assert first.endswith("findings now. Waiting for changes; Ctrl-C ends.\n")
            small.write("more.ttl", GRAPH.splitlines()[1] + "\n<urn:r> a aims:Risk .")
            small.ok("load", "more.ttl")
            told: list[str] = []
            while not (line := watching.stdout.readline()).endswith("Ctrl-C ends.\n"):
                told.append(line)
            assert told
            assert all(line.startswith("+ ") and "urn:r" in line for line in told)
        assert watching.returncode == 0


def test_a_profile_makes_a_part_of_the_checks_and_is_named(shell: Shell) -> None:
    whole = json.loads(shell("check", "small.ttl", "--json", "--fail-on", "never").stdout)
    part = json.loads(
        shell("check", "small.ttl", "--profile", "minimal", "--json", "--fail-on", "never").stdout
    )
    assert whole["profile"] is None
    assert part["profile"]["name"] == "minimal"
    assert part["profile"]["checks"] < part["profile"]["of"]
    assert {one["id"] for one in part["findings"]} < {one["id"] for one in whole["findings"]}


def test_an_unknown_profile_is_wrong_usage(shell: Shell) -> None:
    done = shell("check", "small.ttl", "--profile", "stage-3")
    assert done.returncode == 2
    assert "Profiles of aimsgraph: high-risk-system, minimal" in done.stderr
    assert done.stdout == ""
