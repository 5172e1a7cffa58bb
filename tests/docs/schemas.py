"""The columns of the exported tables, as the page on exports shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aimsgraph.export import TABLES

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = re.compile(r"(?<=<!-- tables -->\n).*?(?=<!-- end of tables -->)", re.DOTALL)
KINDS = {
    "text": "text", "word": "word", "texts": "list of texts", "words": "list of words", "number": "64-bit float",
    "whole": "64-bit integer", "day": "date", "truth": "boolean",
}  # fmt: skip


def listed() -> str:
    """Return a table of columns for each exported table."""
    return "".join(
        f"\n## {name}.parquet\n\n| column | kind | null | what it says |\n|---|---|---|---|\n"
        + "".join(
            f"| `{column.name}` | {KINDS[column.kind]} | {'yes' if column.nullable else ''} | {column.meaning} |\n"
            for column in columns
        )
        for name, columns in TABLES.items()
    ) + "\n"  # fmt: skip


def shown(page: Path) -> str:
    """Return the tables that a page shows."""
    found = SCHEMAS.search(page.read_text(encoding="utf-8"))
    assert found is not None
    return found[0]


def rewrite_schemas(page: Path) -> None:
    """Write the tables as they are now into a page."""
    text = page.read_text(encoding="utf-8")
    page.write_text(SCHEMAS.sub(lambda _: listed(), text), encoding="utf-8")
