"""The ``aimsgraph`` program: its commands, and what becomes of errors."""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module, metadata

import click

from aimsgraph.cli.terminal import complain
from aimsgraph.errors import AimsgraphError

#: command → module and attribute; read only when the command is asked for, so that ``--help`` is quick.
COMMANDS = {
    "demo": "demo:demo",
    "init": "store:init",
    "load": "store:load",
    "import": "store:import_",
    "update": "editing:update",
    "remove": "editing:remove",
    "validate": "validation:validate",
    "query": "question:query",
    "lineage": "dependency:lineage",
    "paths": "routes:paths",
    "common": "routes:common",
    "cycles": "routes:cycles",
    "weak-points": "routes:weak_points",
    "blast-radius": "blast:blast_radius",
    "impact": "dependency:impact",
    "fix-first": "reasons:fix_first",
    "what-if": "reasons:what_if",
    "risk": "risk:risk",
    "trace": "dependency:trace",
    "diagram": "picture:diagram",
    "report": "picture:report",
    "nodes": "store:nodes",
    "log": "history:log",
    "diff": "history:diff",
    "verify": "proof:verify",
    "head": "proof:head",
    "bundle": "proof:bundle",
    "hash": "proof:hash_",
    "backup": "upkeep:backup",
    "restore": "upkeep:restore",
    "compact": "upkeep:compact",
    "export": "export:export",
    "check": "validation:check",
    "check-endpoint": "endpoint:check_endpoint",
    "docs": "reference:docs",
    "serve": "server:serve",
    "mcp": "assistant:mcp",
}

INTERRUPTED = 130
INTERNAL_FAULT = 70


class Program(click.Group):
    """A click group that loads a command's module when it is first needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the commands in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import and return a command, or None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"aimsgraph.cli.{module}"), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command, naming close matches when it is unknown."""
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = get_close_matches(args[0], COMMANDS, n=2)
            hint = f" Did you mean {' or '.join(close)}?" if close else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(metadata.version("aimsgraph"), prog_name="aimsgraph", message="%(prog)s %(version)s")
def program() -> None:
    """Risk and traceability over the knowledge graph of an AI management system (ISO/IEC 42001).

    Start with `aimsgraph demo`. Exit status: 0 fine, 1 findings, 2 wrong usage or bad input, 3 a limit or
    time-out, 130 interrupted, 70 a fault of aimsgraph itself.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the program and exit with its documented status; every expected error is one clear paragraph."""
    # rdflib logs a traceback for each ill-typed literal it meets; what is wrong in a file is said by us.
    logging.getLogger("rdflib").addHandler(logging.NullHandler())
    try:
        status = program.main(args=arguments, prog_name="aimsgraph", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except AimsgraphError as error:
        complain(error)
        status = error.exit_status
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted: nothing that was under way has been written.", err=True)
        status = INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has left: not an error, and the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        if os.environ.get("AIMSGRAPH_TRACEBACK"):
            raise
        click.echo(
            f"error: aimsgraph itself failed: {type(error).__name__}: {error}. This is a fault of the program, "
            "not of your data. Set AIMSGRAPH_TRACEBACK=1 to see where, and please report it.",
            err=True,
        )
        status = INTERNAL_FAULT
    sys.exit(status if isinstance(status, int) else 0)
