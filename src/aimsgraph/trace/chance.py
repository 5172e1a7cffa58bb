"""Chances as bits: the same worlds for the same seed on every run and every machine.

A random word is a pure function of the seed, the name of the chance, the number of the word and the bit
plane, made by the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014; constants of D. Stafford's variant 13). Integers only, so no rounding can differ.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.trace.projection import Floats

Words = npt.NDArray[np.uint64]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
#: What sets the 64 bit planes of a number apart.
_PLANES: Final = np.arange(1, 65, dtype=np.uint64) * _SECOND
#: Words worked on at once; small enough to stay in a processor's cache.
_BLOCK: Final = 32_768


def name_keys(seed: int, kind: str, names: Iterable[str]) -> Words:
    """Return one key per name; ``kind`` keeps edges, controls and leaks apart."""
    start = blake2b(f"{seed}\0{kind}\0".encode(), digest_size=8)
    keys = []
    for name in names:
        digest = start.copy()
        digest.update(name.encode())
        keys.append(int.from_bytes(digest.digest(), "little"))
    return np.array(keys, np.uint64)


def mixed(first: Words, second: Words) -> Words:
    """Return one key for each pair of keys (the order within a pair matters)."""
    return _mix(_mix(first.copy()) + second)


def bernoulli(keys: Words, chances: Floats, first_word: int, words: int) -> Words:
    """Return for each key ``words`` words of 64 worlds, each bit set with the key's chance.

    A world's bit is set when its 64-bit uniform number is below ``chance x 2**64``. The number of a key and a
    world never depends on the chance, so a larger chance sets a superset of the bits. The comparison goes bit
    plane by bit plane from the top and stops for a word once all its 64 worlds are decided.
    """
    result = np.zeros((len(keys), words), np.uint64)
    result[chances >= 1.0] = _ALL
    open_rows = np.flatnonzero((chances > 0.0) & (chances < 1.0))
    thresholds = (chances[open_rows] * 2.0**64).astype(np.uint64)
    rows_at_once = max(1, _BLOCK // words)
    numbers = np.arange(first_word, first_word + words, dtype=np.uint64) * _GOLDEN
    for at in range(0, len(open_rows), rows_at_once):
        rows = open_rows[at : at + rows_at_once]
        base = _mix((keys[rows][:, None] + numbers[None, :]).ravel())
        result[rows] = _below(base, np.repeat(thresholds[at : at + rows_at_once], words)).reshape(-1, words)
    return result


def _below(base: Words, thresholds: Words) -> Words:
    """Return words whose bits say which of the 64 numbers behind each base lie below its threshold."""
    result = np.zeros(len(base), np.uint64)
    place = np.arange(len(base))
    undecided = np.full(len(base), _ALL)
    below = np.zeros(len(base), np.uint64)
    for plane in range(64):
        word = _mix(base + _PLANES[plane])
        top = np.uint64(0) - (thresholds >> np.uint64(63))
        # Where the threshold's bit is set and the number's is not, the number is below; where they are equal
        # the next plane decides.
        below |= undecided & ~word & top
        undecided &= ~(word ^ top)
        thresholds = thresholds << np.uint64(1)
        alive = (undecided != 0) & (thresholds != 0)
        if plane < 3 and alive.all():
            continue
        if not alive.all():
            result[place] = below
            place, base, thresholds = place[alive], base[alive], thresholds[alive]
            undecided, below = undecided[alive], below[alive]
        if not len(place):
            return result
    result[place] = below
    return result


def _mix(z: Words) -> Words:
    """Scramble in place: the finaliser of SplitMix64."""
    z ^= z >> np.uint64(30)
    z *= _FIRST
    z ^= z >> np.uint64(27)
    z *= _SECOND
    z ^= z >> np.uint64(31)
    return z
