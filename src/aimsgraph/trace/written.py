"""A projection written to a file, and read back in a fraction of the time that it takes to make it.

The file has a line that says what it is, a head in JSON, the arrays one after the other, and the SHA-256 of all that.
It holds numbers and texts only: nothing in it is ever run, and of a file that is not whole nothing is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from aimsgraph.store.folder import program_version
from aimsgraph.trace.few import Few, Groups
from aimsgraph.trace.names import Names
from aimsgraph.trace.projection import Projection
from aimsgraph.trace.qualified import Period
from aimsgraph.trace.way import Way

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from aimsgraph.trace.projection import Ints

#: To be raised whenever a projection of the same snapshot comes to say something else, or the file something new.
FORMAT: Final = 1
_MAGIC: Final = b"aimsgraph dependencies %d\n"
_LONGEST_HEAD: Final = 1 << 20
_DIGEST: Final = hashlib.sha256().digest_size
_NONE: Final = np.zeros(0, np.int32)
_OVER_EDGES: Final = ("source", "target", "kind", "transmission", "basis")
#: The arrays, each with the types that it may have.
_ARRAYS: Final[dict[str, tuple[str, ...]]] = {
    "ids.text": ("|u1",), "ids.starts": ("<i4", "<i8"), "controls.text": ("|u1",), "controls.starts": ("<i4", "<i8"),
    "source": ("<i4",), "target": ("<i4",), "kind": ("|u1", "<u2", "<u4"), "transmission": ("<f8",), "basis": ("|i1",),
    "up": ("<i4",),
    "guards.nodes": ("<i4",), "guards.starts": ("<i4",), "guards.numbers": ("<i4",),
    "gates.nodes": ("<i4",), "gates.numbers": ("<i8",), "leaks.nodes": ("<i4",), "leaks.numbers": ("<f8",),
    "needs.nodes": ("<i4",), "needs.numbers": ("<i8",),
}  # fmt: skip


def write(projection: Projection, file: BinaryIO) -> None:
    """Write a projection.

    :raises OSError: the disk is full.
    """
    arrays = dict(_arrays(projection))
    head = {
        "aimsgraph": program_version(),
        "byteorder": sys.byteorder,
        "snapshot": projection.snapshot,
        "today": projection.today.isoformat(),
        "lasting": _days(projection.lasting),
        "kinds": projection.kinds,
        "threats": _threats(projection),
        "arrays": [[name, array.dtype.str, array.nbytes] for name, array in arrays.items()],
    }
    text = json.dumps(head).encode()
    whole = hashlib.sha256()
    for part in (_MAGIC % FORMAT, len(text).to_bytes(4, "little"), text, *arrays.values()):
        whole.update(part)
        file.write(part)
    file.write(whole.digest())


def read(file: BinaryIO) -> Projection | None:
    """Read a projection back; None when it was damaged, or is not one that this program and machine write.

    :raises OSError: the file cannot be read.
    """
    try:
        return _read(file)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError):
        return None  # it was made by somebody else: even the head is not what it should be


def _read(file: BinaryIO) -> Projection | None:
    whole = hashlib.sha256()
    magic = _MAGIC % FORMAT
    beginning = file.read(len(magic) + 4)
    length = int.from_bytes(beginning[len(magic) :], "little")
    if not beginning.startswith(magic) or length > _LONGEST_HEAD:
        return None
    text = file.read(length)
    head = json.loads(text)
    listed = [(str(name), str(kind), int(size)) for name, kind, size in head["arrays"]]
    if (head["aimsgraph"], head["byteorder"]) != (program_version(), sys.byteorder) or any(
        kind not in _ARRAYS[name] or size < 0 or size % np.dtype(kind).itemsize for name, kind, size in listed
    ):
        return None
    if os.fstat(file.fileno()).st_size != len(beginning) + length + sum(one[2] for one in listed) + _DIGEST:
        return None
    whole.update(beginning + text)
    raw: dict[str, bytes] = {}
    for name, _, size in listed:
        raw[name] = file.read(size)
        whole.update(raw[name])
    if whole.digest() != file.read():
        return None
    return _made(head, raw, {name: np.frombuffer(raw[name], kind) for name, kind, _ in listed})


def _arrays(projection: Projection) -> Iterator[tuple[str, Any]]:
    for name in ("ids", "controls"):
        text, starts = getattr(projection, name).parts
        yield f"{name}.text", np.frombuffer(text, np.uint8)
        yield f"{name}.starts", starts
    for name in _OVER_EDGES:
        yield name, np.ascontiguousarray(getattr(projection, name))
    # To put the edges in the order of their targets takes longer than to read that order.
    order = projection.way("up").edges
    if order is not None:
        yield "up", order
    for name in ("guards", "gates", "leaks", "needs"):
        said = getattr(projection, name)
        for part in said.__slots__:
            yield f"{name}.{part}", np.ascontiguousarray(getattr(said, part))


def _threats(projection: Projection) -> list[bool]:
    found = np.zeros(len(projection.kinds), bool)
    found[projection.kind] = projection.threat
    return [bool(one) for one in found]


def _days(period: Period | None) -> list[str] | None:
    return None if period is None else [period.first.isoformat(), period.last.isoformat()]


def _made(head: dict[str, Any], raw: dict[str, bytes], arrays: dict[str, Ints]) -> Projection | None:
    lasting = head["lasting"]
    few = {
        name: Few(arrays[f"{name}.nodes"], arrays[f"{name}.numbers"]) for name in ("gates", "leaks", "needs")
    }
    made = Projection(
        snapshot=str(head["snapshot"]),
        today=date.fromisoformat(head["today"]),
        ids=Names(raw["ids.text"], arrays["ids.starts"]),
        source=arrays["source"],
        target=arrays["target"],
        kind=arrays["kind"],
        transmission=arrays["transmission"],  # type: ignore[arg-type]
        basis=arrays["basis"],
        threat=np.array(head["threats"], bool)[arrays["kind"]],
        kinds=tuple(map(str, head["kinds"])),
        controls=Names(raw["controls.text"], arrays["controls.starts"]),
        guards=Groups(*(arrays[f"guards.{part}"] for part in ("nodes", "starts", "numbers"))),
        lasting=None if lasting is None else Period(*map(date.fromisoformat, lasting)),
        **few,  # type: ignore[arg-type]
    )
    if not _fits(made, arrays, len(head["threats"])):
        return None
    made.ways["up"] = Way.by(made.target, made.source, made.size, arrays.get("up"))
    return made


def _fits(made: Projection, arrays: dict[str, Ints], threats: int) -> bool:
    """Say whether all numbers are such that nothing is looked for where nothing is."""
    edges, size = len(made.source), made.size
    nodes = [made.source, made.target, made.guards.nodes, *(few.nodes for few in _few(made))]
    inside = [(array, size) for array in nodes]
    inside += [(made.guards.numbers, len(made.controls)), (arrays.get("up", _NONE), edges)]
    inside.append((made.guards.starts, len(made.guards.numbers) + 1))
    return (
        threats == len(made.kinds)
        and all(len(arrays[name]) == edges for name in _OVER_EDGES)
        and len(arrays.get("up", made.source)) == edges
        and all(len(few.nodes) == len(few.numbers) for few in _few(made))
        and len(made.guards.starts) == len(made.guards.nodes) + 1
        and all(not len(array) or (array.min() >= 0 and array.max() < end) for array, end in inside)
        and all(_joined(*getattr(made, name).parts) for name in ("ids", "controls"))
    )


def _few(made: Projection) -> tuple[Few[Any], ...]:
    return made.gates, made.leaks, made.needs


def _joined(text: bytes, starts: Ints) -> bool:
    return (
        len(starts) > 0
        and (starts[0], starts[-1]) == (0, len(text))
        and bool((starts[1:] >= starts[:-1]).all())
    )
