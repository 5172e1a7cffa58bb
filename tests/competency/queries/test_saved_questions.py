"""The saved questions are the specification of what the graph can be asked: exact rows for each."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pyoxigraph as ox
import pytest

from aimsgraph.model.question import AREAS, Persona, SavedQuery
from aimsgraph.query import Result, bind, catalogue, run
from aimsgraph.query.outline import words
from aimsgraph.query.safety import inspect
from aimsgraph.store import create
from aimsgraph.store.folder import DATABASE

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
TODAY = date(2026, 9, 30)
QUESTIONS = catalogue()

#: What is asked of the small register where the header's example names a node of the example organisation.
REGISTER_PARAMETERS = {
    "affected-by": {"source": "ex:supplier/bureau"},
    "origins-of-model": {"model": "ex:model/scorer"},
    "shared-foundations": {"least": "2"},
}

#: Nothing is wrong there in the example organisation; each would name a gap if there were one.
NOTHING_TO_FIND = {
    "annex-a-not-decided",
    "audits-of-own-work",
    "clauses-without-control",
    "dependency-cycles",
    "incomplete-evidence-records",
    "risks-without-owner-or-treatment",
}


def filled(home: Path, files: list[Path]) -> Path:
    folder = home / "store"
    create(folder, now=datetime(2026, 9, 30, tzinfo=UTC))
    store = ox.Store(folder / DATABASE)
    for file in files:
        store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE)
    store.flush()
    return folder


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("register"), [HERE / "register.ttl"])


@pytest.fixture
def small(name: str, register: Path, tmp_path: Path) -> Path:
    """The store of the question's own small graph, or the register that the older questions share."""
    own = HERE / f"{name}.ttl"
    return filled(tmp_path, [own]) if own.exists() else register


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = [
        *sorted((ROOT / "ontology").rglob("*.ttl")),
        *sorted((ROOT / "examples" / "meridian").glob("*.ttl")),
    ]
    assert len(files) >= 20
    return filled(tmp_path_factory.mktemp("example"), files)


def ask(store: Path, saved: SavedQuery, given: dict[str, str]) -> Result:
    examples = {param.name: param.example for param in saved.params if param.example is not None}
    return run(store, saved.text, bindings=bind(saved, examples | given, TODAY))


def test_each_question_has_its_expected_rows() -> None:
    assert len(QUESTIONS) >= 51
    assert {path.name.removesuffix(".expected.csv") for path in HERE.glob("*.expected.csv")} == set(QUESTIONS)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_gives_exactly_the_expected_rows_in_a_total_order(name: str, small: Path) -> None:
    saved = QUESTIONS[name]
    answer = ask(small, saved, REGISTER_PARAMETERS.get(name, {}))
    expected = (HERE / f"{name}.expected.csv").read_text(encoding="utf-8")
    assert answer.to_csv().replace("\r\n", "\n") == expected
    assert len(answer) > 0
    keys = [
        tuple(row[answer.columns.index(key.removeprefix("-"))] for key in saved.order) for row in answer.rows
    ]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_finds_something_in_the_example_organisation(name: str, example: Path) -> None:
    saved = QUESTIONS[name]
    answer = ask(example, saved, {})
    assert (len(answer) == 0) == (name in NOTHING_TO_FIND)
    keys = [
        tuple(row[answer.columns.index(key.removeprefix("-"))] for key in saved.order) for row in answer.rows
    ]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_says_minus_and_names_what_it_lists(name: str) -> None:
    saved = QUESTIONS[name]
    assert "EXISTS" not in words(inspect(saved.text)), "FILTER NOT EXISTS is slow beyond measure: write MINUS"
    assert saved.kind == "SELECT"
    names = {column.name for column in saved.columns}
    assert names & {"notation", "family"} or any(name.endswith("_label") for name in names)
    assert saved.question.endswith("?")
    assert saved.topic in {"risk", "evidence", "lineage", "governance", "incidents", "inventory"}
    dated = bool({param.name for param in saved.params} & {"today", "end"})
    assert dated == bool(re.search(r"\?(today|end)\b", saved.text))


def test_the_questions_serve_all_personas_and_all_ten_areas() -> None:
    assert {persona for saved in QUESTIONS.values() for persona in saved.personas} == set(get_args(Persona))
    assert {saved.area for saved in QUESTIONS.values()} == set(AREAS)


def test_every_parameter_without_a_default_has_an_example() -> None:
    for saved in QUESTIONS.values():
        for param in saved.params:
            assert param.example is not None
