"""Column mappings: CSVW metadata with a few keys of our own (see mappings/README.md)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aimsgraph import resources
from aimsgraph.errors import MappingError, Problem
from aimsgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

_COLUMN_KEYS: Final = {
    "name",
    "titles",
    "propertyUrl",
    "valueUrl",
    "datatype",
    "separator",
    "required",
    "suppressOutput",
    "virtual",
    "dc:description",
    "aims:values",
    "aims:extract",
    "aims:class",
    "aims:inverse",
    "aims:also",
    "aims:of",
    "aims:resolve",
}
_TYPES: Final = {"string", "integer", "decimal", "date", "boolean", "anyURI"}
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_EXTRA_PREFIXES: Final = {"adms": "http://www.w3.org/ns/adms#", "csvw": "http://www.w3.org/ns/csvw#"}


@dataclass(frozen=True, slots=True)
class Datatype:
    """How the text of a cell becomes a literal: type, date format, and bounds of numbers."""

    base: str = "string"
    format: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a mapping; the fields are the keys of the same meaning in mappings/README.md."""

    name: str
    titles: tuple[str, ...]
    property: str | None
    value_url: str | None
    datatype: Datatype
    separator: str | None
    required: bool
    suppressed: bool
    virtual: bool
    description: str | None
    values: dict[str, tuple[str, ...]] | None
    extract: re.Pattern[str] | None
    of_class: str | None
    inverse: bool
    also: tuple[tuple[str, str], ...]
    of: tuple[str, ...]
    resolve: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a table becomes nodes: one node per row, its IRI from ``about``, its label from ``label``'s columns."""

    name: str
    about: str
    base: str | None
    label: tuple[str, ...]
    blank: frozenset[str]
    columns: tuple[Column, ...]


def folded(text: str) -> str:
    """Return a text as it is compared: no case, no surrounding or repeated white space."""
    return " ".join(text.split()).casefold()


