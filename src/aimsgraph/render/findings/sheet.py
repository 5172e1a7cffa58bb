"""Findings as CSV, a row for each."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from aimsgraph.model.finding import Finding

if TYPE_CHECKING:
    from aimsgraph.model.finding import Validation

#: How a cell begins that a spreadsheet works out.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_text(validation: Validation) -> str:
    """Return a header with the names of the fields, and a row for each finding; what is null is empty (RFC 4180).

    Findings that a waiver lets pass come last, with its IRI in the column ``waived_by``. A cell that a spreadsheet
    would take for a formula begins with an apostrophe, as OWASP recommends.
    """
    out = io.StringIO()
    columns = ["id", *Finding.model_fields, "waived_by"]
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    for by, findings in (
        (None, validation.findings),
        *((one.id, one.findings) for one in validation.waivers),
    ):
        for finding in findings:
            row = finding.model_dump() | {"waived_by": by}
            writer.writerow({column: _harmless(value) for column, value in row.items()})
    return out.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
