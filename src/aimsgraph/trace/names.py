"""Many IRIs, sorted, in few bytes: one text with the place where each begins, looked up by halving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, overload

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aimsgraph.trace.projection import Ints


class Names(Sequence[str]):
    """Texts in the order of their characters, each once, numbered from 0.

    They cost their UTF-8 bytes and 4 bytes each (8 beyond two gigabytes), and are decoded when asked for.
    """

    __slots__ = ("_starts", "_text")

    def __init__(self, text: bytes, starts: Ints) -> None:
        self._text, self._starts = text, starts

    @classmethod
    def of(cls, names: Iterable[bytes]) -> Names:
        """Keep names that are sorted already and in UTF-8, whose order is that of the characters."""
        listed = list(names)
        ends = np.cumsum(np.fromiter(map(len, listed), np.int64, len(listed)))
        return cls(b"".join(listed), _starts(ends))

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[at] for at in range(*number.indices(len(self)))]
        at = number + len(self) if number < 0 else number
        if not 0 <= at < len(self):
            raise IndexError(number)
        return self.raw(at).decode()

    def __iter__(self) -> Iterator[str]:
        text, start = self._text, 0
        for end in self._starts[1:].tolist():
            yield text[start:end].decode()
            start = end

    def __eq__(self, other: object) -> bool:
        if isinstance(other, tuple):
            return tuple(self) == other
        if not isinstance(other, Names):
            return NotImplemented
        return self._text == other._text and np.array_equal(self._starts, other._starts)

    __hash__ = None  # type: ignore[assignment]

    @property
    def nbytes(self) -> int:
        """How many bytes are kept."""
        return len(self._text) + self._starts.nbytes

    @property
    def parts(self) -> tuple[bytes, Ints]:
        """The text of all names, and the place where each begins, then its end."""
        return self._text, self._starts

    def raw(self, number: int) -> bytes:
        """Return a name in UTF-8."""
        return self._text[int(self._starts[number]) : int(self._starts[number + 1])]

    def place(self, name: bytes) -> int:
        """Return the number of the first name that does not come before ``name``."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.raw(middle) < name:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, name: bytes) -> int | None:
        """Return the number of a name; None when it is not there."""
        at = self.place(name)
        return at if at < len(self) and self.raw(at) == name else None

    def altered(self, gone: Sequence[int], new: Sequence[bytes]) -> tuple[Names, Ints]:
        """Return the names without some numbers and with new names (both sorted), and what each old number became.

        The number of one that is gone means nothing afterwards.
        """
        at = np.array([self.place(name) for name in new], np.int64)
        shift = np.zeros(len(self) + 1, np.int32)
        np.add.at(shift, at, 1)
        np.subtract.at(shift, np.array(gone, np.int64) + 1, 1)
        became = np.arange(len(self), dtype=np.int32) + np.cumsum(shift[:-1], dtype=np.int32)
        kept = np.ones(len(self), bool)
        kept[list(gone)] = False
        lengths = np.insert(np.diff(self._starts), at, [len(name) for name in new])
        kept = np.insert(kept, at, True)
        edits = [(int(number), 0, name) for number, name in zip(at, new, strict=True)]
        edits += [(number, 1, b"") for number in gone]
        parts: list[bytes] = []
        done = 0
        for number, skipped, name in sorted(edits):
            parts += [self._text[done : int(self._starts[number])], name]
            done = int(self._starts[number + skipped])
        parts.append(self._text[done:])
        return Names(b"".join(parts), _starts(np.cumsum(lengths[kept], dtype=np.int64))), became


class Index(Mapping[str, int]):
    """The numbers of names."""

    __slots__ = ("_names",)

    def __init__(self, names: Names) -> None:
        self._names = names

    def __getitem__(self, name: str) -> int:
        found = self._names.find(name.encode("utf-8", "surrogatepass"))
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _starts(ends: Ints) -> Ints:
    starts = np.zeros(len(ends) + 1, np.int64)
    starts[1:] = ends
    return starts.astype(np.int32) if starts[-1] < 2**31 else starts
