"""What a server can do, found out by trying."""

from __future__ import annotations

import textwrap
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.errors import AimsgraphError
from aimsgraph.model.capabilities import NOT_WRITTEN, Capabilities, Check
from aimsgraph.store.endpoint import reason
from aimsgraph.store.probe import Refused, Tried
from aimsgraph.store.profile import profile_named, recognised
from aimsgraph.store.reading_probes import READING
from aimsgraph.store.writing_probes import WRITING, removed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aimsgraph.model.capabilities import Outcome
    from aimsgraph.store.endpoint import Endpoint
    from aimsgraph.store.probe import Try

_WORDS: Final = Path(__file__).with_name("probes.toml")
#: How much is told of what a server did, in characters.
_LONGEST: Final = 200


def capabilities(
    endpoint: Endpoint, *, write: bool = False, progress: Callable[[float, float, str], None] | None = None
) -> Capabilities:
    """Try what a server does. Only with ``write`` anything is written, in graphs of its own that are removed again.

    :raises StoreUnusableError: there is no server that answers.
    """
    with endpoint.session() as session:
        tried = Tried(endpoint, session)
        if (error := tried.unreachable()) is not None:
            raise error
        checks = list(_checked(tried, write, progress))
    profile = profile_named(endpoint.profile) if endpoint.profile else recognised(tried.server)
    lacking = {check.needed for check in checks if check.outcome == "no"}
    return Capabilities(
        address=endpoint.name,
        profile=profile.name,
        tested=profile.tested,
        checks=tuple(checks),
        changed=tried.changed,
        largest_update=tried.largest,
        readable="reading" not in lacking,
        writable="writing" not in lacking if write else None,
    )


def _checked(
    tried: Tried, write: bool, progress: Callable[[float, float, str], None] | None
) -> Iterator[Check]:
    words = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    wrote = False
    try:
        for number, (name, told) in enumerate(words.items()):
            if progress is not None:
                progress(number, len(words), told["question"])
            if name in WRITING and not write:
                yield _told(name, told, "not asked", "", NOT_WRITTEN)
                continue
            wrote = wrote or name in WRITING
            outcome, detail = _tried(tried, READING[name] if name in READING else WRITING[name])
            yield _told(
                name, told, outcome, detail, told.get({"no": "no", "not asked": ""}.get(outcome, "yes"), "")
            )
    except BaseException:
        if wrote:
            _tried(tried, removed)
        raise


def _tried(tried: Tried, probe: Try) -> tuple[Outcome, str]:
    import requests  # only now: commands on a folder do not wait for it

    try:
        return probe(tried)
    except Refused as refusal:
        return "no", str(refusal)
    except AimsgraphError as error:
        return "no", error.message.removeprefix(f"The server at {tried.endpoint} cannot be used: ")
    except requests.RequestException as error:
        return "no", reason(error)


def _told(name: str, told: dict[str, Any], outcome: Outcome, detail: str, meaning: str) -> Check:
    shown = textwrap.shorten(detail, _LONGEST, placeholder=" …")
    return Check(
        id=name,
        question=told["question"],
        outcome=outcome,
        needed=told.get("needed"),
        detail=shown,
        meaning=meaning,
    )
