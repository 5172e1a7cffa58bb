"""``export`` writes the tables of the example organisation, and says what it wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq


def run(*words: object) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "aimsgraph", "export", "parquet", *map(str, words)]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_the_tables_are_those_that_the_answer_names(demo_folder: Path, tmp_path: Path):
    store = demo_folder / "aimsgraph-demo" / "meridian.store"
    done = run(tmp_path / "tables", "--store", store, "--without-statements", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert [table["name"] for table in answer["tables"]] == ["nodes", "edges"]
    assert sorted(path.name for path in tmp_path.glob("tables/*")) == ["edges.parquet", "nodes.parquet"]
    for table in answer["tables"]:
        read = pq.read_table(table["path"])
        assert len(read) == table["rows"] > 100
        assert read.schema.metadata[b"aimsgraph.snapshot"].decode() == answer["snapshot"]
        assert read.schema.metadata[b"aimsgraph.date"].decode() == answer["date"] == "2026-09-30"
    again = run(tmp_path / "tables", "--store", store)
    assert again.returncode == 2
    assert f"There is something at {tmp_path / 'tables'} already." in again.stderr
