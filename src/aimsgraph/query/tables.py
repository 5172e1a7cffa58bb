"""Typed tables of an answer: data frames, workbooks and Parquet files."""

from __future__ import annotations

import importlib
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from rdflib import Literal
from rdflib.namespace import XSD

from aimsgraph.characters import fit_for_xml
from aimsgraph.errors import LimitExceededError, MissingExtraError, OutputNotWritableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from rdflib.term import Identifier

    Rows = Sequence[Sequence[Identifier | None]]

#: Rows of one sheet, the header included.
SHEET_ROWS: Final = 1_048_576
#: Characters of one cell of a sheet.
CELL_CHARACTERS: Final = 32_767
#: Largest integer that a spreadsheet, which counts in doubles, keeps exactly.
_EXACT: Final = 2**53


def _truth(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    str(XSD.integer): int,
    str(XSD.decimal): Decimal,
    str(XSD.double): float,
    str(XSD.float): float,
    str(XSD.boolean): _truth,
    str(XSD.date): date.fromisoformat,
    str(XSD.dateTime): datetime.fromisoformat,
}


def value(term: Identifier | None) -> object:
    """Return the Python value of a term: int, Decimal, float, bool, date, datetime or str; None for unbound.

    A literal whose spelling does not fit its type is a string.
    """
    if term is None:
        return None
    if isinstance(term, Literal) and term.datatype is not None:
        reader = _READERS.get(str(term.datatype))
        if reader is not None:
            try:
                return reader(str(term))
            except (ValueError, KeyError, ArithmeticError):
                return str(term)
    return str(term)


def typed_columns(columns: Sequence[str], rows: Rows) -> dict[str, tuple[type, list[Any]]]:
    """Return each column's one Python type and values; numbers of several types become float, else strings.

    Whole numbers past 64 bits become strings, so that none is changed.
    """
    answer: dict[str, tuple[type, list[Any]]] = {}
    for index, name in enumerate(columns):
        terms = [row[index] for row in rows]
        values = [value(term) for term in terms]
        types = {type(item) for item in values if item is not None}
        if types == {int} and all(item is None or -(2**63) <= item < 2**63 for item in values):  # type: ignore[operator]
            answer[name] = (int, values)
        elif types and types <= {int, Decimal, float} and types != {int}:
            answer[name] = (float, [None if item is None else float(item) for item in values])  # type: ignore[arg-type]
        elif types in ({bool}, {date}) or (types == {datetime} and _same_zone(values)):
            answer[name] = (types.pop(), values)
        else:
            answer[name] = (str, [None if term is None else str(term) for term in terms])
    return answer


def _same_zone(values: list[object]) -> bool:
    return len({item.tzinfo is None for item in values if isinstance(item, datetime)}) == 1


def to_pandas(columns: Sequence[str], rows: Rows) -> pd.DataFrame:
    """Return a data frame with the types Int64, Float64, boolean, datetime64 or string."""
    pandas = extra("pandas", "pandas")
    types = {int: "Int64", float: "Float64", bool: "boolean", str: "string"}
    series = {}
    for name, (kind, values) in typed_columns(columns, rows).items():
        if kind in types:
            series[name] = pandas.Series(values, dtype=types[kind])
        else:
            utc = any(isinstance(item, datetime) and item.tzinfo is not None for item in values)
            series[name] = pandas.Series(pandas.to_datetime(pandas.Series(values, dtype=object), utc=utc))
    return pandas.DataFrame(series, columns=list(columns))  # type: ignore[no-any-return]


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


def extra(module: str, name: str) -> Any:
    """Return a module of the optional part ``name``.

    :raises MissingExtraError: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise MissingExtraError(
            f"This needs {module.partition('.')[0]}, which is not installed.",
            hint=f"Install it: pip install 'aimsgraph[{name}]'.",
        ) from None


def _unwritable(path: object, error: OSError) -> OutputNotWritableError:
    return OutputNotWritableError(f"Cannot write {path}: {error.strerror or error}.")
