"""What changes the graph of a server; each write is a changeset under the name that the key stands for."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aimsgraph.client.routes import API, Routes, told
from aimsgraph.errors import InputNotReadableError, UsageError
from aimsgraph.model.changeset import Edit, ImportedTable, Loaded
from aimsgraph.model.job import JobStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    import requests

Level = Literal["info", "warning", "violation", "never"]


class Writing(Routes):
    """The writes. None is tried again by itself: who gets no answer looks at the history first.

    A write that would bring a new finding as grave as ``fail_on`` is refused, unless ``accept_findings``. With
    ``expected`` (the hash of a changeset) it is made upon that head only. A ``dry_run`` writes nothing.
    """

    def update(
        self, text: str, *, message: str | None = None, expected: str | None = None, dry_run: bool = False
    ) -> Edit:
        """Carry out a SPARQL update as one changeset, or, in a dry run, say what it would do.

        :raises QueryRefusedError, QueryInvalidError: with the place of every operation that is at fault.
        :raises NotPermittedError, StoreMovedError, TimeLimitError, LimitExceededError: nothing was written.
        """
        response = self._connection.send(
            "POST", "/sparql/update", told(message=message, dry_run=dry_run or None), data=text.encode(),
            headers={"Content-Type": "application/sparql-update"} | _upon(expected),
        )  # fmt: skip
        return self._read(Edit, response)

    def load(
        self, *paths: str | Path, message: str | None = None, fail_on: Level = "violation",
        accept_findings: bool = False, expected: str | None = None, dry_run: bool = False,
    ) -> Loaded:  # fmt: skip
        """Load RDF files, each into the named graph of its source; loading one again replaces what it said.

        :raises SyntaxProblemError, InputNotReadableError, LimitExceededError: with every fault of every file.
        :raises AimsgraphError: with the code ``findings``: new findings stand against it; nothing was written.
        """
        words = _words("rdf", None, message, fail_on, accept_findings, dry_run)
        return self._read(Loaded, self._brought(paths, words, _upon(expected)))

    def import_records(
        self, *paths: str | Path, mapping: str, message: str | None = None, fail_on: Level = "violation",
        accept_findings: bool = False, expected: str | None = None, dry_run: bool = False,
    ) -> Loaded:  # fmt: skip
        """Load files of records in YAML or JSON, lifted to RDF by a mapping of the server's."""
        words = _words("records", mapping, message, fail_on, accept_findings, dry_run)
        return self._read(Loaded, self._brought(paths, words, _upon(expected)))

    def import_csv(
        self, path: str | Path, *, mapping: str | None = None, message: str | None = None,
        fail_on: Level = "violation", accept_findings: bool = False, expected: str | None = None, dry_run: bool = False,
    ) -> ImportedTable:  # fmt: skip
        """Import a table by a column mapping of the server's."""
        words = _words("csv", mapping, message, fail_on, accept_findings, dry_run)
        return self._read(ImportedTable, self._brought([path], words, _upon(expected)))

    def start_load(
        self, *paths: str | Path, message: str | None = None, fail_on: Level = "violation",
        accept_findings: bool = False,
    ) -> JobStatus:  # fmt: skip
        """Send RDF files and have them loaded as a job, which :meth:`wait` waits for."""
        words = _words("rdf", None, message, fail_on, accept_findings, False)
        return self._read(JobStatus, self._brought(paths, words, {"Prefer": "respond-async"}))

    def remove(
        self, *sources: str, message: str | None = None, expected: str | None = None, dry_run: bool = False
    ) -> Edit:
        """Remove what sources state, each as a changeset, all or none; each is named as in the history, or by graph.

        :raises UsageError: there is no such source.
        """
        words = told(source=sources, message=message, dry_run=dry_run or None)
        return self._read(
            Edit, self._connection.send("DELETE", f"{API}imports", words, headers=_upon(expected))
        )

    def _brought(
        self, paths: Sequence[str | Path], words: dict[str, str | list[str]], headers: dict[str, str]
    ) -> requests.Response:
        if not paths:
            raise UsageError("Name at least one file.")
        with ExitStack() as opened:
            files = []
            for path in map(Path, paths):
                try:
                    files.append(("file", (path.name, opened.enter_context(path.open("rb")))))
                except OSError as error:
                    raise InputNotReadableError(
                        f"The file {path} cannot be read: {error.strerror or error}."
                    ) from None
            return self._connection.send("POST", f"{API}imports", words, files=files, headers=headers)


def _words(
    kind: str, mapping: str | None, message: str | None, fail_on: str, accept_findings: bool, dry_run: bool
) -> dict[str, str | list[str]]:
    return told(
        kind=kind, mapping=mapping, message=message, fail_on=fail_on, accept_findings=accept_findings, dry_run=dry_run
    )  # fmt: skip


def _upon(expected: str | None) -> dict[str, str]:
    return {} if expected is None else {"If-Match": f'"{expected}"'}
