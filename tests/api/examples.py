"""The examples of the OpenAPI document: asked of the example organisation, long lists and texts cut."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aimsgraph_api.openapi import examples
from tests.conftest import ROOT

if TYPE_CHECKING:
    import httpx

FILE = ROOT / "api" / "aimsgraph_api" / "examples.json"
SHOWN_ITEMS = 2
SHOWN_TEXT = 300
#: Where the example organisation was loaded from, as the names of sources and of their graphs have it.
HERE = (f"{ROOT}{os.sep}", quote(f"{ROOT}{os.sep}", safe=""))


def asked(client: httpx.Client, name: str) -> Any:
    """Return what the server answers to an example, cut."""
    method, _, path = name.partition(" ")
    parameters = dict(examples()[name]["parameters"])
    for inside in [one for one in parameters if f"{{{one}}}" in path]:
        path = path.replace(f"{{{inside}}}", quote(parameters.pop(inside), safe=""))
    answer = client.request(method, path, params=parameters)
    assert answer.status_code == 200, answer.text
    return cut(answer.json())


def cut(answer: Any) -> Any:
    if isinstance(answer, list):
        return [cut(one) for one in answer[:SHOWN_ITEMS]]
    if isinstance(answer, dict):
        return {name: cut(one) for name, one in answer.items()}
    if isinstance(answer, str):
        for here in HERE:
            answer = answer.replace(here, "")
        return answer[:SHOWN_TEXT] + "…" if len(answer) > SHOWN_TEXT else answer
    return answer


def rewrite(client: httpx.Client) -> None:
    """Write what the server answers now into the file."""
    found = {name: one | {"answer": asked(client, name)} for name, one in examples().items()}
    FILE.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
