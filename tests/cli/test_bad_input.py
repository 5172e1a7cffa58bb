"""Bad input gives one clear paragraph and its exit status, and leaves the store as it was."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys

import pytest

from tests.cli.conftest import Shell


def complaint(done: subprocess.CompletedProcess[str], status: int = 2) -> str:
    """Check that a command failed as documented, and return what it said."""
    assert done.returncode == status, (done.stdout, done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith(("error: ", "Usage: "))
    return done.stderr


def content(shell: Shell) -> str:
    return shell.ok("log", "--json")


@pytest.mark.parametrize(
    "words",
    [
        ("load", "x.ttl"),
        ("update", "x.ru"),
        ("remove", "x.ttl"),
        ("validate",),
        ("query", "x.rq"),
        ("lineage", "x"),
        ("impact", "x"),
        ("trace", "x"),
        ("diagram", "x"),
        ("report",),
        ("nodes",),
        ("log",),
        ("diff", "1"),
        ("verify",),
        ("import", "csv", "x.csv"),
        ("serve",),
    ],
    ids=" ".join,
)
def test_without_a_store_every_command_says_how_to_make_one(empty: Shell, words: tuple[str, ...]):
    said = complaint(empty(*words))
    assert "aims.store" in said
    assert "aimsgraph init" in said


def test_without_a_store_that_of_the_demo_or_the_only_one_nearby_is_named(small: Shell):
    one = (small.folder / "aims.store").rename(small.folder / "one.store")
    assert complaint(small("log")).endswith("or use the one there is with: --store one.store\n")
    shutil.copytree(one, small.folder / "sub" / "two.store")
    assert "or use" not in complaint(small("log"))
    shutil.copytree(one, small.folder / "aimsgraph-demo" / "meridian.store")
    assert "--store aimsgraph-demo/meridian.store" in complaint(small("query", "inventory"))


def test_the_questions_are_listed_and_explained_without_a_store(empty: Shell):
    assert "crosswalk" in empty.ok("query")
    assert "from" in empty.ok("query", "crosswalk", "--explain")


def test_what_is_wrong_with_parameters_is_told_once_each(small: Shell):
    said = complaint(small("query", "crosswalk"))
    assert said.count("to must be given") == 1
    assert said.count("for example to=euaiact:scheme") == 1
    said = complaint(small("query", "controls-for-area", "-p", "area=nonsense"))
    assert said.startswith("error: area: there is no node named 'nonsense'. ")
    assert "area=area:human-oversight" in said
    assert said.count("<https://w3id.org/aimsgraph/area/data-governance>") == 1
    said = complaint(small("query", "crosswalk", "-p", "from=A.6.2.4", "-p", "to=euaiact:scheme"))
    assert "Did you mean: Verification and validation <https://w3id.org/aimsgraph/iso42001/A.6.2.4>" in said
    said = complaint(small("query", "crosswalk", "-p", "from=iso42001:A.6.2.4", "-p", "to=nist"))
    offered = said.partition("Did you mean: ")[2]
    assert offered.count("<https://") == 2
    assert "/nist-ai-rmf/scheme>" in offered
    assert "/nist-ai-600-1/scheme>" in offered


def test_a_folder_that_is_no_store_is_not_taken_for_one(empty: Shell):
    (empty.folder / "aims.store").mkdir()
    (empty.folder / "aims.store" / "note.txt").write_text("mine")
    assert "aims.store" in complaint(empty("log"))
    assert "aims.store" in complaint(empty("init"))
    assert (empty.folder / "aims.store" / "note.txt").read_text() == "mine"


def test_making_a_store_twice_is_refused(small: Shell):
    before = content(small)
    assert "aims.store" in complaint(small("init"))
    assert content(small) == before


@pytest.mark.parametrize("command", ["lineage", "impact", "trace", "diagram"])
def test_an_unknown_node_gets_close_matches(small: Shell, command: str):
    said = complaint(small(command, "Clean dataa"))
    assert "Clean data" in said
    assert "https://example.org/meridian/clean" in said or "ex:clean" in said


def test_two_nodes_with_one_label_are_both_named(small: Shell):
    said = complaint(small("lineage", "Twin"))
    assert "https://example.org/meridian/twin1" in said
    assert "https://example.org/meridian/twin2" in said


def test_a_broken_turtle_file_names_file_line_and_reason_and_loads_nothing(small: Shell):
    before = content(small)
    small.write("broken.ttl", "@prefix ex: <https://example.org/> .\nex:a ex:b ex:c .\nex:d oops:e ex:f .\n")
    said = complaint(small("load", "small.ttl", "broken.ttl"))
    assert "broken.ttl:3" in said
    assert "oops" in said
    assert content(small) == before


def test_the_faults_of_all_files_are_told_at_once(small: Shell):
    small.write("one.ttl", "a b c")
    small.write("two.nt", "<x> <y>\n")
    said = complaint(small("load", "one.ttl", "two.nt", "gone.ttl"))
    assert "one.ttl" in said
    assert "two.nt" in said
    assert "gone.ttl" in said


def test_a_table_in_another_encoding_is_found_out_or_named(small: Shell):
    before = content(small)
    table = small.folder / "register.csv"
    table.write_bytes("Risk_ID,Risk_Description\nR1,Voreingenommenheit für Ältere\n".encode("utf-16-le"))
    said = complaint(small("import", "csv", "register.csv"))
    assert "register.csv" in said
    assert "--encoding" in said
    assert content(small) == before
    small.ok("import", "csv", "register.csv", "--encoding", "utf-16-le")


@pytest.mark.skipif(
    os.geteuid() == 0 and sys.platform != "linux", reason="needs a folder that refuses writing"
)
def test_an_unwritable_place_is_named(empty: Shell):
    # /proc refuses new entries even to an administrator.
    assert "/proc/aims.store" in complaint(empty("init", "--store", "/proc/aims.store"))
    assert "/proc/demo" in complaint(empty("demo", "--folder", "/proc/demo"))


def test_a_picture_in_a_missing_folder_is_named(small: Shell):
    assert "nowhere/x.svg" in complaint(small("diagram", "Model", "-o", "nowhere/x.svg"))


def test_a_store_of_a_later_version_is_refused_untouched(small: Shell):
    manifest = small.folder / "aims.store" / "aimsgraph.json"
    later = json.loads(manifest.read_text()) | {"format": 999}
    manifest.write_text(json.dumps(later))
    for words in (("log",), ("load", "small.ttl")):
        said = complaint(small(*words))
        assert "999" in said
    assert json.loads(manifest.read_text()) == later


def test_ctrl_c_in_the_middle_of_a_load_leaves_the_store_as_it_was(small: Shell):
    before = content(small)
    large = small.folder / "large.nt"
    with large.open("w") as lines:
        for number in range(100_000):
            lines.write(
                f"<https://example.org/{number}> <https://example.org/p> <https://example.org/{number + 1}> .\n"
            )
    command = [sys.executable, "-m", "aimsgraph", "load", "large.nt"]
    # As on a terminal: it says how far it is.
    told = os.environ | {"FORCE_COLOR": "1", "TERM": "xterm"}
    loading = subprocess.Popen(
        command, cwd=small.folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=told
    )
    assert loading.stderr is not None
    heard = ""
    while not re.search(r"[1-9]\d? %", heard) and (more := loading.stderr.read(1)):
        heard += more
    loading.send_signal(signal.SIGINT)
    _, said = loading.communicate(timeout=60)
    assert loading.returncode == 130, said
    assert "Interrupted" in said
    assert content(small) == before
    assert small.ok("verify")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("lineage", "Model", "--hops", "0"), "--hops"),
        (("lineage", "Model", "--direction", "sideways"), "sideways"),
        (("trace", "Model", "--date", "yesterday"), "2026-09-30"),
        (("query", "no-such-question"), "no-such-question"),
        (("query", "x.rq"), "x.rq"),
        (("lineag", "Model"), "lineage"),
        (("diagram", "Model", "-o", "x.bmp"), "bmp"),
        (("query", "model-lineage", "-p", "oops"), "KEY=VALUE"),
        (("diff", "77"), "77"),
        (("diagram", "Model", "--dimension", "aims:PrivacyDimension"), "dimension"),
        (("diagram", "Model", "--impact", "--type", "aims:Dataset"), "filters"),
        (("diagram", "Model", "--impact", "--threats"), "threats"),
        (("diagram", "Model", "--impact", "--direction", "up"), "direction"),
        (("weak-points", "Model", "--of", "aims:AISystem"), "of a class"),
        (("what-if", "Model", "--remove-node", "Model", "--direction", "down"), "direction"),
        (("serve", "--host", "0.0.0.0"), "loopback"),  # noqa: S104 - it must be refused
    ],
)
def test_wrong_usage_names_the_wrong_word(small: Shell, words: tuple[str, ...], named: str):
    assert named in complaint(small(*words))


def test_a_query_that_would_leave_the_store_is_refused(small: Shell):
    for text in (
        "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    ):
        complaint(small("query", "-", stdin=text))


def test_an_endless_query_ends_with_status_three(small: Shell):
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    said = complaint(small("query", "-", "--time-limit", "1", stdin=text), status=3)
    assert "1" in said


def test_too_many_rows_end_with_status_three(small: Shell):
    complaint(small("query", "-", "--row-limit", "5", stdin="SELECT * WHERE { ?s ?p ?o }"), status=3)
