"""Loading RDF files: parsed and checked as a whole, written as a whole."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import AimsgraphError, InputNotReadableError, Problem, SyntaxProblemError
from aimsgraph.ingest.records import lifted
from aimsgraph.ingest.source import Limits, SourceText, encoded, is_long, read_source
from aimsgraph.model.changeset import Changeset, LoadedFile
from aimsgraph.model.proof import HashedFile
from aimsgraph.store import Change, Quad, content_hash, memory_view_of
from aimsgraph.store.bulk import may_be_bulk, sorted_lines
from aimsgraph.store.folder import unwritable
from aimsgraph.store.parsing import MalformedTextError, parse_quads
from aimsgraph.store.writer import Writer as FolderWriter
from aimsgraph.vocab import GRAPH, SOURCE_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from aimsgraph.ingest.records import Lifting
    from aimsgraph.store import EmbeddedView, Writer

#: From this length of a file on, in bytes unpacked, its statements are not all held in memory.
LONG: Final = 1 << 23
_MANY: Final = 3


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A file that was read without fault: its distinct quads, in order.

    What stands in no named graph of the file's own is in ``graph``, the graph of the source.
    """

    path: str
    format: str
    graph: str
    sha256: str
    quads: tuple[Quad, ...]


def read_file(
    path: str | Path,
    *,
    format: str | None = None,
    base: str | None = None,
    limits: Limits | None = None,
    progress: Callable[[int], None] | None = None,
    by: Lifting | None = None,
) -> ParsedSource:
    """Read one RDF file (Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML; each also ``.gz``).

    With ``by`` it is a file of records in YAML or JSON, which become RDF by that lifting.

    The format comes from the name's ending unless given; ``.owl``, ``.rdf`` and ``.xml`` are looked into.
    Relative IRIs are resolved against ``base``, by default the IRI of the source's graph. Blank nodes become
    IRIs numbered in order of occurrence. ``progress`` is told the (unpacked) bytes parsed.

    :raises SyntaxProblemError: with file, line, column (where known) and reason.
    :raises InputNotReadableError: missing, unreadable, too large, of an unknown format or encoding.
    """
    read = read_source(Path(path), format=format, limits=limits, records=by is not None)
    source = lifted(read, by) if by is not None else read
    name = encoded(source.name)
    graph = SOURCE_GRAPH + name
    quads = parsed_quads(source, base=base or graph, name=name, graph=graph, progress=progress)
    _refuse_reserved(source, graph, quads)
    if not quads and source.format == "jsonld":
        refuse_plain_json(source)
    return ParsedSource(source.name, read.format, graph, source.sha256, quads)


def hash_file(path: str | Path, *, format: str | None = None, as_stored: bool = False) -> HashedFile:
    """Return the hash of what an RDF file states, by RDFC-1.0: the same in any format, order and naming of blank nodes.

    Literals count as they are spelt, or with ``as_stored`` as a store would return them. Relative IRIs are resolved
    against ``urn:aimsgraph:file:``, so that the file's place does not matter.

    :raises SyntaxProblemError, InputNotReadableError: as :func:`read_file` does.
    :raises LimitExceededError: its blank nodes look too much alike.
    """
    source = read_source(Path(path), format=format)
    quads = parsed_quads(source, base="urn:aimsgraph:file:", name=None, graph=None)
    return HashedFile(path=source.name, statements=len(quads), hash=content_hash(quads, as_stored=as_stored))


def parsed_quads(
    source: SourceText,
    *,
    base: str,
    name: str | None,
    graph: str | None,
    progress: Callable[[int], None] | None = None,
) -> tuple[Quad, ...]:
    """Return the distinct quads of a source text, as :func:`aimsgraph.store.parsing.parse_quads` yields them.

    :raises SyntaxProblemError: with every fault.
    """
    try:
        parsed = parse_quads(source.text, source.format, base=base, name=name, graph=graph, progress=progress)
        return tuple(dict.fromkeys(parsed))
    except MalformedTextError as error:
        first, *rest = error.faults
        more = f" That is the first of {len(error.faults)} faults." if rest else ""
        raise SyntaxProblemError(
            f"{source.name}:{first.line}: {first.reason}.{more}",
            hint="Nothing of this file was loaded.",
            problems=tuple(Problem(one.reason, source.name, one.line, one.column) for one in error.faults),
        ) from error


