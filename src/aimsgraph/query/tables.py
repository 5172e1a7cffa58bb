"""Typed tables of an answer: workbooks and Parquet files."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from aimsgraph.characters import fit_for_xml
from aimsgraph.columns import extra, typed_columns, value
from aimsgraph.errors import LimitExceededError, OutputNotWritableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rdflib.term import Identifier

    Rows = Sequence[Sequence[Identifier | None]]

#: Rows of one sheet, the header included.
SHEET_ROWS: Final = 1_048_576
#: Characters of one cell of a sheet.
CELL_CHARACTERS: Final = 32_767
#: Largest integer that a spreadsheet, which counts in doubles, keeps exactly.
_EXACT: Final = 2**53


def to_parquet(columns: Sequence[str], rows: Rows, path: Path | str | BinaryIO) -> None:
    """Write a Parquet file."""
    parquet = extra("pyarrow.parquet", "parquet")
    try:
        parquet.write_table(_arrow_table(columns, rows), str(path) if isinstance(path, Path) else path)
    except OSError as error:
        raise _unwritable(path, error) from None


def to_arrow(columns: Sequence[str], rows: Rows, path: Path | str | BinaryIO) -> None:
    """Write an Arrow IPC stream."""
    arrow = extra("pyarrow", "parquet")
    made = _arrow_table(columns, rows)
    try:
        with arrow.ipc.new_stream(str(path) if isinstance(path, Path) else path, made.schema) as stream:
            stream.write_table(made)
    except OSError as error:
        raise _unwritable(path, error) from None


def _arrow_table(columns: Sequence[str], rows: Rows) -> Any:
    arrow = extra("pyarrow", "parquet")
    types = {
        int: arrow.int64(),
        float: arrow.float64(),
        bool: arrow.bool_(),
        date: arrow.date32(),
        str: arrow.string(),
    }
    arrays = {}
    for name, (kind, values) in typed_columns(columns, rows).items():
        utc = kind is datetime and any(item is not None and item.tzinfo is not None for item in values)
        wanted = types.get(kind) or arrow.timestamp("us", tz="UTC" if utc else None)
        arrays[name] = arrow.array(values, type=wanted)
    return arrow.table(arrays)


def to_xlsx(columns: Sequence[str], rows: Rows, path: Path | str | BinaryIO) -> None:
    """Write a workbook; strings are stored as text, control characters as U+FFFD, time zones as text."""
    openpyxl, cells = extra("openpyxl", "excel"), extra("openpyxl.cell", "excel")
    if len(rows) >= SHEET_ROWS:
        raise LimitExceededError(
            f"The answer has {len(rows):,} rows and a sheet holds {SHEET_ROWS - 1:,}.",
            hint="Narrow the question, or write Parquet or CSV.",
        )
    contents: list[list[object]] = [list(columns)]
    contents += [[_cell_value(term) for term in row] for row in rows]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("answer")
    sheet.freeze_panes = "A2"
    for line in contents:
        sheet.append([_cell(cells.WriteOnlyCell, sheet, content) for content in line])
    written = io.BytesIO()
    book.save(written)
    if not isinstance(path, str | Path):
        path.write(written.getvalue())
        return
    try:
        Path(path).write_bytes(written.getvalue())
    except OSError as error:
        raise _unwritable(path, error) from None


def _cell_value(term: Identifier | None) -> object:
    content = value(term)
    if isinstance(content, int) and not isinstance(content, bool) and abs(content) > _EXACT:
        return str(content)
    if isinstance(content, datetime) and content.tzinfo is not None:
        return content.isoformat()
    if isinstance(content, str) and len(content) > CELL_CHARACTERS:
        raise LimitExceededError(
            f"A value has {len(content):,} characters; a cell of a sheet holds {CELL_CHARACTERS:,}.",
            hint="Write Parquet or CSV.",
        )
    return content


def _cell(make: Callable[..., Any], sheet: object, content: object) -> Any:
    if not isinstance(content, str):
        return make(sheet, content)
    made = make(sheet, fit_for_xml(content))
    made.data_type = "s"  # else a leading "=" would make it a formula
    return made


def _unwritable(path: object, error: OSError) -> OutputNotWritableError:
    return OutputNotWritableError(f"Cannot write {path}: {error.strerror or error}.")
