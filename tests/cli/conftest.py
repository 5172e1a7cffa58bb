"""Runs the program as a person does: in a process of its own."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import program

if TYPE_CHECKING:
    import subprocess


@dataclass(frozen=True)
class Shell:
    """A folder in which ``aimsgraph`` is run; ``aims.store`` in it is the store."""

    folder: Path

    def __call__(self, *words: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if k != "AIMSGRAPH_STORE"} | {"COLUMNS": "100"}
        return program.run([*map(str, words)], self.folder, environment, stdin=stdin)

    def ok(self, *words: str | Path, stdin: str | None = None) -> str:
        """Run a command that must succeed and return its stdout."""
        done = self(*words, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def write(self, name: str, text: str) -> Path:
        """Write a file into the folder."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def empty(tmp_path: Path) -> Shell:
    """An empty folder."""
    return Shell(tmp_path)


GRAPH = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/meridian/> .
ex:raw a aims:Dataset ; rdfs:label "Raw data" .
ex:clean a aims:Dataset ; rdfs:label "Clean data" ; prov:wasDerivedFrom ex:raw .
ex:model a aims:Model ; rdfs:label "Model" ; aims:trainedOn ex:clean .
ex:twin1 a aims:Dataset ; rdfs:label "Twin" .
ex:twin2 a aims:Dataset ; rdfs:label "Twin" .
ex:system a aims:AISystem ; rdfs:label "System" ; aims:usesModel ex:model .
ex:control a aims:Control ; rdfs:label "Check" ; aims:guards ex:clean ; aims:designEffectiveness 0.5 ;
    aims:evidencedBy ex:proof .
ex:proof a aims:Evidence ; rdfs:label "Proof" ; aims:collectedOn "2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ;
    aims:validUntil "2026-06-30"^^<http://www.w3.org/2001/XMLSchema#date> .
"""


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small graph in its store, made once, to be copied."""
    shell = Shell(tmp_path_factory.mktemp("small"))
    shell.write("small.ttl", GRAPH)
    shell.ok("init")
    shell.ok("load", "small.ttl")
    return shell.folder


@pytest.fixture
def small(small_folder: Path, tmp_path: Path) -> Shell:
    """A folder with a small graph in its store."""
    shutil.copytree(small_folder, tmp_path, dirs_exist_ok=True)
    return Shell(tmp_path)
