"""The answer to a query: rows, yes or no, or triples, and every form it can be written in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, BinaryIO, Literal

from rdflib import Graph, URIRef
from rdflib.term import Identifier

from aimsgraph.errors import UsageError
from aimsgraph.query import formats
from aimsgraph.vocab import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

Row = tuple[Identifier | None, ...]
Triple = tuple[Identifier, Identifier, Identifier]

#: What ``Result.render`` writes.
FORMS = ("table", "csv", "tsv", "json", "xlsx", "parquet", "arrow", "ttl", "markdown")
#: Endings of names of files that are not themselves the name of a form: they name it too.
ENDINGS = {"md": "markdown", "txt": "table", "arrows": "arrow"}
#: Those forms that are no text.
BINARY = ("xlsx", "parquet", "arrow")
#: How many rows a notebook shows.
SHOWN_ROWS = 50


def form_named(word: str) -> str:
    """Return the form that a word stands for, be it the end of a file's name; a word that stands for none as it is."""
    return ENDINGS.get(word, word)


@dataclass(frozen=True, slots=True)
class Result:
    """A whole answer, in rdflib terms; None stands for an unbound variable.

    ``kind`` says which of the others holds it: ``columns`` and ``rows`` of a SELECT, ``boolean`` of an ASK,
    ``triples`` of a CONSTRUCT or DESCRIBE. Written as a table, triples have the columns subject, predicate
    and object, and a yes or no the column answer.
    """

    kind: Literal["rows", "boolean", "triples"]
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    boolean: bool | None = None
    triples: tuple[Triple, ...] = ()

    def __len__(self) -> int:
        return len(self.triples if self.kind == "triples" else self.rows)

    def __iter__(self) -> Iterator[dict[str, Identifier]]:
        """Yield each row as a mapping from column to term; unbound columns are absent."""
        columns, rows = self._grid()
        return ({c: v for c, v in zip(columns, row, strict=True) if v is not None} for row in rows)

    def __bool__(self) -> bool:
        """Say whether there is an answer: yes, at least one row, at least one triple."""
        return bool(self.boolean) if self.kind == "boolean" else len(self) > 0

    def to_json(self) -> str:
        """Write SPARQL 1.1 Query Results JSON (rows and booleans).

        :raises UsageError: for triples, which that format cannot hold.
        """
        if self.kind == "boolean":
            return formats.boolean_json(bool(self.boolean))
        return formats.json_text(*self._table("JSON results"))

    def to_csv(self) -> str:
        """Write SPARQL 1.1 Query Results CSV: values without their types, lines ended by CR LF.

        The format has no place for a guard against spreadsheet formulas: where cells that begin with ``=``,
        ``+``, ``-`` or ``@`` may come from strangers, open ``to_xlsx`` instead, which stores them as text.
        """
        return formats.csv_text(*self._grid())

    def to_tsv(self) -> str:
        """Write SPARQL 1.1 Query Results TSV: each value as an RDF term, nothing lost."""
        return formats.tsv_text(*self._grid())

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns of the answer written as a table, whatever its kind."""
        return self._grid()[0]

    def to_table(self) -> list[tuple[str, ...]]:
        """Return the rows for a person: CURIEs for IRIs, values without types, "" for unbound."""
        return [tuple(shown(value) for value in row) for row in self._grid()[1]]

    def to_markdown(self) -> str:
        """Write ``to_table`` as a Markdown table, pipes escaped."""
        lines = [self.headings, ("---",) * len(self.headings), *self.to_table()]
        return "".join(f"| {' | '.join(_one_line(cell) for cell in line)} |\n" for line in lines)

    def render(self, form: str) -> bytes:
        """Write the answer in one of ``FORMS`` (or ``ENDINGS``); all but those of ``BINARY`` are text in UTF-8.

        :raises UsageError: an unknown form, or one that cannot hold this kind of answer.
        """
        form = form_named(form)
        if form in BINARY:
            out = io.BytesIO()
            {"xlsx": self.to_xlsx, "parquet": self.to_parquet, "arrow": self.to_arrow}[form](out)
            return out.getvalue()
        if form == "table":
            lines = [self.headings, *self.to_table()]
            return "".join("\t".join(map(_one_line, line)) + "\n" for line in lines).encode()
        writers = {
            "csv": self.to_csv,
            "tsv": self.to_tsv,
            "json": lambda: self.to_json() + "\n",
            "ttl": self.to_turtle,
            "markdown": self.to_markdown,
        }
        if form not in writers:
            raise UsageError(f"There is no form {form!r}.", hint=f"Take one of {', '.join(FORMS)}.")
        return writers[form]().encode()

    def to_turtle(self) -> str:
        """Write the triples of a CONSTRUCT or DESCRIBE as Turtle.

        :raises UsageError: for rows and booleans.
        """
        if self.kind != "triples":
            raise UsageError("Turtle holds triples: only CONSTRUCT and DESCRIBE give them.")
        return self.to_graph().serialize(format="turtle")

    def to_graph(self) -> Graph:
        """Return the triples as an rdflib graph (empty for rows and booleans)."""
        graph = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace)
        for subject, predicate, value in self.triples:
            graph.add((subject, predicate, value))
        return graph

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame: whole, decimal and yes/no columns and dates typed, everything else strings.

        A column of mixed types is strings. Unbound is NA.

        :raises MissingExtraError: when pandas is not installed.
        """
        from aimsgraph import columns

        return columns.to_pandas(*self._grid())

    def to_xlsx(self, path: Path | str | BinaryIO) -> None:
        """Write a workbook of one sheet; numbers and dates as such, every string as text, never a formula.

        :raises MissingExtraError: when openpyxl is not installed.
        :raises LimitExceededError: when a sheet cannot hold that many rows.
        :raises OutputNotWritableError: when the file cannot be written.
        """
        from aimsgraph.query import tables

        tables.to_xlsx(*self._grid(), path)

    def to_parquet(self, path: Path | str | BinaryIO) -> None:
        """Write a Parquet file, columns typed as in ``to_pandas``.

        :raises MissingExtraError: when pyarrow is not installed.
        :raises OutputNotWritableError: when the file cannot be written.
        """
        from aimsgraph.query import tables

        tables.to_parquet(*self._grid(), path)

    def to_arrow(self, path: Path | str | BinaryIO) -> None:
        """Write an Arrow IPC stream, columns typed as in ``to_pandas``.

        :raises MissingExtraError: when pyarrow is not installed.
        :raises OutputNotWritableError: when the file cannot be written.
        """
        from aimsgraph.query import tables

        tables.to_arrow(*self._grid(), path)

    def _repr_html_(self) -> str:
        """Show the first rows in a notebook, everything escaped."""
        if self.kind == "boolean":
            return f"<p>{'yes' if self.boolean else 'no'}</p>"
        columns, rows = self._grid()
        head = "".join(f"<th>{escape(name)}</th>" for name in columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(shown(value))}</td>" for value in row) + "</tr>"
            for row in rows[:SHOWN_ROWS]
        )
        rest = len(rows) - SHOWN_ROWS
        more = f"<p>… and {rest:,} more rows</p>" if rest > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    def _grid(self) -> tuple[tuple[str, ...], tuple[Row, ...]]:
        if self.kind == "triples":
            return ("subject", "predicate", "object"), self.triples
        if self.kind == "boolean":
            from rdflib import Literal as Term

            return ("answer",), ((Term(bool(self.boolean)),),)
        return self.columns, self.rows

    def _table(self, name: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
        if self.kind == "triples":
            raise UsageError(
                f"A CONSTRUCT or DESCRIBE gives triples, which {name} cannot hold: ask for Turtle."
            )
        return self.columns, self.rows


def shown(value: Identifier | None) -> str:
    """Return a term as a person reads it: a CURIE for an IRI, the bare value of a literal, "" for none."""
    if value is None:
        return ""
    return compact(str(value)) if isinstance(value, URIRef) else str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
