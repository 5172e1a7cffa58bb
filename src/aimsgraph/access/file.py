"""The access file: where it is, and its reading, in which every fault is told."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from pydantic import ValidationError

from aimsgraph.access.rules import Rules
from aimsgraph.errors import AccessFileError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.store import Place

NAME: Final = "access.json"
#: No access file is longer, in bytes: ten thousand keys fit.
LONGEST: Final = 4 << 20
_HINT: Final = "Mend what is listed; docs/access.md explains the file."
#: What the checks of the file say in words of their own, by the type that pydantic gives them.
_WORDS: Final = {
    "missing": "it is missing",
    "extra_forbidden": "it means nothing here: take it out",
    "timezone_aware": "it has to say its distance to UTC, as in 2027-01-31T12:00:00Z",
    "string_pattern_mismatch": "it is no SHA-256 in hexadecimal: make keys with aimsgraph access add",
}


def default_place(store: Place) -> Path | None:
    """Return where the access file of a store is looked for: in its folder; None where it has none."""
    return store / NAME if isinstance(store, Path) else None


def read_rules(path: Path) -> Rules:
    """Read an access file.

    :raises AccessFileError: it cannot be read, others may write it, or it has faults: each is told.
    """
    return rules_in(read_text(path), path)


def read_text(path: Path) -> str:
    """Return what stands in the file, once it is certain that its owner alone may write it.

    :raises AccessFileError: it cannot be read, is too long, or others may write it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(LONGEST + 1)
    except OSError as error:
        raise AccessFileError(
            f"The access file {path} cannot be read: {error.strerror or error}.",
            hint="Name the right one with --access, or make one with: aimsgraph access add NAME",
        ) from error
    if os.name == "posix" and mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise AccessFileError(
            f"Others than its owner may write the access file {path}, and so let themselves in.",
            hint=f"Take that from them: chmod go-w {path}",
        )
    if len(content) > LONGEST:
        raise AccessFileError(f"The access file {path} is longer than {LONGEST:,} bytes.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AccessFileError(f"The access file {path} is not in UTF-8.") from error


def rules_in(text: str, path: Path) -> Rules:
    """Return what the text of an access file says.

    :raises AccessFileError: with every fault, and the line where it stands.
    """
    try:
        json.loads(text, object_pairs_hook=_once)
        return Rules.model_validate_json(text)
    except json.JSONDecodeError as error:
        problem = Problem(f"it is no JSON: {error.msg}", str(path), error.lineno, error.colno)
        raise _faulty(path, [problem]) from None
    except _TwiceError as error:
        raise _faulty(path, [Problem(str(error), str(path))]) from None
    except RecursionError:
        raise _faulty(path, [Problem("it is nested too deeply", str(path))]) from None
    except ValidationError as error:
        raise _faulty(path, _problems(error, text, path)) from None


class _TwiceError(ValueError):
    """A name stands twice in one object, where the latter would silently take the place of the former."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _TwiceError(f"{', '.join(map(repr, twice))} stands twice in the same place")
    return dict(pairs)


def _faulty(path: Path, problems: list[Problem]) -> AccessFileError:
    count = len(problems)
    said = (
        f"The access file {path} has {count} faults."
        if count > 1
        else f"The access file is wrong: {problems[0]}."
    )
    return AccessFileError(said, hint=_HINT, problems=tuple(problems))


def _problems(error: ValidationError, text: str, path: Path) -> list[Problem]:
    """Return each fault once, in words that do not repeat what stands in the file: it may be a secret by mistake."""
    problems = {}
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    for one in faults:
        if one["type"] == "too_short" and any(_is_within(other["loc"], one["loc"]) for other in faults):
            continue  # what a list lacks because one of its items is wrong
        steps = [step for step in one["loc"] if step != "[key]" and not _names_a_kind(step)]
        said = _WORDS.get(one["type"], one["msg"].removeprefix("Value error, "))
        where = ".".join(map(str, steps)) or "the file"
        problems[where, said] = Problem(f"{where}: {said}", str(path), _line(text, steps))
    return list(problems.values())


def _is_within(inner: tuple[str | int, ...], outer: tuple[str | int, ...]) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _names_a_kind(step: str | int) -> bool:
    """Say whether a step is what pydantic calls one of several kinds that something may be, and not in the file."""
    return isinstance(step, str) and ("[" in step or step in {"constrained-str", "nullable"})


def _line(text: str, steps: Sequence[str | int]) -> int | None:
    """Return the line of what the steps lead to, or of the last of them that there is; JSON is read as YAML for it."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    line = 1
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            inner = next(((k, v) for k, v in node.value if k.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            inner = (node.value[step], node.value[step])
        else:
            inner = None
        if inner is None:
            break
        line, node = inner[0].start_mark.line + 1, inner[1]
    return line
