"""A store's folder: made whole or not at all, and every way in which it can be unusable is named."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aimsgraph import store
from aimsgraph.errors import (
    AimsgraphError,
    StoreExistsError,
    StoreNotFoundError,
    StoreTooNewError,
    StoreUnusableError,
)
from tests.unit.store.conftest import G1, NOW, quad

if TYPE_CHECKING:
    from collections.abc import Callable

WHO: dict[str, Any] = {"author": "ada", "message": "because", "now": NOW}


def open_writer(path: Path) -> None:
    with store.open_writer(path):
        pass


OPENERS: list[Callable[[Path], object]] = [store.open_view, open_writer, store.verify]


def test_a_new_store_says_when_and_where(tmp_path: Path):
    store.create(tmp_path / "new" / "aims.store", now=NOW, evidence_root=tmp_path / "new" / "evidence")
    found = store.manifest(tmp_path / "new" / "aims.store")
    assert (found.format, found.created) == (store.FORMAT, NOW)
    assert found.evidence_root == tmp_path / "new" / "evidence"
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["aims.store"]
    assert store.open_view(tmp_path / "new" / "aims.store").count() == 0


def test_evidence_beside_the_store_moves_with_it(tmp_path: Path):
    (tmp_path / "one").mkdir()
    store.create(tmp_path / "one" / "s", now=NOW, evidence_root=tmp_path / "one" / "files")
    (tmp_path / "one").rename(tmp_path / "two")
    assert store.manifest(tmp_path / "two" / "s").evidence_root == tmp_path / "two" / "files"


def test_evidence_elsewhere_stays_there(tmp_path: Path):
    store.create(tmp_path / "one" / "s", now=NOW, evidence_root=tmp_path / "files")
    assert store.manifest(tmp_path / "one" / "s").evidence_root == tmp_path / "files"
    store.create(tmp_path / "t", now=NOW)
    assert store.manifest(tmp_path / "t").evidence_root is None


def test_an_empty_folder_may_become_a_store(tmp_path: Path):
    (tmp_path / "s").mkdir()
    store.create(tmp_path / "s", now=NOW)
    assert store.open_view(tmp_path / "s").count() == 0


def test_nothing_that_stands_there_is_overwritten(tmp_path: Path, folder: Path):
    with pytest.raises(StoreExistsError, match="a store"):
        store.create(folder, now=NOW)
    (tmp_path / "f").write_text("mine")
    with pytest.raises(StoreExistsError, match="not a store"):
        store.create(tmp_path / "f", now=NOW)
    assert (tmp_path / "f").read_text() == "mine"


@pytest.mark.parametrize("open_", OPENERS)
def test_where_there_is_no_store_the_hint_says_how_to_make_one(
    tmp_path: Path, open_: Callable[[Path], object]
):
    with pytest.raises(StoreNotFoundError) as caught:
        open_(tmp_path / "none")
    assert "aimsgraph init" in (caught.value.hint or "")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("open_", OPENERS)
@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_not_a_store_is_not_taken_for_one(tmp_path: Path, open_: Callable[[Path], object], kind: str):
    place = tmp_path / "other"
    if kind == "folder":
        place.mkdir()
        (place / "note.txt").write_text("mine")
    else:
        place.write_text("mine")
    with pytest.raises(StoreNotFoundError, match="is not a store"):
        open_(place)


@pytest.mark.parametrize("open_", OPENERS)
def test_a_store_of_a_later_version_is_refused_untouched(folder: Path, open_: Callable[[Path], object]):
    later = json.loads((folder / "aimsgraph.json").read_text()) | {"format": 999, "unheard": "of"}
    (folder / "aimsgraph.json").write_text(json.dumps(later))
    with pytest.raises(StoreTooNewError, match="999"):
        open_(folder)
    assert json.loads((folder / "aimsgraph.json").read_text()) == later


@pytest.mark.parametrize("open_", OPENERS)
@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": "x"}'])
def test_a_damaged_manifest_is_named(folder: Path, open_: Callable[[Path], object], text: str):
    (folder / "aimsgraph.json").write_text(text)
    with pytest.raises(StoreUnusableError, match=r"aimsgraph\.json"):
        open_(folder)


def garble(path: Path) -> None:
    path.write_bytes(b"\xff" * 64)


@pytest.mark.parametrize("open_", OPENERS)
@pytest.mark.parametrize("name", ["CURRENT", "MANIFEST"])
@pytest.mark.parametrize("harm", ["garbled", "gone"])
def test_a_damaged_database_is_named(folder: Path, open_: Callable[[Path], object], name: str, harm: str):
    with store.open_writer(folder) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    for path in (folder / "db").glob(f"{name}*"):
        garble(path) if harm == "garbled" else path.unlink()
    with pytest.raises(StoreUnusableError, match="cannot be opened"):
        open_(folder)


def test_an_unwritable_place_is_named():
    # /proc refuses new entries even to an administrator.
    with pytest.raises(StoreUnusableError, match=r"/proc/aims\.store"):
        store.create(Path("/proc/aims.store"), now=NOW)


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may write anywhere")
def test_a_store_without_write_permission_can_be_read_only(folder: Path):
    (folder / "db").chmod(0o500)
    try:
        assert store.open_view(folder).count() == 0
        with pytest.raises(StoreUnusableError, match="cannot be written"):
            open_writer(folder)
    finally:
        (folder / "db").chmod(0o700)


def test_every_error_of_a_store_is_one_paragraph(tmp_path: Path):
    with pytest.raises(AimsgraphError) as caught:
        store.open_view(tmp_path)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_status == 2
