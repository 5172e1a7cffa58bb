"""The plain words for types, properties and numbers that pictures, tables and reports share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.model.impact import Basis

# Arrows point the way impact flows, which for "model trained on dataset" is from the dataset to the model; so
# these say what the tail does to the head. A property that is not here reads as its own name.
_READINGS: Final[dict[str, str]] = {
    "prov:wasDerivedFrom": "source of",
    "aims:trainedOn": "trains",
    "aims:evaluatedOn": "evaluates",
    "aims:usesModel": "used by",
    "aims:usesDataset": "used by",
    "aims:dependsOn": "needed by",
    "aims:suppliedBy": "supplies",
    "aims:supportsProcess": "supports",
    "aims:affectsParty": "affects",
    "aims:threatens": "threatens",
    "aims:involves": "hits",
    "aims:realises": "shows",
}
_NBSP: Final = "\u00a0"
_TYPES: Final[dict[str, str]] = {
    "": "Other",
    "aims:AISystem": "AI system",
    "aims:ApplicabilityEntry": "Statement of applicability",
}


def type_words(curie: str) -> str:
    """Return a type's name for a person: ``aims:BusinessProcess`` → ``Business process``."""
    return _TYPES.get(curie) or _split(curie).capitalize()


def property_words(curie: str, words: Mapping[str, str] | None = None) -> str:
    """Return what the tail of an arrow does to its head: ``aims:trainedOn`` → ``trains``.

    ``words`` (CURIE → words) goes before the built-in readings.
    """
    return (words or {}).get(curie) or _READINGS.get(curie) or _split(curie)


def basis_words(transmission: float | None, basis: Basis) -> str:
    """Return how likely an edge passes impact on, or a question mark when nobody knows."""
    return "?" if transmission is None or basis == "unknown" else share(transmission)


def share(value: float) -> str:
    """Return a probability as whole per cent, never rounding to a certainty that it is not."""
    if 0 < value < 0.005:
        return f"<1{_NBSP}%"
    if 0.995 < value < 1:
        return f">99{_NBSP}%"
    return f"{value * 100:.0f}{_NBSP}%"


def _split(curie: str) -> str:
    name = re.split(r"[:/#]", curie)[-1] or curie
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_-]+", " ", name)
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in spaced.split())
