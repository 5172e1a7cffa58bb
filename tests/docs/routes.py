"""The routes of the server and the codes of its problems, as the pages show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aimsgraph_api.openapi import ALWAYS, document, operations, permissions

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

ROUTES = re.compile(r"(?<=<!-- routes -->\n).*?(?=<!-- end of routes -->)", re.DOTALL)
#: The routes of the saved questions, which docs/queries.md lists: one line for all of them.
QUESTION = re.compile(r"^/api/v1/queries/[^/{}]+/results$")
ANSWER = "Answer a saved question, in the form that is asked for; see [questions](queries.md#over-http)."
ROW = re.compile(r"^\| `([a-z-]+)` \| ([0-9, ]+) \|", re.MULTILINE)


def listed(app: FastAPI) -> str:
    """Return a table of all routes: what each answers, who may ask, and with which statuses besides those of all."""
    rows = {
        (path, method.upper(), ", ".join(sorted(permissions(route))) or "none", says, _statuses(operation))
        for route, method, operation in operations(app, document(app))
        for path, says in [_says(route.path_format or "", operation)]
    }
    return "\n| route | permission | answers | statuses |\n|---|---|---|---|\n" + "".join(
        f"| `{method} {path}` | {permission} | {says} | {statuses} |\n"
        for path, method, permission, says, statuses in sorted(rows)
    ) + "\n"  # fmt: skip


def _says(path: str, operation: dict[str, str]) -> tuple[str, str]:
    if QUESTION.match(path):
        return "/api/v1/queries/{id}/results", ANSWER
    return path, operation["description"].split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _statuses(operation: dict[str, dict[str, object]]) -> str:
    return ", ".join(sorted(set(operation["responses"]) - {str(status) for status in ALWAYS}))


def shown(page: Path) -> str:
    """Return the table that a page shows."""
    found = ROUTES.search(page.read_text(encoding="utf-8"))
    assert found is not None
    return found[0]


def rewrite(page: Path, app: FastAPI) -> None:
    """Write the table as it is now into a page."""
    text = page.read_text(encoding="utf-8")
    page.write_text(ROUTES.sub(lambda _: listed(app), text), encoding="utf-8")


def statuses(page: Path) -> dict[str, set[int]]:
    """Return the statuses that a page gives for each code."""
    found = ROW.findall(page.read_text(encoding="utf-8"))
    return {code: {int(status) for status in said.split(",")} for code, said in found}
