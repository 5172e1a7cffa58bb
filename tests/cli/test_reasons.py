"""Why a number is what it is, what to fix first and what a change would do, asked as a person does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aimsgraph.model.fixing import FixFirst
from aimsgraph.model.reasoning import ImpactExplanation
from aimsgraph.model.what_if import WhatIf

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

DAY = ("--date", "2026-07-15")
RISK = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/meridian/> .
ex:risk a aims:Risk ; rdfs:label "Poisoning" ; aims:threatens ex:clean .
"""
CUT = "DELETE WHERE { ?s <https://w3id.org/aimsgraph/ns#trainedOn> ?o }"


@pytest.fixture
def risky(small: Shell) -> Shell:
    small.write("risk.ttl", RISK)
    small.ok("load", "risk.ttl")
    return small


def test_why_explains_one_number_in_words_and_tables(small: Shell) -> None:
    shown = small.ok("impact", "Raw data", "--why", "System", *DAY)
    assert "If “Raw data” goes wrong, “System” is hurt with a probability of" in " ".join(shown.split())
    for heading in ("Likeliest ways", "Dependencies on the way", "Controls on the way", "not being assessed"):
        assert heading in shown
    answer = json.loads(small.ok("impact", "Raw data", "--why", "System", *DAY, "--json"))
    ImpactExplanation.model_validate(answer)
    impact = json.loads(small.ok("impact", "Raw data", *DAY, "--json"))
    (system,) = [node for node in impact["nodes"] if node["label"] == "System"]
    assert answer["probability"] == pytest.approx(system["probability"])


def test_fix_first_says_what_to_do_for_whom_and_what_is_left(risky: Shell) -> None:
    shown = " ".join(risky.ok("fix-first", *DAY).split())
    assert "What to fix first (1 risk, exact): harm" in shown
    assert "2026-06-30" in shown
    answer = FixFirst.model_validate(
        json.loads(risky.ok("fix-first", "System", "--most", "1", *DAY, "--json"))
    )
    (fix,) = answer.fixes
    assert (fix.kind, fix.node.label, fix.overdue) == ("renew-evidence", "Proof", True)
    assert fix.left.harm == pytest.approx(answer.today.harm / 2)
    nothing = risky.ok("fix-first", "--date", "2026-06-15")
    assert "nothing to fix removes any of it." in " ".join(nothing.split())


def test_what_if_shows_both_sides_and_writes_nothing(risky: Shell) -> None:
    before = risky.ok("log", "--json")
    risky.write("cut.ru", CUT)
    done = risky("what-if", "Raw data", "--update", "cut.ru", "--lineage", "System", *DAY, "--no-validate")
    assert done.returncode == 0, done.stderr
    assert "Nothing was written." in done.stderr
    assert "disappears" in done.stdout
    piped = risky.ok("what-if", "Raw data", "--update", "-", *DAY, "--json", stdin=CUT)
    answer = WhatIf.model_validate(json.loads(piped))
    assert {node.label for node in answer.nodes} == {"Model", "System"}
    assert answer.then.findings is not None
    assert risky.ok("log", "--json") == before


def test_what_if_takes_nodes_files_and_switches(risky: Shell) -> None:
    risky.write("more.ttl", RISK.replace("ex:risk", "ex:more").replace("Poisoning", "Theft"))
    words = ("--add", "more.ttl", "--switch", "Model=Raw data", "--remove-node", "Clean data")
    answer = WhatIf.model_validate(
        json.loads(risky.ok("what-if", "Raw data", *words, *DAY, "--no-validate", "--json"))
    )
    assert [change.kind for change in answer.changes] == ["add", "switch", "remove-node"]
    assert {node.label: node.turn for node in answer.nodes} == {
        "Clean data": "disappears", "Model": "disappears", "System": "likelier",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("what-if", "Raw data"), "Say what to change"),
        (("what-if", "Raw data", "--switch", "Model"), "Write a switch as A=B"),
        (("what-if", "Raw data", "--remove-node", "Nobody"), "Nobody"),
        (("what-if", "Raw data", "--update", "nowhere.ru"), "cannot be read"),
        (("impact", "Raw data", "--why", "Nobody"), "Nobody"),
        (("fix-first", "Nobody"), "Nobody"),
    ],
)
def test_wrong_words_are_told(small: Shell, words: tuple[str, ...], said: str) -> None:
    done = small(*words)
    assert done.returncode == 2
    assert said in done.stderr