def _refuse_reserved(source: SourceText, home: str, quads: Iterable[Quad]) -> None:
    names = {quad.graph_name for quad in quads}
    for graph in sorted({str(getattr(name, "value", "")) for name in names} - {home}):
        if graph.startswith(GRAPH):
            fault = Problem(f"The named graph <{graph}> is reserved and cannot be loaded into", source.name)
            raise InputNotReadableError(f"{fault}.", hint="Give the graph another IRI.", problems=(fault,))


def refuse_plain_json(source: SourceText) -> None:
    """Refuse JSON that states nothing because it is no linked data."""
    if re.search(rb'"@(context|id|graph|type|value)"', source.text) is None:
        fault = Problem("The JSON holds no linked data: it has neither @context nor @id", source.name)
        raise InputNotReadableError(f"{fault}.", hint="It must be JSON-LD.", problems=(fault,))


def load_files(
    writer: Writer,
    paths: Sequence[str | Path],
    *,
    author: str,
    now: datetime,
    message: str | None = None,
    format: str | None = None,
    keep_going: bool = False,
    limits: Limits | None = None,
    progress: Callable[[float, float, str], None] | None = None,
    by: Lifting | None = None,
) -> list[LoadedFile]:
    """Load files, each into the named graph of its source and as one changeset, all in one transaction.

    Loading a file again replaces what it said before; named graphs inside a file only gain. When a file is
    faulty nothing is loaded; with ``keep_going`` the others are, and the error still comes, at the end.
    ``progress`` is told bytes done, bytes in all and what is being done. With ``by`` they are files of records.

    :raises SyntaxProblemError, InputNotReadableError: with every fault of every file.
    """
    chosen = list(dict.fromkeys(Path(path) for path in paths))
    meter = _Meter(chosen, progress)
    if len(chosen) == 1 and by is None and isinstance(writer, FolderWriter):
        filled = _filled(writer, chosen[0], author, message, now, format, limits, meter)
        if filled is not None:
            return [filled]
    parsed: list[ParsedSource] = []
    faults: list[AimsgraphError] = []
    for path in chosen:
        try:
            parsed.append(read_file(path, format=format, limits=limits, progress=meter.file(path), by=by))
        except (SyntaxProblemError, InputNotReadableError) as fault:
            faults.append(fault)
    if faults and not keep_going:
        raise combined(faults, len(chosen), "Nothing was loaded.")
    changes = [
        Change(
            graph=source.graph,
            author=author,
            message=message or (f"Import {source.path} by {by.name}" if by else f"Load {source.path}"),
            added=source.quads,
            replace=True,
            source=source.path,
            source_sha256=source.sha256,
        )
        for source in parsed
    ]
    made = writer.commit(changes, now=now, progress=meter.writing)
    meter.done()
    if faults:
        raise combined(faults, len(chosen), f"The other {len(parsed)} were loaded.")
    return [_loaded(source, changeset) for source, changeset in zip(parsed, made, strict=True)]


