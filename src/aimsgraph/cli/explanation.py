"""One finding explained, and the profiles listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aimsgraph.cli.tables import counted
from aimsgraph.cli.terminal import answers, print_json, table
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aimsgraph.model.explanation import Explanation
    from aimsgraph.validate.profile import Profile


def tell_explanation(answer: Explanation, as_json: bool) -> None:
    """Print what is asked, by whom, and what the graph says instead."""
    if as_json:
        print_json(answer)
        return
    click.echo("\n".join(_lines(answer)))
    if answer.statements:
        cells = [(one.property, one.label or "", one.value, one.source or "") for one in answer.statements]
        title = f"What is stated of {answer.finding.focus_label}"
        answers().print(table(title, ("property", "label", "value", "source"), cells))
    click.echo(f"The check, as SHACL:\n\n{answer.shacl}", nl=False)


def _lines(answer: Explanation) -> Iterator[str]:
    finding = answer.finding
    yield f"{finding.severity} {finding.id}: {finding.message}"
    yield f"  Node: {finding.focus_label} <{finding.focus}>"
    if finding.path:
        yield f"  Path: {finding.path}"
    if finding.value:
        yield f"  Value: {finding.value}"
    if finding.fix:
        yield f"  To mend it: {finding.fix}"
    if answer.waived_by:
        yield f"  It is let pass by the waiver <{answer.waived_by}>."
    yield ""
    yield f"The check: {answer.shape.label} ({compact(finding.shape)})"
    yield f"  It looks at {answer.shape.target}; here that is {counted(answer.shape.nodes, 'node')}."
    yield f"  Besides this one it has {counted(answer.alike, 'finding')}."
    if answer.area:
        yield f"  Control area: {answer.area}"
    if answer.requirement:
        asking = answer.requirement
        yield f"  Asked for by {asking.id}, {asking.label}"
        yield from (f"    {text}" for text in (asking.definition, asking.usual_evidence) if text)
    yield ""


def tell_profiles(profiles: Mapping[str, Profile], context: click.Context) -> None:
    """List the profiles by name, with what each is for, and end."""
    cells = [(one.name, one.label, one.description) for one in profiles.values()]
    answers().print(table(counted(len(cells), "profile"), ("name", "", "what it is for"), cells))
    context.exit()
