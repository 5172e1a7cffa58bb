"""Whatever is altered in a store on the disk, or in a bundle, ``verify`` names; a whole forgery, by a head."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.store.history import chained
from aimsgraph.store.packs import pack
from aimsgraph.store.patch import digest
from tests.contract import forger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.contract.forger import Records

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
WHO: dict[str, Any] = {"author": "ada", "now": NOW}


def quad(subject: str, value: str) -> ox.Quad:
    node = ox.NamedNode
    return ox.Quad(node(f"urn:x:{subject}"), node("urn:x:p"), ox.Literal(value))


@pytest.fixture(params=["a file each", "one pack"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A store with four changesets, its patches in a file each or all in one."""
    path = tmp_path / "aims.store"
    store.create(path, now=NOW)
    with store.open_writer(path) as writer:
        writer.replace("urn:g:1", [quad("a", "alpha"), quad("b", "beta")], message="first", **WHO)
        writer.replace("urn:g:2", [quad("c", "gamma")], message="second", **WHO)
        writer.replace("urn:g:1", [quad("a", "alpha"), quad("d", "delta")], message="third", **WHO)
        writer.replace("urn:g:2", [quad("c", "gamma"), quad("e", "eta")], message="fourth", **WHO)
    if request.param == "one pack":
        assert pack(path / "changesets") == 3
    assert store.verify(path).intact
    return path


def noted(folder: Path, *, every: bool = False) -> list[dict[str, Any]]:
    """The heads of the store as it is, from a file that the forger does not reach."""
    file = folder.parent / "elsewhere.jsonl"
    store.note_heads(folder, file, now=datetime(2026, 3, 4, tzinfo=UTC), by="Ada", every=every)
    return store.heads_in([file])


def renamed(records: Records, new: str) -> Records:
    """The third record with another message, hashed anew, and nothing else."""
    changeset, text = records[2]
    draft = changeset.model_copy(update={"message": new})
    records[2] = (draft.model_copy(update={"hash": chained(draft, digest(text))}), text)
    return records


def swapped(folder: Path) -> None:
    """Two changesets change places: each keeps its fields and hash, and gets the other's number."""
    records = forger.records_of(folder)
    for number, place in ((2, 2), (3, 1)):
        changeset, text = forger.records_of(folder)[place]
        records[number - 1] = (changeset.model_copy(update={"number": number}), text)
    forger.write_records(folder, records)
    forger.write_patches(folder, [text for _, text in records])


def without(folder: Path, number: int) -> None:
    """A changeset is gone: its record, its patch and what it said; the others are as they were."""
    records = [one for one in forger.records_of(folder) if one[0].number != number]
    forger.write_records(folder, records)
    forger.write_content(folder, [text for _, text in records])


