"""Commands that say what is missing: ``validate``, ``check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import aimsgraph
from aimsgraph.cli.explanation import tell_explanation, tell_profiles
from aimsgraph.cli.findings import form_of, form_options, tell
from aimsgraph.cli.ledger import tell_ledger
from aimsgraph.cli.mending import tell_mendings
from aimsgraph.cli.options import date_option, json_option, reading_command
from aimsgraph.cli.terminal import progress
from aimsgraph.cli.watch import tell_turns
from aimsgraph.errors import UsageError
from aimsgraph.validate import own_profiles

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from aimsgraph.answers import ValidationAnswer
    from aimsgraph.cli.findings import Form
    from aimsgraph.engine import Graph
    from aimsgraph.validate import Engine

F = TypeVar("F", bound="Callable[..., Any]")

RANKS = {"info": 0, "warning": 1, "violation": 2}

shapes_option = click.option(
    "--shapes",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A file of shapes to add; may be repeated.",
)
fail_option = click.option(
    "--fail-on",
    type=click.Choice(["info", "warning", "violation", "never"]),
    default="violation",
    show_default=True,
    help="End with status 1 when there is a finding this grave.",
)
rows_option = click.option(
    "--rows", type=click.IntRange(1), default=25, show_default=True, help="How many findings the table shows."
)
engine_option = click.option(
    "--engine",
    type=click.Choice(["store", "pyshacl"]),
    default="store",
    show_default=True,
    help="What checks: queries that the store answers, or pySHACL, slow, as a second opinion.",
)


def by_option(*kinds: str) -> Callable[[F], F]:
    """Return the option that says of what the table shows scores."""
    return click.option(
        "--by",
        type=click.Choice(kinds),
        default=kinds[0],
        show_default=True,
        help="Of what the table shows how complete it is.",
    )


profile_option = click.option(
    "--profile", help="Make the checks of this profile: a name of --profiles, or a Turtle file."
)
#: Those views of completeness that take a look at every node, and are worked out only when they are asked for.
PER_NODE = ("system", "node")
BY = ("area", "owner", "requirement")


def conclude(
    answer: ValidationAnswer, form: Form, output: Path | None, fail_on: str, rows: int, by: str
) -> None:
    """Tell the findings and end with status 1 when there is one at or above ``fail_on``."""
    tell(answer, form, output, rows, by)
    if fail_on != "never" and any(RANKS[f.severity] >= RANKS[fail_on] for f in answer.findings):
        click.get_current_context().exit(1)


@click.command()
@shapes_option
@date_option
@fail_option
@rows_option
@by_option(*BY, *PER_NODE)
@form_options
@engine_option
@profile_option
@click.option(
    "--system",
    "systems",
    multiple=True,
    help="Look only at this system and what belongs to it; may be repeated.",
)
@click.option(
    "--profiles",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, given: tell_profiles(own_profiles(), context) if given else None,
    help="List the profiles.",
)
@click.option("--explain", metavar="ID", help="Explain the finding of this id.")
@click.option(
    "--fix-list", is_flag=True, help="List what to mend per owner, what lifts the score most first."
)
@click.option("--watch", is_flag=True, help="Stay, and say what comes and goes whenever the store changes.")
@click.option(
    "--history", is_flag=True, help="Say when each finding came up and went away, and by which changeset."
)
@reading_command
def validate(
    graph: Graph,
    shapes: tuple[Path, ...],
    day: date | None,
    fail_on: str,
    rows: int,
    by: str,
    format_: str | None,
    output: Path | None,
    engine: Engine,
    profile: str | None,
    systems: tuple[str, ...],
    explain: str | None,
    fix_list: bool,
    watch: bool,
    history: bool,
    as_json: bool,
) -> None:
    """Say what is missing or wrong, how to mend it, and how complete each control area is."""
    if history or watch:
        _refuse_other(bool(shapes or format_ or output or profile or systems))
    if watch:
        tell_turns(graph.watch(date=day), as_json)
        return
    if history:
        _over_time(graph, day, as_json, rows)
        return
    form = form_of(format_, output, as_json)
    with progress("Checking shapes"):
        answer = graph.validate(
            date=day, shapes=shapes, engine=engine, profile=profile, systems=systems, per_node=by in PER_NODE
        )
    if explain is not None:
        tell_explanation(answer.explain(explain), as_json)
        return
    if fix_list:
        tell_mendings(answer.mendings(), as_json, rows)
        return
    conclude(answer, form, output, fail_on, rows, by)


def _refuse_other(given: bool) -> None:
    if given:
        raise UsageError(
            "--history and --watch take no --shapes, --profile, --system, --format or --output.",
            hint="Use --json for all fields.",
        )


def _over_time(graph: Graph, day: date | None, as_json: bool, rows: int) -> None:
    with progress("Playing the history again"):
        ledger = graph.findings_over_time(date=day)
    tell_ledger(ledger, as_json, rows)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@shapes_option
@date_option
@fail_option
@rows_option
@by_option(*BY)
@form_options
@profile_option
@json_option
def check(
    files: tuple[Path, ...],
    shapes: tuple[Path, ...],
    day: date | None,
    fail_on: str,
    rows: int,
    by: str,
    format_: str | None,
    output: Path | None,
    profile: str | None,
    as_json: bool,
) -> None:
    """Validate FILES without a store, for a pre-commit hook or CI."""
    form = form_of(format_, output, as_json)
    with progress("Checking files"):
        answer = aimsgraph.check(*files, shapes=shapes, date=day, profile=profile)
    conclude(answer, form, output, fail_on, rows, by)
