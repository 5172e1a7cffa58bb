"""A bundle is checked without store and engine; any alteration of what is in it is found, and none does harm."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph import bundle_check, store
from aimsgraph.bundle_check import UnreadableError, check
from aimsgraph.errors import InputNotReadableError, OutputNotWritableError

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
WHO: dict[str, Any] = {"author": "ada", "now": NOW}
AWKWARD = ["1.50", "a\nb", 'say "so"', "\u20ac", "\U0001f303", "\x7f", ""]
CHECKER = Path(bundle_check.__file__)


def small_store(folder: Path) -> Path:
    """Three changesets, with texts that are hard to write."""
    path = folder / "aims.store"
    store.create(path, now=NOW)
    node = ox.NamedNode
    quads = [ox.Quad(node(f"urn:x:{n}"), node("urn:x:p"), ox.Literal(text)) for n, text in enumerate(AWKWARD)]
    with store.open_writer(path) as writer:
        writer.replace("urn:g:1", quads, message="first", source="a.ttl", source_sha256="0" * 64, **WHO)
        writer.replace("urn:g:1", quads[2:], message="second: ü", **WHO)
        writer.replace("urn:g:2", quads[:3], message="third", **WHO)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, a key, a signed head of it, and the bundle of all this."""
    folder = tmp_path_factory.mktemp("bundle")
    path = small_store(folder)
    store.make_key(folder / "key")
    key = store.read_private_key(folder / "key", str)
    store.note_heads(path, folder / "heads.jsonl", now=NOW, by="Ada", key=key)
    store.write_bundle(path, folder / "bundle.zip", [folder / "heads.jsonl"])
    return folder


@pytest.fixture(scope="module")
def parts(made: Path) -> dict[str, bytes]:
    return parts_of(made / "bundle.zip")


