"""Reads the ``#+`` header of a question: YAML, every entry kept as its text and with its line."""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from aimsgraph.errors import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the header: a text, a list of entries, or a mapping of entries; null is the empty text."""

    line: int
    text: str | None = None
    items: tuple[Entry, ...] = ()
    fields: dict[str, Entry] = field(default_factory=dict)

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of a list, or the one text as a list."""
        return tuple(item.text or "" for item in self.items) if self.text is None else (self.text,)


def header(text: str, path: str) -> tuple[Entry | None, list[Problem]]:
    """Return the header of a query text and what is wrong with its YAML.

    The header is the block of lines that begin with ``#+``, at the top (comments may stand before it).
    """
    lines = text.splitlines()
    numbers = [number for number, line in enumerate(lines, start=1) if line.startswith("#+")]
    if not numbers:
        return None, [Problem("there is no header: lines that begin with #+", path, 1)]
    first, last = numbers[0], numbers[-1]
    if last - first + 1 != len(numbers) or any(
        line.strip() and line[0] != "#" for line in lines[: first - 1]
    ):
        return None, [Problem("the lines of the header must stand together, above the query", path, first)]
    source = "\n".join(lines[number - 1][2:] for number in numbers)
    faults: list[Problem] = []
    try:
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as fault:
        line = first + (fault.problem_mark.line if fault.problem_mark else 0)
        return None, [Problem(f"the header is not YAML: {fault.problem}", path, line)]
    except yaml.YAMLError as fault:
        return None, [Problem(f"the header is not YAML: {fault}", path, first)]
    if not isinstance(node, yaml.MappingNode):
        return None, [Problem("the header must be a list of key: value lines", path, first)]
    return _entry(node, first, path, faults), faults


def _entry(node: yaml.Node, first: int, path: str, faults: list[Problem]) -> Entry:
    line = first + node.start_mark.line
    if isinstance(node, yaml.SequenceNode):
        return Entry(line, items=tuple(_entry(item, first, path, faults) for item in node.value))
    if not isinstance(node, yaml.MappingNode):
        return Entry(line, text=str(node.value))
    fields: dict[str, Entry] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in fields:
            faults.append(Problem(f"{name} is given twice", path, first + key.start_mark.line))
        fields[name] = _entry(value, first, path, faults)
    return Entry(line, fields=fields)
