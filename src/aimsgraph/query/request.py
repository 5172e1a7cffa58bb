"""Reads an update request, and refuses what no request may do.

The request is split into its operations by tokens. Each template is then read by the engine's parser of TriG, and
each WHERE by the checks that every query passes; so no part of the text reaches the engine as an update.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from aimsgraph.errors import AimsgraphError
from aimsgraph.query.operation import (
    Clear,
    Create,
    Modify,
    Operation,
    Pattern,
    Transfer,
    fault,
    refusal,
    together,
)
from aimsgraph.query.passage import Passage
from aimsgraph.query.safety import prologue
from aimsgraph.store.template import Template
from aimsgraph.tokens import tokens
from aimsgraph.vocab import EDITS_GRAPH

if TYPE_CHECKING:
    from typing import Literal

    from aimsgraph.tokens import Token

#: Longest text of a request, in characters.
LONGEST: Final = 2_000_000
_MANAGED: Final = ("CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD")


def read_request(text: str) -> list[Operation]:
    """Read an update request into its operations, in order.

    :raises QueryRefusedError: it would write what the store alone writes, or asks somebody else.
    :raises QueryInvalidError: it breaks the grammar. Both with every operation that is at fault.
    """
    if len(text) > LONGEST:
        raise refusal(f"it has {len(text):,} characters; at most {LONGEST:,} are taken", text, 0)
    found = [token for token in tokens(text) if token.kind != "comment"]
    operations: list[Operation] = []
    faults: list[AimsgraphError] = []
    labels: dict[str, int] = {}
    prefixes: dict[str, str] | None = None
    base = ""
    for number, (part, end) in enumerate(_parts(found, text)):
        try:
            prefixes, base, at = prologue(part, text, 0, prefixes, base)
            if at < len(part):
                passage = Passage(text, part, at, prefixes, base)
                operations.append(_operation(passage))
                _own_labels(passage, labels, number)
            elif end is not None:
                raise fault("there is no operation in front of this ;", text, end)
        except AimsgraphError as error:
            faults.append(error)
    if faults:
        raise together(faults)
    return operations


def _parts(found: list[Token], text: str) -> list[tuple[list[Token], int | None]]:
    """Split tokens at each ``;`` that stands in no braces; return the parts, each with the place of its ``;``."""
    parts: list[tuple[list[Token], int | None]] = []
    part: list[Token] = []
    opened: list[Token] = []
    for token in found:
        if token.text == "{":
            opened.append(token)
        elif token.text == "}":
            if not opened:
                raise fault("nothing is open that this } would close", text, token.start)
            opened.pop()
        if token.text == ";" and not opened:
            parts.append((part, token.start))
            part = []
        else:
            part.append(token)
    if opened:
        raise fault("this { is never closed", text, opened[0].start)
    return [*parts, (part, None)]


def _own_labels(passage: Passage, labels: dict[str, int], number: int) -> None:
    """Refuse a label of a blank node in data that an earlier operation has in its data."""
    if passage.found[passage.start].word != "INSERT" or passage.found[passage.start + 1].word != "DATA":
        return
    for token in passage.found:
        if token.kind == "bnode" and labels.setdefault(token.text, number) != number:
            reason = f"{token.text} is a node of an earlier operation, which this one cannot mean"
            raise fault(reason, passage.text, token.start, "Give it another label, or an IRI.")


def _operation(passage: Passage) -> Operation:
    word = passage.word
    if word == "LOAD":
        hint = "Load files with: aimsgraph load FILE…"
        raise refusal("LOAD fetches from elsewhere", passage.text, passage.here, hint)
    if word in _MANAGED:
        operation = _managed(passage)
    elif word in ("INSERT", "DELETE", "WITH"):
        operation = _modify(passage)
    else:
        reason = f"{passage.token.text!r} stands where an operation should"
        raise fault(reason, passage.text, passage.here, "Begin with INSERT, DELETE, WITH, CLEAR, DROP, …")
    if not passage.at_end:
        reason = f"a ; is missing in front of {passage.token.text!r}, or it does not belong here"
        raise fault(reason, passage.text, passage.here)
    return operation


def _managed(passage: Passage) -> Operation:
    at, kind = passage.here, passage.take()
    silent = passage.skip("SILENT")
    if kind == "CREATE":
        passage.expect("GRAPH")
        return Create(at, passage.graph(written=True), silent)
    if kind in ("CLEAR", "DROP"):
        if passage.word in ("DEFAULT", "NAMED", "ALL"):
            return Clear(at, passage.take(), silent)
        passage.expect("GRAPH", "GRAPH <…>, DEFAULT, NAMED or ALL")
        return Clear(at, passage.graph(written=True), silent)
    source = _end(passage, written=kind == "MOVE")
    passage.expect("TO")
    target = _end(passage, written=True)
    return Transfer(at, cast("Literal['COPY', 'MOVE', 'ADD']", kind), source, target, silent)


def _end(passage: Passage, *, written: bool) -> str:
    if passage.skip("DEFAULT"):
        return EDITS_GRAPH
    passage.skip("GRAPH")
    return passage.graph(written=written)


def _modify(passage: Passage) -> Modify:
    at = passage.here
    with_at, home = passage.here, None
    if passage.skip("WITH"):
        with_at, home = passage.here, passage.graph(written=False)
    delete = insert = Template()
    deleting = passage.skip("DELETE")
    if deleting and home is None and passage.skip("DATA"):
        return Modify(at, passage.template(data=True, deleting=True), insert, None, None, {})
    if deleting and home is None and passage.word == "WHERE":
        passage.take()
        group = passage.at
        delete = passage.template(data=False, deleting=True)
        where = Pattern(passage.select(group, delete, insert))
        return Modify(at, delete, insert, where, None, passage.places)
    if deleting:
        delete = passage.template(data=False, deleting=True)
    if passage.word == "INSERT" or not deleting:
        passage.expect("INSERT")
        if not deleting and home is None and passage.skip("DATA"):
            return Modify(at, delete, passage.template(data=True, deleting=False), None, None, {})
        insert = passage.template(data=False, deleting=False)
    if home is not None and any(quad[3] is None for quad in (*delete.quads, *insert.quads)):
        passage.check_written(home, with_at)
    using = passage.word == "USING"
    default, named = passage.dataset(home)
    passage.expect("WHERE")
    where = Pattern(passage.select(passage.at, delete, insert), default, named, using)
    return Modify(at, delete, insert, where, home, passage.places)
