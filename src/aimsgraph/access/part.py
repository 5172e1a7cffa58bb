"""What the parts of an access file have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of an access file: nothing in it is guessed at, and nothing more may stand there."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _printable(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("it has spaces around it, or a line end or control character within")
    return text


Text = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_printable)]
#: Names of sources as the history writes them, or IRIs of graphs.
Sources = tuple[Text, ...]