ALTERATIONS: dict[str, tuple[Callable[[Path], None], str]] = {
    "one byte of a value in the database": (
        lambda folder: forger.alter_value(folder, "gamma", "gamme"),
        r'The content has a statement that no changeset added: .* "gamme"',
    ),
    "one byte of a value in a patch": (
        lambda folder: forger.alter_patch(folder, b"gamma", b"gamme"),
        r"The patch of changeset 2 is not the one that was written",
    ),
    "one byte of a value in both": (
        lambda folder: (
            forger.alter_value(folder, "gamma", "gamme"),
            forger.alter_patch(folder, b"gamma", b"gamme"),
        )[0],
        r"The patch of changeset 2 is not the one that was written",
    ),
    "a changeset removed from the middle": (
        lambda folder: without(folder, 3),
        "Changeset 3 is missing or stands twice|The record of changeset 3 is missing",
    ),
    "a changeset removed, and those after it numbered anew": (
        lambda folder: forger.write_records(
            folder,
            [
                (changeset.model_copy(update={"number": number}), text)
                for number, (changeset, text) in enumerate(
                    [one for one in forger.records_of(folder) if one[0].number != 2], start=1
                )
            ],
        ),
        "The patch of changeset 2 is not the one that was written|Changeset 2 does not follow",
    ),
    "two changesets in the other order": (swapped, "Changeset 2 does not follow from the one before it"),
    "one record rewritten, with its own hash": (
        lambda folder: forger.write_records(folder, renamed(forger.records_of(folder), "other")),
        "Changeset 4 does not follow from the one before it",
    ),
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_an_alteration_of_the_store_is_named(folder: Path, what: str):
    alter, named = ALTERATIONS[what]
    alter(folder)
    found = store.verify(folder)
    assert not found.intact
    assert re.search(named, found.first_difference or ""), found.first_difference


@pytest.mark.parametrize("what", ALTERATIONS)
def test_an_alteration_shows_in_the_bundle_too(folder: Path, what: str):
    alter, named = ALTERATIONS[what]
    alter(folder)
    target = folder.parent / "b.zip"
    store.write_bundle(folder, target)
    found = store.verify_bundle(target)
    assert not found.intact
    assert re.search(named, found.first_difference or ""), found.first_difference


def drop(number: int) -> Callable[[Records], Any]:
    return lambda records: records.pop(number - 1)


def reword(number: int) -> Callable[[Records], Any]:
    def change(records: Records) -> None:
        changeset, text = records[number - 1]
        records[number - 1] = (changeset.model_copy(update={"message": "as it should have been"}), text)

    return change


def replace_value(records: Records) -> None:
    records[1] = (records[1][0], records[1][1].replace(b"gamma", b"gamme"))
    records[3] = (records[3][0], records[3][1].replace(b"gamma", b"gamme"))


def exchange(records: Records) -> None:
    records[1], records[2] = records[2], records[1]


FORGERIES: dict[str, tuple[Callable[[Records], Any], str]] = {
    "a value, from the second changeset on": (replace_value, "Changeset 4 was {head} .*, and is sha256:"),
    "a message in the middle": (reword(3), "Changeset 4 was {head} .*, and is sha256:"),
    "the newest message": (reword(4), "Changeset 4 was {head} .*, and is sha256:"),
    "two changesets in the other order": (exchange, "Changeset 4 was {head} .*, and is sha256:"),
    "the newest changeset gone": (drop(4), "Changeset 4 was {head} .*, and there are only 3 now"),
    "one in the middle gone": (drop(2), "Changeset 4 was {head} .*, and there are only 3 now"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_history_rewritten_as_a_whole_is_named_by_the_head_noted_before(folder: Path, what: str):
    change, named = FORGERIES[what]
    heads = noted(folder)
    named = named.format(head=store.verify(folder).head)
    forger.rewrite(folder, change)
    assert store.verify(folder).intact  # without a head nothing shows
    found = store.verify(folder, heads=heads)
    assert (found.intact, found.agreed) == (False, 0)
    assert re.search(named, found.first_difference or ""), found.first_difference
    assert "noted on 2026-03-04T00:00:00+00:00 by Ada" in (found.first_difference or "")


@pytest.mark.parametrize("what", FORGERIES)
def test_a_bundle_of_the_rewritten_history_is_named_too(folder: Path, what: str):
    heads = noted(folder)
    named = FORGERIES[what][1].format(head=store.verify(folder).head)
    forger.rewrite(folder, FORGERIES[what][0])
    target = folder.parent / "b.zip"
    store.write_bundle(folder, target)
    assert store.verify_bundle(target).intact
    found = store.verify_bundle(target, heads=[folder.parent / "elsewhere.jsonl"])
    assert not found.intact
    assert re.search(named, found.first_difference or ""), found.first_difference
    assert [one.changeset for one in found.against] == [head["changeset"] for head in heads]


def test_heads_of_all_changesets_say_from_where_on_it_was_rewritten(folder: Path):
    heads = noted(folder, every=True)
    forger.rewrite(folder, reword(3))
    found = store.verify(folder, heads=heads)
    assert found.agreed == 2
    assert [one.fault is None for one in found.against] == [True, True, False, False]
    assert (found.first_difference or "").startswith(
        f"Changeset 3 was {heads[2]['hash']} when its head was noted"
    )
    assert (found.first_difference or "").endswith("Up to changeset 2 the history is as it was noted.")


def test_a_history_that_only_grew_agrees_with_the_head_noted_before(folder: Path):
    heads = noted(folder)
    with store.open_writer(folder) as writer:
        writer.replace("urn:g:2", [quad("f", "new")], message="fifth", **WHO)
    found = store.verify(folder, heads=heads)
    assert (found.intact, found.changesets, found.agreed, found.statements) == (True, 5, 4, 3)


def test_there_are_as_many_alterations_as_said():
    assert (len(ALTERATIONS), len(FORGERIES)) == (7, 6)
