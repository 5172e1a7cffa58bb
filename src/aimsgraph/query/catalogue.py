"""The saved questions: reads every ``.rq`` file below ``queries/`` and checks its header against its text."""

from __future__ import annotations

import difflib
import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast, get_args

from aimsgraph import resources
from aimsgraph.errors import AimsgraphError, InputNotReadableError, Problem, QueryInvalidError
from aimsgraph.model.question import AREAS, PERSONAS, Column, Parameter, ParameterType, Persona, SavedQuery
from aimsgraph.query import outline, parameters
from aimsgraph.query.header import Entry, header
from aimsgraph.query.safety import inspect, read
from aimsgraph.tokens import variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from aimsgraph.query.safety import CheckedQuery

    _Fault = Callable[[str, Entry], None]

_REQUIRED: Final = ("id", "title", "question", "persona", "area", "since")
_KEYS: Final = frozenset({*_REQUIRED, "params", "columns", "order"})
_PARAM_KEYS: Final = frozenset({"type", "default", "enumerate", "example", "description"})
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: What a question is asked with besides its own parameters.
_TAKEN: Final = frozenset({"as_of", "date", "format"})
_ANY_DAY: Final = date(2000, 1, 1)


def catalogue(extra: Iterable[Path] = ()) -> dict[str, SavedQuery]:
    """Return the saved questions by id, sorted: those shipped, and those below the folders ``extra``.

    :raises QueryInvalidError: with every fault of every file: broken query, unknown key, missing column,
        unused parameter, an id used twice.
    :raises InputNotReadableError: one of the folders is not there.
    """
    found: dict[str, SavedQuery] = {}
    faults: list[Problem] = []
    own = resources.folder("queries")
    for folder in dict.fromkeys((own, *map(_folder, extra))):
        for path in sorted(folder.rglob("*.rq")):
            saved, wrong = _cached(path, folder, path.stat().st_mtime_ns, folder == own)
            faults.extend(wrong)
            if saved is None:
                continue
            if saved.id in found:
                reason = f"the id {saved.id} is taken already by {found[saved.id].path}"
                faults.append(Problem(reason, str(path), 1))
                continue
            found[saved.id] = saved
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise QueryInvalidError(f"{count} in saved questions: {faults[0]}.", problems=tuple(faults))
    return dict(sorted(found.items()))


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise InputNotReadableError(
            f"There is no folder of questions at {path}.", hint="Name a folder that holds .rq files."
        )
    return path.resolve()


def load(path: Path, folder: Path, *, proven: bool = False) -> tuple[SavedQuery | None, list[Problem]]:
    """Read one file below ``folder``; return the question, or None and everything that is wrong with it.

    Of a ``proven`` one the grammar is known to hold; checking it takes most of the time.
    """
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        return None, [Problem(f"the file cannot be read: {fault}", name)]
    top, faults = header(text, name)
    query: CheckedQuery | None = None
    try:
        query = read(text) if proven else inspect(text)
    except AimsgraphError as fault:
        first = fault.problems[0] if fault.problems else None
        reason = first.message if first else fault.message.split("\n")[0]
        faults.append(Problem(reason, name, first.line if first else None, first.column if first else None))
    if top is None:
        return None, faults
    faults += _header_faults(top, path, query)
    if faults or query is None:
        return None, faults
    values = top.fields
    texts = {key: values[key].text or "" for key in _REQUIRED}
    return SavedQuery(
        id=texts["id"],
        title=texts["title"],
        question=texts["question"],
        personas=cast("tuple[Persona, ...]", values["persona"].texts),
        area=texts["area"],
        params=tuple(_parameter(key, entry) for key, entry in _fields(top, "params").items()),
        columns=tuple(
            Column(name=key, meaning=entry.text or "") for key, entry in _fields(top, "columns").items()
        ),
        order=values["order"].texts if "order" in values else (),
        since=texts["since"],
        kind=query.kind,
        topic=path.parent.relative_to(folder).as_posix(),
        path=path.relative_to(folder).as_posix(),
        text=text,
    ), []


@lru_cache(maxsize=1024)
def _cached(path: Path, folder: Path, _changed: int, proven: bool) -> tuple[SavedQuery | None, list[Problem]]:
    return load(path, folder, proven=proven)


