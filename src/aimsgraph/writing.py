"""What changes a store: loading, importing, updating, removing; each leaves a changeset."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aimsgraph import ingest, query, store
from aimsgraph.record import Record, present_author

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aimsgraph.model.changeset import Edit, ImportedTable, LoadedFile
    from aimsgraph.query import Dataset, Limits
    from aimsgraph.store import Writer

    Progress = Callable[[float, float, str], None]

#: The mapping that `import_csv` uses when none is named.
DEFAULT_MAPPING = "risk-register"


class Writing(Record):
    """One store that can be written to; each method leaves one changeset, or one for each source."""

    #: For so many seconds a writer waits until others that write to the folder are done.
    patience: float = 0.0
    #: Is put behind the message of each changeset in a folder.
    remark: str = ""

    @contextmanager
    def writer(self, expected: str | None = None) -> Iterator[Writer]:
        """Open the one writer of the store for the length of a ``with`` block.

        :raises StoreLockedError: while another process writes, for longer than :attr:`patience`.
        :raises StoreMovedError: the head is not the ``expected`` one.
        """
        self._view = None
        try:
            with store.open_writer(self.for_writing(), patience=self.patience) as writer:
                if expected is not None and writer.head != expected:
                    raise store.moved()
                if isinstance(writer, store.FolderWriter):
                    writer.remark = self.remark
                yield writer
        finally:
            self._view = None

    def load(
        self,
        *paths: str | Path,
        message: str | None = None,
        author: str | None = None,
        format: str | None = None,
        keep_going: bool = False,
        expected: str | None = None,
        limits: ingest.Limits | None = None,
        progress: Progress | None = None,
    ) -> list[LoadedFile]:
        """Load RDF files, each into the named graph of its source; loading one again replaces what it said.

        What follows from them by the rules of inference goes into a graph of its own. A store that was made with
        another edition of the ontology gets this one.

        When a file is faulty nothing is loaded; with ``keep_going`` only the faulty files are left out, and the
        error still comes at the end. With ``expected`` it is written upon that head only.

        :raises SyntaxProblemError, InputNotReadableError: with every fault of every file.
        :raises StoreMovedError: nothing was written.
        """
        return self._load(
            paths, message=message, author=author, format=format, keep_going=keep_going, expected=expected,
            limits=limits, progress=progress,
        )  # fmt: skip

    def import_records(
        self,
        *paths: str | Path,
        mapping: str,
        message: str | None = None,
        author: str | None = None,
        keep_going: bool = False,
        expected: str | None = None,
        limits: ingest.Limits | None = None,
        progress: Progress | None = None,
    ) -> list[LoadedFile]:
        """Load files of records in YAML or JSON, lifted to RDF by the folder ``mapping`` of ``mappings/``.

        All else is as in :meth:`load`.

        :raises SyntaxProblemError, InputNotReadableError: with every fault of every file.
        """
        by = ingest.lifting(mapping)
        return self._load(
            paths, message=message, author=author, keep_going=keep_going, expected=expected, limits=limits,
            progress=progress, by=by,
        )  # fmt: skip

    def _load(
        self,
        paths: Sequence[str | Path],
        *,
        message: str | None,
        author: str | None,
        keep_going: bool,
        expected: str | None,
        limits: ingest.Limits | None,
        progress: Progress | None,
        format: str | None = None,
        by: ingest.Lifting | None = None,
    ) -> list[LoadedFile]:
        with self.writer(expected) as writer:
            loaded = ingest.load_files(
                writer,
                [Path(path) for path in paths],
                author=author or present_author(),
                message=message,
                now=datetime.now(UTC),
                format=format,
                keep_going=keep_going,
                limits=limits,
                progress=progress,
                by=by,
            )
            store.renew_ontology(writer, now=datetime.now(UTC))
            return loaded

    def import_csv(
        self,
        path: str | Path,
        *,
        mapping: str | Path = DEFAULT_MAPPING,
        encoding: str | None = None,
        message: str | None = None,
        author: str | None = None,
        expected: str | None = None,
        limits: ingest.Limits | None = None,
    ) -> ImportedTable:
        """Import a table by a column mapping: the name of one of ours, or a file.

        :raises MappingError, InputNotReadableError: when the mapping or the table cannot be used at all.
        :raises StoreMovedError: the head is not the ``expected`` one; nothing was written.
        """
        with self.writer(expected) as writer:
            imported = ingest.import_csv(
                writer,
                Path(path),
                mapping=mapping,
                encoding=encoding,
                limits=limits,
                author=author or present_author(),
                message=message,
                now=datetime.now(UTC),
            )
            store.renew_ontology(writer, now=datetime.now(UTC))
            return imported

    def update(
        self,
        text: str,
        *,
        author: str | None = None,
        message: str | None = None,
        source: str | None = None,
        expected: str | None = None,
        dry_run: bool = False,
        limits: Limits | None = None,
        using: Dataset | None = None,
        reserved: bool = True,
    ) -> Edit:
        """Carry out a SPARQL update request as one changeset, or, in a dry run, say what it would do.

        See :func:`aimsgraph.query.update`. With ``expected`` it is written upon that head only.

        :raises QueryRefusedError, QueryInvalidError: with the place of every operation that is at fault.
        :raises StoreMovedError, TimeLimitError, LimitExceededError: nothing was written.
        """
        if dry_run:
            with self._rehearsal() as view:
                return query.rehearse(
                    view, text, expected=expected, limits=limits, using=using, reserved=reserved
                )
        with self.writer() as writer:
            return query.update(
                writer, text, author=author or present_author(), message=message or "Update by SPARQL",
                now=datetime.now(UTC), source=source, expected=expected, limits=limits, using=using,
                reserved=reserved,
            )  # fmt: skip

    def remove(
        self,
        *sources: str,
        author: str | None = None,
        message: str | None = None,
        expected: str | None = None,
        dry_run: bool = False,
    ) -> Edit:
        """Remove what sources state, each as a changeset, all or none; each is named as in the history, or by graph.

        :raises UsageError: there is no such source, with those that have a name like it.
        :raises StoreMovedError: the head is not the ``expected`` one; nothing was written.
        """
        if dry_run:
            with self._rehearsal() as view:
                return store.rehearse_removal(view, sources, expected=expected)
        with self.writer() as writer:
            return store.remove(
                writer, sources, author=author or present_author(), message=message,
                now=datetime.now(UTC), expected=expected,
            )  # fmt: skip

    @contextmanager
    def _rehearsal(self) -> Iterator[store.EmbeddedView]:
        """Give a view of the store as it is now; of one on a server or in memory, in a copy."""
        where = self.for_writing()
        if isinstance(where, Path):
            yield store.open_view(where)
        elif isinstance(where, store.Memory):
            with where.copied() as view:
                yield view
        else:
            with store.trial(where) as copy:
                yield store.open_view(copy)
