"""The examples of the page on clients are run against a server, and print what their comments say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
import requests

from aimsgraph.mcp.tools import TOOLS
from tests.conftest import ROOT
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE: Final = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
HERE: Final = "http://127.0.0.1:8042"
SAID: Final = re.compile(r"^ *print\(.*\)  # (.*)$", re.MULTILINE)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def address(demo_folder: Path) -> Iterator[str]:
    with serving(demo_folder / "aimsgraph-demo" / "meridian.store", "auditor") as client:
        yield str(client.base_url).rstrip("/")


def test_the_python_prints_what_it_says(address: str, tmp_path: Path):
    code = "".join(blocks("python"))
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code.replace(HERE, address)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines() == SAID.findall(code)
    assert all(SAID.search(block) for block in blocks("python"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("command", [line for block in blocks("sh") for line in block.splitlines()])
def test_curl_is_answered(command: str, address: str, tmp_path: Path):
    plain = "curl() { command curl --silent --show-error --noproxy '*' --fail-with-body \"$@\"; }\n"
    done = subprocess.run(
        ["bash", "-c", plain + command.replace(HERE, address)], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = [path.read_bytes() for path in tmp_path.iterdir()]
    assert len(done.stdout + b"".join(written)) > 50


def test_the_page_shows_enough():
    assert (len(blocks("python")), len(blocks("sh")), len(blocks("json"))) == (6, 1, 1)


def test_the_snippet_for_assistants_is_one():
    (snippet,) = map(json.loads, blocks("json"))
    started = snippet["mcpServers"]["aimsgraph"]
    assert (started["command"], started["args"][0]) == ("aimsgraph", "mcp")


def test_every_tool_is_on_the_page():
    told = {
        name: permission
        for names, permission in re.findall(r"^\| (`[a-z_`, ]+`) \| .* \| `([a-z]+)` \|$", PAGE, re.MULTILINE)
        for name in re.findall(r"`([a-z_]+)`", names)
    }
    assert told == TOOLS


def test_the_addresses_on_the_page_are_there(address: str):
    document = requests.get(f"{address}/api/v1/openapi.json", timeout=60).json()
    named = {path for path in re.findall(rf"{HERE}(/[\w/-]*)", PAGE) if path.strip("/")}
    assert named
    assert named <= set(document["paths"])
