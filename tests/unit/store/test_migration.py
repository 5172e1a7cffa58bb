"""A store of an older format is read as it is, and brought to the present one by its first writer."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from aimsgraph import store
from aimsgraph.errors import StoreUnusableError
from aimsgraph.store import migration
from aimsgraph.vocab import HISTORY_GRAPH, PROV
from tests.unit.store.conftest import G1, NOW, quad

#: The hashes of the changesets that the first edition wrote.
HASHES = [
    "sha256:9d1e1d3512f274d6269c1e136714c81a4884f92a9fc9ca99c0f8bf67ccb11c0e",
    "sha256:e07bcc3414b2c2ba3635e22d3531a1aa44e7c9143f7f9e813757e2c197c277a7",
    "sha256:b27d8b1c39bccb92739d0cc74437c073107e91cc4f321bbd6906a5003fbdbf5d",
    "sha256:5b2304f5224ad14654aed8be76e4b2d41858733ab33caf481e6eea8ee60410ba",
]
AGENTS = f"SELECT DISTINCT ?a WHERE {{ GRAPH <{HISTORY_GRAPH}> {{ ?c <{PROV}wasAssociatedWith> ?a }} }} ORDER BY ?a"


@pytest.fixture
def first_format(tmp_path: Path) -> Path:
    with tarfile.open(Path(__file__).parent / "format-1.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "format-1.store"


def hashes(folder: Path) -> list[str]:
    return [changeset.hash for changeset in store.changesets(store.open_view(folder))]


def test_a_store_of_the_first_format_is_read_and_verified_as_it_is(first_format: Path):
    assert store.manifest(first_format).format == 1
    assert hashes(first_format) == HASHES
    assert store.verify(first_format).intact
    assert len(store.difference(first_format, "1", "2").removed) == 1
    assert store.manifest(first_format).format == 1


def test_the_first_writer_brings_it_to_the_present_format_and_keeps_every_hash(first_format: Path):
    before = store.manifest(first_format)
    with store.open_writer(first_format) as writer:
        assert writer.head == HASHES[-1]
        writer.apply([quad("h", "p", "i")], graph=G1, author="eve", message="m", now=NOW)
    after = store.manifest(first_format)
    assert (after.format, after.created) == (store.FORMAT, before.created)
    assert hashes(first_format)[:-1] == HASHES
    agents = [str(row["a"]).rpartition("/")[2] for row in store.open_view(first_format).select(AGENTS)]
    assert agents == ["ada", "bob%2C%20of%20%E2%80%9COps%E2%80%9D", "eve"]
    assert store.verify(first_format).intact


def test_a_migration_cut_short_is_done_again(first_format: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(migration, "set_format", full)
        with (
            pytest.raises(StoreUnusableError, match="could not be brought to format 2: No space left"),
            store.open_writer(first_format),
        ):
            pass
    assert store.manifest(first_format).format == 1
    assert hashes(first_format) == HASHES
    assert store.verify(first_format).first_difference is None
    with store.open_writer(first_format):
        pass
    assert store.manifest(first_format).format == store.FORMAT
    assert store.verify(first_format).intact


def test_a_store_that_is_only_read_stays_as_it_is(first_format: Path):
    kept = first_format.with_name("kept")
    shutil.copytree(first_format, kept)
    store.open_view(first_format).count()
    for place in (path for path in kept.rglob("*") if path.is_file()):
        assert (first_format / place.relative_to(kept)).read_bytes() == place.read_bytes()
