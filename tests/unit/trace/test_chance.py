"""Random bits that are the same everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from aimsgraph.trace.chance import bernoulli, name_keys
from aimsgraph.trace.outcome import wilson


def test_the_bits_never_change() -> None:
    keys = name_keys(42_001, "edge", ["first", "second"])
    found = bernoulli(keys, np.array([0.3, 0.8]), 0, 2)
    assert [[f"{word:016x}" for word in row] for row in found.tolist()] == [
        ["9b32222020404102", "50840cd28a529044"],
        ["db77fe9ddf7feefd", "7fbfbbfffbffe7ff"],
    ]


def scrambled(number: int) -> int:
    """The finaliser of SplitMix64 in plain integers."""
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB % 2**64
    return number ^ (number >> 31)


def test_a_bit_says_whether_the_number_of_its_world_is_below_the_chance() -> None:
    keys, chances = name_keys(3, "edge", ["a", "b", "c", "d"]), [0.3, 0.5, 1 / 3, 1e-3]
    found = bernoulli(keys, np.array(chances), 0, 3)
    for key, chance, words in zip(keys.tolist(), chances, found.tolist(), strict=True):
        for number, word in enumerate(words):
            base = scrambled((key + number * 0x9E3779B97F4A7C15) % 2**64)
            planes = [scrambled((base + plane * 0x94D049BB133111EB) % 2**64) for plane in range(1, 65)]
            uniform = [
                sum((plane >> world & 1) << (63 - at) for at, plane in enumerate(planes))
                for world in range(64)
            ]
            assert [word >> world & 1 for world in range(64)] == [u < int(chance * 2**64) for u in uniform]


def test_words_do_not_depend_on_where_the_drawing_starts() -> None:
    keys, chances = name_keys(7, "edge", ["a", "b", "c"]), np.array([0.1, 0.5, 0.9])
    whole = bernoulli(keys, chances, 0, 9)
    assert np.array_equal(whole[:, 4:7], bernoulli(keys, chances, 4, 3))
    assert np.array_equal(whole[1:2], bernoulli(keys[1:2], chances[1:2], 0, 9))


def test_a_larger_chance_sets_a_superset_of_the_bits() -> None:
    keys = np.repeat(name_keys(7, "edge", ["a"]), 101)
    found = bernoulli(keys, np.linspace(0.0, 1.0, 101), 0, 16)
    assert not (found[:-1] & ~found[1:]).any()


def test_certain_and_impossible_need_no_drawing() -> None:
    keys = name_keys(7, "edge", ["a", "b"])
    found = bernoulli(keys, np.array([0.0, 1.0]), 0, 3)
    assert found.tolist() == [[0] * 3, [2**64 - 1] * 3]


@pytest.mark.parametrize("chance", [1e-4, 0.1, 0.25, 1 / 3, 0.5, 0.8, 0.999])
def test_the_share_of_set_bits_is_the_chance(chance: float) -> None:
    keys = name_keys(7, "edge", (f"e{number}" for number in range(256)))
    found = bernoulli(keys, np.full(256, chance), 0, 64)
    tries = 256 * 64 * 64
    share = np.bitwise_count(found).sum() / tries
    assert abs(share - chance) < 4 * (chance * (1 - chance) / tries) ** 0.5


def test_two_chances_are_independent() -> None:
    keys = name_keys(7, "edge", (f"e{number}" for number in range(64)))
    found = bernoulli(keys, np.full(64, 0.5), 0, 1024)
    together = [np.bitwise_count(~(found[a] ^ found[b])).sum() for a in range(64) for b in range(a)]
    # 2,016 pairs of 65,536 worlds agree half the time; five standard errors hold for all of them.
    assert max(abs(agree / 65_536 - 0.5) for agree in together) < 5 * 0.5 / 256


def test_the_wilson_interval_has_its_known_values() -> None:
    low, high = wilson(np.array([0.0, 5.0, 10.0]), 10)
    assert low == pytest.approx([0.0, 0.236593, 0.722467], abs=1e-6)
    assert high == pytest.approx([0.277533, 0.763407, 1.0], abs=1e-6)
