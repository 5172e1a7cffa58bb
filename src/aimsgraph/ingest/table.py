"""CSV files as tables of texts."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import InputNotReadableError, Problem, SyntaxProblemError, UsageError
from aimsgraph.ingest.source import Limits

if TYPE_CHECKING:
    from pathlib import Path

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS: Final = ",;\t|"
_LONGEST_CELL: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the rows of a CSV file; row numbers count records from 1, the header being 1."""

    path: str
    sha256: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(path: Path, *, encoding: str | None = None, limits: Limits | None = None) -> Table:
    """Read a CSV file with a header. Wholly empty rows are left out.

    A byte order mark tells the encoding, else it is UTF-8 unless given. The delimiter (comma, semicolon, tab
    or bar) is the one that the header has most of.

    :raises InputNotReadableError: missing, unreadable, too large, or not in the encoding.
    :raises SyntaxProblemError: a quoted cell does not end, or has text behind it.
    """
    label = path.as_posix()
    allowed = (limits or Limits()).bytes
    try:
        raw = path.read_bytes() if path.stat().st_size <= allowed else None
    except FileNotFoundError:
        raise _unreadable(label, "There is no such file") from None
    except OSError as error:
        raise _unreadable(label, f"The file cannot be read: {error.strerror or error}") from error
    if raw is None:
        raise _unreadable(label, f"The file is larger than the {allowed:,} bytes allowed")
    text = _decoded(raw, label, encoding)
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=lambda mark: _outside_quotes(first, mark))
    records: list[tuple[int, tuple[str, ...]]] = []
    before = csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, record in enumerate(reader, start=1):
            if any(cell.strip() for cell in record):
                records.append((number, tuple(cell.strip() for cell in record)))
    except csv.Error as error:
        fault = Problem(f"The table is broken: {error}", label, reader.line_num)
        raise SyntaxProblemError(
            f"{fault}.", hint="Nothing was imported. Check the quotes on that line.", problems=(fault,)
        ) from error
    finally:
        csv.field_size_limit(before)
    if not records:
        raise _unreadable(label, "The table is empty: it has no header")
    return Table(label, hashlib.sha256(raw).hexdigest(), records[0][1], tuple(records[1:]))


def _decoded(raw: bytes, label: str, encoding: str | None) -> str:
    found = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    chosen = encoding or found or "utf-8"
    if encoding in ("utf-8", "UTF-8") and found == "utf-8-sig":
        chosen = found
    try:
        text = raw.decode(chosen)
    except LookupError:
        raise UsageError(
            f"There is no encoding {chosen!r}.", hint="Common ones: utf-8, cp1252, latin-1, utf-16-le."
        ) from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        if encoding:
            raise _unreadable(label, f"The file is not {encoding}: {error.reason}", line) from error
        guess = "utf-16-le" if b"\0" in raw[:4096] else "cp1252"
        raise _unreadable(
            label,
            f"The file is not UTF-8: it has the byte 0x{raw[error.start]:02X}",
            line,
            hint=f"Save it as UTF-8, or say what it is; probably --encoding {guess}.",
        ) from error
    if "\0" in text:
        guess = "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
        raise _unreadable(
            label,
            "The file is not text in this encoding: it has null characters",
            hint=f"Say what it is; probably --encoding {guess}.",
        )
    return text.removeprefix("\ufeff")


def _unreadable(
    label: str, message: str, line: int | None = None, hint: str | None = None
) -> InputNotReadableError:
    fault = Problem(message, label, line)
    return InputNotReadableError(f"{fault}.", hint=hint, problems=(fault,))


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])
