"""Whatever stands in the header or in a token, it is refused as not recognised, and is no fault of ours."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers

from aimsgraph import access
from aimsgraph_api.credentials import shown
from aimsgraph_api.tokens import Tokens
from tests.api.access.conftest import KEYS, by_hand, jwk, pem

if TYPE_CHECKING:
    from pathlib import Path

ISSUER = "https://login.example"
RULES = access.Rules.model_validate_json(
    json.dumps(
        {"issuers": {"login": {
            "issuer": ISSUER, "audience": "aims", "jwks_file": "keys.json", "roles": {"staff": "reader"},
            "algorithms": ["RS256", "ES256", "EdDSA"],
        }}}
    )
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
HEADS = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.sampled_from(["none", "HS256", "RS256", "ES256", "EdDSA"]) | ANYTHING,
        "kid": st.sampled_from(["RS256", "ES256", "EdDSA"]) | ANYTHING,
        "typ": ANYTHING, "crit": ANYTHING, "b64": ANYTHING, "jku": ANYTHING, "jwk": ANYTHING,
    },
)  # fmt: skip
CLAIMS = ANYTHING | st.fixed_dictionaries(
    {"iss": st.just(ISSUER) | ANYTHING},
    optional=dict.fromkeys(("aud", "exp", "iat", "nbf", "sub", "jti"), ANYTHING),
)
SECRETS = st.sampled_from([None, b"", *(pem(key) for key in KEYS.values())]) | st.binary(max_size=20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the access file, with the keys of the issuer."""
    found = tmp_path_factory.mktemp("forged")
    (found / "keys.json").write_text(json.dumps({"keys": [jwk(key, name) for name, key in KEYS.items()]}))
    return found


@settings(max_examples=150, deadline=None)
@given(HEADS, CLAIMS, SECRETS)
def test_a_token_that_no_issuer_signed_is_not_recognised(
    folder: Path, head: dict[str, Any], claims: Any, secret: bytes | None
):
    with pytest.raises(access.Unrecognised):
        asyncio.run(Tokens(folder).claims(by_hand(head, claims, secret), RULES))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=60))
def test_what_is_no_token_is_not_recognised(folder: Path, token: str):
    with pytest.raises(access.Unrecognised):
        asyncio.run(Tokens(folder).claims(token, RULES))


@settings(deadline=None)
@given(
    st.sampled_from([b"", b"Basic ", b"Bearer ", b"basic", b"Basic YTpi"]),
    st.binary(max_size=40),
)
def test_a_header_is_read_or_refused(scheme: bytes, rest: bytes):
    try:
        found = shown(Headers(raw=[(b"authorization", scheme + rest)]))
    except access.Unrecognised:
        return
    assert found is not None
    assert found.secret
    assert repr(found) == f"Shown(name={found.name!r})"
