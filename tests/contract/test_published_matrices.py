"""The risk matrices that the Data Privacy Vocabulary publishes, as data that risks are rated by."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from aimsgraph import resources
from aimsgraph.vocab import AIMS, local_name
from tests.conftest import NewStore

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.engine import Graph

pytestmark = pytest.mark.shared_data
THEIRS = "https://w3id.org/dpv/risk#"
#: Rated at the ends and in the middle; the last says medium where the matrix says high.
REGISTER = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix risk: <https://w3id.org/dpv/risk#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/meridian/> .

ex:a a aims:Risk ; rdfs:label "A" ; aims:ratedBy risk:RiskMatrix3x3 ;
    aims:ordinalLikelihood 1 ; aims:ordinalSeverity 1 ;
    aims:statedLevel aims:LevelLow .
ex:b a aims:Risk ; rdfs:label "B" ; aims:ratedBy risk:RiskMatrix7x7 ;
    aims:ordinalLikelihood 7 ; aims:ordinalSeverity 7 ;
    aims:statedLevel aims:LevelVeryHigh .
ex:c a aims:Risk ; rdfs:label "C" ; aims:ratedBy risk:RiskMatrix3x3 ;
    aims:ordinalLikelihood 3 ; aims:ordinalSeverity 2 ;
    aims:statedLevel aims:LevelMedium .
ex:d a aims:Risk ; rdfs:label "D" ; aims:ratedBy risk:RiskMatrix3x3 ;
    aims:ordinalLikelihood 4 ; aims:ordinalSeverity 1 .
"""


@pytest.fixture(scope="module")
def graph(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> Graph:
    folder = tmp_path_factory.mktemp("matrices")
    (folder / "register.ttl").write_text(REGISTER, encoding="utf-8")
    [update] = resources.files("mappings", "dpv/risk-matrices.ru")
    made = new_store(folder / "aims.store")
    made.load(shared_data / "dpv-2.3" / "risk" / "risk.ttl", folder / "register.ttl")
    made.update(update.read_text(encoding="utf-8"), author="ada")
    return made


def test_every_cell_of_the_three_matrices_is_there_once(graph: Graph) -> None:
    rows = graph.view().select(f"SELECT ?m ?l ?s WHERE {{ ?c <{AIMS}cellOf> ?m ; <{AIMS}ordinalLikelihood> ?l ; "
                               f"<{AIMS}ordinalSeverity> ?s }}")  # fmt: skip
    places = [(local_name(str(row["m"])), int(str(row["l"])), int(str(row["s"]))) for row in rows]
    assert len(places) == len(set(places))
    assert Counter(matrix for matrix, *_ in places) == {
        "RiskMatrix3x3": 9, "RiskMatrix5x5": 25, "RiskMatrix7x7": 49,
    }  # fmt: skip


def test_risks_are_rated_by_the_matrix_that_they_name(graph: Graph) -> None:
    found = {one.label: one.level for one in graph.risks(date=date(2026, 9, 30)).risks}
    assert {label: (level.by_matrix, level.agrees) for label, level in found.items()} == {
        "A": ("aims:LevelLow", True),
        "B": ("aims:LevelVeryHigh", True),
        "C": ("aims:LevelHigh", False),
        "D": (None, None),
    }
    assert found["B"].matrix == THEIRS + "RiskMatrix7x7"


def test_a_label_that_contradicts_its_own_scale_is_a_finding(graph: Graph) -> None:
    about = {"StatedLevelAgrees", "OrdinalInRange", "MatrixCoversRisk", "RatedByMatrix", "MatrixCellOnce"}
    findings = graph.validate(date=date(2026, 9, 30)).findings
    told = {(one.focus.rpartition("/")[2], local_name(one.shape)) for one in findings}
    assert {(focus, shape) for focus, shape in told if shape in about} == {
        ("c", "StatedLevelAgrees"), ("d", "OrdinalInRange"), ("d", "MatrixCoversRisk"),
    }  # fmt: skip
