"""A command writes nothing past the gate that would bring a new finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph.cli.program import main
from tests.api.small import TURTLE, made

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("small"))


def status(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(map(str, words)))
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_file_or_an_update_with_new_violations_is_refused(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = aimsgraph.open(store).view().snapshot
    (tmp_path / "r.ttl").write_text(TURTLE + 'ex:r a aims:Risk ; rdfs:label "R" .', encoding="utf-8")
    (tmp_path / "r.ru").write_text('INSERT DATA { ex:r a aims:Risk ; rdfs:label "R" }', encoding="utf-8")
    for words in (("load", tmp_path / "r.ttl"), ("update", tmp_path / "r.ru")):
        for more in ((), ("--dry-run",)):
            assert status(*words, "--gate", "violation", "--store", store, *more) == 1
            assert "has no owner" in capsys.readouterr().err
    assert aimsgraph.open(store).view().snapshot == before


def test_what_brings_none_passes(store: Path, tmp_path: Path) -> None:
    (tmp_path / "o.ttl").write_text(TURTLE.replace("ex:bo", "ex:eve"), encoding="utf-8")
    (tmp_path / "o.ru").write_text('INSERT DATA { ex:eve rdfs:comment "Hm" }', encoding="utf-8")
    assert status("load", tmp_path / "o.ttl", "--gate", "violation", "--store", store) == 0
    assert status("update", tmp_path / "o.ru", "--gate", "violation", "--store", store) == 0
    graph = aimsgraph.open(store)
    assert graph.is_stated("ex:eve")
    assert graph.verify().intact
