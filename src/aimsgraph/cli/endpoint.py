"""The command about servers of others: ``check-endpoint``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aimsgraph import engine
from aimsgraph.cli.terminal import answers, print_json, progress, table
from aimsgraph.model.capabilities import NOT_WRITTEN

if TYPE_CHECKING:
    from rich.table import Table

    from aimsgraph.model.capabilities import Capabilities


@click.command(name="check-endpoint")
@click.argument("server", metavar="URL|SERVER.toml")
@click.option("--write", is_flag=True, help="Try writing too, in graphs of its own that are removed again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def check_endpoint(server: str, write: bool, as_json: bool) -> None:
    """Try what a SPARQL server does, and say what that means for aimsgraph.

    Without --write nothing is written on it.

    Exit status: 0 it can be used, 1 it lacks something that is needed, 2 it cannot be reached.
    """
    with progress("Trying") as report:
        found = engine.check_endpoint(server, write=write, progress=report)
    if as_json:
        print_json(found)
    else:
        answers().print(*told(found), sep="\n")
    if not found.readable or found.writable is False:
        click.get_current_context().exit(1)


def told(found: Capabilities) -> list[Table | str]:
    """Lay out what was found: the checks, the literals that change, and whether the server can be used."""
    rows = [
        (
            check.question,
            check.outcome
            + (f", needed for {check.needed}" if check.outcome == "no" and check.needed else ""),
            ". ".join(text for text in (check.detail.rstrip("."), check.meaning) if text),
        )
        for check in found.checks
        if found.writable is not None or check.meaning != NOT_WRITTEN
    ]
    tested = f"profile tested with {found.tested}" if found.tested else "no tested profile"
    title = f"{found.address}: {found.profile} ({tested})"
    shown: list[Table | str] = [
        table(title, ("check", "outcome", "what it did, and what that means for aimsgraph"), rows)
    ]
    if found.changed:
        cells = [(one.what, one.written, one.returned or "refused") for one in found.changed]
        shown.append(table("Literals that come back otherwise", ("what", "written", "returned"), cells))
    reading = "can be read" if found.readable else "CANNOT be read in full"
    writing = {
        None: "writing was not tried (--write)",
        True: "it can be written",
        False: "it CANNOT be written safely",
    }
    return [*shown, f"The server {reading}; {writing[found.writable]}."]
