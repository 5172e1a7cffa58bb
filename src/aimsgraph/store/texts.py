"""What nodes are called and how they are described, kept in memory so that words are found at once."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from aimsgraph.store.nodes import LABELS
from aimsgraph.store.portion import named, one_of
from aimsgraph.store.words import folded
from aimsgraph.vocab import DCTERMS, GENID, RDFS, SKOS, local_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from aimsgraph.store.protocol import View

#: What counts as a description; an identifier is looked for like one.
DESCRIPTIONS: Final = (
    DCTERMS + "description", SKOS + "definition", RDFS + "comment", SKOS + "scopeNote", DCTERMS + "identifier",
    SKOS + "altLabel",
)  # fmt: skip
#: What a text of a node is stated by.
TEXTS: Final = (*LABELS, *DESCRIPTIONS)
#: How well a node fits, best first.
EXACT, PREFIX, IN_LABEL, IN_DESCRIPTION = range(4)

#: The folded labels of a node, each between these two signs, and the rest of what is said of it.
Said = tuple[str, str]
_BEGINS: Final = "\x01 "
_ENDS: Final = " \x02"


class Texts:
    """The words of every node that has any, in two long texts with a line for each node, in the order of their IRIs.

    Looking through a text takes a few milliseconds where there are a million triples. An index of words was not tried:
    it would find a word sooner, and have to be kept up to date with each change.
    """

    def __init__(self, said: Mapping[str, Said]) -> None:
        self.said = dict(sorted(said.items()))
        self._ids = list(self.said)
        self._labels = _Lines([labels for labels, _ in self.said.values()])
        self._bodies = _Lines([body for _, body in self.said.values()])

    def renewed(self, view: View, subjects: Collection[str]) -> Texts:
        """Return the texts as they are after the statements about some nodes have changed."""
        kept = {iri: said for iri, said in self.said.items() if iri not in subjects}
        return Texts(kept | dict(read_texts(view, sorted(subjects))))

    def find(self, text: str) -> dict[str, int]:
        """Return the nodes (IRIs) in which each word asked for begins a word, and how well each fits.

        Best is a label that is the text, then one that begins with it, then all words in labels, then in descriptions.
        """
        words = folded(text)
        if not words:
            return {}
        asked = [f" {word}" for word in dict.fromkeys(words.split())]
        rarest = max(asked, key=len)
        found = {}
        for number in sorted({*self._labels.holding(rarest), *self._bodies.holding(rarest)}):
            labels, body = self._labels.at(number), self._bodies.at(number)
            if all(word in labels for word in asked):
                found[self._ids[number]] = _rank(labels, words)
            elif all(word in labels or word in body for word in asked):
                found[self._ids[number]] = IN_DESCRIPTION
        return found


class _Lines:
    """Lines of one long text, known by their number."""

    def __init__(self, lines: list[str]) -> None:
        self._text = "\n".join(lines)
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def at(self, number: int) -> str:
        return self._text[self._starts[number] : self._starts[number + 1] - 1]

    def holding(self, needle: str) -> Iterator[int]:
        place = self._text.find(needle)
        while place >= 0:
            number = bisect_right(self._starts, place) - 1
            yield number
            place = self._text.find(needle, self._starts[number + 1])


def _rank(labels: str, words: str) -> int:
    if f"{_BEGINS}{words}{_ENDS}" in labels:
        return EXACT
    return PREFIX if f"{_BEGINS}{words}" in labels else IN_LABEL


def read_texts(view: View, subjects: list[str] | None = None) -> Iterator[tuple[str, Said]]:
    """Yield what is said of every node that has a text, or of some of them."""
    labels: dict[str, list[str]] = {}
    bodies: dict[str, list[str]] = {}
    wanted = None if subjects is None else frozenset(subjects)
    for clause in [""] if subjects is None else named("s", subjects):
        for row in view.rows(f"SELECT ?s ?p ?text WHERE {{ {one_of('p', TEXTS, clause)} ?s ?p ?text }}"):
            iri = str(row["s"])
            if not iri.startswith(GENID) and (wanted is None or iri in wanted):
                kind = labels if str(row["p"]) in LABELS else bodies
                kind.setdefault(iri, []).append(folded(str(row["text"])))
    for iri in labels.keys() | bodies.keys():
        yield iri, (_label_line(labels.get(iri, ())), _body_line(iri, bodies.get(iri, ())))


def _label_line(labels: Iterable[str]) -> str:
    return "".join(f"{_BEGINS}{label}{_ENDS}" for label in sorted(labels))


def _body_line(iri: str, bodies: Iterable[str]) -> str:
    return "".join(f" {body}" for body in (folded(local_name(iri)), *sorted(bodies)))
