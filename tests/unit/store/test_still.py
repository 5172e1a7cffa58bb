"""A reader's picture stays whole whatever a writer does, and leaves nothing behind."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from aimsgraph import store
from tests.unit.store.conftest import G1, NOW, quad

WHO: dict[str, Any] = {"author": "ada", "message": "because", "now": NOW}
ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there the folder itself is read")


def views(folder: Path) -> list[Path]:
    gc.collect()
    return list((folder / "views").iterdir())


def test_old_views_can_be_read_whole_after_many_writes(folder: Path):
    seen: list[store.EmbeddedView] = []
    with store.open_writer(folder) as writer:
        for number in range(40):
            writer.apply([quad(f"s{number}", "p", item) for item in range(50)], graph=G1, **WHO)
            seen.append(store.open_view(folder))
            assert seen[-1].snapshot == writer.head
    assert [view.count() for view in seen] == [50 * (number + 1) for number in range(40)]


def test_a_view_that_is_let_go_leaves_nothing(folder: Path):
    view = store.open_view(folder)
    assert view.location is not None
    assert [view.location] == views(folder)
    del view
    assert store.verify(folder).intact
    assert views(folder) == []


def test_readers_that_come_at_once_do_not_sweep_each_other_away(folder: Path):
    failed: list[BaseException] = []

    def look() -> None:
        try:
            for _ in range(25):
                view = store.open_view(folder)
                assert view.location != folder
        except BaseException as error:  # noqa: BLE001 - it is told below
            failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert views(folder) == []


def test_what_a_killed_reader_left_is_swept_by_the_next(folder: Path):
    program = (
        "import sys, time; from pathlib import Path; from aimsgraph import store; "
        "view = store.open_view(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"
    )
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    reader = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == b"open\n"
    theirs = views(folder)
    ours = store.open_view(folder)
    assert len(theirs) == 1
    assert set(views(folder)) == {*theirs, ours.location}
    reader.send_signal(signal.SIGKILL)
    reader.communicate()
    another = store.open_view(folder)
    assert set(views(folder)) == {ours.location, another.location}


def test_where_no_links_can_be_made_the_folder_itself_is_read(folder: Path):
    (folder / "views").write_text("in the way")
    view = store.open_view(folder)
    assert (view.location, view.count()) == (folder, 0)


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP, errno.EPERM])
def test_a_file_system_without_links_is_read_and_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    def refuse(*_: object) -> None:
        raise OSError(number, "no links here")

    with store.open_writer(folder) as writer:
        for name in "ab":
            writer.apply([quad(name, "p", "x")], graph=G1, **WHO)
    monkeypatch.setattr(os, "link", refuse)
    view = store.open_view(folder)
    assert (view.location, view.count()) == (folder, 2)
    assert store.open_place(folder, "1").count() == 1  # type: ignore[attr-defined]
    with store.trial(folder) as place:
        assert store.open_view(place).count() == 2


def test_a_store_on_a_full_disk_can_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    view = store.open_view(folder)
    assert (view.location, view.count()) == (folder, 0)
    assert views(folder) == []
