"""Findings in the forms that other tools read: SARIF, JUnit, CSV and a page of HTML."""

from aimsgraph.render.findings.junit import junit_text
from aimsgraph.render.findings.page import findings_html
from aimsgraph.render.findings.sarif import sarif_text
from aimsgraph.render.findings.sheet import csv_text

__all__ = ["csv_text", "findings_html", "junit_text", "sarif_text"]
