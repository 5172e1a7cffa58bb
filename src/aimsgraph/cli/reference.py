"""The command that documents the ontology: ``docs``."""

from __future__ import annotations

from pathlib import Path

import click

from aimsgraph.answers import write
from aimsgraph.cli.terminal import print_json, progress, say
from aimsgraph.errors import OutputNotWritableError
from aimsgraph.reference import read_reference
from aimsgraph.render.reference import reference_pages


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("ontology-docs"),
    show_default=True,
    help="The folder for the pages.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole reference as one JSON object instead.")
def docs(files: tuple[Path, ...], output: Path, as_json: bool) -> None:
    """Document the ontology as HTML pages: modules, catalogues, crosswalks, and what belongs to each area.

    Turtle FILES of your own are documented with it.
    """
    with progress("Reading the ontology"):
        reference = read_reference(files)
    if as_json:
        print_json(reference)
        return
    with progress("Drawing the modules"):
        pages = reference_pages(reference)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputNotWritableError(
            f"The folder {output} cannot be made: {error.strerror or error}.",
            hint="Name another with --output.",
        ) from error
    size = sum(write(output / name, text.encode(), Path(name).suffix).bytes for name, text in pages.items())
    say(f"Wrote {len(pages)} files ({size:,} bytes). Open {output / 'index.html'}.")
