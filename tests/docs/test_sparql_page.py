"""The examples of the page on SPARQL over HTTP, in the order of the page, against a server."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from tests.conftest import ROOT
from tests.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

PAGE: Final = (ROOT / "docs" / "sparql.md").read_text(encoding="utf-8")
EXAMPLES: Final = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    for line in re.sub(r"\\\n\s*", "", block).splitlines()
]
#: What each must have in its answer.
ANSWERS: Final = (
    '"bindings"', "true", "Credit scoring", '"value":"', "sd:Service", "service-description#Service", '"dry_run":true',
    '"message":"Note"', '"added":1', "<urn:x> <urn:p>", '"added":1', '"removed":2',
)  # fmt: skip


def test_each_example_is_answered(demo_folder: Path, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    shutil.copytree(demo_folder / "aimsgraph-demo" / "meridian.store", tmp_path / "aims.store")
    with serving(tmp_path / "aims.store", "editor") as client:
        address = str(client.base_url).rstrip("/")
        for example, expected in zip(EXAMPLES, ANSWERS, strict=True):
            command = example.replace("http://127.0.0.1:8042", address)
            command = command.replace("curl ", "curl -sS --noproxy '*' --fail-with-body ")
            done = subprocess.run(
                ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, (example, done.stdout, done.stderr)
            assert expected in done.stdout, (example, done.stdout)
