"""Tables of risks and the like: each row becomes a node, by a mapping, and nothing is dropped in silence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from rdflib import Literal, URIRef

from aimsgraph.errors import MappingError, NodeAmbiguousError, NodeNotFoundError, Problem
from aimsgraph.ingest.cell import CellError, terms_of
from aimsgraph.ingest.heading import bare, misspelt
from aimsgraph.ingest.mapping import Column, Mapping, folded, load_mapping
from aimsgraph.ingest.source import Limits, encoded
from aimsgraph.ingest.table import Table, read_table
from aimsgraph.model.changeset import ImportedTable, RowProblem
from aimsgraph.store import quad_of, resolve
from aimsgraph.vocab import RDF, RDFS, SOURCE_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rdflib.term import Identifier

    from aimsgraph.store import View, Writer

    Triple = tuple[str, str, Identifier]

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_TYPE: Final = RDF + "type"
_LABEL: Final = RDFS + "label"


def import_csv(
    writer: Writer,
    path: str | Path,
    *,
    author: str,
    now: datetime,
    mapping: str | Path = "risk-register",
    encoding: str | None = None,
    message: str | None = None,
    base: str | None = None,
    limits: Limits | None = None,
) -> ImportedTable:
    """Import a table into the named graph of its source, as one changeset.

    ``mapping`` names one of ours or a file; ``base`` resolves the IRIs that it makes (default: the mapping's
    ``aims:base``, else the IRI of the source's graph). Importing a file again replaces what it said before.
    Every row, cell and column that could not be used stands in ``problems``.

    :raises MappingError: the mapping is wrong, the table has none of the columns that it requires, or has one with
        nearly the name of another that the mapping wants.
    :raises InputNotReadableError, SyntaxProblemError: the table cannot be read; nothing was imported.
    """
    rules = load_mapping(mapping)
    table = read_table(Path(path), encoding=encoding, limits=limits)
    graph = SOURCE_GRAPH + encoded(table.path)
    lifting = _Lifting(rules, table, base or rules.base or graph, writer.view())
    triples = dict.fromkeys(lifting.triples())
    changeset = writer.replace(
        graph,
        [quad_of(*triple) for triple in triples],
        author=author,
        message=message or f"Import {table.path} by the mapping {rules.name}",
        now=now,
        source=table.path,
        source_sha256=table.sha256,
    )
    return ImportedTable(
        path=table.path,
        mapping=rules.name,
        graph=graph,
        rows=len(table.rows),
        nodes=len(lifting.nodes),
        triples=len(triples),
        used_columns=tuple(name for name in table.header if name in lifting.used),
        unused_columns=tuple(name for name in table.header if name not in lifting.used),
        problems=tuple(lifting.problems),
        changeset=changeset.hash if changeset else None,
    )


class _Lifting:
    """One table under one mapping: makes the triples, and notes what could not be used."""

    def __init__(self, mapping: Mapping, table: Table, base: str, view: View) -> None:
        self.mapping = mapping
        self.table = table
        self.base = base
        self.view = view
        self.nodes: dict[str, int] = {}
        self.used: set[str] = set()
        self.problems: list[RowProblem] = []
        self._places = self._fitted()

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of every row that has what the mapping requires."""
        for number, cells in self.table.rows:
            self._check_width(number, cells)
            row = {
                name: cells[place]
                for name, place in self._places.items()
                if place < len(cells) and folded(cells[place]) not in self.mapping.blank
            }
            yield from self._row(number, row)
        self._report_columns()

    def _row(self, number: int, row: dict[str, str]) -> Iterator[Triple]:
        missing = [column for column in self.mapping.columns if column.required and column.name not in row]
        if missing:
            titles = ", ".join(self._title(column) for column in missing)
            self._note(
                number, titles, None, "the row has no value here, which every row must have", skipped=True
            )
            return
        node = self._iri(self.mapping.about, row)
        if node in self.nodes:
            self._note(
                number,
                None,
                None,
                f"the row describes the same node as row {self.nodes[node]}: {node}",
                skipped=True,
            )
            return
        self.nodes[node] = number
        label = next((row[name] for name in self.mapping.label if name in row), None)
        if label is not None:
            yield node, _LABEL, Literal(label)
        made: dict[str, list[str]] = {}
        for column in self.mapping.columns:
            if column.virtual and column.property and column.value_url:
                yield node, column.property, URIRef(self._iri(column.value_url, row))
            elif column.name in row and column.property and not column.suppressed:
                yield from self._cell(number, node, column, row, made)

    def _cell(
        self, number: int, node: str, column: Column, row: dict[str, str], made: dict[str, list[str]]
    ) -> Iterator[Triple]:
        subjects = [node]
        if column.of:
            subjects = [iri for name in column.of for iri in made.get(name, [])]
            if not subjects:
                what = " or ".join(self._title(c) for c in self.mapping.columns if c.name in column.of)
                self._note(
                    number,
                    self._title(column),
                    row[column.name],
                    f"there is nothing in {what} that it could be said of",
                )
                return
        text = row[column.name]
        parts = [text]
        if column.separator:
            parts = [part.strip() for line in text.splitlines() for part in line.split(column.separator)]
        for part in parts:
            if folded(part) in self.mapping.blank:
                continue
            try:
                values = self._values(part, column, row, made)
            except CellError as error:
                self._note(number, self._title(column), part, str(error))
                continue
            self.used.add(self._title(column))
            for value, about in values:
                yield from about
                for subject in subjects:
                    if column.inverse:
                        yield str(value), column.property or "", URIRef(subject)
                    else:
                        yield subject, column.property or "", value

    def _values(
        self, part: str, column: Column, row: dict[str, str], made: dict[str, list[str]]
    ) -> list[tuple[Identifier, list[Triple]]]:
        if column.resolve:
            try:
                return [(URIRef(resolve(self.view, part).id), [])]
            except (NodeNotFoundError, NodeAmbiguousError) as error:
                raise CellError(f"{error.message.rstrip('.')}. {error.hint or ''}".strip()) from None
        if column.value_url is None:
            return [(value, []) for value in terms_of(part, column)]
        iri = self._iri(column.value_url, row | {column.name: part})
        made.setdefault(column.name, []).append(iri)
        about: list[Triple] = []
        if column.of_class is not None:
            self.nodes.setdefault(iri, 0)
            about = [(iri, _TYPE, URIRef(column.of_class)), (iri, _LABEL, Literal(part))]
            about += [(iri, prop, URIRef(value)) for prop, value in column.also]
        return [(URIRef(iri), about)]

    def _iri(self, template: str, row: dict[str, str]) -> str:
        filled = _PLACE.sub(lambda match: quote(" ".join(row.get(match[1], "").split()), safe=""), template)
        return self.base + filled if re.match(r"[a-z]+:", filled) is None else filled

    def _fitted(self) -> dict[str, int]:
        """Find the place of each column of the mapping in the header, by its name or one of its titles."""
        places: dict[str, int] = {}
        headers = [bare(text) for text in self.table.header]
        for column in self.mapping.columns:
            for title in (*column.titles, column.name):
                if bare(title) in headers and not column.virtual:
                    places[column.name] = headers.index(bare(title))
                    break
        absent = [column for column in self.mapping.columns if column.required and column.name not in places]
        faults = [f"no column is called {' or '.join(column.titles)}" for column in absent]
        faults += self._misspelt(places)
        if faults:
            raise MappingError(
                f"The table {self.table.path} does not fit the mapping {self.mapping.name}: "
                f"{faults[0]}{'' if faults[0].endswith('?') else '.'} "
                f"Its columns are: {', '.join(self.table.header)}.",
                hint="Rename the column, or give a mapping of your own with --mapping.",
                problems=tuple(Problem(fault, self.table.path) for fault in faults),
            )
        return places

    def _misspelt(self, places: dict[str, int]) -> list[str]:
        """Name the columns with values that the mapping does not know, but nearly: for one that is not there."""
        absent = [one for one in self.mapping.columns if one.name not in places and not one.virtual]
        unknown = [
            title
            for place, title in enumerate(self.table.header)
            if place not in places.values() and self._held(place)
        ]
        return misspelt(unknown, [title for one in absent for title in (one.name, *one.titles)])

    def _held(self, place: int) -> list[str]:
        """Return what the cells of a column hold, but for those that say nothing."""
        cells = [row[place] for _, row in self.table.rows if place < len(row)]
        return [text for text in cells if folded(text) not in self.mapping.blank]

    def _title(self, column: Column) -> str:
        place = self._places.get(column.name)
        return self.table.header[place] if place is not None else column.name

    def _check_width(self, number: int, cells: tuple[str, ...]) -> None:
        width = len(self.table.header)
        if len(cells) > width:
            extra = cells[width:]
            kept = [text for text in extra if folded(text) not in self.mapping.blank]
            what = "what stands in the last ones is not used" if kept else "the last ones hold nothing"
            self._note(
                number,
                None,
                " | ".join(kept) or None,
                f"the row has {len(cells)} cells for {width} columns; {what}",
            )

    def _report_columns(self) -> None:
        known = {place: name for name, place in self._places.items()}
        suppressed = {column.name: column for column in self.mapping.columns if column.suppressed}
        for place, title in enumerate(self.table.header):
            held = self._held(place)
            if not held:
                marks = sorted({row[place] for _, row in self.table.rows if place < len(row) and row[place]})
                what = (
                    f"no row has a value in it (only {', '.join(marks)})"
                    if marks
                    else "no row has a value in it"
                )
                self._note(None, title, None, what)
            elif place not in known:
                self._note(
                    None,
                    title,
                    held[0],
                    f"the mapping has no use for this column; rows with a value: {len(held)}",
                )
            elif known[place] in suppressed:
                reason = suppressed[known[place]].description or "the mapping leaves it out"
                self._note(None, title, held[0], f"not used: {reason}; rows with a value: {len(held)}")
            elif known[place] in (column.name for column in self.mapping.columns if column.required):
                self.used.add(title)
        for name in {*self.mapping.label, *_PLACE.findall(self.mapping.about)} & set(self._places):
            title = self.table.header[self._places[name]]
            if any(
                folded(row[self._places[name]]) not in self.mapping.blank
                for _, row in self.table.rows
                if self._places[name] < len(row)
            ):
                self.used.add(title)

    def _note(
        self, row: int | None, column: str | None, value: str | None, message: str, *, skipped: bool = False
    ) -> None:
        self.problems.append(
            RowProblem(row=row, column=column, value=value, message=message, skipped_row=skipped)
        )
