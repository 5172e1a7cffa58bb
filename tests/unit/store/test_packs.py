"""Patches lie one in a file or many in a pack, and come back as they were written."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimsgraph.errors import StoreAlteredError
from aimsgraph.store import packs
from aimsgraph.store.packs import PatchWriter, newest, pack, read_patch, spans, sweep_patches

LINE = st.builds(
    lambda mark, name: f'{mark} <urn:{name}> <urn:p> "TC .\\nTX ." <urn:g> .\n'.encode(),
    st.sampled_from("AD"),
    st.text("abc", min_size=1, max_size=3),
)
TEXT = st.lists(LINE, max_size=3).map(b"".join)


def write(folder: Path, first: int, *texts: bytes) -> list[str]:
    writer = PatchWriter(folder, first)
    for text in texts:
        writer.add(text)
    writer.close()
    return [place.name for place in spans(folder).values()]


def test_a_patch_comes_back_as_written_and_is_the_same_bytes_twice(tmp_path: Path):
    assert write(tmp_path, 7, b"A x .\n") == ["00000007.patch.gz"]
    first = (tmp_path / "00000007.patch.gz").read_bytes()
    assert read_patch(tmp_path, 7) == b"A x .\n"
    write(tmp_path, 7, b"A x .\n")
    assert (tmp_path / "00000007.patch.gz").read_bytes() == first
    assert len(list(tmp_path.iterdir())) == 1


def test_the_patches_of_one_transaction_share_a_file_that_people_can_read(tmp_path: Path):
    assert write(tmp_path, 3, b"A x .\n", b"D y .\n", b"A z .\n") == ["00000003-00000005.patches.gz"]
    assert [read_patch(tmp_path, number) for number in (3, 4, 5)] == [b"A x .\n", b"D y .\n", b"A z .\n"]
    text = gzip.decompress((tmp_path / "00000003-00000005.patches.gz").read_bytes())
    assert text == b"TX .\nA x .\nTC .\nTX .\nD y .\nTC .\nTX .\nA z .\nTC .\n"


def test_a_long_patch_has_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(packs, "LARGE", 10)
    monkeypatch.setattr(packs, "PACK", 20)
    long = b"A xxxxxxxxxx .\n"
    texts = [b"A x .\n", b"A y .\n", long, b"A z .\n", *[b"A w .\n"] * 4]
    assert write(tmp_path, 1, *texts) == [
        "00000001-00000002.patches.gz",
        "00000003.patch.gz",
        "00000004-00000006.patches.gz",
        "00000007-00000008.patches.gz",
    ]
    assert [read_patch(tmp_path, number) for number in range(1, 9)] == texts


def test_what_was_never_committed_is_swept(tmp_path: Path):
    write(tmp_path, 1, b"A x .\n", b"A y .\n")
    write(tmp_path, 3, b"A z .\n", b"A w .\n")
    (tmp_path / "00000005.patch.tmp").write_bytes(b"half")
    assert newest(tmp_path) == 4
    sweep_patches(tmp_path, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["00000001-00000002.patches.gz"]


@pytest.mark.parametrize(
    "content",
    [b"no gzip", gzip.compress(b"TX .\nA x .\n"), gzip.compress(b"A x .\nTC .\n")],
    ids=["no gzip", "without an end", "without a beginning"],
)
def test_a_damaged_pack_is_told_with_the_number_of_the_changeset(tmp_path: Path, content: bytes):
    (tmp_path / "00000001-00000002.patches.gz").write_bytes(content)
    with pytest.raises(StoreAlteredError, match="The patch of changeset 2 is damaged"):
        read_patch(tmp_path, 2)
    with pytest.raises(StoreAlteredError, match="The patch of changeset 3 is missing"):
        read_patch(tmp_path, 3)


def test_neighbouring_small_patches_are_packed_and_long_ones_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for number in (1, 2, 3, 5, 6):
        write(tmp_path, number, f"A {number} .\n".encode())
    assert pack(tmp_path) == 3
    assert [place.name for place in spans(tmp_path).values()] == [
        "00000001-00000003.patches.gz",
        "00000005-00000006.patches.gz",
    ]
    assert read_patch(tmp_path, 6) == b"A 6 .\n"
    assert pack(tmp_path) == 0
    monkeypatch.setattr(packs, "LARGE", 1)
    write(tmp_path, 7, b"A 7 .\n")
    assert pack(tmp_path) == 0


def test_packing_that_was_cut_short_is_taken_up_again(tmp_path: Path):
    for number in (1, 2, 3):
        write(tmp_path, number, f"A {number} .\n".encode())
    kept = {path: path.read_bytes() for path in tmp_path.iterdir()}
    pack(tmp_path)
    for path in list(kept)[1:]:  # killed when it had removed the first of them
        path.write_bytes(kept[path])
    assert [read_patch(tmp_path, number) for number in (1, 2, 3)] == [b"A 1 .\n", b"A 2 .\n", b"A 3 .\n"]
    assert pack(tmp_path) == 2
    assert [place.name for place in spans(tmp_path).values()] == ["00000001-00000003.patches.gz"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=4), packed=st.booleans())
def test_whatever_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, groups: list[list[bytes]], packed: bool
):
    folder = tmp_path_factory.mktemp("packs")
    texts = [text for group in groups for text in group]
    first = 1
    for group in groups:
        write(folder, first, *group)
        first += len(group)
    if packed:
        pack(folder)
        assert len(spans(folder)) == 1
    assert [read_patch(folder, number) for number in range(1, len(texts) + 1)] == texts


def test_a_patch_that_was_joined_to_others_within_one_tick_of_the_clock_is_found(tmp_path: Path):
    write(tmp_path, 1, b"A 1 .\n", b"A 2 .\n")
    tick = tmp_path.stat().st_mtime_ns
    assert read_patch(tmp_path, 2) == b"A 2 .\n"
    write(tmp_path, 3, b"A 3 .\n")
    pack(tmp_path)
    os.utime(tmp_path, ns=(tick, tick))
    assert [read_patch(tmp_path, number) for number in (1, 2, 3)] == [b"A 1 .\n", b"A 2 .\n", b"A 3 .\n"]
