"""Runs the program in a process of its own, as a shell does, and without importing it anew: that is most of a start."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent


def run(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    stdin: str | None = None,
    anew: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run ``aimsgraph`` with these words in ``folder``; with ``anew`` in an interpreter that has imported nothing."""
    if anew or not hasattr(os, "fork"):
        return subprocess.run(
            [sys.executable, "-m", "aimsgraph", *words], cwd=folder, env=dict(environment), input=stdin,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as aside:
        files = {name: Path(aside, name) for name in ("stdin", "stdout", "stderr")}
        for name, file in files.items():
            file.write_text(stdin or "" if name == "stdin" else "", encoding="utf-8")
        asked = {"words": list(words), "folder": str(folder), "environment": dict(environment)}
        status = _started(json.dumps(asked | {name: str(file) for name, file in files.items()}))
        said = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    return subprocess.CompletedProcess(list(words), status, said["stdout"], said["stderr"])


def _started(asked: str) -> int:
    starter = _starter()
    assert starter.stdin is not None
    assert starter.stdout is not None
    starter.stdin.write(asked + "\n")
    starter.stdin.flush()
    return int(starter.stdout.readline())


@cache
def _starter() -> subprocess.Popen[str]:
    starter = subprocess.Popen(
        [sys.executable, "-m", "tests.starter"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def end() -> None:
        starter.communicate()

    atexit.register(end)
    return starter
