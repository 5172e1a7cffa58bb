"""The page on access says what the code does: roles, fields, options, and a file that is right."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from typing import TYPE_CHECKING

from aimsgraph import access
from aimsgraph.access.issuer import Issuer
from aimsgraph.access.rules import Key, Rules
from aimsgraph.cli.access import access as commands
from aimsgraph.cli.server import serve
from aimsgraph.model.access import PERMITTED
from aimsgraph_api.access_log import AccessLog, RequestLog
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def test_the_page_says_what_each_role_may():
    rows = re.findall(r"^\| `(\w+)` \| ((?:`\w+` ?)+)\|", PAGE, re.MULTILINE)
    assert {role: set(re.findall(r"\w+", may)) for role, may in rows} == {
        role: set(may) for role, may in PERMITTED.items()
    }


def test_the_file_of_the_page_is_right(tmp_path: Path):
    [example] = re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    file = tmp_path / "access.json"
    file.write_text(example)
    file.chmod(0o600)
    rules = access.read_rules(file)
    assert (set(rules.keys), set(rules.issuers)) == ({"ada"}, {"login"})


def test_the_page_names_every_field_of_the_file():
    fields = {*Rules.model_fields, *Key.model_fields, *Issuer.model_fields}
    assert {field for field in fields if not re.search(rf'[`"]{field}[`"]', PAGE)} == set()


def test_the_page_names_every_field_of_the_access_log(tmp_path: Path):
    async def app(*_: object) -> None: ...

    log = RequestLog(tmp_path / "log", texts=True)
    scope = {"type": "http", "method": "GET", "query_string": b"", "client": None}
    asyncio.run(AccessLog(app, log)(scope, app, app))  # type: ignore[arg-type]
    line = json.loads((tmp_path / "log").read_text())
    assert {field for field in {*line, "text"} if f"`{field}`" not in PAGE} == set()


def test_the_commands_of_the_page_are_understood():
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    lines = [
        shlex.split(line.partition(" < ")[0], comments=True)
        for block in blocks
        for line in block.splitlines()
    ]
    ours = [words[1:] for words in lines if words[0] == "aimsgraph"]
    assert len(ours) == 9
    for name, *words in ours:
        command = serve if name == "serve" else commands.commands[words.pop(0)]
        assert command.make_context(name, words)
