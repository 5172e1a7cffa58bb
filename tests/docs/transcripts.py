"""Finds the ``console`` blocks of the documentation and runs the commands in them."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests import program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK = re.compile(
    r"^```console\n\$ (?P<command>aimsgraph[^\n]*)\n(?P<output>.*?)^```$", re.DOTALL | re.MULTILINE
)

# When a changeset was made, and the digests that its time goes into: different in every new store.
OF_THIS_RUN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|\b[0-9a-f]{12}(?:[0-9a-f]{52})?\b")


@dataclass(frozen=True)
class Transcript:
    """A command in a page and the output that the page says it prints."""

    page: Path
    command: str
    output: str

    def __str__(self) -> str:
        return f"{self.page.name}: {self.command}"


def transcripts(pages: list[Path]) -> Iterator[Transcript]:
    """Yield every transcript of the pages."""
    for page in pages:
        for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
            yield Transcript(page, match["command"], match["output"])


def run(command: str, folder: Path) -> str:
    """Run a documented command in ``folder`` as a person would, and return what it prints on stdout.

    A pipe at the end of the command (``| head -n 12``) keeps that many lines.
    """
    words, _, rest = command.partition(" | head -n ")
    environment = {
        **os.environ,
        "COLUMNS": "100",
        "AIMSGRAPH_STORE": str(folder / "aimsgraph-demo" / "meridian.store"),
    }
    # The help of each command is asked for anew, which shows that it can be started by itself.
    done = program.run(shlex.split(words)[1:], folder, environment, anew="--help" in words)
    assert done.returncode in (0, 1), done.stderr
    lines = done.stdout.splitlines()
    kept = lines[: int(rest)] if rest else lines
    return "".join(f"{line.rstrip()}\n" for line in kept)


def lasting(output: str) -> str:
    """Return the output with times and digests that differ from run to run struck out."""
    return OF_THIS_RUN.sub(lambda found: "*" * len(found[0]), output)


def rewrite(page: Path, folder: Path) -> None:
    """Write what the commands print now into a page, where it says something else."""

    def renewed(found: re.Match[str]) -> str:
        output = run(found["command"], folder)
        if lasting(output) == lasting(found["output"]):
            return found[0]
        return f"```console\n$ {found['command']}\n{output}```"

    page.write_text(BLOCK.sub(renewed, page.read_text(encoding="utf-8")), encoding="utf-8")
