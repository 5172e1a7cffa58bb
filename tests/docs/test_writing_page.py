"""What the page on writing shows is typed one after the other, and a real server takes it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.api.small import made
from tests.conftest import ROOT
from tests.serving import ended

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "writing.md"
BLOCK = re.compile(r"(?<=^```sh\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
ADDRESS = "http://127.0.0.1:8042"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_requests_on_the_page_are_answered(tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) == 8
    store = made(tmp_path)
    command = [sys.executable, "-m", "tests.api.runner", str(store)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, ended(process):
        assert process.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert address
        threading.Thread(target=process.stderr.read, daemon=True).start()
        for block in blocks:
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block.replace(ADDRESS, address[0])],
                cwd=tmp_path, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
            if done.stdout.startswith("{"):
                json.loads(done.stdout)
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
