"""Tells of saved questions: lists, explains and checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aimsgraph import query as questions
from aimsgraph.cli.terminal import answers, print_json, say, table
from aimsgraph.model.question import Catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aimsgraph.model.question import SavedQuery


def list_questions(found: Catalogue, as_json: bool) -> None:
    """List saved questions by name."""
    if as_json:
        print_json(found)
        return
    rows = [(one.id, ", ".join(one.personas), one.area, one.question) for one in found.queries]
    answers().print(table("", ("name", "for", "area", "question"), rows))
    say("Ask one with `aimsgraph query NAME`; see what it takes with --explain.")


def explain_question(question: SavedQuery, as_json: bool) -> None:
    """Show what a saved question means and takes, and its SPARQL."""
    if as_json:
        print_json(question)
        return
    console = answers()
    console.print(
        f"{question.title}\n{question.question}\nfor: {', '.join(question.personas)}; area: {question.area}"
    )
    if question.params:
        rows = [(p.name, p.type, p.default or "", p.description) for p in question.params]
        console.print(table("parameters", ("name", "type", "default", "meaning"), rows))
    console.print(table("columns", ("name", "meaning"), [(c.name, c.meaning) for c in question.columns]))
    click.echo(question.text)


def check_questions(folders: Sequence[Path], as_json: bool) -> None:
    """Check the saved questions, those below ``folders`` with them, and say how many are in order.

    :raises QueryInvalidError: with every fault of every file.
    """
    found = tuple(questions.catalogue(folders).values())
    if as_json:
        print_json(Catalogue(queries=found))
        return
    own = len(found) - len(questions.catalogue())
    say(f"{len(found)} saved questions are in order, {own} of them from folders of your own.")
