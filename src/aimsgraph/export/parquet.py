"""Parquet files, written batch by batch beside their place and moved there whole."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.columns import extra
from aimsgraph.errors import OutputNotWritableError, StoreUnusableError
from aimsgraph.export.edges import edge_rows
from aimsgraph.export.nodes import node_rows
from aimsgraph.export.schema import SCHEMA_VERSION, TABLES
from aimsgraph.export.statements import statement_rows
from aimsgraph.model.export import Export, ExportedTable
from aimsgraph.store.portion import portions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from aimsgraph.export.schema import Column, Kind
    from aimsgraph.store.protocol import View

    Progress = Callable[[float, float, str], None]

#: Rows of one batch, which are in memory at once and become one row group.
BATCH: Final = 1 << 16


def export_parquet(
    view: View,
    folder: Path,
    *,
    today: date,
    statements: bool = True,
    page: int | None = None,
    newest: Callable[[], str] | None = None,
    progress: Progress | None = None,
) -> Export:
    """Write the tables of ``schema`` as Parquet files into the new folder: all of them, or nothing.

    ``page`` is the most rows that are asked for at once, None for no limit; ``newest`` gives the snapshot of a store
    that may have changed meanwhile.

    :raises MissingExtraError: pyarrow is not installed.
    :raises OutputNotWritableError: something stands in the place of the folder, or it cannot be written.
    :raises StoreUnusableError: the store was changed, or an answer was cut short.
    """
    extra("pyarrow.parquet", "parquet")
    if os.path.lexists(folder):
        raise OutputNotWritableError(
            f"There is something at {folder} already.", hint="Name a folder that does not exist yet."
        )
    rows: dict[str, Iterable[tuple[object, ...]]] = {
        "nodes": node_rows(view, page),
        "edges": edge_rows(view, today, page),
    }
    if statements:
        rows["statements"] = statement_rows(view, page)
    draft = folder.parent / f".{folder.name}.{os.getpid()}.part"
    try:
        draft.mkdir(parents=True)
        told = _about(view.snapshot, today)
        tables = [
            _Table(name, draft / f"{name}.parquet", told).write(found, progress)
            for name, found in rows.items()
        ]
        if newest is not None and newest() != view.snapshot:
            raise StoreUnusableError(
                "The store was changed while it was read.", hint="Export it again when nobody writes to it."
            )
        draft.rename(folder)
    except OSError as error:
        raise OutputNotWritableError(
            f"{folder} could not be written: {error.strerror or error}.",
            hint="Name a folder where there is room and that you may write to.",
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Export(
        folder=str(folder),
        schema_version=SCHEMA_VERSION,
        snapshot=view.snapshot,
        date=today,
        tables=tuple(
            table.model_copy(update={"path": str(folder / Path(table.path).name)}) for table in tables
        ),
    )


def _about(snapshot: str, today: date) -> dict[str, str]:
    """Return what each file says of itself."""
    return {
        "aimsgraph.schema_version": str(SCHEMA_VERSION),
        "aimsgraph.snapshot": snapshot,
        "aimsgraph.date": today.isoformat(),
        "aimsgraph.version": metadata.version("aimsgraph"),
    }


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    path: Path
    told: dict[str, str]

    def write(self, rows: Iterable[tuple[object, ...]], progress: Progress | None) -> ExportedTable:
        arrow, parquet = extra("pyarrow", "parquet"), extra("pyarrow.parquet", "parquet")
        columns = TABLES[self.name]
        schema = arrow.schema(
            [arrow.field(column.name, _type(column.kind), nullable=column.nullable) for column in columns],
            metadata={"aimsgraph.table": self.name, **self.told},
        )
        count = 0
        with self.path.open("wb") as file:
            with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
                for batch in portions(rows, BATCH):
                    writer.write_batch(_batch(schema, columns, batch))
                    count += len(batch)
                    if progress is not None:
                        progress(count, 0, f"writing {self.name}")
            file.flush()
            os.fsync(file.fileno())
        return ExportedTable(name=self.name, path=str(self.path), rows=count, bytes=self.path.stat().st_size)


def _batch(schema: Any, columns: Sequence[Column], rows: list[tuple[object, ...]]) -> Any:
    arrow = extra("pyarrow", "parquet")
    arrays = [
        arrow.array(values, type=schema.field(column.name).type)
        for column, values in zip(columns, zip(*rows, strict=True), strict=True)
    ]
    return arrow.record_batch(arrays, schema=schema)


def _type(kind: Kind) -> Any:
    arrow = extra("pyarrow", "parquet")
    word = arrow.dictionary(arrow.int32(), arrow.string())
    return {
        "text": arrow.string(),
        "word": word,
        "texts": arrow.list_(arrow.string()),
        "words": arrow.list_(word),
        "number": arrow.float64(),
        "whole": arrow.int64(),
        "day": arrow.date32(),
        "truth": arrow.bool_(),
    }[kind]
