"""Source files: found, unpacked, their format known and their bytes checked before anything is parsed."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from aimsgraph.errors import InputNotReadableError, Problem
from aimsgraph.store.parsing import FORMATS

if TYPE_CHECKING:
    from pathlib import Path, PurePath

_EXTENSIONS: Final[dict[str, str]] = {
    ".ttl": "turtle",
    ".turtle": "turtle",
    ".trig": "trig",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".jsonld": "jsonld",
    ".json": "jsonld",
    ".rdf": "rdfxml",
    ".xml": "rdfxml",
    ".owl": "rdfxml",
}
#: Other names that people give to formats.
_ALIASES: Final[dict[str, str]] = {
    "ttl": "turtle",
    "nt": "ntriples",
    "n-triples": "ntriples",
    "nq": "nquads",
    "n-quads": "nquads",
    "json-ld": "jsonld",
    "json": "jsonld",
    "xml": "rdfxml",
    "rdf": "rdfxml",
    "rdf/xml": "rdfxml",
    "owl": "rdfxml",
}
#: Endings of what is no RDF, and the command that takes it.
_ELSEWHERE: Final[dict[str, str]] = {
    ".csv": "A table comes in by: aimsgraph import csv FILE.",
    ".yaml": "Records of AI Atlas Nexus come in by: aimsgraph import ai-atlas-nexus FILE.",
    ".yml": "Records of AI Atlas Nexus come in by: aimsgraph import ai-atlas-nexus FILE.",
}
_BOMS: Final[dict[bytes, str]] = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_BLOCK: Final = 1 << 20
#: The first bytes of a gzip file.
_GZIP: Final = b"\x1f\x8b"
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(%\s+)?([^\s>]+)\s+(?:(SYSTEM|PUBLIC)\b|\"([^\"]*)\"|'([^']*)')")
_LONGEST_ENTITY: Final = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an input may be: bytes of one file, unpacked (default 2 GiB)."""

    bytes: int = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class SourceText:
    """The bytes of a file, unpacked and known to be UTF-8, with its name, format and SHA-256 (as it lies there)."""

    name: str
    format: str
    text: bytes
    sha256: str


def encoded(name: str) -> str:
    """Return the name of a source percent-encoded, as it stands in the IRIs made from it."""
    return quote(name, safe="")


def read_source(
    path: Path,
    *,
    format: str | None = None,
    name: str | None = None,
    limits: Limits | None = None,
    records: bool = False,
) -> SourceText:
    """Read a file, unpack ``.gz``, and make sure that it can be parsed safely.

    ``name`` defaults to the path as given, with ``/``. With ``records`` it is taken for YAML, of
    which JSON is a part. XML that declares entities other than short, flat
    abbreviations (as OWL files do for namespaces) is refused, so that nothing small unfolds into something huge.

    :raises InputNotReadableError: missing, unreadable, too large, of an unknown format or encoding.
    """
    raw = _bytes(path, limits or Limits())
    return source_of(raw, path, format=format, name=name, limits=limits, records=records)


def source_of(
    raw: bytes,
    path: PurePath,
    *,
    format: str | None = None,
    name: str | None = None,
    limits: Limits | None = None,
    records: bool = False,
) -> SourceText:
    """Make of bytes what ``read_source`` makes of a file with them; ``path`` only names them.

    :raises InputNotReadableError: too large, of an unknown format or encoding.
    """
    label = path.as_posix()
    packed = path.suffix.lower() == ".gz"
    sha256 = hashlib.sha256(raw).hexdigest()
    text = _unpacked(raw, label, limits or Limits()) if packed or raw.startswith(_GZIP) else raw
    kind = "yaml" if records else _format(path.with_suffix("") if packed else path, format, text)
    text = _utf8(text, label)
    if kind == "rdfxml":
        _refuse_entities(text, label, limits or Limits())
    return SourceText(name or label, kind, text, sha256)


def is_long(path: Path, least: int) -> bool:
    """Say whether a file has at least so many bytes, unpacked; no more of it than that is unpacked to find out.

    Of what is no file, such as a pipe, which gives its content but once, and of a file that cannot be read it says no:
    what is wrong with it is told when it is read.
    """
    if not path.is_file():
        return False
    try:
        if path.stat().st_size >= least:
            return True
        with path.open("rb") as file:
            if file.read(len(_GZIP)) != _GZIP:
                return False
            file.seek(0)
            return _reaches(gzip.GzipFile(fileobj=file), least)
    except (OSError, EOFError, zlib.error):
        return False