def _filled(
    writer: FolderWriter, path: Path, author: str, message: str | None, now: datetime, format: str | None,
    limits: Limits | None, meter: _Meter,
) -> LoadedFile | None:  # fmt: skip
    """Load one long file of a source that has said nothing yet; None where it is to be loaded like any other."""
    if not is_long(path, LONG):
        return None
    source = read_source(path, format=format, limits=limits)
    name = encoded(source.name)
    graph = SOURCE_GRAPH + name
    if not may_be_bulk(source.format) or writer.holds(graph):
        return None
    change = Change(
        graph, author, message or f"Load {source.name}", source=source.name, source_sha256=source.sha256
    )
    text, kind = io.BytesIO(source.text), source.format
    del source  # the text is to go when it is read
    try:
        with sorted_lines(
            text, kind, base=graph, name=name, graph=graph, folder=writer.path, progress=meter.file(path)
        ) as lines:
            meter.writing(0, 1)
            made = writer.fill(change, lines, now=now)
    except SyntaxError:  # all its faults are found when it is read the other way
        return None
    except OSError as error:
        raise unwritable(writer.path, error) from error
    meter.done()
    added = made.added if made else 0
    return LoadedFile(
        path=change.source or "", format=kind, graph=graph, triples=added, added=added, removed=0,
        changeset=made.hash if made else None,
    )  # fmt: skip


def view_of(paths: Iterable[str | Path], *, limits: Limits | None = None) -> EmbeddedView:
    """Read files into memory and return a view of their union.

    :raises SyntaxProblemError, InputNotReadableError: with every fault of every file.
    """
    chosen = list(dict.fromkeys(Path(path) for path in paths))
    quads: list[Quad] = []
    faults: list[AimsgraphError] = []
    for path in chosen:
        try:
            source = read_file(path, limits=limits)
            quads.extend(source.quads)
        except (SyntaxProblemError, InputNotReadableError) as fault:
            faults.append(fault)
    if faults:
        raise combined(faults, len(chosen), "Nothing was checked.")
    return memory_view_of(quads, graph=SOURCE_GRAPH + "memory")


def _loaded(source: ParsedSource, changeset: Changeset | None) -> LoadedFile:
    return LoadedFile(
        path=source.path,
        format=source.format,
        graph=source.graph,
        triples=len(source.quads),
        added=changeset.added if changeset else 0,
        removed=changeset.removed if changeset else 0,
        changeset=changeset.hash if changeset else None,
    )


def combined(faults: list[AimsgraphError], files: int, outcome: str) -> AimsgraphError:
    """Return one error for the faults of some of several files, with what came of it all."""
    kind = (
        SyntaxProblemError
        if any(isinstance(f, SyntaxProblemError) for f in faults)
        else InputNotReadableError
    )
    problems = tuple(problem for fault in faults for problem in fault.problems)
    if len(faults) == 1:
        hint = "Mend it there and try again." if kind is SyntaxProblemError else faults[0].hint
        return kind(f"{faults[0].message} {outcome}", hint=hint, problems=problems)
    named = ", ".join(fault.problems[0].path or "" for fault in faults[:_MANY])
    named += f" and {len(faults) - _MANY} more" if len(faults) > _MANY else ""
    return kind(f"{len(faults)} of {files} files cannot be read: {named}. {outcome}", problems=problems)


class _Meter:
    """Turns what the steps report into one measure: half for parsing, half for writing."""

    def __init__(self, paths: list[Path], progress: Callable[[float, float, str], None] | None) -> None:
        self._sizes = {path: path.stat().st_size if path.is_file() else 0 for path in paths}
        self._all = max(1, sum(self._sizes.values()))
        self._progress = progress
        self._before = 0

    def file(self, path: Path) -> Callable[[int], None]:
        """Return what the parser of one file reports to."""
        start, size = self._before, self._sizes[path]
        self._before += size

        def report(read: int) -> None:
            self._tell(start + min(read, size), path.name)

        report(0)
        return report

    def writing(self, done: int, total: int) -> None:
        """Take a report from the writer."""
        self._tell(self._all * (1 + done / max(1, total)), "writing")

    def done(self) -> None:
        """Say that all is done."""
        self._tell(2 * self._all, "written")

    def _tell(self, done: float, text: str) -> None:
        if self._progress is not None:
            self._progress(done, 2 * self._all, text)
