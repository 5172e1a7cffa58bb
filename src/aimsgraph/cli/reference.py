"""The command that documents the ontology: ``docs``."""

from __future__ import annotations

from pathlib import Path

import click

from aimsgraph.answers import write
from aimsgraph.cli.terminal import print_json, progress, say
from aimsgraph.errors import OutputNotWritableError
from aimsgraph.reference import read_forms, read_reference, schema_files
from aimsgraph.render.reference import reference_pages


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("ontology-docs"),
    show_default=True,
    help="The folder for the files.",
)
@click.option(
    "--schema",
    is_flag=True,
    help="Write a JSON Schema and a form for each class, as JSON files, instead of the pages.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole reference as one JSON object instead.")
def docs(files: tuple[Path, ...], output: Path, schema: bool, as_json: bool) -> None:
    """Document the ontology as HTML pages: modules, shapes, catalogues, crosswalks, and what is in each area.

    Turtle FILES of your own are documented with it.
    """
    if schema and as_json:
        raise click.UsageError("--schema writes JSON files already; leave out --json.")
    if schema:
        with progress("Reading the shapes"):
            texts = schema_files(read_forms(files))
        size = _written(output, texts)
        say(f"Wrote {len(texts)} files ({size:,} bytes) in {output}: schemas, forms and context.jsonld.")
        return
    with progress("Reading the ontology"):
        reference = read_reference(files)
    if as_json:
        print_json(reference)
        return
    with progress("Drawing the modules"):
        pages = reference_pages(reference)
    size = _written(output, pages)
    say(f"Wrote {len(pages)} files ({size:,} bytes). Open {output / 'index.html'}.")


def _written(output: Path, texts: dict[str, str]) -> int:
    """Write the texts into the folder, by their names; return how many bytes."""
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputNotWritableError(
            f"The folder {output} cannot be made: {error.strerror or error}.",
            hint="Name another with --output.",
        ) from error
    return sum(write(output / name, text.encode(), Path(name).suffix).bytes for name, text in texts.items())
