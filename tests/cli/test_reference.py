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


def test_docs_writes_a_schema_and_a_form_for_each_class_even_of_ones_own(empty: Shell):
    empty.write("agents.ttl", OWN)
    done = empty("docs", "agents.ttl", "--schema", "-o", "schemas")
    assert done.returncode == 0, done.stderr
    assert "in schemas: schemas, forms and context.jsonld." in done.stderr
    schema = json.loads((empty.folder / "schemas" / "Agent.schema.json").read_text(encoding="utf-8"))
    assert schema["description"] == "A system that acts by itself."
    assert "riskTier" in schema["required"]
    form = json.loads((empty.folder / "schemas" / "Agent.form.json").read_text(encoding="utf-8"))
    assert form["fields"][0]["name"] == "label"


def test_json_filled_in_by_a_form_is_loaded_as_it_is_meant(empty: Shell):
    empty.ok("docs", "--schema", "-o", "schemas")
    context = json.loads((empty.folder / "schemas" / "context.jsonld").read_text(encoding="utf-8"))
    risk = {
        "id": "https://example.org/mine/risk/1",
        "type": "Risk",
        "label": "Wrong prices",
        "treatment": "https://w3id.org/aimsgraph/ns#Retain",
        "annualProbability": 0.25,
        "expectedLoss": 4000,
    }
    empty.write("risk.jsonld", json.dumps(context | risk))
    report = json.loads(empty("check", "risk.jsonld", "--json", "--date", "2026-09-30").stdout)
    found = {finding["shape"].rpartition("/")[2] for finding in report["findings"]}
    assert found == {"OwnerNamed", "RetainedRiskAccepted", "RiskReassessed"}


def test_schemas_are_json_already(empty: Shell):
    done = empty("docs", "--schema", "--json")
    assert done.returncode == 2
    assert "leave out --json" in done.stderr


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
