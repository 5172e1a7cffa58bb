"""Why a number is what it is, what to fix first and what a change would do, asked as a person does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from rich.table import Table

from aimsgraph.cli.reason_tables import what_if_tables
from aimsgraph.cli.tables import counted
from aimsgraph.model.fixing import FixFirst, Risked
from aimsgraph.model.node import NodeRef
from aimsgraph.model.reasoning import ImpactExplanation
from aimsgraph.model.what_if import Change, LineageDifference, State, WhatIf

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


@pytest.mark.parametrize(
    ("added", "removed", "told"),
    [
        (0, 0, "No statement would come or go."),
        (1, 0, "1 statement would come."),
        (0, 13, "13 statements would go."),
        (2, 1, "2 statements would come, 1 would go."),
    ],
)
def test_what_if_says_only_what_would_come_or_go(added: int, removed: int, told: str) -> None:
    assert told in what_if_tables(tried(added=added, removed=removed), 25)


def test_what_if_tells_ten_changes_and_counts_the_rest() -> None:
    many = [Change(kind="remove-node", text=f"Remove “b{at}”.", update="") for at in range(100)]
    told = what_if_tables(tried(changes=many), 25)
    assert [line for line in told if isinstance(line, str)][:11] == [
        *(f"Remove “b{at}”." for at in range(10)),
        "… and 90 more changes (--json for all).",
    ]


def test_one_node_is_told_in_the_singular() -> None:
    node = NodeRef(id="urn:a", type="aims:Model", label="A")
    moved = LineageDifference(source=node, direction="up", appears=(node,), disappears=(), unchanged=1)
    shown = [part.title for part in what_if_tables(tried(lineage=moved), 25) if isinstance(part, Table)]
    assert shown[-1] == "What A comes from: 1 node differs, 1 does not"
    assert (counted(1, "node"), counted(2, "dependency")) == ("1 node", "2 dependencies")


def tried(**changed: object) -> WhatIf:
    side = State(
        hurt=None, sum_assured=None, method=None, worlds=None, risk=Risked(harm=0.0, loss=None), controls=0,
        verified=0, findings=None,
    )  # fmt: skip
    said = {
        "changes": [], "added": 0, "removed": 0, "sources": [], "today": side, "then": side, "nodes": [],
        "unchanged": 0, "lineage": None, "opened": [], "closed": [], "seed": 1, "snapshot": "", "date": "2026-07-15",
    }  # fmt: skip
    return WhatIf.model_validate({**said, **changed})
