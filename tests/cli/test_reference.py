"""The documentation of the ontology, written by the program."""

from __future__ import annotations

import json
import re

from tests.cli.conftest import Shell
from tests.conftest import ROOT
from tests.unit.reference.test_reading import OWN

#: Where a line of text breaks in a picture may differ with the version of Graphviz.
PICTURE = re.compile(r"<svg.*?</svg>", re.DOTALL)


def test_docs_writes_pages_that_hold_terms_of_ones_own(empty: Shell):
    empty.write("agents.ttl", OWN)
    done = empty("docs", "agents.ttl", "-o", "pages")
    assert done.returncode == 0, done.stderr
    assert "Open pages/index.html" in done.stderr
    page = (empty.folder / "pages" / "module-agents.html").read_text(encoding="utf-8")
    assert "A system that acts by itself." in page
    assert 'href="module-core.html#AISystem"' in page


def test_docs_gives_one_json_object(empty: Shell):
    reference = json.loads(empty.ok("docs", "--json"))
    assert set(reference) == {
        "title", "description", "version", "license", "modules", "catalogues", "crosswalks", "areas", "shapes",
    }  # fmt: skip
    assert len(reference["areas"]) == 10
    assert list(empty.folder.iterdir()) == []


def test_a_faulty_file_is_told_and_nothing_is_written(empty: Shell):
    empty.write("agents.ttl", "<a> <b> .")
    done = empty("docs", "agents.ttl")
    assert done.returncode == 2
    assert "agents.ttl:1" in done.stderr
    assert not (empty.folder / "ontology-docs").exists()


def test_the_pages_in_docs_are_those_of_this_ontology(empty: Shell):
    empty.ok("docs", "-o", "pages")
    kept = sorted((ROOT / "docs" / "ontology").glob("*"))
    assert len(kept) >= 25
    assert [path.name for path in kept] == sorted(path.name for path in (empty.folder / "pages").iterdir())
    stale = [
        path.name
        for path in kept
        if PICTURE.sub("", path.read_text(encoding="utf-8"))
        != PICTURE.sub("", (empty.folder / "pages" / path.name).read_text(encoding="utf-8"))
    ]
    assert stale == []  # mend with `just docs`
