"""Runs a checked query in a process of its own, which is killed when time is up."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.errors import AimsgraphError, QueryInvalidError
from aimsgraph.query.binding import PLACEHOLDER, EngineText, engine_text
from aimsgraph.query.database import database
from aimsgraph.query.dataset import dataset
from aimsgraph.query.limit import MIB, Limits
from aimsgraph.query.reply import Put, died, failure, out_of_memory, result, too_slow
from aimsgraph.query.safety import check_tree, read
from aimsgraph.store.embedded import open_view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib.term import Identifier

    from aimsgraph.query.dataset import Dataset
    from aimsgraph.query.result import Result
    from aimsgraph.query.safety import CheckedQuery
    from aimsgraph.store.protocol import View

#: The program of a worker process, and how it is started.
WORKER: Final = (sys.executable, "-P", str(Path(__file__).with_name("worker.py")))
#: With these limits the engine is asked where a text is at fault.
EXPLAINING: Final = Limits(5, 1, MIB, 1024 * MIB)


def run(
    source: View | Path,
    text: str,
    *,
    bindings: Mapping[str, Identifier] | None = None,
    limits: Limits | None = None,
    graphs: Dataset | None = None,
) -> Result:
    """Run the query ``text`` over a store and return its whole answer.

    ``source`` is a view, or the folder of a store. The default graph is the union of all sources and the
    ontology; the history is reached by GRAPH only. FROM and FROM NAMED choose among the graphs of the store, and
    ``graphs``, of :func:`aimsgraph.query.dataset.dataset`, goes before them. A view in memory is copied to a file for
    the worker, one of a server with those of its named graphs that are chosen. ``bindings`` gives variables (names
    without ``?``) the value of a term.

    The worker sees what is in the store when it opens it, which may be newer than the view.

    :raises StoreNotFoundError: (or StoreTooNewError, StoreUnusableError) there is no store that can be read.
    :raises QueryInvalidError: the query or a binding is wrong.
    :raises QueryRefusedError: the query does more than read this store, or names a graph that is not in it.
    :raises TimeLimitError: time was up; the worker is dead by then.
    :raises LimitExceededError: more rows, bytes or memory than allowed.
    """
    checked = read(text)
    check_tree_of(checked, text)
    if graphs is None and checked.clauses:
        view = open_view(source) if isinstance(source, Path) else source
        graphs = dataset(view, checked.default, checked.named)
    default, named = graphs or (None, None)
    chosen = {"default_graph": default, "named_graphs": named}
    given = {name: names for name, names in chosen.items() if names is not None}
    with database(source, [*(default or ()), *(named or ())]) as place:
        return answered(place, checked, engine_text(checked, bindings), limits or Limits(), given)


def answered(
    place: Mapping[str, str],
    checked: CheckedQuery,
    written: EngineText,
    limits: Limits,
    graphs: Mapping[str, Sequence[str]] | None = None,
) -> Result:
    """Run what was ``written`` of a checked query over the ``database`` (or ``data``) at a place.

    ``graphs`` may say of which graphs (IRIs) the default graph and the named graphs consist: ``default_graph`` and
    ``named_graphs``.

    :raises AimsgraphError: as ``run`` does.
    """
    request = {**place, **(graphs or {}), **asked(checked, written, limits)}
    return _answered(request, Put(written, checked.text, limits, place.get("database", "in memory")))


def asked(checked: CheckedQuery, written: EngineText, limits: Limits, form: str = "terms") -> dict[str, Any]:
    """Return what a worker is told of a question beside the place of the data and the dataset."""
    return {
        "query": written.text,
        "form": form,
        "columns": columns_of(checked),
        "hidden": PLACEHOLDER,
        "seconds": limits.seconds,
        "rows": limits.rows,
        "bytes": limits.bytes,
        "memory": limits.memory,
    }


def columns_of(checked: CheckedQuery) -> list[str] | None:
    """Return the order of the columns of ``SELECT *``: in which the variables first stand in the text; else None."""
    start = checked.body + 1
    if checked.kind != "SELECT" or "*" not in [token.text for token in checked.tokens[start : start + 2]]:
        return None
    return list(dict.fromkeys(token.text[1:] for token in checked.tokens if token.kind == "var"))


def check_tree_of(checked: CheckedQuery, text: str) -> None:
    """Have rdflib's parser read the text of a checked query, and tell a fault as exactly as can be."""
    try:
        check_tree(text, checked.clauses)
    except QueryInvalidError as fault:
        raise _explained(checked, fault) from None


def _explained(checked: CheckedQuery, fault: QueryInvalidError) -> QueryInvalidError:
    """Ask the engine's parser, over an empty store, for the place of a fault, which it finds more exactly."""
    try:
        answered({}, checked, engine_text(checked), EXPLAINING)
    except AimsgraphError as explained:
        return explained_by(explained, fault)
    return fault


def explained_by(explained: AimsgraphError, fault: QueryInvalidError) -> QueryInvalidError:
    """Return what the engine's parser said of a text, if it said where the fault is, else the fault as it is."""
    return explained if isinstance(explained, QueryInvalidError) and explained.problems else fault


def _answered(request: dict[str, Any], put: Put) -> Result:
    """Start a worker, read its answer, and leave no process behind, whatever happens."""
    timed_out = threading.Event()
    with tempfile.TemporaryFile() as complaints:
        worker = subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
            WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        )

        def time_is_up() -> None:
            timed_out.set()
            worker.kill()

        clock = threading.Timer(put.limits.seconds, time_is_up)
        clock.daemon = True
        clock.start()
        try:
            head, portions, last = _talk(worker, request)
            worker.wait()
        finally:
            clock.cancel()
            worker.kill()
            worker.wait()
            if worker.stdout:
                worker.stdout.close()
        if timed_out.is_set() and "end" not in last:
            raise too_slow(put.limits.seconds)
        if not last:
            complaints.seek(0)
            said = complaints.read(20_000)
            if out_of_memory(said) or worker.returncode == -9:
                last = {"limit": "memory"}
            else:
                raise died(worker.returncode, said)
    if "end" not in last:
        raise failure(last, put)
    return result(head, b"".join(portions).splitlines())


def _talk(
    worker: subprocess.Popen[bytes], request: dict[str, Any]
) -> tuple[dict[str, Any], list[bytes], dict[str, Any]]:
    """Put the request, and return the head, the portions and the last line, which is empty where none came."""
    assert worker.stdin is not None  # noqa: S101 - both are pipes
    assert worker.stdout is not None  # noqa: S101
    head: dict[str, Any] = {}
    portions: list[bytes] = []
    try:
        with worker.stdin as pipe:
            pipe.write(json.dumps(request).encode())
    except BrokenPipeError:
        return head, portions, {}
    for line in worker.stdout:
        if not line.endswith(b"\n"):
            break  # killed in the middle of a line
        content = json.loads(line)
        if "bytes" in content:
            portions.append(worker.stdout.read(content["bytes"]))
        elif "kind" in content:
            head = content
        else:
            return head, portions, content
    return head, portions, {}
