"""The tour shows a newcomer what the tool is for."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_the_tour_has_its_seven_steps_and_three_commands(demo_folder: Path):
    tour = (demo_folder / "tour.txt").read_text(encoding="utf-8")
    assert re.findall(r"^(\d)\. ", tour, re.MULTILINE) == list("1234567")
    for text in ("Credit scorecard v3", "Bureau extract 2026", "claimed", "assured", "expired", "fresh"):
        assert text in tour
    assert len(commands(tour)) == 3


def test_the_files_that_the_tour_names_are_there(demo_folder: Path):
    tour = (demo_folder / "tour.txt").read_text(encoding="utf-8")
    files = re.findall(r"aimsgraph-demo/[\w.]+\.(?:svg|html)", tour)
    assert len(set(files)) == 3
    for name in files:
        assert (demo_folder / name).stat().st_size > 2000


def test_the_commands_to_try_next_work_as_they_stand(demo_folder: Path):
    for command in commands((demo_folder / "tour.txt").read_text(encoding="utf-8")):
        words = shlex.split(command)
        words = words[next(i for i, word in enumerate(words) if "aimsgraph" in word) + 1 :]
        done = subprocess.run(
            [sys.executable, "-m", "aimsgraph", *words],
            cwd=demo_folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()


def commands(tour: str) -> list[str]:
    return [line.strip() for line in tour.partition("Try next")[2].splitlines() if line.startswith("  ")]
