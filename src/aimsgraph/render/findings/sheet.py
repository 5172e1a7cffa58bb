"""Findings as CSV, a row for each."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from aimsgraph.model.finding import Finding

if TYPE_CHECKING:
    from aimsgraph.model.finding import Validation


def csv_text(validation: Validation) -> str:
    """Return a header with the names of the fields, and a row for each finding; what is null is empty (RFC 4180)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(Finding.model_fields), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(finding.model_dump() for finding in validation.findings)
    return out.getvalue()
