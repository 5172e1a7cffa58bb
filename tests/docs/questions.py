"""The list of the saved questions, as the page on queries shows it."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from aimsgraph.query import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.question import SavedQuery

LIST = re.compile(r"(?<=<!-- questions -->\n).*?(?=<!-- end of questions -->)", re.DOTALL)
TOPICS = ("risk", "evidence", "governance", "incidents", "lineage", "inventory")


def listed() -> str:
    """Return the tables, a table for each topic."""
    found = sorted(catalogue().values(), key=lambda one: (TOPICS.index(one.topic), one.id))
    return "".join(
        f"\n### {topic.capitalize()}\n\n| name | for | question | parameters |\n|---|---|---|---|\n"
        + "".join(map(_row, questions))
        for topic, questions in groupby(found, key=lambda one: one.topic)
    ) + "\n"  # fmt: skip


def _row(one: SavedQuery) -> str:
    taken = ", ".join(
        f"`{param.name}`" + (f" (default {param.default})" if param.default is not None else "")
        for param in one.params
    )
    return f"| `{one.id}` | {', '.join(one.personas)} | {one.question} | {taken} |\n"


def shown(page: Path) -> str:
    """Return the list that a page shows."""
    found = LIST.search(page.read_text(encoding="utf-8"))
    assert found is not None
    return found[0]


def rewrite_list(page: Path) -> None:
    """Write the list as it is now into a page."""
    text = page.read_text(encoding="utf-8")
    page.write_text(LIST.sub(lambda _: listed(), text), encoding="utf-8")
