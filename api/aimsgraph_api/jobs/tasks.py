"""What each kind of job does, in terms of the engine; its working folder holds the files that came with it."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aimsgraph
from aimsgraph.errors import UsageError
from aimsgraph.ingest import Limits
from aimsgraph.model.changeset import ImportedTable, Loaded

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from aimsgraph.engine import Graph

    Words = dict[str, Any]
    Report = Callable[[float, float, str], None]

#: Seconds for which a write waits for others.
PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: a value object, a text or a file; and the head that it left or looked at."""

    content: BaseModel | str | Path
    media_type: str = "application/json"
    filename: str | None = None
    snapshot: str | None = None

    def write(self, place: Path) -> None:
        """Write it to a file."""
        if isinstance(self.content, Path):
            shutil.move(self.content, place)
            return
        text = self.content if isinstance(self.content, str) else self.content.model_dump_json()
        place.write_text(text, encoding="utf-8")


def import_files(store: str, words: Words, report: Report) -> Outcome:
    """Load or import the files that came with the job."""
    graph = aimsgraph.open(store)
    graph.patience = PATIENCE
    before = graph.view().snapshot
    dry_run = words["dry_run"]

    def work(trial: Graph) -> Loaded | ImportedTable:
        done = _imported(trial, words, report)
        return done.model_copy(update={"tried": trial.diff(before)}) if dry_run else done

    done = graph.write(
        work, fail_on=words["fail_on"], accept=words["accept"], expected=words["expected"], dry_run=dry_run
    )
    return Outcome(done, snapshot=graph.left)


def _imported(graph: Graph, words: Words, report: Report) -> Loaded | ImportedTable:
    said = {"author": words["author"], "message": words["message"], "limits": Limits(words["unpacked"])}
    if words["kind"] == "csv":
        if len(words["files"]) != 1:
            raise UsageError("A table is imported alone.", hint="Send one file for each import.")
        mapping = Path("..", "mapping.json") if words["own_mapping"] else words["mapping"]
        return graph.import_csv(words["files"][0], mapping=mapping, encoding=words["encoding"], **said)
    if words["kind"] == "records":
        files = graph.import_records(*words["files"], mapping=words["mapping"], progress=report, **said)
    else:
        files = graph.load(*words["files"], format=words["format"], progress=report, **said)
    return Loaded(files=tuple(files), read_as_ours=graph.read_as_ours())


def check(_store: str, words: Words, _report: Report) -> Outcome:
    """Validate the files that came with the job, without the store."""
    return Outcome(aimsgraph.check(*words["files"], date=_day(words), profile=words["profile"]))


def what_if(store: str, words: Words, report: Report) -> Outcome:
    """Say what would differ."""
    graph = aimsgraph.open(store)
    asked = {
        name: words[name]
        for name in ("update", "remove_nodes", "lineage", "direction", "hops", "validate", "reserved")
    }
    switch = [(one, other) for one, other in words["switch"]]
    found = graph.what_if(
        *words["nodes"], add=words["files"], switch=switch, date=_day(words), progress=report, **asked
    )
    return Outcome(found, snapshot=found.snapshot)


def validation(store: str, words: Words, _report: Report) -> Outcome:
    """Validate the store by an engine, a profile, or for some systems."""
    graph = aimsgraph.open(store)
    found = graph.validate(
        date=_day(words), engine=words["engine"], profile=words["profile"], systems=words["systems"],
        per_node=words["per_node"],
    )  # fmt: skip
    return Outcome(found, snapshot=found.snapshot)


def report_page(store: str, words: Words, _report: Report) -> Outcome:
    """Write the report as one HTML page."""
    graph = aimsgraph.open(store)
    page = graph.report(
        lineage=words["lineage"], impact=words["impact"], trace=words["trace"], date=_day(words)
    )
    return Outcome(page.html, "text/html; charset=utf-8", "report.html", graph.view().snapshot)


def export(store: str, words: Words, report: Report) -> Outcome:
    """Write the tables as Parquet files, in one archive."""
    graph = aimsgraph.open(store)
    folder, archive = Path("..", "tables").resolve(), Path("..", "tables.zip").resolve()
    graph.export_parquet(folder, statements=words["statements"], date=_day(words), progress=report)
    with zipfile.ZipFile(archive, "w") as packed:  # Parquet is compressed already
        for file in sorted(folder.iterdir()):
            packed.write(file, file.name)
    shutil.rmtree(folder)
    return Outcome(archive, "application/zip", "aimsgraph-tables.zip", graph.view().snapshot)


def verification(store: str, _words: Words, _report: Report) -> Outcome:
    """Recompute every hash, and compare the content with the history."""
    found = aimsgraph.open(store).verify()
    return Outcome(found, snapshot=found.head)


def compaction(store: str, _words: Words, _report: Report) -> Outcome:
    """Put the files of the store in order."""
    return Outcome(aimsgraph.open(store).compact())


def _day(words: Words) -> date | None:
    return date.fromisoformat(words["date"]) if words.get("date") else None


TASKS: Final[dict[str, Callable[[str, Words, Report], Outcome]]] = {
    "import": import_files,
    "check": check,
    "what-if": what_if,
    "validation": validation,
    "report": report_page,
    "export": export,
    "verification": verification,
    "compaction": compaction,
}
