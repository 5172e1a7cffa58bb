"""The sdist, the wheel and the editable install each carry the data, and run."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from aimsgraph import resources
from tests.conftest import ROOT

FOLDERS = ("ontology", "shapes", "queries", "mappings", "examples")
SHOW_FOLDERS = f"import aimsgraph.resources as r\nfor name in {FOLDERS!r}: print(r.folder(name))"


def python(*arguments: str | Path, cwd: Path, path: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(path)} if path else dict(os.environ)
    command = [sys.executable, "-P", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built sdist and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    python("-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


def installed(archive: Path, folder: Path) -> Path:
    options = (
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--disable-pip-version-check",
        "--target",
        folder,
    )
    python("-m", "pip", "install", *options, archive, cwd=folder.parent)
    return folder


def test_the_wheel_carries_every_data_file_and_both_packages(distributions: Path):
    (wheel,) = distributions.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in FOLDERS:
        expected = {
            f"aimsgraph/_data/{name}/{path.relative_to(ROOT / name).as_posix()}"
            for path in resources.files(name, "*")
        }
        assert expected
        assert expected <= names
    assert "aimsgraph_api/app.py" in names
    assert "aimsgraph/py.typed" in names
    assert not [name for name in names if name.startswith("api/")]


def test_the_sdist_carries_what_the_checks_need(distributions: Path):
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "bootstrap.py", "justfile", "README.md", ".importlinter", ".ci/run"} <= names
    assert {"requirements/dev.txt", "tests/conftest.py", "docs/commands.md", "ontology/core.ttl"} <= names


@pytest.mark.parametrize("pattern", ["*.whl", "*.tar.gz"])
def test_an_installed_archive_finds_its_data_and_takes_the_tour(
    distributions: Path, tmp_path: Path, pattern: str
):
    (archive,) = distributions.glob(pattern)
    site = installed(archive, tmp_path / "site")
    found = python("-c", SHOW_FOLDERS, cwd=tmp_path, path=site).split("\n")
    assert found[:-1] == [str(site / "aimsgraph" / "_data" / name) for name in FOLDERS]
    tour = python("-m", "aimsgraph", "demo", cwd=tmp_path, path=site)
    assert "Try next" in tour
    assert (tmp_path / "aimsgraph-demo" / "report.html").is_file()


def test_an_editable_install_reads_the_folders_of_the_checkout():
    assert [resources.folder(name) for name in FOLDERS] == [ROOT / name for name in FOLDERS]
