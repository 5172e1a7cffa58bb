"""Findings as they come and go, until somebody has seen enough."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from aimsgraph.cli.tables import counted
from aimsgraph.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.validate import Turn


def tell_turns(turns: Iterator[Turn], as_json: bool) -> None:
    """Print what came (+) and went (-), a line each; as JSON one object per change. Ctrl-C ends it."""
    standing = 0
    try:
        for place, turn in enumerate(turns):
            standing += len(turn.opened) - len(turn.closed)
            if as_json:
                told = {
                    name: [finding.model_dump(mode="json") for finding in getattr(turn, name)]
                    for name in ("opened", "closed")
                }
                click.echo(json.dumps(told, ensure_ascii=False))
            elif place:
                for mark, findings in (("-", turn.closed), ("+", turn.opened)):
                    for finding in findings:
                        click.echo(f"{mark} {finding.severity}: {finding.message}")
            if not as_json:
                click.echo(f"{counted(standing, 'finding')} now. Waiting for changes; Ctrl-C ends.")
    except KeyboardInterrupt:
        say("Ended.")
