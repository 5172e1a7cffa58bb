"""The tour of the example organisation: ``demo``."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import aimsgraph
from aimsgraph import resources
from aimsgraph.answers import write
from aimsgraph.cli import tables
from aimsgraph.cli.terminal import answers, progress, table
from aimsgraph.errors import MissingExtraError, OutputNotWritableError, StoreExistsError
from aimsgraph.render.text import percent
from aimsgraph.validate import worst_gaps

if TYPE_CHECKING:
    from rich.console import Console

    from aimsgraph.answers import ImpactAnswer, LineageAnswer, TraceAnswer, ValidationAnswer
    from aimsgraph.cli.terminal import ProgressReport
    from aimsgraph.engine import Graph

MODEL = "Credit scorecard v3"
DATASET = "Bureau extract 2026"
CONTROL = "iso42001:A.7.4"
ROWS = 8


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("aimsgraph-demo"),
    show_default=True,
    help="Where to put the store, the picture and the report.",
)
def demo(folder: Path) -> None:
    """Build the example organisation and take a tour of it."""
    console = answers()
    store = folder / "meridian.store"
    make_room(folder, store)
    with progress("Building the store") as report:
        graph = build(store, report)
    heading(console, 1, "What is in the graph")
    contents(console, graph)
    with progress("Checking shapes"):
        validation = graph.validate()
    heading(console, 2, "How complete it is, per control area")
    completeness(console, validation)
    heading(console, 3, "The five worst gaps, and how to mend them")
    console.print(tables.finding_table("", worst_gaps(validation, 5)))
    heading(console, 4, f"Where does the model “{MODEL}” come from?")
    lineage = graph.lineage(MODEL)
    origin(console, lineage)
    heading(console, 5, f"What would a poisoned “{DATASET}” hurt, and how likely?")
    with progress("Spreading impact") as report:
        impact = graph.impact(DATASET, progress=report)
    harm(console, impact)
    heading(console, 6, f"Show me the evidence for Annex A control {CONTROL.partition(':')[2]}")
    trace = graph.trace(CONTROL)
    evidence(console, trace)
    heading(console, 7, "The files to look at")
    pictures(console, graph, folder, impact)
    farewell(console, store)


def make_room(folder: Path, store: Path) -> None:
    """Make the folder, and remove the store of an earlier tour from it; nothing else is ever removed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (store / "aimsgraph.json").is_file():
            shutil.rmtree(store)
    except OSError as error:
        raise OutputNotWritableError(
            f"The folder {folder} cannot be used: {error.strerror or error}.",
            hint="Name another one with --folder.",
        ) from error
    if store.exists():
        raise StoreExistsError(
            f"{store} is there already and is no store of an earlier tour.", hint="Name another --folder."
        )


def build(store: Path, report: ProgressReport) -> Graph:
    """Build the store of the example organisation, whose evidence files ship with aimsgraph."""
    example = resources.folder("examples") / "meridian"
    graph = aimsgraph.init(store, evidence_root=example)
    graph.load(
        *sorted(example.glob("*.ttl")), author="tour", message="The example organisation", progress=report
    )
    return graph


def heading(console: Console, number: int, text: str) -> None:
    """Print the heading of a step."""
    console.print(f"\n[bold]{number}. {text}[/bold]")


def contents(console: Console, graph: Graph) -> None:
    """Say how many nodes of each class there are."""
    kinds = [(kind.partition(":")[2], count) for kind, count in graph.counts().items()]
    half = (len(kinds) + 1) // 2
    left, right = kinds[:half], [*kinds[half:], ("", "")]
    rows = [(*left[i], *right[i]) for i in range(half)]
    console.print(
        f"Meridian Finance, a lender of middle size that never was: {graph.view().count():,} triples in "
        f"{len(graph.log())} changesets, judged as on {graph.today()}."
    )
    console.print(table("", ("class", "nodes", "class", "nodes"), rows, right=(1, 3)))


def completeness(console: Console, validation: ValidationAnswer) -> None:
    """Show the scores per area, and what the shapes could not assess."""
    scores = validation.completeness
    console.print(tables.score_table("", (*scores.areas, scores.overall)))
    counts = ", ".join(
        tables.counted(count, severity) for severity, count in validation.counts.items() if count
    )
    console.print(
        f"Found: {counts}. A check passes or fails for one node; {len(validation.not_exercised)} shapes found "
        "no node to check and count as neither."
    )


def origin(console: Console, lineage: LineageAnswer) -> None:
    """Show where the model comes from."""
    console.print(tables.lineage_table(lineage, ROWS))
    deepest = max((node.hops for node in lineage.nodes), default=0)
    console.print(f"The furthest origin is {deepest} hops away.")


def harm(console: Console, impact: ImpactAnswer) -> None:
    """Show what is hurt, believing controls as declared and believing only those with good evidence."""
    console.print(*tables.impact_tables(impact, ROWS), sep="\n")
    worst = max(impact.nodes, key=lambda node: (node.assured - node.claimed, node.id), default=None)
    if worst is not None:
        console.print(
            f"Claimed believes every control as declared; assured believes only those whose evidence is good today. "
            f"The largest difference is at {worst.label}: {percent(worst.claimed)} claimed, "
            f"{percent(worst.assured)} assured."
        )


def evidence(console: Console, trace: TraceAnswer) -> None:
    """Show the controls and evidence behind a requirement, stale pieces among them."""
    console.print(*tables.trace_tables(trace, ROWS), sep="\n")


def pictures(console: Console, graph: Graph, folder: Path, impact: ImpactAnswer) -> None:
    """Write the dependency diagrams and the report."""
    written = []
    for name, picture in (
        ("lineage.svg", graph.diagram(MODEL, direction="both")),
        ("impact.svg", impact.diagram()),
    ):
        try:
            written.append(write(folder / name, picture.render("svg"), "svg"))
        except MissingExtraError as missing:
            console.print(f"{missing} The DOT text is written instead.")
            written.append(write((folder / name).with_suffix(".dot"), picture.render("dot"), "dot"))
    with progress("Writing the report"):
        written.append(
            graph.report(lineage=MODEL, impact=DATASET, trace=CONTROL).save(folder / "report.html")
        )
    console.print(table("", ("file", "bytes"), [(one.path, f"{one.bytes:,}") for one in written], right=(1,)))


def farewell(console: Console, store: Path) -> None:
    """Name three commands to try next, as they can be typed here."""
    program = "aimsgraph" if shutil.which("aimsgraph") else shlex.quote(_relative(Path(sys.argv[0])))
    option = f"--store {shlex.quote(str(store))}"
    console.print("\n[bold]Try next[/bold]")
    for words in (
        f"trace 'iso42001:A.6.2.4' {option}",
        f"impact 'Credit scoring' {option}",
        f"query {option}",
    ):
        click.echo(f"  {program} {words}")


def _relative(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
