"""What is built on a package: the answer is that of ``apt-cache``, over all the packages that this machine knows.

``apt-cache rdepends --important`` tells which packages need one (Depends and Pre-Depends, of any version, also where it
is one of several alternatives). One such step, asked of every package, is the graph that is loaded; with ``--recurse``
the same command goes on by itself, and must come to the same packages as ``lineage`` does. That the steps come from the
command, and not from the control fields of the packages, keeps the comparison to what is compared, the recursion: apt
has ways of its own with ``python3:any``, several versions of a package, and names that others provide. Who provides
what is needed stands further in, below the one who needs it; apt's recursion goes on from there, so it is an edge too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

import aimsgraph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("apt-cache") is None, reason="this machine has no apt-cache"),
]
SPACE = "https://packages.example.org/"
DERIVED = "<http://www.w3.org/ns/prov#wasDerivedFrom>"
#: Some hundreds and some thousands of packages are built on these.
PACKAGES = ("graphviz", "default-jre", "libsqlite3-0")
#: So many names fit on one command line.
BATCH = 30_000


def apt_cache(*words: str) -> list[str]:
    environment = {**os.environ, "LC_ALL": "C"}
    command = ["apt-cache", *words]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def rdepends(*words: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each package that apt-cache tells of, and what stands below it."""
    package, below = "", list[str]()
    for line in apt_cache("rdepends", "--important", *words):
        if line.startswith(" "):
            below.append(line.strip(" |"))
        elif line != "Reverse Depends:":
            if package:
                yield package, below
            package, below = line, []
    if package:
        yield package, below


@pytest.fixture(scope="module")
def names() -> list[str]:
    known = apt_cache("pkgnames")
    if missing := set(PACKAGES) - set(known):
        pytest.skip(f"apt-cache does not know {', '.join(sorted(missing))} here")
    return sorted(known)


@pytest.fixture(scope="module")
def store(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    with (folder / "packages.nt").open("w", encoding="ascii") as file:
        for start in range(0, len(names), BATCH):
            for package, users in rdepends(*names[start : start + BATCH]):
                file.writelines(f"<{iri(user)}> {DERIVED} <{iri(package)}> .\n" for user in users)
    aimsgraph.init(folder / "aims.store").load(folder / "packages.nt")
    return folder / "aims.store"


def iri(package: str) -> str:
    return SPACE + quote(package, safe="+")


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_built_on_a_package_is_what_apt_cache_says(package: str, store: Path) -> None:
    command = [sys.executable, "-m", "aimsgraph", "lineage", iri(package), "--direction", "down", "--json"]
    done = subprocess.run([*command, "--store", str(store)], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    found = {unquote(node["id"].removeprefix(SPACE)) for node in answer["nodes"]}
    expected = {name for name, _ in rdepends("--recurse", package)} - {package}
    assert found == expected
    assert len(found) > 1
    assert answer["completeness"]["complete"]
