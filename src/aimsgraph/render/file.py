"""A result written to a file, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from aimsgraph.errors import OutputNotWritableError
from aimsgraph.model.node import WrittenFile


def write(path: str | Path, content: bytes, format: str) -> WrittenFile:
    """Write a result whole or not at all: beside its place first, then moved there.

    :raises OutputNotWritableError: when the folder is missing or may not be written, or the disk is full.
    """
    path = Path(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OutputNotWritableError(
            f"{path} could not be written: {error.strerror or error}.",
            hint="Name a file in a folder that exists and that you may write to.",
        ) from error
    return WrittenFile(path=str(path), format=format, bytes=len(content))
