"""``risk`` says how likely, how dear, and whether it may stay."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Shell

if TYPE_CHECKING:
    from pathlib import Path

REGISTER = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/meridian/> .
ex:scoring a aims:AISystem ; rdfs:label "Scoring" .
ex:drift a aims:Risk ; rdfs:label "Drift" ; aims:threatens ex:scoring ; aims:annualProbability 0.5 ;
    aims:expectedLoss "4000"^^xsd:decimal ; aims:ownedBy ex:ada ; aims:residualLevel aims:LevelVeryHigh .
ex:rated a aims:Risk ; rdfs:label "Rated" ; aims:threatens ex:scoring ; aims:ordinalLikelihood 2 ;
    aims:ordinalSeverity 3 ; aims:ownedBy ex:ada .
ex:ada a aims:Owner ; rdfs:label "Ada" .
ex:appetite a aims:RiskAppetite ; rdfs:label "Appetite" ; aims:highestLevel aims:LevelHigh ;
    aims:highestExpectedLoss "900"^^xsd:decimal .
ex:cell a aims:MatrixCell ; aims:ordinalLikelihood 2 ; aims:ordinalSeverity 3 ; aims:givesLevel aims:LevelMedium .
"""


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    made = Shell(tmp_path_factory.mktemp("register"))
    made.write("register.ttl", REGISTER)
    made.ok("init")
    made.ok("load", "register.ttl")
    return made


def test_the_json_is_one_object_with_every_number(shell: Shell):
    answer = json.loads(shell.ok("risk", "--by", "owner", "--date", "2026-09-30", "--json"))
    drift, rated = answer["risks"]
    assert drift["likelihood"] == {"inherent": 0.25, "claimed": 0.25, "assured": 0.25}
    assert drift["expected_loss"]["assured"] == 1000.0
    assert (rated["basis"], rated["likelihood"]) == ("qualitative", None)
    assert [(owner["label"], owner["type"]) for owner in rated["owners"]] == [("Ada", "aims:Owner")]
    assert rated["level"]["by_matrix"] == "aims:LevelMedium"
    [ada] = answer["groups"]
    assert (ada["label"], ada["risks"], ada["not_counted"]) == ("Ada", 2, [rated["id"]])
    assert answer["total"]["within_appetite"] == "false"
    assert [gap["kind"] for gap in answer["gaps"]] == ["acceptance-missing"]
    assert answer["completeness"]["complete"]
    assert (answer["date"], answer["seed"]) == ("2026-09-30", 42001)
    assert answer["snapshot"].startswith("sha256:")


def test_the_tables_say_what_is_above_appetite_and_what_is_not_assessed(shell: Shell):
    shown = " ".join(shell.ok("risk", "--date", "2026-09-30").split())
    assert "2 risks, likelihood and expected loss (EUR) within a year, as on 2026-09-30" in shown
    assert "The assured expected loss is above the appetite of 900 a year." in shown
    assert "The sums leave out 1 risk without an annual probability or a loss." in shown
    assert "No annual probability is stated." in shown


@pytest.mark.parametrize("by", ["risk", "system", "area", "owner"])
def test_every_way_to_put_risks_together_has_its_table(shell: Shell, by: str):
    assert shell.ok("risk", "--by", by).startswith("2 risks" if by == "risk" else f"Risks by {by}")


def test_a_node_that_is_not_there_is_an_error(shell: Shell):
    done = shell("risk", "Drifting")
    assert done.returncode == 2
    assert "Drift" in done.stderr


def test_an_empty_store_has_no_risks(tmp_path: Path):
    shell = Shell(tmp_path)
    shell.ok("init")
    assert "No risk has both an annual probability and a loss" in shell.ok("risk")


def test_a_likelihood_that_is_not_exact_is_shown_with_its_interval(tmp_path: Path):
    # As many ways past gates as no diagram holds: pairs of a random bipartite graph.
    pairs = "".join(
        f"ex:b{b} aims:dependsOn {' , '.join(f'ex:a{(b * b + 7 * k * k + b * k) % 40}' for k in range(6))} ; "
        f"aims:gate aims:AtLeastGate ; aims:gateThreshold 3 . ex:scoring aims:dependsOn ex:b{b} . "
        for b in range(40)
    )
    hit = " , ".join(f"ex:a{at}" for at in range(40))
    shell = Shell(tmp_path)
    shell.write("register.ttl", f"{REGISTER} {pairs} ex:drift aims:threatens {hit} .")
    shell.ok("init")
    shell.ok("load", "register.ttl")
    shown = " ".join(shell.ok("risk", "--by", "system").split())
    assert "Simulated in 65536 years, not exact" in shown
    assert re.search(r"Scoring │ [0-9.]+ % │ [0-9.]+ % to [0-9.]+ % │", shown)
    assert "Simulated too: the reach of 1 risk (--json shows it)." in shown