def _fields(top: Entry, key: str) -> dict[str, Entry]:
    return top.fields[key].fields if key in top.fields else {}


def _parameter(name: str, entry: Entry) -> Parameter:
    fields = entry.fields
    return Parameter(
        name=name,
        type=cast("ParameterType", fields["type"].text),
        description=fields["description"].text or "",
        default=fields["default"].text if "default" in fields else None,
        enumerate=fields["enumerate"].texts if "enumerate" in fields else (),
        example=fields["example"].text if "example" in fields else None,
    )


def _header_faults(top: Entry, path: Path, query: CheckedQuery | None) -> list[Problem]:
    faults: list[Problem] = []

    def fault(reason: str, entry: Entry = top) -> None:
        faults.append(Problem(reason, str(path), entry.line))

    values = top.fields
    for key in sorted(set(values) - _KEYS):
        close = difflib.get_close_matches(key, _KEYS, n=1)
        fault(f"unknown key {key}" + (f" (did you mean {close[0]}?)" if close else ""), values[key])
    for key in _REQUIRED:
        if key not in values or not any(text.strip() for text in values[key].texts):
            fault(f"{key} is missing")
    if "id" in values and (not _ID.fullmatch(values["id"].text or "") or values["id"].text != path.stem):
        fault(f"the id must be the name of the file, {path.stem}, in small letters and dashes", values["id"])
    if "area" in values and values["area"].text not in AREAS:
        fault(f"{values['area'].text} is no control area: {', '.join(sorted(AREAS))}", values["area"])
    for text in values["persona"].texts if "persona" in values else ():
        if text not in PERSONAS:
            fault(f"{text} is no persona: {', '.join(PERSONAS)}", values["persona"])
    for name, entry in _fields(top, "params").items():
        if name in _TAKEN or not _NAME.fullmatch(name):
            fault(f"parameter {name} needs another name ({', '.join(sorted(_TAKEN))} are taken)", entry)
        faults += [Problem(f"parameter {name}: {reason}", str(path), entry.line) for reason in _wrong(entry)]
        if query is not None and name not in variables(query.tokens):
            fault(f"parameter {name} is not used: the query has no ?{name}", entry)
    if query is not None:
        _shape_faults(top, query, fault)
    return faults


def _wrong(entry: Entry) -> list[str]:
    fields = entry.fields
    reasons = [f"unknown key {key}" for key in sorted(set(fields) - _PARAM_KEYS)]
    reasons += [f"{key} is missing" for key in ("type", "description") if key not in fields]
    kind = fields["type"].text if "type" in fields else None
    if kind is not None and kind not in get_args(ParameterType):
        reasons.append(f"{kind} is no type: {', '.join(get_args(ParameterType))}")
    if reasons:
        return reasons
    param = _parameter("", entry)
    for key in ("default", "example"):
        text = getattr(param, key)
        if text is not None:
            try:
                parameters.term(param, text, _ANY_DAY)
            except ValueError as fault:
                reasons.append(f"{key} {text!r}: {fault}")
    return reasons


def _shape_faults(top: Entry, query: CheckedQuery, fault: _Fault) -> None:
    columns = _fields(top, "columns")
    place = top.fields.get("columns", top)
    if query.kind != "SELECT":
        if columns:
            fault(f"a {query.kind} has no columns", place)
        return
    names = outline.projected(query)
    if names is None:
        fault("SELECT * is not for saved questions: name the columns", place)
        return
    for name in names:
        if name not in columns:
            fault(f"column {name} is not described", place)
    for name, entry in columns.items():
        if name not in names:
            fault(f"column {name} is not projected by the query", entry)
    order = top.fields["order"].texts if "order" in top.fields else ()
    place = top.fields.get("order", top)
    sorts = outline.ordering(query)
    if not order:
        fault("order is missing: the columns that the rows are sorted by", place)
    elif sorts != order:
        said = "something else than plain columns" if sorts is None else ", ".join(sorts) or "nothing"
        fault(f"order says {', '.join(order)}, but the query sorts by {said}", place)
    for key in order:
        if key.removeprefix("-") not in names:
            fault(f"order names {key}, which is no column", place)
