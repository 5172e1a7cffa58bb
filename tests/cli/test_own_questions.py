"""Saved questions of an organisation's own: from folders named on the command line or in the environment."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import aimsgraph
from aimsgraph.cli.question import query
from aimsgraph.errors import InputNotReadableError, QueryInvalidError
from aimsgraph.query import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.cli.conftest import Shell

QUESTION = """\
#+ id: {id}
#+ title: Data by name
#+ question: Which data carries this name, zebra or other?
#+ persona: [architect, auditor]
#+ area: data-governance
#+ params:
#+   name: {{type: string, default: Twin, description: the name}}
#+   by: {{type: date, default: today, description: a day}}
#+ columns: {{data: the data, by: the day}}
#+ order: [data]
#+ since: 0.1.0

SELECT ?data ?by WHERE {{ ?data a aims:Dataset ; rdfs:label ?name }}
ORDER BY ?data
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    made = tmp_path / "ours", tmp_path / "theirs"
    for folder, name in zip(made, ("data-by-name", "more-data"), strict=True):
        folder.mkdir()
        (folder / f"{name}.rq").write_text(QUESTION.format(id=name), encoding="utf-8")
    return made


def run(*words: object, variable: str = "") -> Result:
    return CliRunner().invoke(query, list(map(str, words)), env={"AIMSGRAPH_QUERIES": variable})


def listed(*words: object, variable: str = "") -> set[str]:
    answer = run(*words, "--json", variable=variable)
    assert answer.exit_code == 0, answer.output
    return {one["id"] for one in json.loads(answer.stdout)["queries"]}


def test_questions_of_several_folders_stand_beside_those_shipped(folders: tuple[Path, Path]) -> None:
    ours, theirs = folders
    assert listed() == set(catalogue())
    assert listed("--queries", ours, "--queries", theirs) == {*catalogue(), "data-by-name", "more-data"}
    assert listed("--queries", ours, "--queries", ours) == {*catalogue(), "data-by-name"}
    both = os.pathsep.join(map(str, folders))
    assert listed(variable=both) == {*catalogue(), "data-by-name", "more-data"}
    assert listed("--queries", ours, variable=str(theirs)) == {*catalogue(), "data-by-name"}


def test_the_list_is_narrowed(folders: tuple[Path, Path]) -> None:
    own = ("--queries", folders[0], "--text", "ZEBRA data")
    assert listed(*own) == listed(*own, "--persona", "auditor") == {"data-by-name"}
    assert listed(*own, "--area", "data-governance", "--persona", "architect") == {"data-by-name"}
    assert listed(*own, "--persona", "risk-analyst") == listed(*own, "--area", "ai-governance") == set()


def test_a_question_of_ones_own_is_asked_and_explained(small: Shell, folders: tuple[Path, Path]) -> None:
    store = ("--store", small.folder / "aims.store", "--queries", folders[0])
    answer = run("data-by-name", *store, "--date", "2026-02-03", "--format", "csv")
    twins = [f"https://example.org/meridian/twin{number},2026-02-03" for number in (1, 2)]
    assert answer.stdout.split() == ["data,by", *twins]
    assert json.loads(run("data-by-name", *store, "--explain", "--json").stdout)["area"] == "data-governance"
    graph = aimsgraph.open(small.folder / "aims.store")
    assert len(graph.query("data-by-name", {"name": "Raw data"}, queries=[folders[0]])) == 1


def test_all_faults_of_all_folders_are_told_with_file_and_line(folders: tuple[Path, Path]) -> None:
    assert run("--check").exit_code == 0
    assert "2 of them from folders of your own" in run("--check", *folders).stderr
    for folder in folders:
        (folder / "data-by-name.rq").write_text(
            QUESTION.format(id="data-by-name").replace("persona: [", "persona: [boss, "), encoding="utf-8"
        )
    with pytest.raises(QueryInvalidError) as caught:
        query.main(["--check", str(folders[0]), "--queries", str(folders[1])], standalone_mode=False)
    assert {(one.message[:18], one.path, one.line) for one in caught.value.problems} == {
        ("boss is no persona", str((folder / "data-by-name.rq").resolve()), 4) for folder in folders
    }


def test_an_id_may_be_used_once(folders: tuple[Path, Path]) -> None:
    for folder, name in zip(folders, ("inventory", "data-by-name"), strict=True):
        (folder / f"{name}.rq").write_text(QUESTION.format(id=name), encoding="utf-8")
    with pytest.raises(QueryInvalidError) as caught:
        catalogue(folders)
    assert [one.message for one in caught.value.problems] == [
        "the id inventory is taken already by inventory/inventory.rq",
        "the id data-by-name is taken already by data-by-name.rq",
    ]


@pytest.mark.parametrize("name", ["format", "as_of", "date"])
def test_a_parameter_may_not_be_called_what_every_question_takes(tmp_path: Path, name: str) -> None:
    text = QUESTION.format(id="data-by-name").replace("name:", f"{name}:").replace("?name", f"?{name}")
    (tmp_path / "data-by-name.rq").write_text(text, encoding="utf-8")
    with pytest.raises(QueryInvalidError, match=f"parameter {name} needs another name"):
        catalogue([tmp_path])


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputNotReadableError, match="no folder of questions"):
        catalogue([tmp_path / "nowhere"])


def test_two_questions_at_once_are_not_asked() -> None:
    assert "One question at a time" in run("inventory", "crosswalk").stderr


def test_a_form_is_named_by_the_end_of_a_files_name(small: Shell, tmp_path: Path) -> None:
    store = ("--store", small.folder / "aims.store")
    table = run("inventory", *store, "--format", "markdown").stdout
    assert table.startswith("| ")
    assert run("inventory", *store, "--format", "md").stdout == table
    assert run("inventory", *store, "-o", tmp_path / "answer.md").exit_code == 0
    assert (tmp_path / "answer.md").read_text(encoding="utf-8") == table
