"""Finds the data folders (ontology, shapes, queries, mappings, examples), in the wheel or in a checkout.

This module alone knows where they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Folder = Literal["ontology", "shapes", "queries", "mappings", "examples"]

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Folder) -> Path:
    """Return the data folder ``name`` as an existing directory.

    A wheel carries it below the package; a checkout (or an editable install) has it at the top level.

    :raises FileNotFoundError: when the installation is incomplete.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"aimsgraph is not installed completely: the folder {name!r} is missing")


def files(name: Folder, pattern: str) -> list[Path]:
    """Return the files below folder ``name`` that match the glob ``pattern``, sorted by path."""
    return sorted(path for path in folder(name).rglob(pattern) if path.is_file())


def shape_examples(name: str) -> list[Path]:
    """Return the Turtle examples of a shape, sorted by path: ``ok-*.ttl`` satisfy it, ``bad-*.ttl`` do not.

    They belong to the tests, so that only a checkout has them; elsewhere the list is empty.
    """
    return sorted((_PACKAGE.parent.parent / "tests" / "shapes" / name).glob("*.ttl"))
