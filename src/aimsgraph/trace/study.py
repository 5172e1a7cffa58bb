"""The risks asked about, worked out: how likely each comes true, how far it comes, and what all cost together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aimsgraph.model.risk import ByControls
from aimsgraph.trace.likelihood import Likelihood, likelihoods, turning
from aimsgraph.trace.losses import Ledger, Sample
from aimsgraph.trace.network import SCENARIOS
from aimsgraph.trace.qualitative import weakest_links
from aimsgraph.trace.simulation import EDGE_WORLDS, LEAST_WORLDS
from aimsgraph.trace.year import Part, Year, year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aimsgraph.model.risk import By
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Projection
    from aimsgraph.trace.register import Register

#: Edges that the reach of all risks may take together; the reach of further ones is left out, which is said.
REACH_EDGES: Final = 2_000_000
#: Bytes that the losses of all groups may take.
LEDGER_MEMORY: Final = 200_000_000
#: The group of all risks that were asked about.
ALL: Final = ""


@dataclass(slots=True)
class Study:
    """The risks asked about, worked out step by step.

    ``members`` holds per group (IRI, ``ALL`` for all) the risks that belong to it, ``reached`` per risk the systems,
    processes and parties (IRIs, with their numbers in its network) that it can come to. ``likelihood`` and ``interval``
    are by risk, ``together`` and ``together_interval`` by group; ``reach`` and ``links`` by risk and what it comes to.
    """

    register: Register
    year: Year
    chosen: Sequence[str]
    by: By
    seed: int
    unnumbered: Year
    members: dict[str, list[str]] = field(default_factory=dict)
    reached: dict[str, dict[str, int]] = field(default_factory=dict)
    likelihood: dict[str, ByControls] = field(default_factory=dict)
    interval: dict[str, tuple[float, float] | None] = field(default_factory=dict)
    together: dict[str, ByControls] = field(default_factory=dict)
    together_interval: dict[str, tuple[float, float] | None] = field(default_factory=dict)
    reach: dict[tuple[str, str], ByControls] = field(default_factory=dict)
    links: dict[tuple[str, str], ByControls] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    simulated: int = 0
    words: int = 0

    @classmethod
    def begun(
        cls,
        register: Register,
        projection: Projection,
        controls: Mapping[str, tuple[float, float]],
        chosen: Sequence[str],
        by: By,
        seed: int,
    ) -> Study:
        """Lay out the networks; risks without an annual probability have one of their own, where they occur."""
        chances = {iri: register.entries[iri].annual_probability for iri in chosen}
        numbered = {iri: chance for iri, chance in chances.items() if chance is not None}
        others = {iri: 1.0 for iri, chance in chances.items() if chance is None}
        study = cls(
            register,
            year(projection, controls, numbered),
            chosen,
            by,
            seed,
            year(projection, controls, others),
        )
        kinds = frozenset().union(*register.kinds.values())
        for iri in chosen:
            net = study.net(iri)
            ids = net.network.names
            study.reached[iri] = {
                ids[number]: number for number in net.downstream(iri).tolist() if ids[number] in kinds
            }
        study.members = study._grouped()
        return study

    def net(self, iri: str) -> Year:
        """Return the network in which a risk occurs."""
        return self.year if iri in self.year.risk else self.unnumbered

    def _grouped(self) -> dict[str, list[str]]:
        """Return the risks of each group, all of them under ``ALL``."""
        systems = self.register.kinds["AISystem"]
        belongs: Callable[[str], Iterable[str]] = {
            "risk": lambda _: (),
            "system": lambda iri: [one for one in self.reached[iri] if one in systems],
            "area": lambda iri: self.register.entries[iri].areas,
            "owner": lambda iri: self.register.entries[iri].owners,
        }[self.by]
        found: dict[str, list[str]] = {ALL: list(self.chosen)}
        for iri in self.chosen:
            for key in belongs(iri):
                found.setdefault(key, []).append(iri)
        return found

    # -- working out -----------------------------------------------------------------------------------------

    def work_out(self, worlds: int, progress: Progress | None) -> None:
        """Work out every likelihood, reach and loss."""
        occurring = [iri for iri in self.chosen if iri in self.year.risk]
        parts = {iri: self.year.leading_to([self.year.loss[iri]]) for iri in occurring}
        edges = sum(len(part.network.source) for part in parts.values())
        most = min(worlds, max(LEAST_WORLDS, EDGE_WORLDS // max(1, edges)))
        room = LEDGER_MEMORY // (3 * 8 * max(1, len(self.members)))
        self.words = max(1, -(-min(most, max(LEAST_WORLDS, room)) // 64))
        self.ledgers = {key: Ledger(64 * self.words) for key in self.members}
        budget = REACH_EDGES
        for done, iri in enumerate(self.chosen):
            if iri in parts:
                self._occurrence(iri, parts[iri])
            budget -= self._come_to(iri, budget)
            if progress is not None:
                progress(done + 1, len(self.chosen), "assessing risks")
        for key, members in self.members.items():
            self._at_least_one(key, [iri for iri in members if iri in parts])

    def _chances(self, part: Part, numbers: Sequence[int]) -> list[Likelihood]:
        """Work out the chances of nodes of a part, and note whether they had to be simulated."""
        found = likelihoods(part.network, numbers, seed=self.seed, words=self.words)
        self.simulated += any(interval is not None for _, interval in found)
        return found

    def _occurrence(self, iri: str, part: Part) -> None:
        """Work out how likely a risk comes true, and what it adds to the losses of its groups."""
        node = self.year.loss[iri]
        [(self.likelihood[iri], self.interval[iri])] = self._chances(part, [part.place[node]])
        loss = self.register.entries[iri].loss
        if loss is None:
            return
        at = part.place[node]
        bits = turning(part.network, [at], seed=self.seed, words=self.words)[at]
        sample = Sample.of(iri, loss, bits["inherent"], self.seed)
        for key in self._keys(iri):
            self.ledgers[key].add(sample, bits)
        systems = [one for one in self.members if one in self.reached[iri]] if self.by == "system" else []
        if systems:
            alone = self.year.of_alone(iri)
            numbers = [alone.place[self.reached[iri][one]] for one in systems]
            found = turning(alone.network, numbers, seed=self.seed, words=self.words)
            for key, number in zip(systems, numbers, strict=True):
                self.ledgers[key].add(sample, found[number])

    def _keys(self, iri: str) -> list[str]:
        """Return the groups that bear the whole loss of a risk; a system bears it only where the risk comes to it."""
        if self.by == "system":
            return [ALL]
        return [key for key, members in self.members.items() if iri in members]

    def _come_to(self, iri: str, budget: int) -> int:
        """Work out how a risk comes to systems, processes and parties within a budget of edges; return those taken."""
        if budget <= 0:
            self.left_out.add(iri)
            return 0
        alone = self.net(iri).of_alone(iri)
        edges = len(alone.network.source)
        if edges > budget:
            self.left_out.add(iri)
        elif iri in self.year.risk:
            self._spread(iri, alone)
        else:
            self._order(iri, alone)
        return edges

    def _spread(self, iri: str, alone: Part) -> None:
        """Work out how likely a risk, alone, comes to each system, process and party."""
        numbers = [alone.place[number] for number in self.reached[iri].values()]
        for name, (chance, _) in zip(self.reached[iri], self._chances(alone, numbers), strict=True):
            self.reach[iri, name] = chance

    def _order(self, iri: str, alone: Part) -> None:
        """Find the narrowest point of the best way of a risk without numbers to what it can reach."""
        net = alone.network
        found = {name: weakest_links(net, net.effectiveness(name)) for name in SCENARIOS}
        for name, number in self.reached[iri].items():
            at = alone.place[number]
            self.links[iri, name] = ByControls(**{scenario: found[scenario][at] for scenario in SCENARIOS})

    def _at_least_one(self, key: str, members: Sequence[str]) -> None:
        """Work out how likely at least one risk of a group comes true, or comes to the system."""
        if not members:
            return
        if self.by == "system" and key != ALL:
            goals = [self.reached[members[0]][key]]
        else:
            goals = [self.year.loss[iri] for iri in members]
        part = self.year.leading_to(goals)
        [(self.together[key], self.together_interval[key])] = self._chances(part, [part.any])

    # -- what was worked out ---------------------------------------------------------------------------------

    def touched(self) -> set[str]:
        """Return everything that the risks can come to, of the kinds followed."""
        return {name for found in self.reached.values() for name in found}

    def gates(self) -> set[str]:
        """Return the nodes in reach that need several causes at once."""
        names = self.year.network.names
        needing = {node for node, needed in self.year.network.needs.items() if needed > 1}
        return {
            names[node]
            for iri in self.year.risk
            for node in self.year.downstream(iri).tolist()
            if node in needing
        }

    def expected(self, iri: str, key: str = ALL) -> ByControls | None:
        """Return the loss of a year that is to be expected of a risk, or its share of a group's; None if not known.

        A system's share counts the risk where, by itself, it comes to the system.
        """
        loss = self.register.entries[iri].loss
        whole = self.by != "system" or key == ALL
        chance = self.likelihood.get(iri) if whole else self.reach.get((iri, key))
        if loss is None or chance is None:
            return None
        return ByControls(**{name: getattr(chance, name) * loss.mean for name in SCENARIOS})
