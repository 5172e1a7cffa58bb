"""The page on editing is a walk: its files, its commands and its Python do what it says, in its order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "editing.md"
BLOCK = re.compile(r"^```(turtle|sparql|text|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def run(words: list[str], folder: Path) -> str:
    """Run a program in ``folder`` and return what it prints, errors too."""
    environment = {k: v for k, v in os.environ.items() if k != "AIMSGRAPH_STORE"} | {"COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False,
    )  # fmt: skip
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def lasting(text: str) -> str:
    """Strike out the numbers of changesets, which depend on how many files the ontology has."""
    return re.sub(r"Changeset \d+", "Changeset N", text)


def test_the_page_on_editing_prints_what_it_says(tmp_path: Path):
    program = ["-m", "aimsgraph"]
    page = PAGE.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(page))
    assert len(blocks) >= 10
    for block in blocks:
        if block[1] in ("turtle", "sparql"):
            (tmp_path / block[2].split()[1]).write_text(block[2], encoding="utf-8")
    run([*program, "init"], tmp_path)
    run([*program, "load", "risks.ttl", "owners.ttl"], tmp_path)

    def renewed(block: re.Match[str]) -> str:
        if block[1] != "text":
            return block[0]
        command = block[2].splitlines()[0]
        words = re.findall(r'"([^"]*)"|(\S+)', command.removeprefix("$ aimsgraph "))
        return f"```text\n{command}\n{run([*program, *map(''.join, words)], tmp_path)}```"

    expected = BLOCK.sub(renewed, page)
    if os.environ.get("AIMSGRAPH_REWRITE_DOCS"):
        PAGE.write_text(expected, encoding="utf-8")
    assert lasting(PAGE.read_text(encoding="utf-8")) == lasting(expected)
    (code,) = [block[2] for block in blocks if block[1] == "python"]
    printed = run(["-c", code], tmp_path)
    assert printed.startswith(
        "('<https://example.org/meridian/bias> <http://www.w3.org/2000/01/rdf-schema#comment>"
    )
    assert "Traceback" not in printed
