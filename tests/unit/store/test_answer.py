"""An answer of the engine is the same in memory and on the disk."""

from __future__ import annotations

import pytest

from aimsgraph.store.answer import Answer

PARTS = [b"?a\n<urn:a>\n<ur", b"n:b>\n", b"", b"<urn:c>\n"]


@pytest.mark.parametrize("most", [0, 12, 1000])
def test_a_large_answer_waits_on_the_disk(most: int) -> None:
    answer = Answer(most)
    assert [answer.write(part) for part in PARTS] == [len(part) for part in PARTS]
    assert list(answer.lines()) == [b"?a\n", b"<urn:a>\n", b"<urn:b>\n", b"<urn:c>\n"]


def test_an_answer_without_a_line_is_empty() -> None:
    assert list(Answer().lines()) == []
