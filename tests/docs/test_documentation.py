"""What the documentation says the program prints is what it prints, and everything is documented."""

from __future__ import annotations

import os
import re

import pytest

from aimsgraph import errors
from aimsgraph.cli.program import COMMANDS
from tests.conftest import ROOT
from tests.docs import schemas
from tests.docs.questions import listed, rewrite_list, shown
from tests.docs.transcripts import Transcript, lasting, rewrite, run, transcripts

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TRANSCRIPTS = list(transcripts(PAGES))


def test_the_pages_hold_transcripts_to_check():
    assert len(TRANSCRIPTS) >= 20


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=str)
def test_a_documented_command_prints_what_the_page_says(transcript: Transcript, demo_folder):
    first = next(one for one in TRANSCRIPTS if one.page == transcript.page)
    if os.environ.get("AIMSGRAPH_REWRITE_DOCS"):
        if transcript == first:
            rewrite(transcript.page, demo_folder)
    else:
        assert lasting(run(transcript.command, demo_folder)) == lasting(transcript.output)


def test_the_page_on_queries_lists_every_saved_question():
    page = ROOT / "docs" / "queries.md"
    if os.environ.get("AIMSGRAPH_REWRITE_DOCS"):
        rewrite_list(page)
    assert shown(page) == listed()


def test_the_page_on_exports_shows_the_columns_of_the_schema():
    page = ROOT / "docs" / "export.md"
    if os.environ.get("AIMSGRAPH_REWRITE_DOCS"):
        schemas.rewrite_schemas(page)
    assert schemas.shown(page) == schemas.listed()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help_in_the_commands_page(command: str):
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"$ aimsgraph {command} --help\n" in text


def test_every_error_code_is_documented():
    known = {
        value.code
        for value in vars(errors).values()
        if isinstance(value, type)
        and issubclass(value, errors.AimsgraphError)
        and value is not errors.AimsgraphError
    }
    documented = set(
        re.findall(
            r"^\| `([a-z-]+)` \|", (ROOT / "docs" / "errors.md").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert documented == known
    assert len(known) >= 15


def test_every_link_between_pages_leads_somewhere():
    pages = [*PAGES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "adr").glob("*.md"))]
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target
    ]
    assert len(links) >= 20
    assert [(page.name, target) for page, target in links if not (page.parent / target).exists()] == []
