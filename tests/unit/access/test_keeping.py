"""Keys are made, replaced and withdrawn, and the file shows nothing that lets anybody in."""

from __future__ import annotations

import json
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aimsgraph
from aimsgraph import access
from aimsgraph.access.key import digest, make_key, same
from aimsgraph.errors import AccessFileError, UsageError
from aimsgraph.model.access import Principal
from tests.conftest import NewStore

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "access.json"


def refused(file: Path, key: str, now: datetime = NOW) -> str:
    with pytest.raises(access.Unrecognised) as error:
        access.read_rules(file).holder(key, now)
    return str(error.value)


def test_a_key_lets_in_whom_it_was_made_for(file: Path):
    made = access.add(file, "ada", "analyst", graphs=["hr.ttl"], now=NOW)
    found = access.read_rules(file).holder(made.key, NOW)
    assert found == Principal("ada", "analyst", frozenset({"https://w3id.org/aimsgraph/graph/source/hr.ttl"}))


def test_the_file_holds_the_hash_alone_and_is_its_owners_alone(file: Path):
    made = access.add(file, "ada", "analyst", now=NOW)
    assert made.key not in file.read_text()
    assert json.loads(file.read_text())["keys"]["ada"]["sha256"] == digest(made.key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_mode_of_the_file_is_kept(file: Path):
    access.add(file, "ada", "analyst", now=NOW)
    file.chmod(0o640)
    access.add(file, "bob", "reader", now=NOW)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_link_to_the_file_stays_one(file: Path, tmp_path: Path):
    link = tmp_path / "link.json"
    link.symlink_to(file)
    access.add(link, "ada", "analyst", now=NOW)
    assert link.is_symlink()
    assert set(access.read_rules(file).keys) == {"ada"}


def test_a_key_is_256_random_bits_that_no_other_has():
    made = [make_key() for _ in range(100)]
    assert len({*made}) == 100
    assert {len(key.removeprefix("aims_")) for key in made} == {43}


@given(st.text(), st.text())
def test_digests_are_the_same_when_the_keys_are(one: str, other: str):
    assert same(digest(one), digest(other)) == (one == other)


def test_a_key_ends_on_its_day(file: Path):
    made = access.add(file, "ada", "analyst", days=3, now=NOW)
    assert access.read_rules(file).holder(made.key, NOW + 3 * DAY - timedelta(seconds=1)).name == "ada"
    assert refused(file, made.key, NOW + 3 * DAY) == "the key of ada is expired"


def test_a_withdrawn_key_lets_nobody_in_and_its_name_may_be_given_anew(file: Path):
    old = access.add(file, "ada", "analyst", now=NOW)
    assert access.revoke(file, "ada", now=NOW).standing == "revoked"
    assert refused(file, old.key) == "the key of ada is revoked"
    with pytest.raises(UsageError, match="withdrawn"):
        access.rotate(file, "ada", now=NOW)
    new = access.add(file, "ada", "reader", now=NOW)
    assert access.read_rules(file).holder(new.key, NOW).role == "reader"
    refused(file, old.key)


def test_a_replaced_key_serves_for_the_grace_and_no_longer(file: Path):
    old = access.add(file, "ada", "analyst", graphs=["a.ttl"], now=NOW)
    new = access.rotate(file, "ada", grace=2, now=NOW)
    rules = access.read_rules(file)
    assert rules.holder(old.key, NOW + 2 * HOUR - timedelta(seconds=1)) == rules.holder(new.key, NOW)
    refused(file, old.key, NOW + 2 * HOUR)
    assert (new.role, new.graphs) == ("analyst", ("a.ttl",))


def test_without_grace_a_replaced_key_ends_at_once(file: Path):
    old = access.add(file, "ada", "analyst", now=NOW)
    access.rotate(file, "ada", now=NOW)
    refused(file, old.key)


def test_the_grace_makes_no_key_last_longer_than_it_did(file: Path):
    old = access.add(file, "ada", "analyst", days=1, now=NOW)
    assert access.rotate(file, "ada", grace=72, now=NOW).former_until == (NOW + DAY).isoformat()
    refused(file, old.key, NOW + DAY)


def test_a_new_key_lasts_as_long_as_the_one_before(file: Path):
    access.add(file, "ada", "analyst", days=30, now=NOW)
    later = NOW + 20 * DAY
    assert access.rotate(file, "ada", now=later).expires == (later + 30 * DAY).isoformat()
    assert access.rotate(file, "ada", days=5, now=later).expires == (later + 5 * DAY).isoformat()


def test_revoking_takes_the_former_key_too(file: Path):
    old = access.add(file, "ada", "analyst", now=NOW)
    access.rotate(file, "ada", grace=10, now=NOW)
    access.revoke(file, "ada", now=NOW)
    refused(file, old.key)


@pytest.mark.parametrize("name", ["", "a:b", " ada", "ada\n", "anonymous", "aimsgraph", "x" * 101, "a\x00b"])
def test_what_cannot_be_a_name_is_refused(file: Path, name: str):
    with pytest.raises(UsageError, match="cannot be the name"):
        access.add(file, name, "reader", now=NOW)
    assert not file.exists()


def test_a_name_has_one_key(file: Path):
    access.add(file, "ada", "analyst", now=NOW)
    with pytest.raises(UsageError, match="has a key already"):
        access.add(file, "ada", "administrator", now=NOW)
    assert access.read_rules(file).keys["ada"].role == "analyst"


def test_those_who_change_the_file_at_once_lose_nothing(file: Path):
    names = [f"user{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda name: access.add(file, name, "reader", now=NOW), names))
    rules = access.read_rules(file)
    assert [rules.holder(one.key, NOW).name for one in made] == names


def test_what_a_person_wrote_stays(file: Path):
    file.write_text(
        json.dumps(
            {
                "anonymous": "reader",
                "roles": {"reader": {"graphs": ["public.ttl"]}},
                "issuers": {
                    "login": {
                        "issuer": "https://login.example", "audience": "aims", "roles": {"staff": "reader"},
                        "role_claim": ["realm", "roles"], "algorithms": ["ES256"], "leeway": 5,
                    }
                },
            }
        )
    )  # fmt: skip
    file.chmod(0o600)
    before = access.read_rules(file)
    access.add(file, "ada", "analyst", now=NOW)
    after = access.read_rules(file)
    assert after.model_copy(update={"keys": {}}) == before


def test_a_faulty_file_is_not_changed(file: Path):
    file.write_text("{")
    with pytest.raises(AccessFileError):
        access.add(file, "ada", "analyst", now=NOW)
    assert file.read_text() == "{"


def test_a_store_keeps_its_file_and_a_backup_leaves_it_out(tmp_path: Path, new_store: NewStore):
    graph = new_store(tmp_path / "aims.store")
    file = access.default_place(graph.place)
    assert file is not None
    made = access.add(file, "ada", "reader", now=NOW)
    graph.compact()
    graph.back_up(tmp_path / "backup")
    aimsgraph.restore(tmp_path / "backup", tmp_path / "again")
    assert access.read_rules(file).holder(made.key, NOW).name == "ada"
    assert aimsgraph.open(tmp_path / "aims.store").verify().intact
    assert [*tmp_path.glob("backup/**/*access*"), *tmp_path.glob("again/**/*access*")] == []


STEPS = st.tuples(
    st.sampled_from(["add", "rotate", "revoke"]), st.sampled_from(["ada", "bob"]), st.integers(0, 3)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(STEPS, max_size=8))
def test_exactly_the_keys_that_stand_let_in(steps: list[tuple[str, str, int]]):
    """Whatever is done in whatever order, an hour between any two steps."""
    now, until = NOW, dict[str, tuple[str, datetime]]()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "access.json"
        for what, name, grace in steps:
            now += HOUR
            standing = [key for key, (of, end) in until.items() if of == name and end == NEVER]
            try:
                if what == "add":
                    until[access.add(file, name, "reader", now=now).key] = name, NEVER
                elif what == "rotate":
                    made = access.rotate(file, name, grace=grace, now=now).key
                    until |= {key: (of, min(end, now)) for key, (of, end) in until.items() if of == name}
                    until[standing[0]] = name, now + grace * HOUR
                    until[made] = name, NEVER
                else:
                    access.revoke(file, name, now=now)
                    until |= {key: (of, now) for key, (of, _) in until.items() if of == name}
            except (UsageError, AccessFileError):
                assert (what == "add") == bool(standing)
        rules = access.read_rules(file) if file.exists() else access.Rules()
        for later in (now, now + HOUR, now + 4 * HOUR):
            assert {key for key in until if lets_in(rules, key, later)} == {
                key for key, (_, end) in until.items() if later < end
            }


def lets_in(rules: access.Rules, key: str, now: datetime) -> bool:
    try:
        return bool(rules.holder(key, now))
    except access.Unrecognised:
        return False
