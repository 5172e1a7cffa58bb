"""Keys are made, replaced and withdrawn: each a change of the access file, whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from aimsgraph.access.file import read_rules
from aimsgraph.access.key import digest, make_key
from aimsgraph.access.rules import Former, Key, Rules, name_fault
from aimsgraph.errors import AccessFileError, UsageError
from aimsgraph.model.keys import Keys, MadeKey, ShownKey
from aimsgraph.store.packs import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from aimsgraph.model.access import Role

try:
    import fcntl
except ImportError:  # on Windows two who change the file at once are not kept apart
    fcntl = None  # type: ignore[assignment]

#: A new file is its owner's alone.
_MODE: Final = 0o600


def add(
    path: Path, name: str, role: Role, *, graphs: Sequence[str] = (), days: int | None = None, now: datetime
) -> MadeKey:
    """Make a key and keep its digest; the file is made where there is none. A withdrawn name may be given anew.

    :raises UsageError: the name cannot be one, or is taken.
    :raises AccessFileError: the file has faults, or cannot be written.
    """
    fault = name_fault(name)
    if fault is not None:
        raise UsageError(f"{name!r} cannot be the name of a key: {fault}.")
    made = make_key()
    with _changing(path) as change:
        there = change.rules.keys.get(name)
        if there is not None and there.revoked is None:
            raise UsageError(
                f"{name} has a key already.", hint=f"Replace it with: aimsgraph access rotate {name}"
            )
        created = _whole(now)
        if there is not None:  # by this moment its holder is told from the one before
            created = max(created, there.created + timedelta(seconds=1))
        key = Key(
            role=role, sha256=digest(made), graphs=tuple(graphs) or None, created=created, expires=_end(now, days)
        )  # fmt: skip
        change.keep(name, key)
    return _made(name, key, made)


def rotate(path: Path, name: str, *, grace: float = 0.0, days: int | None = None, now: datetime) -> MadeKey:
    """Replace a key by a new one, for as many days as the one before; that serves for ``grace`` hours more.

    :raises UsageError: there is no such key, or it was withdrawn.
    :raises AccessFileError: the file has faults, or cannot be written.
    """
    made = make_key()
    with _changing(path) as change:
        old = change.standing(name)
        until = _whole(now) + timedelta(hours=grace)
        if old.expires is not None:
            until = min(until, old.expires)
        lasted = (old.expires - (old.rotated or old.created)) if old.expires is not None else None
        expires = _end(now, days) or (_whole(now) + lasted if lasted is not None else None)
        former = Former(sha256=old.sha256, until=until) if until > now else None
        new = {"sha256": digest(made), "rotated": _whole(now), "expires": expires, "former": former}
        key = old.model_copy(update=new)
        change.keep(name, key)
    return _made(name, key, made)


def revoke(path: Path, name: str, *, now: datetime) -> ShownKey:
    """Withdraw a key, and the one before it; the name stays, so that it is known whose it was.

    :raises UsageError: there is no such key, or it was withdrawn already.
    :raises AccessFileError: the file has faults, or cannot be written.
    """
    with _changing(path) as change:
        key = change.standing(name).model_copy(update={"revoked": _whole(now), "former": None})
        change.keep(name, key)
    return _shown(name, key, now)


def keys(path: Path, now: datetime) -> Keys:
    """List what an access file holds.

    :raises AccessFileError: it cannot be read, or has faults.
    """
    rules = read_rules(path)
    return Keys(
        file=str(path),
        anonymous=rules.anonymous,
        keys=tuple(_shown(name, key, now) for name, key in sorted(rules.keys.items())),
        issuers=tuple(sorted(rules.issuers)),
    )


def owner(path: Path, shown: str, *, now: datetime) -> ShownKey:
    """Say whose a key is, be it valid or not.

    :raises UsageError: it is none of the keys.
    :raises AccessFileError: the file cannot be read, or has faults.
    """
    ours = digest(shown)
    for name, key in read_rules(path).keys.items():
        if key.shown_by(ours, now):
            return _shown(name, key, now)
    raise UsageError(f"It is none of the keys in {path}, or was replaced.")


class _Change:
    """The file as it was read, and what is to be written."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def standing(self, name: str) -> Key:
        """Return the key of a name, if it was not withdrawn."""
        key = self.rules.keys.get(name)
        if key is None or key.revoked is not None:
            raise UsageError(
                f"{name!r} has no key." if key is None else f"The key of {name} was withdrawn.",
                hint="aimsgraph access list names all keys; aimsgraph access add makes one.",
            )
        return key

    def keep(self, name: str, key: Key) -> None:
        """Have a key stand in the file."""
        self.rules = self.rules.model_copy(update={"keys": self.rules.keys | {name: key}})


@contextmanager
def _changing(path: Path) -> Iterator[_Change]:
    """Read the file, and write it when the block has ended well; others who change it wait meanwhile."""
    path = path.resolve()  # what a link leads to is replaced, and not the link
    try:
        descriptor = os.open(path.parent / f".{path.name}.lock", os.O_RDWR | os.O_CREAT, _MODE)
        with os.fdopen(descriptor, "rb+") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            change = _Change(read_rules(path) if path.exists() else Rules())
            yield change
            _write(path, change.rules.model_dump_json(indent=2, exclude_none=True) + "\n")
    except OSError as error:
        raise AccessFileError(
            f"The access file {path} could not be written: {error.strerror or error}.",
            hint="Name one in a folder that exists and that you may write to.",
        ) from error


def _write(path: Path, text: str) -> None:
    """Put a new file in the place of the old one, with its mode and, as far as one may, its owner."""
    draft = path.parent / f".{path.name}.{uuid4().hex}"
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "w", encoding="utf-8"
        ) as file:
            if os.name == "posix" and path.exists():
                before = path.stat()
                os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
                if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _end(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else _whole(now) + timedelta(days=days)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _made(name: str, key: Key, made: str) -> MadeKey:
    former = key.former.until if key.former is not None else None
    return MadeKey(
        name=name, role=key.role, graphs=key.graphs, expires=_text(key.expires), former_until=_text(former), key=made
    )  # fmt: skip


def _shown(name: str, key: Key, now: datetime) -> ShownKey:
    former = key.former.until if key.former is not None and key.former.until > now else None
    return ShownKey(
        name=name, role=key.role, graphs=key.graphs, created=key.created.isoformat(), rotated=_text(key.rotated),
        expires=_text(key.expires), revoked=_text(key.revoked), former_until=_text(former), standing=key.standing(now),
    )  # fmt: skip
