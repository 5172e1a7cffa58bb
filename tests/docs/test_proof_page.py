"""What the page on proof shows was typed one after the other in one folder, and prints what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.docs.transcripts import lasting

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "proof.md"
BLOCK = re.compile(r"(?<=^```sh\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
STEP = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
# Sizes depend on times, which shrink more or less when packed; and times have fractions here.
OF_THIS_RUN = re.compile(r"\([\d,]+ bytes\)|\.\d{6}(?=\+00:00)")


def said(command: str, folder: Path) -> str:
    """Run a command as a person would and return what it prints on stdout."""
    program = (
        f'aimsgraph() {{ "{sys.executable}" -m aimsgraph "$@"; }}; python() {{ "{sys.executable}" "$@"; }}'
    )
    environment = os.environ | {"AIMSGRAPH_STORE": "meridian.store", "COLUMNS": "100"}
    done = subprocess.run(
        ["bash", "-c", f"{program}\n{command}"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def compared(output: str) -> str:
    return OF_THIS_RUN.sub("…", lasting(output))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_page_shows_what_is_printed(demo_folder: Path, tmp_path: Path):
    shutil.copytree(demo_folder / "aimsgraph-demo" / "meridian.store", tmp_path / "meridian.store")
    different = []

    def renewed(step: re.Match[str]) -> str:
        output = said(step["command"], tmp_path)
        if compared(output) == compared(step["output"]):
            return step[0]
        different.append((step["command"], output))
        return f"$ {step['command']}\n{output}"

    text = PAGE.read_text(encoding="utf-8")
    anew = BLOCK.sub(lambda block: STEP.sub(renewed, block[0]), text)
    assert len(STEP.findall("".join(BLOCK.findall(text)))) >= 12
    if os.environ.get("AIMSGRAPH_REWRITE_DOCS"):
        PAGE.write_text(anew, encoding="utf-8")
    else:
        assert different == []