def _reaches(file: gzip.GzipFile, least: int) -> bool:
    size = 0
    while size < least and (block := file.read(min(_BLOCK, least - size))):
        size += len(block)
    return size >= least


def problem(
    label: str, message: str, line: int | None = None, hint: str | None = None
) -> InputNotReadableError:
    """Return the error for a file that cannot be read."""
    fault = Problem(message, label, line)
    return InputNotReadableError(f"{fault}.", hint=hint, problems=(fault,))


def _bytes(path: Path, limits: Limits) -> bytes:
    label = path.as_posix()
    try:
        size = path.stat().st_size
        if size > limits.bytes:
            raise problem(label, f"The file is larger than the {limits.bytes:,} bytes allowed")
        with path.open("rb") as file:
            return file.read(limits.bytes + 1)
    except FileNotFoundError:
        raise problem(label, "There is no such file") from None
    except IsADirectoryError:
        raise problem(label, "This is a folder, not a file") from None
    except OSError as error:
        raise problem(label, f"The file cannot be read: {error.strerror or error}") from error


def _unpacked(raw: bytes, label: str, limits: Limits) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
            while block := file.read(_BLOCK):
                size += len(block)
                if size > limits.bytes:
                    raise problem(label, f"The file unpacks to more than the {limits.bytes:,} bytes allowed")
                parts.append(block)
    except (OSError, EOFError, zlib.error) as error:
        raise problem(label, f"The gzip file is damaged: {error}") from error
    return b"".join(parts)


def _format(path: PurePath, given: str | None, text: bytes) -> str:
    if given is not None:
        name = given.lower().removeprefix(".")
        name = _ALIASES.get(name, name)
        if name not in FORMATS:
            raise problem(path.as_posix(), f"{given} is no format that can be read", hint=_formats())
        return name
    found = _EXTENSIONS.get(path.suffix.lower())
    if found is None:
        raise problem(
            path.as_posix(),
            f"The format is not known from the name's ending {path.suffix!r}",
            hint=_ELSEWHERE.get(
                path.suffix.lower(),
                f"Let it end in .ttl, .nt or .jsonld, say, or say it with --format: {_formats()}",
            ),
        )
    start = text.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if found == "rdfxml" and start != b"<":
        return (
            "jsonld" if start in (b"{", b"[") else "turtle"
        )  # ontologies are published so, whatever the name
    if found == "rdfxml" and re.match(rb"\s*<[A-Za-z][A-Za-z0-9+.-]*:[^<>\s\"=]*>\s", text):
        return "turtle"  # a statement that begins with an IRI
    return found


def _formats() -> str:
    return ", ".join(FORMATS) + "."


def _utf8(text: bytes, label: str) -> bytes:
    for mark, encoding in _BOMS.items():
        if text.startswith(mark):
            raise problem(label, f"The file is {encoding}, not UTF-8", 1, hint="Save it as UTF-8.")
    try:
        _decode(text)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        column = len(text[text.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        fault = Problem(
            f"The file is not UTF-8: it has the byte 0x{text[error.start]:02X}", label, line, column
        )
        raise InputNotReadableError(f"{fault}.", hint="Save it as UTF-8.", problems=(fault,)) from error
    return text.removeprefix(b"\xef\xbb\xbf")


def _decode(text: bytes) -> None:
    """Decode a text portion by portion, so that a long one is not in memory twice; a fault is told with its place."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(text), _BLOCK):
            decoder.decode(text[start : start + _BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        text.decode("utf-8")


def _refuse_entities(text: bytes, label: str, limits: Limits) -> None:
    if b"<!ENTITY" not in text:
        return
    size = len(text)
    for declaration in _ENTITY.finditer(text):
        parameter, name, external, double, single = declaration.groups()
        value = double if double is not None else single or b""
        line = text.count(b"\n", 0, declaration.start()) + 1
        if parameter or external or b"&" in value or b"%" in value or len(value) > _LONGEST_ENTITY:
            raise problem(
                label,
                f"The XML declares the entity {name.decode('utf-8', 'replace')}, which is not expanded",
                line,
                hint="Only short, flat abbreviations are; write the text out instead.",
            )
        size += text.count(b"&" + name + b";") * len(value)
    if size > limits.bytes or len(_ENTITY.findall(text)) != text.count(b"<!ENTITY"):
        line = text.count(b"\n", 0, text.index(b"<!ENTITY")) + 1
        raise problem(label, "The XML declares entities that unfold into too much or cannot be read", line)
