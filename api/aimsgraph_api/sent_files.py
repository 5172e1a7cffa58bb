"""Files in the body of a request, put into the folder of the job that will read them."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from aimsgraph.errors import InputNotReadableError, MediaTypeError, UsageError
from aimsgraph_api.names import source_names
from aimsgraph_api.protocol import media_type

if TYPE_CHECKING:
    from pathlib import Path


#: What a raw body can be: media type → format of RDF, where it is that and its name need not tell.
_RAW: Final[dict[str, str | None]] = {
    "text/turtle": "turtle",
    "application/trig": "trig",
    "application/n-triples": "ntriples",
    "application/n-quads": "nquads",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "text/csv": None,
    "application/yaml": None,
    "application/json": None,
    "application/gzip": None,
    "application/octet-stream": None,
}
_FILENAME: Final = re.compile(
    r"filename\*=(?:UTF-8|utf-8)''([^;\s]+)|filename=\"([^\"]*)\"|filename=([^;\s]+)"
)
_MOST: Final = 100
_LONGEST_FIELD: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class SentFiles:
    """Files that came: their names in the folder ``files``, and the format where the media type told one."""

    names: tuple[str, ...]
    format: str | None = None
    csv: bool = False
    own_mapping: bool = False


async def received(request: Request, folder: Path, *, source: str | None = None) -> SentFiles:
    """Put what a request sends into ``files`` of a folder: its body, or each file of a form of several parts.

    A part called ``mapping`` becomes ``mapping.json`` beside it.

    :raises InputNotReadableError: with every name that cannot name a source.
    :raises MediaTypeError, UsageError: it is of no type that is taken, or its parts cannot be told apart.
    """
    if request.headers.get("content-encoding", "identity") != "identity":
        raise MediaTypeError(
            "A packed body is not taken.", hint="Send a file whose name ends in .gz instead."
        )
    kind = media_type(request.headers.get("content-type"))
    if kind == "multipart/form-data":
        return await _parts(request, folder)
    if kind not in _RAW:
        raise MediaTypeError(
            f"What was sent is of type {kind or 'unknown'}, which is not taken here.",
            hint=f"There is: multipart/form-data, {', '.join(_RAW)}.",
        )
    (name,) = source_names([source or _disposed(request) or ""])
    with placed(folder, name).open("wb") as file:
        async for portion in request.stream():
            file.write(portion)
    format_ = _RAW[kind] if not name.endswith(".gz") else None
    return SentFiles((name,), format_, csv=kind == "text/csv")


async def _parts(request: Request, folder: Path) -> SentFiles:
    try:
        form = await request.form(max_files=_MOST, max_fields=_MOST, max_part_size=_LONGEST_FIELD)
    except (MultiPartException, KeyError) as error:
        raise UsageError(f"The parts of the form cannot be told apart: {error}.") from None
    except Exception as error:
        if getattr(error, "status_code", None) != 400:
            raise
        raise UsageError(
            f"The parts of the form cannot be told apart: {getattr(error, 'detail', '')}."
        ) from None
    try:
        files = [(name, part) for name, part in form.multi_items() if isinstance(part, UploadFile)]
        own = [part for name, part in files if name == "mapping"]
        sent = [part for name, part in files if name != "mapping"]
        if not sent or len(own) > 1:
            raise UsageError(
                "The form has no file, or several mappings.", hint="Each file is a part with a file name."
            )
        names = source_names([part.filename or "" for part in sent])
        for name, part in zip(names, sent, strict=True):
            _copy(part, placed(folder, name))
        for part in own:
            _copy(part, folder / "mapping.json")
    finally:
        await form.close()
    return SentFiles(tuple(names), own_mapping=bool(own))


def _copy(part: UploadFile, place: Path) -> None:
    with place.open("wb") as file:
        shutil.copyfileobj(part.file, file)


def placed(folder: Path, name: str) -> Path:
    """Make an empty file of a name that came, in ``files`` of a folder.

    :raises InputNotReadableError: there can be none of this name beside those there are.
    """
    place = folder / "files" / name
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(exist_ok=False)
    except OSError as error:  # one name is the folder of another
        raise InputNotReadableError(f"No file can have the name {name}: {error.strerror}.") from None
    return place


def _disposed(request: Request) -> str | None:
    found = _FILENAME.search(request.headers.get("content-disposition", ""))
    return None if found is None else unquote(found[1] or "") or found[2] or found[3]