def load_mapping(name: str | Path) -> Mapping:
    """Read a mapping: the name of one that comes with aimsgraph, or the path of a file.

    :raises MappingError: with every fault of the file.
    """
    path = Path(name)
    if not path.is_file():
        shipped = {file.stem: file for file in resources.files("mappings", "csv/*.json")}
        if str(name) not in shipped:
            raise MappingError(
                f"There is no mapping {str(name)!r}: no file of that path, and none of ours has that name.",
                hint=f"Ours are: {', '.join(shipped)}.",
            )
        path = shipped[str(name)]
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        fault = Problem(error.msg, path.as_posix(), error.lineno, error.colno)
        raise MappingError(f"The mapping is not JSON: {fault}.", problems=(fault,)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(f"The mapping {path} cannot be read: {error}.") from error
    reader = _Reader(path.as_posix())
    mapping = reader.mapping(path.stem, content)
    if reader.faults or mapping is None:
        raise MappingError(
            f"The mapping {path} has {len(reader.faults)} faults; the first: {reader.faults[0]}.",
            hint="See mappings/README.md.",
            problems=tuple(reader.faults),
        )
    return mapping


def expanded(name: str) -> str | None:
    """Return the IRI of a CURIE or IRI, or None when it is neither."""
    prefix, colon, local = name.partition(":")
    namespace = PREFIXES.get(prefix) or _EXTRA_PREFIXES.get(prefix)
    if namespace is not None:
        return namespace + local
    return name if colon and re.match(r"(https?://|urn:)\S+$", name) else None


class _Reader:
    """Reads a mapping and collects everything that is wrong with it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.faults: list[Problem] = []

    def mapping(self, name: str, content: Any) -> Mapping | None:
        schema = content.get("tableSchema") if isinstance(content, dict) else None
        if not isinstance(schema, dict) or not isinstance(schema.get("columns"), list):
            self.fault("", "a mapping is an object with tableSchema.columns, a list")
            return None
        columns = [self.column(number, given) for number, given in enumerate(schema["columns"], start=1)]
        read = tuple(column for column in columns if column is not None)
        names = [column.name for column in read]
        for twice in sorted({column for column in names if names.count(column) > 1}):
            self.fault(twice, "two columns have this name")
        about = schema.get("aboutUrl")
        if not isinstance(about, str) or not _PLACE.search(about):
            self.fault("aboutUrl", "must be a template with a column in braces, such as #risk/{id}")
            about = "{}"
        label = self.texts("aims:label", schema.get("aims:label", []))
        used: list[tuple[str, Iterable[str]]] = [(f"{column.name}.aims:of", column.of) for column in read]
        used += [("aims:label", label), ("aboutUrl", _PLACE.findall(about))]
        used += [(f"{column.name}.valueUrl", _PLACE.findall(column.value_url or "")) for column in read]
        for where, wanted in used:
            for missing in sorted(set(wanted) - set(names)):
                self.fault(where, f"names the column {missing!r}, which there is not")
        blank = self.texts("aims:blank", schema.get("aims:blank", []))
        base = schema.get("aims:base")
        if base is not None and not re.match(r"(https?://|urn:)\S+$", str(base)):
            self.fault("aims:base", "must be an absolute IRI")
        return Mapping(name, about, base, label, frozenset(map(folded, ["", *blank])), read)

    def column(self, number: int, given: Any) -> Column | None:
        if not isinstance(given, dict) or not isinstance(given.get("name"), str):
            self.fault(f"columns[{number}]", "must be an object with a name")
            return None
        name = given["name"]
        for key in sorted(set(given) - _COLUMN_KEYS):
            self.fault(f"{name}.{key}", "is not a key that is understood here")
        value_url = given.get("valueUrl")
        also = given.get("aims:also", {})
        return Column(
            name=name,
            titles=self.texts(f"{name}.titles", given.get("titles", [])),
            property=self.iri(f"{name}.propertyUrl", given.get("propertyUrl")),
            value_url=value_url if value_url is None or "{" in value_url else self.iri(name, value_url),
            datatype=self.datatype(name, given.get("datatype", "string")),
            separator=given.get("separator"),
            required=bool(given.get("required", False)),
            suppressed=bool(given.get("suppressOutput", False)),
            virtual=bool(given.get("virtual", False)),
            description=given.get("dc:description"),
            values=self.values(name, given.get("aims:values")),
            extract=self.pattern(name, given.get("aims:extract")),
            of_class=self.iri(f"{name}.aims:class", given.get("aims:class")),
            inverse=bool(given.get("aims:inverse", False)),
            also=tuple(
                (self.iri(f"{name}.aims:also", key) or "", self.iri(f"{name}.aims:also", value) or "")
                for key, value in also.items()
            ),
            of=self.texts(f"{name}.aims:of", given.get("aims:of", [])),
            resolve=bool(given.get("aims:resolve", False)),
        )

    def texts(self, where: str, given: Any) -> tuple[str, ...]:
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self.fault(where, "must be a text or a list of texts")
            return ()
        return tuple(texts)

    def iri(self, where: str, given: Any) -> str | None:
        if given is None:
            return None
        iri = expanded(str(given))
        if iri is None:
            self.fault(where, f"{given!r} is neither an IRI nor a CURIE with a known prefix")
        return iri

    def datatype(self, name: str, given: Any) -> Datatype:
        parts = {"base": given} if isinstance(given, str) else given
        if not isinstance(parts, dict) or parts.get("base") not in _TYPES:
            self.fault(f"{name}.datatype", f"must be one of {', '.join(sorted(_TYPES))}")
            return Datatype()
        return Datatype(parts["base"], parts.get("format"), parts.get("minimum"), parts.get("maximum"))

    def values(self, name: str, given: Any) -> dict[str, tuple[str, ...]] | None:
        if given is None:
            return None
        if not isinstance(given, dict):
            self.fault(f"{name}.aims:values", "must be an object from texts to values")
            return None
        return {folded(text): _listed(value) for text, value in given.items()}

    def pattern(self, name: str, given: Any) -> re.Pattern[str] | None:
        if given is None:
            return None
        try:
            pattern = re.compile(str(given))
        except re.error as error:
            self.fault(f"{name}.aims:extract", f"is not a regular expression: {error}")
            return None
        if pattern.groups != 1:
            self.fault(f"{name}.aims:extract", "must have exactly one group")
            return None
        return pattern

    def fault(self, where: str, message: str) -> None:
        self.faults.append(Problem(f"{where} {message}".strip(), self.path))


def _listed(value: Any) -> tuple[str, ...]:
    items: Iterable[Any] = value if isinstance(value, list) else [value]
    return tuple(str(item) for item in items)
