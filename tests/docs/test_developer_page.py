"""The Python that the page for developers shows of a graph in memory prints what its comments say."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "developer.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SAID = re.compile(r"^print\(.*\)  +# (.*)$", re.MULTILINE)
AIMS = "@prefix aims: <https://w3id.org/aimsgraph/ns#> . "


def test_what_the_page_says_of_a_graph_in_memory_is_printed(tmp_path: Path):
    (code,) = [
        block for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if "aimsgraph.in_memory()" in block
    ]
    (tmp_path / "risks.ttl").write_text(AIMS + "<urn:risk> a aims:Risk .", encoding="utf-8")
    (tmp_path / "owners.ttl").write_text(AIMS + "<urn:ada> a aims:Owner .", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == SAID.findall(code)
    assert len(SAID.findall(code)) == 4