def parts_of(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(target: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(target, "w", method) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return target


def run(folder: Path, *words: str | Path, flags: tuple[str, ...] = ("-I",)) -> tuple[int, str]:
    """Run a copy of the checker alone, in a folder where nothing else is."""
    alone = folder / "alone"
    alone.mkdir(exist_ok=True)
    (alone / "bundle_check.py").write_bytes(CHECKER.read_bytes())
    done = subprocess.run(
        [sys.executable, *flags, "bundle_check.py", *map(str, words)],
        cwd=alone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "" or done.returncode == 2, done.stderr
    return done.returncode, done.stdout


def test_a_bundle_says_what_the_store_says(made: Path):
    here, there = store.verify(made / "aims.store"), store.verify_bundle(made / "bundle.zip")
    assert here.model_dump(exclude={"against", "agreed"}) == there.model_dump(exclude={"against", "agreed"})
    assert (there.intact, there.changesets, there.statements, there.agreed) == (True, 3, 8, 3)


def test_the_same_store_makes_the_same_bytes(made: Path, tmp_path: Path):
    store.write_bundle(made / "aims.store", tmp_path / "again.zip", [made / "heads.jsonl"])
    assert (tmp_path / "again.zip").read_bytes() == (made / "bundle.zip").read_bytes()


def test_a_bundle_holds_what_is_documented(parts: dict[str, bytes]):
    assert set(parts) == {
        "README.txt", "bundle_check.py", "content.nq", "heads.jsonl", "history.jsonl", "manifest.json",
        "patches/1.patch", "patches/2.patch", "patches/3.patch",
    }  # fmt: skip
    assert parts["bundle_check.py"] == CHECKER.read_bytes()
    assert [json.loads(line)["message"] for line in parts["history.jsonl"].splitlines()] == [
        "first", "second: ü", "third",
    ]  # fmt: skip
    assert len(list(ox.parse(parts["content.nq"], ox.RdfFormat.N_QUADS))) == 8


def test_the_bundle_of_an_empty_store_is_intact(tmp_path: Path):
    store.create(tmp_path / "aims.store", now=NOW)
    store.write_bundle(tmp_path / "aims.store", tmp_path / "b.zip")
    assert store.verify_bundle(tmp_path / "b.zip") == store.verify(tmp_path / "aims.store")


def test_the_checker_runs_without_aimsgraph_and_without_any_package(made: Path, tmp_path: Path):
    found = run(tmp_path, made / "bundle.zip", flags=("-I", "-S"))
    head = store.verify(made / "aims.store").head
    assert found == (
        0,
        f"Intact: 3 changesets, 8 statements, head {head}.\n"
        "Changeset 3 is as noted on 2026-03-03T09:00:00+00:00; signature: not checked.\n",
    )


def test_the_checker_checks_signatures_where_cryptography_is(made: Path, tmp_path: Path):
    words = (made / "bundle.zip", "--heads", made / "heads.jsonl", "--public-key", made / "key.pub")
    status, said = run(tmp_path, *words)
    assert (status, said.count("signature: good.")) == (0, 2)
    status, said = run(tmp_path, *words, flags=("-I", "-S"))
    assert (status, said) == (2, "Cannot tell: Signatures need the package cryptography.\n")


def test_the_checker_names_an_alteration(parts: dict[str, bytes], tmp_path: Path):
    altered = packed(tmp_path / "b.zip", parts | {"content.nq": parts["content.nq"].replace(b"so", b"no")})
    status, said = run(tmp_path, altered)
    assert status == 1
    assert said.startswith(
        "ALTERED. The first difference: The content has a statement that no changeset added: "
    )


def test_another_key_is_named(made: Path, tmp_path: Path):
    store.make_key(tmp_path / "other")
    status, said = run(tmp_path, made / "bundle.zip", "--public-key", tmp_path / "other.pub")
    assert (status, "a signature that is not good: of another key." in said) == (1, True)


def test_a_key_without_a_head_is_named(made: Path, tmp_path: Path):
    store.write_bundle(made / "aims.store", tmp_path / "b.zip")
    found = store.verify_bundle(tmp_path / "b.zip", public_keys=[made / "key.pub"])
    assert found.first_difference == "A public key was given, and there is no head that it could have signed."


@pytest.mark.parametrize("what", ["no file", "no bundle", "no heads", "no key"])
def test_what_cannot_be_read_has_a_status_of_its_own(made: Path, tmp_path: Path, what: str):
    nonsense = tmp_path / "nonsense"
    nonsense.write_text("nonsense")
    words: dict[str, tuple[Path | str, ...]] = {
        "no file": (tmp_path / "absent.zip",),
        "no bundle": (nonsense,),
        "no heads": (made / "bundle.zip", "--heads", nonsense),
        "no key": (made / "bundle.zip", "--public-key", nonsense),
    }
    status, said = run(tmp_path, *words[what])
    assert (status, said.startswith("Cannot tell: ")) == (2, True)


def test_a_bundle_that_cannot_be_written_leaves_nothing(made: Path, tmp_path: Path):
    with pytest.raises(OutputNotWritableError):
        store.write_bundle(made / "aims.store", tmp_path / "absent" / "b.zip")
    assert list(tmp_path.iterdir()) == []


STRANGE: dict[str, tuple[str, str]] = {
    "a path out of the folder": ("../../escaped", "a part that does not belong there: '../../escaped'"),
    "an absolute path": ("/tmp/escaped", "does not belong there"),  # noqa: S108 - a name, never written
    "a patch of no changeset": ("patches/4.patch", "does not belong there"),
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_part_that_does_not_belong_is_named(parts: dict[str, bytes], tmp_path: Path, what: str):
    name, told = STRANGE[what]
    found = check(packed(tmp_path / "b.zip", parts | {name: b"x"}), [], [])
    assert told in (found.fault or "")


@pytest.mark.parametrize("name", ["content.nq", "history.jsonl", "manifest.json", "patches/2.patch"])
def test_a_missing_part_is_named(parts: dict[str, bytes], tmp_path: Path, name: str):
    found = check(packed(tmp_path / "b.zip", {k: v for k, v in parts.items() if k != name}), [], [])
    assert found.fault == f"{name} is missing."


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_part_that_stands_twice_is_named(parts: dict[str, bytes], tmp_path: Path):
    with zipfile.ZipFile(packed(tmp_path / "b.zip", parts), "a") as file:
        file.writestr("content.nq", b"")
    assert check(tmp_path / "b.zip", [], []).fault == "The bundle holds a part twice."


def test_unusual_packing_is_refused(parts: dict[str, bytes], tmp_path: Path):
    found = check(packed(tmp_path / "b.zip", parts, zipfile.ZIP_LZMA), [], [])
    assert found.fault == "history.jsonl is encrypted or packed in an unusual way."


def test_a_bomb_is_refused_before_it_is_unpacked(parts: dict[str, bytes], tmp_path: Path):
    bomb = packed(tmp_path / "b.zip", parts | {"content.nq": bytes(50_000_000)})
    assert bomb.stat().st_size < 200_000
    with pytest.raises(UnreadableError, match="more than 1000000 bytes"):
        check(bomb, [], [], limit=1_000_000)


def test_a_bomb_that_lies_about_its_size_is_unpacked_no_further(tmp_path: Path):
    bomb = packed(tmp_path / "b.zip", {"history.jsonl": bytes(50_000_000)})
    real = (50_000_000).to_bytes(4, "little")
    bomb.write_bytes(bomb.read_bytes().replace(real, (1_000).to_bytes(4, "little")))
    tracemalloc.start()
    found = check(bomb, [], [], limit=1_000_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.fault or "").startswith("history.jsonl is damaged")
    assert most < 5_000_000


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_alteration_of_a_part_is_found(made: Path, parts: dict[str, bytes], data: st.DataObject):
    name = data.draw(st.sampled_from(sorted(parts)))
    text = parts[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 3, len(text))))
    altered = text[:start] + data.draw(st.binary(max_size=3)) + text[end:]
    if altered == text:
        return
    found = check(packed(made / "altered.zip", parts | {name: altered}), [], [])
    assert found.fault


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_an_altered_byte_of_the_file_is_found_or_changes_no_part(
    made: Path, parts: dict[str, bytes], data: st.DataObject
):
    whole = bytearray((made / "bundle.zip").read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    target = made / "flipped.zip"
    target.write_bytes(whole)
    try:
        found = check(target, [], [])
    except UnreadableError:
        return
    assert found.fault or parts_of(target) == parts


def test_our_own_errors_are_raised_for_what_is_no_bundle(tmp_path: Path):
    (tmp_path / "b.zip").write_text("nonsense")
    with pytest.raises(InputNotReadableError, match="not a bundle"):
        store.verify_bundle(tmp_path / "b.zip")
