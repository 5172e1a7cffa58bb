"""The shapes that AIRO's authors published for the EU AI Act, on the use cases that they published.

Some use cases write ``https://w3id.org/AIRO#`` where the shapes write ``https://w3id.org/airo#``: no shape finds a node
there, and an engine that only says "conforms" would call a high-risk system harmless.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import aimsgraph
from aimsgraph.errors import SyntaxProblemError
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared_data

ANNEX_III = "https://example.com/ns#"
SHAPES = {"shapes-final.ttl": 28, "shapes-updated.ttl": 20}
#: Those whose AISystem is in the namespace of the shapes, and what each file of shapes says of them.
FOUND = {
    "usecase/chatbot.ttl": {
        "shapes-final.ttl": {"AnnexIII-4b", "AnnexIII-8b"},
        "shapes-updated.ttl": {"AnnexIII-4b"},
    },
    "usecase/proctify.ttl": {"shapes-final.ttl": set(), "shapes-updated.ttl": set()},
    "high-risk-shacl/example-6e.ttl": {
        "shapes-final.ttl": {"AnnexIII-6e"},
        "shapes-updated.ttl": {"AnnexIII-6f"},
    },
}
MISSED = ("usecase/uber.ttl", "usecase/viogen.ttl", "high-risk-shacl/data.ttl")


@pytest.fixture
def airo(shared_data: Path) -> Path:
    return shared_data / "airo-vair"


def annex_iii(airo: Path, use_case: str, shapes: str) -> tuple[set[str], set[str]]:
    """The shapes of Annex III that find something, and those that are not exercised."""
    answer = aimsgraph.check(airo / use_case, shapes=[airo / "high-risk-shacl" / shapes])
    return (
        {local_name(one.shape) for one in answer.findings if one.shape.startswith(ANNEX_III)},
        {local_name(one.shape) for one in answer.not_exercised if one.shape.startswith(ANNEX_III)},
    )


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("use_case", MISSED)
def test_shapes_in_another_namespace_are_not_exercised_one_and_all(
    airo: Path, use_case: str, shapes: str
) -> None:
    found, unexercised = annex_iii(airo, use_case, shapes)
    assert found == set()
    assert len(unexercised) == SHAPES[shapes]


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("use_case", FOUND)
def test_shapes_in_the_same_namespace_are_exercised_and_find_what_is_high_risk(
    airo: Path, use_case: str, shapes: str
) -> None:
    assert annex_iii(airo, use_case, shapes) == (FOUND[use_case][shapes], set())


def test_the_command_line_says_not_exercised_and_not_that_they_passed(airo: Path) -> None:
    command = [sys.executable, "-m", "aimsgraph", "check", airo / "usecase" / "uber.ttl"]
    command += ["--shapes", airo / "high-risk-shacl" / "shapes-final.ttl"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    said = " ".join(told.stdout.split())
    assert "Not exercised (no node to check, so not passed either): " in said
    assert f"{ANNEX_III}AnnexIII-1a" in said.partition("Not exercised")[2]
    assert "conforms" not in said.lower()
    answer = json.loads(
        subprocess.run([*command, "--json"], capture_output=True, text=True, check=False).stdout
    )
    [first] = [one for one in answer["not_exercised"] if one["shape"] == f"{ANNEX_III}AnnexIII-1a"]
    assert first["target"] == "airo:AISystem"


def test_the_published_shapes_without_a_prefix_are_told_with_file_line_and_reason(airo: Path) -> None:
    path = airo / "high-risk-shacl" / "shapes.ttl"
    with pytest.raises(SyntaxProblemError) as caught:
        aimsgraph.check(airo / "usecase" / "uber.ttl", shapes=[path])
    [problem] = caught.value.problems
    assert (problem.path, problem.line) == (str(path), 6)
    assert problem.message == 'Not Turtle: Prefix ":" not bound'
